"""Who is worth an exact score: the nearest by terms, by dense and by neural vectors, and who names whom."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.clustered import ClusteredIndex
from recommender.index.planner import SearchPlan
from recommender.index.postings import PostingsIndex
from recommender.progress import Progress
from recommender.ranking.signals import Signals

__all__ = ["find_candidates"]

_NAMED = 64  # candidates at most that name an article or are named by it


def find_candidates(
    signals: Signals,
    n_candidates: int,
    n_jobs: int | None,
    tell: Progress,
    plans: Mapping[str, SearchPlan] | None = None,
) -> NDArray[np.int32]:
    """Return rows worth scoring for each article, itself left out, none twice, padded with -1.

    Half of `n_candidates` are the nearest by terms, the other half by dense vectors. As many again are those by
    neural vectors, where there are any, and up to 64 more those with the strongest mentions. By vectors all of
    the nearest are found, unless `plans` for "dense" and "neural" say that some may be missed.
    """
    tell("finding neighbours", 0, 1)
    spaces = {kind: space for kind in ("dense", "neural") if (space := getattr(signals, kind)).any()}
    plans = plans or dict.fromkeys(spaces, SearchPlan())
    strong, rest = (-(-n_candidates // 2), max(n_candidates // 2, 1)) if spaces else (n_candidates, 0)
    _, by_terms = PostingsIndex(n_jobs=n_jobs).fit(signals.sparse).kneighbors(n_neighbors=strong)
    found = [by_terms]
    for number, (kind, space) in enumerate(spaces.items()):
        index = ClusteredIndex(
            recall=plans[kind].join_recall,
            n_jobs=n_jobs,
            on_progress=lambda done, total, number=number: tell(  # type: ignore[misc]
                "finding neighbours", number * total + done, len(spaces) * total
            ),
        )
        found.append(index.fit(space).kneighbors(n_neighbors=rest)[1])
    if not spaces:
        tell("finding neighbours", 1, 1)
    mentions = signals.mentions
    longest = min(int(np.diff(mentions.indptr).max(initial=0)), _NAMED)
    found.append(_strongest(mentions.indptr, mentions.indices, mentions.data, longest))
    united = np.full((len(by_terms), sum(each.shape[1] for each in found)), -1, dtype=np.int32)
    width = 0
    for each in found:
        _add(united, width, each)
        width += each.shape[1]
    return united


@njit(nogil=True, cache=True)
def _strongest(indptr, indices, data, n_kept):  # type: ignore[no-untyped-def]
    rows = np.full((indptr.shape[0] - 1, n_kept), -1, dtype=np.int32)
    for row in range(rows.shape[0]):
        a, b = indptr[row], indptr[row + 1]
        order = np.argsort(-data[a:b], kind="mergesort")[:n_kept]
        rows[row, : order.shape[0]] = indices[a:b][order]
    return rows


@njit(nogil=True, cache=True)
def _add(united, width, more):  # type: ignore[no-untyped-def]
    """Put those of `more` that stand in no earlier column into the columns from `width` on."""
    owner = np.full(united.shape[0], -1, dtype=np.int32)
    for row in range(united.shape[0]):
        for place in range(width):
            if united[row, place] >= 0:
                owner[united[row, place]] = row
        for place in range(more.shape[1]):
            if more[row, place] >= 0 and owner[more[row, place]] != row:
                united[row, width + place] = more[row, place]
