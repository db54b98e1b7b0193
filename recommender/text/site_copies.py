"""The near-copies of a site: articles that say the same of the same thing.

Only articles that share a key of the copy index are compared. Their bodies are compared in runs, each with itself and with
every other, so that a run at a time is in memory, or a task has two runs alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.progress import Progress, ProgressIterable, no_progress
from recommender.text.copy_index import SIMILAR, CopyIndex
from recommender.text.near_copies import NearCopies, most_pairs, similar_bodies
from recommender.text.spool import SomeTexts
from recommender.text.teasers import Teasers, find_teasers, headline_key
from recommender.text.template_siblings import are_siblings

__all__ = ["SimilarTexts", "find_site_copies", "joined_copies", "similar_texts"]


class SimilarTexts(NamedTuple):
    """Articles with similar bodies, of some that were compared.

    Attributes
    ----------
    rows : ndarray of int32, shape (m,)
        The articles that were compared, ascending.
    identical : ndarray of int32, shape (m,)
        Of these, the first with the same body.
    pairs : ndarray of int32, shape (p, 2)
        Rows.
    jaccard : ndarray of float64, shape (p,)
    siblings : ndarray of bool, shape (p,)
        Which pairs are template siblings.
    complete : bool
        Whether these are all pairs, or only connecting ones.
    """

    rows: NDArray[np.int32]
    identical: NDArray[np.int32]
    pairs: NDArray[np.int32]
    jaccard: NDArray[np.float64]
    siblings: NDArray[np.bool_]
    complete: bool


def find_site_copies(
    texts: SomeTexts,
    index: CopyIndex | None = None,
    *,
    n_jobs: int | None = None,
    progress: Progress = no_progress,
) -> NearCopies:
    """Return the copies among articles by their bodies and titles.

    These are the pairs of `find_near_copies` without template siblings (see `are_siblings`), and teasers with
    their articles (see `find_teasers`). Siblings that are both copies of a third article stay in its group.
    Stubs with the same headline count as identical.

    Parameters
    ----------
    texts : SomeTexts
        Clean title and body of each article.
    index : CopyIndex or None
        That of the same texts. Without it all are compared; the result is the same.
    n_jobs : int or None
        Threads. The result does not depend on it.
    progress : callable
        Called as ``progress("finding copies", done, total)``.

    Notes
    -----
    Beyond two million pairs (see `NearCopies`) only connecting pairs are known. Each of them that is spared
    then divides its group, although other pairs might connect it.
    """
    n = len(texts)
    if n <= 1:  # as in most updates
        return NearCopies.alone(n)
    rows = np.arange(n, dtype=np.int32) if index is None else index.shared()
    if not len(rows):
        return NearCopies.alone(n)
    return joined_copies(texts, rows, [similar_texts(texts, rows, n_jobs, progress)], n_jobs)


def similar_texts(
    texts: SomeTexts, rows: NDArray[np.int32], n_jobs: int | None, progress: Progress = no_progress
) -> SimilarTexts:
    """Return which of some articles, whose rows ascend, have similar bodies."""
    bodies = ProgressIterable(_Bodies(texts, rows), "finding copies", progress)
    found = similar_bodies(bodies, SIMILAR, most_pairs(len(texts)), n_jobs)
    pairs = rows[found.pairs]
    siblings = are_siblings(pairs, texts)
    return SimilarTexts(rows, rows[found.identical], pairs, found.jaccard, siblings, found.complete)


def joined_copies(
    texts: SomeTexts, rows: NDArray[np.int32], found: Sequence[SimilarTexts], n_jobs: int | None
) -> NearCopies:
    """Return the copies of a site of which some articles, whose rows ascend, were compared.

    They were compared all together, or in runs of which each two were. Where too many pairs are found in runs, they
    are compared together, so that the same connecting pairs remain.
    """
    if not found:
        return NearCopies.alone(len(texts))
    copies, complete = _united(rows, found, len(texts))
    if not complete and len(found) > 1:
        copies, _ = _united(rows, [similar_texts(texts, rows, n_jobs)], len(texts))
    headlines = np.array([headline_key(title) for title in texts.titles(rows)], dtype=np.int64)
    copies = _with_teasers(copies, find_teasers(texts, rows, headlines, copies.groups))
    groups = np.arange(len(texts), dtype=np.int32)
    identical = groups.copy()
    groups[rows], identical[rows] = rows[copies.groups], rows[copies.identical]
    return NearCopies(groups, identical, rows[copies.pairs], copies.jaccard)


class _Bodies:
    """The bodies of some articles."""

    def __init__(self, texts: SomeTexts, rows: NDArray[np.int32]) -> None:
        self._texts, self._rows = texts, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        for run in self._texts.runs(self._rows.tolist()):
            for _, _, body in run:
                yield body


def _united(rows: NDArray[np.int32], found: Sequence[SimilarTexts], n: int) -> tuple[NearCopies, bool]:
    """Return copies by bodies, by places among some of `n` rows, and whether all of their pairs are known."""
    m = len(rows)
    identical = np.arange(m, dtype=np.int32)
    for each in found:
        places = np.searchsorted(rows, each.rows)
        firsts = np.searchsorted(rows, each.identical).astype(np.int32)
        identical[places] = np.minimum(identical[places], firsts)
    ends = np.searchsorted(rows, np.concatenate([each.pairs for each in found]))
    kept = (identical[ends] == ends).all(axis=1)  # others are those of the first of identical bodies
    keys, first = np.unique(ends[kept, 0] * m + ends[kept, 1], return_index=True)
    jaccard, siblings = (
        np.concatenate([getattr(each, name) for each in found])[kept][first]
        for name in ("jaccard", "siblings")
    )
    complete = all(each.complete for each in found) and len(keys) <= most_pairs(n)
    pairs = np.stack(np.divmod(keys, max(m, 1)), axis=1).astype(np.int32)
    return NearCopies.of_pairs(identical, pairs[~siblings], jaccard[~siblings]), complete


def _with_teasers(copies: NearCopies, teasers: Teasers) -> NearCopies:
    """Add stubs of one headline as identical articles, and teasers with their articles as pairs."""
    rows = np.arange(len(copies.identical), dtype=np.int32)
    identical = np.where(teasers.stubs == rows, copies.identical, teasers.stubs)
    ends = np.sort(identical[teasers.pairs], axis=1)  # only the first of identical articles is in pairs
    pairs = np.concatenate([copies.pairs, ends])
    pairs, first = np.unique(pairs, axis=0, return_index=True)
    jaccard = np.concatenate([copies.jaccard, teasers.jaccard])[first]
    return NearCopies.of_pairs(identical, pairs, jaccard)
