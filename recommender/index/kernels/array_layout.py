"""Layouts of arrays that compiled code depends on: alignment, read-only views, bits of half floats."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.large_arrays import large_array

__all__ = ["LINE", "aligned", "half_bits", "read_only"]

LINE = 64
"""Bytes of a cache line, and the number of codes that rows are padded to a multiple of."""


def aligned(shape: tuple[int, ...], dtype: type) -> NDArray[Any]:
    """Return an array of zeros that begins at a cache line."""
    n_bytes = int(np.prod(shape)) * np.dtype(dtype).itemsize
    raw = large_array((n_bytes + LINE,), np.uint8)
    start = -raw.ctypes.data % LINE
    return raw[start : start + n_bytes].view(dtype).reshape(shape)


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only view. Memory-mapped arrays are read-only too, so numba compiles one version for both."""
    if type(array) is np.ndarray and not array.flags.writeable:
        return array
    view = array.view()
    view.flags.writeable = False
    return view


def half_bits(vectors: NDArray[Any]) -> NDArray[Any]:
    """Return vectors as compiled code takes them: float16 as its bits in uint16, float32 unchanged."""
    return vectors.view(np.uint16) if vectors.dtype == np.float16 else vectors
