"""Encodes a stream of texts into dense vectors, with one window of texts in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.tfidf import Text
from recommender.encoders.vector_cache import VectorCache, text_key
from recommender.progress import Progress, no_progress

__all__ = ["encode_in_windows", "joined", "refuse_string"]

_WINDOW = 2**19  # characters


def joined(title: str, body: str) -> str:
    """Return an article as one text: title, line break, body."""
    return f"{title}\n{body}" if title and body else title or body


def refuse_string(X: Iterable[Text]) -> None:
    """Raise ValueError for a single string, whose characters would otherwise be read as texts."""
    if isinstance(X, str):
        raise ValueError("expected a list of texts, got a single string; put it in a list")


def encode_in_windows(
    X: Iterable[Text],
    encode: Callable[[list[tuple[str, str]]], NDArray[np.float32]],
    n_dimensions: int,
    *,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Return the vectors of all texts, in order.

    Parameters
    ----------
    X : iterable of str or of pairs of str
        Bodies, or titles and bodies. Read once.
    encode : callable
        Returns float32 rows for a window of pairs of title and body.
    n_dimensions : int
    cache : VectorCache or None, default None
        Source of known vectors. New vectors are added to it.
    progress : callable or None, default None
        Called after each window as progress("encoding", done, total); total is 0 if `X` has no length.

    Returns
    -------
    ndarray of float32, shape (n_texts, n_dimensions)
    """
    report = progress if progress is not None else no_progress
    total = len(X) if isinstance(X, Sized) else 0
    parts, done = [np.empty((0, n_dimensions), dtype=np.float32)], 0
    for window in _windows(X):
        parts.append(encode(window) if cache is None else _through(cache, window, encode))
        done += len(window)
        report("encoding", done, total)
    return np.concatenate(parts)


def _windows(X: Iterable[Text]) -> Iterator[list[tuple[str, str]]]:
    refuse_string(X)
    window: list[tuple[str, str]] = []
    size = 0
    for text in X:
        title, body = ("", text) if isinstance(text, str) else text
        window.append((title, body))
        size += len(title) + len(body) + 1
        if size >= _WINDOW:
            yield window
            window, size = [], 0
    if window:
        yield window


def _through(
    cache: VectorCache,
    window: list[tuple[str, str]],
    encode: Callable[[list[tuple[str, str]]], NDArray[np.float32]],
) -> NDArray[np.float32]:
    keys = [text_key(*text) for text in window]
    kept = [cache.get(key) for key in keys]
    missing = [row for row, vector in enumerate(kept) if vector is None]
    if missing:
        fresh = encode([window[row] for row in missing])
        cache.put([keys[row] for row in missing], fresh)
        for row, vector in zip(missing, fresh, strict=True):
            kept[row] = vector
    return np.stack(kept)  # type: ignore[arg-type]  # all vectors are set
