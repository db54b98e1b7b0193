"""The lists of a whole site in two stages: candidates by each kind of vector, then exact scores of those."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numpy.typing import NDArray

from recommender.index.planner import SearchPlan
from recommender.progress import Progress
from recommender.ranking.attributes import Attribute
from recommender.ranking.candidates import find_candidates
from recommender.ranking.context import HUB_NEIGHBOURS, Context
from recommender.ranking.ratios import log_ratios
from recommender.ranking.signals import Scratch, Signals
from recommender.ranking.top import keep_top
from recommender.ranking.weights import CONTENT, Weights, content_of, content_weights, leaning

__all__ = ["KEPT", "Ranked", "content_scores", "rank_all"]

_ROWS = 256  # lists made at a time by one thread
KEPT = 128
"""Best by content that are ranked with the rest of what is known."""


class Ranked(NamedTuple):
    """The lists of all articles, padded with row -1 and score 0, and what was measured on the way."""

    rows: NDArray[np.int32]  # (n, k)
    scores: NDArray[np.float32]  # (n, k)
    context: Context


def rank_all(
    signals: Signals,
    attributes: Mapping[str, Attribute],
    id_order: NDArray[np.int32],
    k: int,
    weights: Weights,
    n_candidates: int,
    n_jobs: int | None,
    tell: Progress,
    context: Context | None = None,
    plans: Mapping[str, SearchPlan] | None = None,
) -> Ranked:
    """Return every article's list: the k best by (-score, article id) among its candidates.

    Candidates are found as `plans` say, see `find_candidates`.

    Hubs and likelihood ratios, unless `context` has them, are measured by the default weights whatever `weights`
    are: measured by those they would move with every fit, and the fitted weights would no longer suit them.

    Notes
    -----
    Memory ``4 n_candidates`` bytes an article for candidates and 1,024 for the best of them.
    """
    candidates = find_candidates(signals, n_candidates, n_jobs, tell, plans)
    lean = leaning(np.diff(signals.sparse.indptr))
    tell("ranking", 0, 2)

    def nearest(weights: Weights) -> _Nearest:
        return _nearest(signals, candidates, lean, id_order, max(KEPT, k), weights, n_jobs)

    near, contents = found = nearest(weights)
    if context is None:
        measured = found if content_of(weights) == content_of(Weights()) else nearest(Weights())
        context = _context(attributes, measured, id_order)
    tell("ranking", 1, 2)
    rows, scores = _ranked(near, contents, lean, id_order, k, weights, context, n_jobs)
    tell("ranking", 2, 2)
    return Ranked(rows, scores, context)


class _Nearest(NamedTuple):
    """The best of each article by content, best first, padded with row -1 and score 0."""

    rows: NDArray[np.int32]
    contents: NDArray[np.float32]


def _nearest(
    signals: Signals,
    candidates: NDArray[np.int32],
    lean: NDArray[np.float32],
    id_order: NDArray[np.int32],
    n_kept: int,
    weights: Weights,
    n_jobs: int | None,
) -> _Nearest:
    by_id = np.argsort(id_order).astype(np.int32)
    near = np.full((len(id_order), n_kept), -1, dtype=np.int32)
    contents = np.zeros(near.shape, dtype=np.float32)
    has_neural = signals.neural.shape[1] > 0

    def score(blocks: Iterator[slice]) -> None:
        scratch = Scratch(signals)
        for block in blocks:
            planes = signals.planes(block.start, block.stop, candidates[block], scratch)
            content = content_scores(planes, lean[block], weights, has_neural=has_neural)
            keep_top(content, candidates[block], id_order, by_id, contents[block], near[block])

    _on_all_threads(score, len(near), n_jobs)
    return _Nearest(near, contents)


def _context(attributes: Mapping[str, Attribute], found: _Nearest, id_order: NDArray[np.int32]) -> Context:
    nearest = found.contents[:, :HUB_NEIGHBOURS].sum(axis=1) / HUB_NEIGHBOURS
    by_id = np.argsort(id_order).astype(np.int32)
    hubs = np.maximum(nearest, 0).astype(np.float32)
    return Context(hubs, attributes, log_ratios(attributes, found.rows, by_id))


def _ranked(
    near: NDArray[np.int32],
    contents: NDArray[np.float32],
    lean: NDArray[np.float32],
    id_order: NDArray[np.int32],
    k: int,
    weights: Weights,
    context: Context,
    n_jobs: int | None,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the lists: rows and scores of the k best, when what lies beside their content counts too."""
    by_id = np.argsort(id_order).astype(np.int32)
    rows = np.full((len(near), k), -1, dtype=np.int32)
    scores = np.zeros((len(near), k), dtype=np.float32)

    def score(blocks: Iterator[slice]) -> None:
        for block in blocks:
            pairs, places = np.nonzero(near[block] >= 0)
            mine, others = pairs + block.start, near[block][pairs, places]
            logs = context.logs(context.attributes, mine, lean[mine], others, weights)
            found = np.full(near[block].shape, np.nan, dtype=np.float32)
            score = contents[block][pairs, places] * np.exp(sum(logs.values(), np.zeros(1, np.float32)))
            found[pairs, places] = np.where(score >= np.float32(weights.min_score), score, np.nan)
            keep_top(found, near[block], id_order, by_id, scores[block], rows[block])

    _on_all_threads(score, len(near), n_jobs)
    return rows, scores


def content_scores(
    planes: NDArray[np.float32], lean: NDArray[np.float32], weights: Weights, *, has_neural: bool
) -> NDArray[np.float32]:
    """Return the content scores of candidates from their signals; NaN for none and for nothing in common.

    Parameters
    ----------
    planes : ndarray of float32, shape (4, m, c)
        See `Signals.planes`.
    lean : ndarray of float32, shape (m,)
    """
    factors = content_weights(weights, lean, has_neural=has_neural)
    content = sum(
        (planes[s] * factors[s][:, None] for s in range(1, len(CONTENT))), planes[0] * factors[0][:, None]
    )
    in_common = (planes[0] > 0) | ((planes[0] == 0) & (planes[2] > 0))
    return np.where(in_common, content, np.float32(np.nan)).astype(np.float32)


def _on_all_threads(work: Callable[[Iterator[slice]], None], n: int, n_jobs: int | None) -> None:
    """Run `work` once a thread; the threads share one iterator of blocks."""
    blocks = iter([slice(start, min(start + _ROWS, n)) for start in range(0, n, _ROWS)])
    Parallel(n_jobs=n_jobs, prefer="threads")(delayed(work)(blocks) for _ in range(effective_n_jobs(n_jobs)))
