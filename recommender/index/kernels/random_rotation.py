"""A rotation that looks random and costs ``12 d`` additions (Ailon and Chazelle 2006)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import LINE

__all__ = ["UNFUSED", "rotate", "rotation_for"]

UNFUSED = {"nnan", "ninf", "nsz", "reassoc"}
"""Fast floating-point options without fused operations, so that results are the same on every processor."""


def rotation_for(width: int) -> NDArray[np.float32]:
    """Return the rotation of vectors padded to `width` dimensions, float32 (3, width).

    Rows 0 and 1 are random signs. Row 2 holds the cosines of random angles, then their sines. The seed is fixed.
    """
    random = np.random.default_rng(0)
    angles = random.uniform(0, 2 * np.pi, width // 2)
    signs = np.vstack([random.choice([-1, 1], (2, width)), np.append(np.cos(angles), np.sin(angles))])
    return signs.astype(np.float32)


@njit(nogil=True, cache=True, fastmath=UNFUSED)
def _mix(x):  # type: ignore[no-untyped-def]
    """Multiply each block of 64 numbers by the Walsh-Hadamard matrix over 8."""
    for start in range(0, x.shape[0], LINE):
        half = 1
        while half < LINE:
            for i in range(start, start + LINE, 2 * half):
                for j in range(i, i + half):
                    a, b = x[j], x[j + half]
                    x[j], x[j + half] = a + b, a - b
            half *= 2
    for j in range(x.shape[0]):
        x[j] *= np.float32(1 / 8)


@njit(nogil=True, cache=True, fastmath=UNFUSED)
def rotate(x, signs, out, spare):  # type: ignore[no-untyped-def]
    """Write the rotated vector to `out`; `spare` is workspace, `signs` is from `rotation_for`.

    Signs are applied, blocks of 64 mixed, their components dealt out over all blocks, signs applied and blocks mixed
    again, and pairs turned by angles of their own. No component of the result stands out, so rounding errors have no
    direction. Without the angles, a vector with few nonzero numbers would become one of few distinct values, with
    equal errors. Inner products stay the same.
    """
    d, width = x.shape[0], out.shape[0]
    n_parts = width // LINE
    for j in range(width):
        spare[j] = x[j] * signs[0, j] if j < d else np.float32(0)
    _mix(spare)
    for j in range(width):
        out[j] = spare[j // n_parts + (j % n_parts) * LINE] * signs[1, j]
    _mix(out)
    half = width // 2
    for j in range(half):
        a, b, cosine, sine = out[j], out[j + half], signs[2, j], signs[2, j + half]
        out[j], out[j + half] = cosine * a - sine * b, sine * a + cosine * b
