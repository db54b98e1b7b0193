"""Raw scores of pairs at random: what `chance_level` is read off."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.content import content_scores
from recommender.ranking.context import Context
from recommender.ranking.signals import Scratch, Signals
from recommender.ranking.weights import Weights

__all__ = ["scores_of_strangers"]

_ROWS, _OTHERS = 1_000, 200  # at most, each with as many


def scores_of_strangers(
    signals: Signals,
    lean: NDArray[np.float32],
    by_id: NDArray[np.int32],
    weights: Weights,
    context: Context,
    language: NDArray[np.integer[Any]] | None = None,
    seed: int = 0,
) -> NDArray[np.float32]:
    """Return the raw scores of up to 200,000 pairs drawn at random; 0 for those with nothing in common.

    Parameters
    ----------
    signals, context : Signals, Context
    lean : ndarray of float32, shape (n,)
        See `leaning`.
    by_id : ndarray of int32, shape (n,)
        Rows in the order of their ids, so that the order of the input changes nothing.
    weights : Weights
    language : ndarray of int, shape (n,), or None
        With it, only pairs of one language are scored.
    seed : int
        Of the draw.
    """
    n = len(by_id)
    random = np.random.default_rng(seed)
    rows = by_id[np.sort(random.permutation(n)[:_ROWS])]
    others = by_id[random.integers(0, max(n, 1), (len(rows), min(n, _OTHERS)))]
    others[others == rows[:, None]] = -1
    if language is not None:
        others[(others >= 0) & (language[others] != language[rows, None])] = -1
    scratch, found = Scratch(signals), []
    for row, some in zip(rows.tolist(), others, strict=True):
        some = some[some >= 0]
        planes = signals.planes(row, row + 1, some[None], scratch)
        content = content_scores(planes, lean[row : row + 1], weights, has_neural=signals.has_neural)[0]
        mine = np.full(len(some), row)
        logs = context.logs(context.attributes, mine, lean[mine], some, weights)
        found.append(np.nan_to_num(content) * np.exp(sum(logs.values(), np.zeros(1, np.float32))))
    return np.concatenate([np.zeros(0, np.float32), *found]).astype(np.float32)
