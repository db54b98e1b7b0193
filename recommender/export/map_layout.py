"""Where each article lies on a map of the corpus: related ones near each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["layout"]

Places = NDArray[np.float64]

_LANDMARKS = (
    1_000  # laid out by t-SNE in 2 or 3 s; more changed neither the map to the eye nor its neighbours
)
_ANCHORS = 5  # landmarks among which any other article begins
_BLOCK = 2_048  # articles compared with the landmarks at a time
_RADIUS = 10.0  # of the map while it settles; the forces turn at a distance of 1


def layout(vectors: NDArray[np.float32], lists: NDArray[np.int32], seed: int = 0) -> NDArray[np.float32]:
    """Return a place in the plane for every article.

    Landmarks are laid out by t-SNE [1]_ of their vectors and the others begin among the landmarks nearest to
    them. Then each article is drawn to those of its list and driven from some at random, as in LargeVis [2]_.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Unit rows; a row of zeros says that nothing is known.
    lists : ndarray of int32, shape (n, k)
        Rows of the related articles, 0 to n - 1, and below 0 where a list is shorter.
    seed : int, default 0
        Of all that is random, 0 or more.

    Returns
    -------
    ndarray of float32, shape (n, 2)
        Within [-1, 1]; the same for the same input, whatever the number of threads.

    Notes
    -----
    Time is some seconds for the landmarks, and linear in the entries of the lists; measured on two busy cores, 2 to 5 s
    for 10,000 articles and 4 to 10 s for 20,000. One thread. Memory is 30 MB besides the vectors.

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

    from recommender.export.layout_forces import settle

    n = vectors.shape[0]
    if n < 3:  # nothing to choose
        return np.array([[-1, 0], [1, 0]] if n == 2 else [[0, 0]] * n, np.float32).reshape(n, 2)
    chosen = np.unique(np.linspace(0, n - 1, min(n, _LANDMARKS)).astype(np.int64))
    with threadpool_limits(1):  # sums in one order, so the same map whatever the cores
        landmarks = np.asarray(vectors[chosen], np.float32)
        laid = _landmark_places(landmarks, seed)
        places = _among(vectors, landmarks, laid)
    places[chosen] = laid
    places *= _RADIUS / max(float(np.abs(places).max()), 1e-9)
    heads = np.repeat(np.arange(n, dtype=np.int32), lists.shape[1]).reshape(lists.shape)
    there = lists >= 0
    settle(places, heads[there], lists[there].astype(np.int32), seed)
    return _framed(places)


def _landmark_places(vectors: NDArray[np.float32], seed: int) -> Places:
    from sklearn.manifold import TSNE

    distances = np.sqrt(np.maximum(2 - 2 * (vectors @ vectors.T), 0))
    np.fill_diagonal(distances, 0)
    start = vectors @ np.linalg.eigh(vectors.T @ vectors)[1][:, :-3:-1]  # the two strongest directions
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


def _among(vectors: NDArray[np.float32], landmarks: NDArray[np.float32], laid: Places) -> Places:
    """Return for each article the mean of its nearest landmarks' places, weighted by similarity to the fourth."""
    places = np.empty((vectors.shape[0], 2))
    anchors = min(_ANCHORS, len(landmarks))
    for begin in range(0, len(places), _BLOCK):
        similarity = np.asarray(vectors[begin : begin + _BLOCK], np.float32) @ landmarks.T
        near = np.argpartition(-similarity, anchors - 1, axis=1)[:, :anchors]
        weights = np.maximum(np.take_along_axis(similarity, near, axis=1), 1e-3).astype(np.float64) ** 4
        weights /= weights.sum(axis=1, keepdims=True)
        places[begin : begin + _BLOCK] = np.einsum("ij,ijc->ic", weights, laid[near])
    return places


def _framed(places: Places) -> NDArray[np.float32]:
    """Return the places moved and scaled, alike in both directions, so that they just fit into [-1, 1]."""
    low, high = places.min(axis=0), places.max(axis=0)
    reach = max(float((high - low).max()) / 2, 1e-9)
    framed: NDArray[np.float32] = np.clip((places - (low + high) / 2) / reach, -1, 1).astype(np.float32)
    return framed
