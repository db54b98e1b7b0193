"""The near-copies of a site: articles that say the same of the same thing."""

from __future__ import annotations

from recommender.progress import Progress, ProgressIterable, no_progress
from recommender.text.near_copies import NearCopies, find_near_copies
from recommender.text.spool import TextSpool
from recommender.text.template_siblings import are_siblings

__all__ = ["find_site_copies"]


def find_site_copies(
    texts: TextSpool, *, n_jobs: int | None = None, progress: Progress = no_progress
) -> NearCopies:
    """Return the copies among articles by their bodies and titles.

    These are the pairs of `find_near_copies` without template siblings (see `are_siblings`). Siblings that
    are both copies of a third article stay in its group.

    Parameters
    ----------
    texts : TextSpool
        Clean title and body of each article. Read several times.
    n_jobs : int or None
        Threads. The result does not depend on it.
    progress : callable
        Called as ``progress("finding copies", done, total)``.

    Notes
    -----
    Beyond two million pairs (see `NearCopies`) only connecting pairs are known. Each of them that is spared
    then divides its group, although other pairs might connect it.
    """
    copies = find_near_copies(
        (body for _, body in ProgressIterable(texts, "finding copies", progress)), n_jobs=n_jobs
    )
    spared = are_siblings(copies.pairs, texts)
    return NearCopies.of_pairs(copies.identical, copies.pairs[~spared], copies.jaccard[~spared])
