"""Properties of vectors that make them hard to search: contrast, intrinsic dimension, hubness, copies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.index.exact import ExactIndex

__all__ = ["geometry"]

_K = 100
_RANKS = (1, 10, 100)
_QUANTILES = (0.1, 0.5, 0.9)
_PAIRS = 50_000  # random pairs, for the similarity of unrelated rows
_COPY = 0.98  # cosine of a near copy


def geometry(vectors: NDArray[np.float32], seed: int = 0) -> dict[str, Any]:
    """Return figures of a set of unit rows, from its exact self-join.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        More than 100 rows.
    seed : int
        Seed of the random pairs.

    Returns
    -------
    dict
        ``similarity``: 10 %, 50 % and 90 % quantiles of the cosine with the 1st, 10th and 100th neighbour and with a
        random row; ``contrast``: median of the mean distance over the nearest one (He et al. 2012);
        ``intrinsic_dimension``: quantiles of the estimate from 100 distances (maximum likelihood, Amsaleg et al. 2015);
        ``hubness``: skewness of the number of lists of 10 that a row is in (Radovanović et al. 2010);
        ``near_copies``: share of rows with another at cosine .98 or more;
        ``effective_dimensions``: (sum of variances)^2 / sum of their squares; ``variances``: share of the
        1st, 10th and 100th.
    """
    n, d = vectors.shape
    if n <= _K:
        raise ValueError(f"wanted more than {_K} vectors, got {n}")
    distances, rows = ExactIndex(n_jobs=2).fit(vectors).kneighbors(None, _K)
    cosines = 1 - distances.astype(np.float64)
    euclidean = np.sqrt(
        np.maximum(2 - 2 * cosines, 1e-7)
    )  # copies get a positive distance, for the logarithm
    first, second = np.random.default_rng(seed).integers(n, size=(2, _PAIRS))
    unrelated = np.einsum("ij,ij->i", vectors[first], vectors[second])[first != second]
    mean_distance = np.sqrt(2 - 2 * (vectors @ vectors.mean(axis=0)))
    dimension = -1 / np.log(euclidean[:, :-1] / euclidean[:, -1:]).mean(axis=1)
    in_lists = np.bincount(rows[:, :10].ravel(), minlength=n)
    variances = np.linalg.eigvalsh(np.cov(vectors, rowvar=False))[::-1]
    variances /= variances.sum()
    return {
        "similarity": {str(rank): _quantiles(cosines[:, rank - 1]) for rank in _RANKS}
        | {"random": _quantiles(unrelated)},
        "contrast": float(np.median(mean_distance / euclidean[:, 0])),
        "intrinsic_dimension": _quantiles(dimension),
        "hubness": float(((in_lists - in_lists.mean()) ** 3).mean() / in_lists.std() ** 3),
        "near_copies": float((cosines[:, 0] >= _COPY).mean()),
        "effective_dimensions": float(1 / (variances**2).sum()),
        "variances": {str(rank): float(variances[rank - 1]) for rank in _RANKS if rank <= d},
    }


def _quantiles(values: NDArray[Any]) -> list[float]:
    return [float(value) for value in np.quantile(values, _QUANTILES)]
