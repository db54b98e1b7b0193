"""The near-copies of a site: articles that say the same of the same thing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from recommender.progress import Progress, ProgressIterable, no_progress
from recommender.text.near_copies import NearCopies, find_near_copies
from recommender.text.spool import TextSpool
from recommender.text.teasers import Teasers, find_teasers, headline_key
from recommender.text.template_siblings import are_siblings

__all__ = ["find_site_copies"]


def find_site_copies(
    texts: TextSpool, *, n_jobs: int | None = None, progress: Progress = no_progress
) -> NearCopies:
    """Return the copies among articles by their bodies and titles.

    These are the pairs of `find_near_copies` without template siblings (see `are_siblings`), and teasers with
    their articles (see `find_teasers`). Siblings that are both copies of a third article stay in its group.
    Stubs with the same headline count as identical.

    Parameters
    ----------
    texts : TextSpool
        Clean title and body of each article.
    n_jobs : int or None
        Threads. The result does not depend on it.
    progress : callable
        Called as ``progress("finding copies", done, total)``.

    Notes
    -----
    Beyond two million pairs (see `NearCopies`) only connecting pairs are known. Each of them that is spared
    then divides its group, although other pairs might connect it.
    """
    if len(texts) <= 1:  # as in most updates
        return NearCopies.alone(len(texts))
    headlines: list[int] = []

    def bodies() -> Iterator[str]:
        for title, body in ProgressIterable(texts, "finding copies", progress):
            headlines.append(headline_key(title))
            yield body

    copies = find_near_copies(bodies(), n_jobs=n_jobs)
    spared = are_siblings(copies.pairs, texts)
    copies = NearCopies.of_pairs(copies.identical, copies.pairs[~spared], copies.jaccard[~spared])
    return _with_teasers(copies, find_teasers(texts, np.array(headlines, dtype=np.int64), copies.groups))


def _with_teasers(copies: NearCopies, teasers: Teasers) -> NearCopies:
    """Add stubs of one headline as identical articles, and teasers with their articles as pairs."""
    rows = np.arange(len(copies.identical), dtype=np.int32)
    identical = np.where(teasers.stubs == rows, copies.identical, teasers.stubs)
    ends = np.sort(identical[teasers.pairs], axis=1)  # only the first of identical articles is in pairs
    pairs = np.concatenate([copies.pairs, ends])
    pairs, first = np.unique(pairs, axis=0, return_index=True)
    jaccard = np.concatenate([copies.jaccard, teasers.jaccard])[first]
    return NearCopies.of_pairs(identical, pairs, jaccard)
