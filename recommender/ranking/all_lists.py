"""The lists of a whole site in two stages: candidates by each kind of vector, then exact scores of those."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numpy.typing import NDArray

from recommender.progress import Progress
from recommender.ranking.attributes import Attribute
from recommender.ranking.candidates import find_candidates
from recommender.ranking.context import HUB_NEIGHBOURS, Context
from recommender.ranking.ratios import log_ratios
from recommender.ranking.signals import Scratch, Signals
from recommender.ranking.top import keep_top
from recommender.ranking.weights import CONTENT, Weights, content_weights, leaning

__all__ = ["KEPT", "Ranked", "content_scores", "rank_all"]

_ROWS = 256  # lists made at a time by one thread
KEPT = 64
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
) -> Ranked:
    """Return every article's list: the k best by (-score, article id) among its candidates.

    Notes
    -----
    Memory ``4 n_candidates`` bytes an article for candidates and 512 for the best of them.
    """
    candidates = find_candidates(signals, n_candidates, n_jobs, tell)
    n = len(id_order)
    lean = leaning(np.diff(signals.sparse.indptr))
    has_neural = signals.neural.shape[1] > 0
    by_id = np.argsort(id_order).astype(np.int32)
    near = np.full((n, max(KEPT, k)), -1, dtype=np.int32)
    contents = np.zeros(near.shape, dtype=np.float32)

    def score_content(blocks: Iterator[slice]) -> None:
        scratch = Scratch(signals)
        for block in blocks:
            planes = signals.planes(block.start, block.stop, candidates[block], scratch)
            content = content_scores(planes, lean[block], weights, has_neural=has_neural)
            keep_top(content, candidates[block], id_order, by_id, contents[block], near[block])

    tell("ranking", 0, 2)
    _on_all_threads(score_content, n, n_jobs)
    hubs = np.maximum(contents[:, :HUB_NEIGHBOURS].sum(axis=1) / HUB_NEIGHBOURS, 0).astype(np.float32)
    context = Context(hubs, attributes, log_ratios(attributes, near, by_id))
    rows = np.full((n, k), -1, dtype=np.int32)
    scores = np.zeros((n, k), dtype=np.float32)

    def score_all(blocks: Iterator[slice]) -> None:
        for block in blocks:
            pairs, places = np.nonzero(near[block] >= 0)
            mine, others = pairs + block.start, near[block][pairs, places]
            logs = context.logs(attributes, mine, lean[mine], others, weights)
            found = np.full(near[block].shape, np.nan, dtype=np.float32)
            score = contents[block][pairs, places] * np.exp(sum(logs.values(), np.zeros(1, np.float32)))
            found[pairs, places] = np.where(score >= np.float32(weights.min_score), score, np.nan)
            keep_top(found, near[block], id_order, by_id, scores[block], rows[block])

    tell("ranking", 1, 2)
    _on_all_threads(score_all, n, n_jobs)
    tell("ranking", 2, 2)
    return Ranked(rows, scores, context)


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
