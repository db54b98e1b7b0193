"""Two-dimensional map of the articles on which related articles are close together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["layout"]

Places = NDArray[np.float64]

_LANDMARKS = 1_000  # t-SNE takes 2 to 3 s for these; more did not change the map visibly
_ANCHORS = 5  # nearest landmarks that define the initial place of other articles
_BLOCK = 2_048  # articles compared with the landmarks per step
_RADIUS = 10.0  # initial radius for the force-directed steps, where attraction peaks at distance 1


def layout(vectors: NDArray[np.float32], lists: NDArray[np.int32], seed: int = 0) -> NDArray[np.float32]:
    """Compute map coordinates for every article.

    t-SNE [1]_ places a sample of landmark articles by their vectors. Other articles start among their nearest
    landmarks. Forces then attract each article to those of its list and repel it from random ones, as in
    LargeVis [2]_.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Unit vectors, or rows of zeros for articles without a vector.
    lists : ndarray of int32, shape (n, k)
        Rows of the related articles, 0 to n - 1. Negative values are padding.
    seed : int, default 0
        Random seed, at least 0.

    Returns
    -------
    ndarray of float32, shape (n, 2)
        Coordinates in [-1, 1]. They do not depend on the number of threads.

    Notes ----- Time is a few seconds for the landmarks plus a term linear in the entries of the lists.
    Measured on two busy cores, 10,000 articles take 2 to 5 s and 20,000 take 4 to 10 s. One thread is used.
    Memory is 30 MB besides the vectors.

    References
    ----------
    .. [1] L. van der Maaten, "Accelerating t-SNE using tree-based algorithms", JMLR 15, 2014.
    .. [2] J. Tang, J. Liu, M. Zhang, Q. Mei, "Visualizing large-scale and high-dimensional data", WWW 2016.

    Examples
    --------
    >>> layout(np.eye(2, dtype=np.float32), np.array([[1], [0]], dtype=np.int32)).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    from threadpoolctl import threadpool_limits

    from recommender.export.layout_forces import apply_forces

    n = vectors.shape[0]
    if n < 3:
        return np.array([[-1, 0], [1, 0]] if n == 2 else [[0, 0]] * n, np.float32).reshape(n, 2)
    sample = np.unique(np.linspace(0, n - 1, min(n, _LANDMARKS)).astype(np.int64))
    with threadpool_limits(1):  # a fixed order of summation, so the map does not depend on the cores
        landmarks = np.asarray(vectors[sample], np.float32)
        landmark_places = _landmark_places(landmarks, seed)
        places = _interpolated(vectors, landmarks, landmark_places)
    places[sample] = landmark_places
    places *= _RADIUS / max(float(np.abs(places).max()), 1e-9)
    heads = np.repeat(np.arange(n, dtype=np.int32), lists.shape[1]).reshape(lists.shape)
    filled = lists >= 0
    apply_forces(places, heads[filled], lists[filled].astype(np.int32), seed)
    return _scaled(places)


def _landmark_places(vectors: NDArray[np.float32], seed: int) -> Places:
    from sklearn.manifold import TSNE

    distances = np.sqrt(np.maximum(2 - 2 * (vectors @ vectors.T), 0))
    np.fill_diagonal(distances, 0)
    start = vectors @ np.linalg.eigh(vectors.T @ vectors)[1][:, :-3:-1]  # first two principal directions
    start = np.pad(start, ((0, 0), (0, 2 - start.shape[1])))
    start *= 1e-4 / max(float(start[:, 0].std()), 1e-9)
    tsne = TSNE(
        metric="precomputed",
        init=start.astype(np.float32),
        perplexity=min(30.0, (len(vectors) - 1) / 3),
        max_iter=400,
        random_state=seed,
    )
    return np.asarray(tsne.fit_transform(distances), dtype=np.float64)


def _interpolated(
    vectors: NDArray[np.float32], landmarks: NDArray[np.float32], landmark_places: Places
) -> Places:
    """Return the mean place of each article's nearest landmarks, weighted by similarity to the fourth."""
    places = np.empty((vectors.shape[0], 2))
    anchors = min(_ANCHORS, len(landmarks))
    for begin in range(0, len(places), _BLOCK):
        similarity = np.asarray(vectors[begin : begin + _BLOCK], np.float32) @ landmarks.T
        near = np.argpartition(-similarity, anchors - 1, axis=1)[:, :anchors]
        weights = np.maximum(np.take_along_axis(similarity, near, axis=1), 1e-3).astype(np.float64) ** 4
        weights /= weights.sum(axis=1, keepdims=True)
        places[begin : begin + _BLOCK] = np.einsum("ij,ijc->ic", weights, landmark_places[near])
    return places


def _scaled(places: Places) -> NDArray[np.float32]:
    """Centre the places and scale both axes by one factor so that they fill [-1, 1]."""
    low, high = places.min(axis=0), places.max(axis=0)
    extent = max(float((high - low).max()) / 2, 1e-9)
    scaled: NDArray[np.float32] = np.clip((places - (low + high) / 2) / extent, -1, 1).astype(np.float32)
    return scaled
