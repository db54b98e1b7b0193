"""Vectors as bytes: a quarter of the memory, products at several times the speed, and a known error."""

from __future__ import annotations

from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.int8_products import COLUMNS, ROWS, STEP
from recommender.index.threads import on_all_threads, slices

__all__ = ["Quantised", "aligned", "encode_one", "pack_columns", "pack_rows", "quantise", "turned"]

_LEVELS = 127
_LINE = 64  # bytes of a cache line, and dimensions that are turned together
_CLIP = 5.5  # standard deviations of a component of a random direction: beyond it lies one in 26 million
_CHUNK = 4_096
_SIGMAS = 8.0
_UNIT = 1.001  # lengths up to here are those of unit vectors
_SAME = {"nnan", "ninf", "nsz", "reassoc"}  # quick, but nothing fused: codes are the same on every processor


class Quantised(NamedTuple):
    """Codes of n vectors that were turned at random: components as multiples of `scale`, rounded, 128 added.

    An inner product of two vectors is ``scale ** 2`` times that of their codes (128 taken off again), with an
    error of mean 0 and a standard deviation of at most `sigma`.
    """

    codes: NDArray[np.uint8]  # (n, width): d made a multiple of 64
    signs: NDArray[np.float32]  # (3, width): see `turned`
    scale: float
    sigma: float
    longest: float  # length up to which this holds of others too: a little above 1, or the longest vector's

    @property
    def margin(self) -> float:
        """How far a product may be off: eight standard deviations, passed by chance once in 10^15."""
        return _SIGMAS * self.sigma

    def encode(self, X: NDArray[np.float32], n_jobs: int | None = None) -> NDArray[np.uint8]:
        """Return the codes of other vectors (m, d); no error is told."""
        return _codes(X, self.signs, self.scale, n_jobs)[0]

    def taken(self, rows: NDArray[np.int32]) -> Quantised:
        """Return the codes of some rows."""
        codes = aligned((len(rows), self.codes.shape[1]), np.uint8)
        np.take(self.codes, rows, axis=0, out=codes)
        return self._replace(codes=codes)


def quantise(X: NDArray[np.float32], n_jobs: int | None = None) -> Quantised:
    """Return the codes of unit rows (n, d), or of longer ones, in wider steps."""
    width = -(-X.shape[1] // _LINE) * _LINE
    random = np.random.default_rng(0)
    angles = random.uniform(0, 2 * np.pi, width // 2)
    signs = np.vstack([random.choice([-1, 1], (2, width)), np.append(np.cos(angles), np.sin(angles))])
    signs = signs.astype(np.float32)
    scale = min(_CLIP / np.sqrt(width), 1.0) / _LEVELS
    codes, worst, longest = _codes(X, signs, scale, n_jobs)
    if longest > _UNIT:
        scale *= longest
        codes, worst, _ = _codes(X, signs, scale, n_jobs)
    longest = max(longest, _UNIT)
    return Quantised(codes, signs, float(scale), longest * float(np.sqrt(2 * worst / width)), longest)


def _codes(
    X: NDArray[np.float32], signs: NDArray[np.float32], scale: float, n_jobs: int | None
) -> tuple[NDArray[np.uint8], float, float]:
    """Return codes, the largest squared error of a row, and the largest length."""
    codes = aligned((len(X), signs.shape[1]), np.uint8)
    parts = slices(len(X), _CHUNK)

    def code() -> list[tuple[float, float]]:
        return [_encode(X[part], signs, np.float32(scale), codes[part]) for part in parts]

    found = np.array([(0.0, 0.0), *chain.from_iterable(on_all_threads(code, n_jobs))])
    worst, longest = found.max(axis=0).tolist()
    return codes, worst, longest**0.5


@njit(nogil=True, cache=True, fastmath=_SAME)
def _mix(x):  # type: ignore[no-untyped-def]
    """Turn each 64 numbers by the Walsh-Hadamard matrix over 8."""
    for start in range(0, x.shape[0], _LINE):
        half = 1
        while half < _LINE:
            for i in range(start, start + _LINE, 2 * half):
                for j in range(i, i + half):
                    a, b = x[j], x[j + half]
                    x[j], x[j + half] = a + b, a - b
            half *= 2
    for j in range(x.shape[0]):
        x[j] *= np.float32(1 / 8)


@njit(nogil=True, cache=True, fastmath=_SAME)
def turned(x, signs, out, spare):  # type: ignore[no-untyped-def]
    """Turn a vector: signs, each 64 dimensions mixed, dealt out over the others, signs, mixed again, pairs turned.

    A rotation that looks random and costs ``12 d`` additions (Ailon and Chazelle 2006): no component stands out in
    what comes, so that rounding errors have no direction either. The pairs turn by angles of their own, or a vector of
    few numbers would come out as few, rounded alike. Inner products stay what they are.

    Rows 0 and 1 of `signs` are signs; row 2 holds the cosines of the angles, then their sines.
    """
    d, width = x.shape[0], out.shape[0]
    n_parts = width // _LINE
    for j in range(width):
        spare[j] = x[j] * signs[0, j] if j < d else np.float32(0)
    _mix(spare)
    for j in range(width):
        out[j] = spare[j // n_parts + (j % n_parts) * _LINE] * signs[1, j]
    _mix(out)
    half = width // 2
    for j in range(half):
        a, b, cosine, sine = out[j], out[j + half], signs[2, j], signs[2, j + half]
        out[j], out[j + half] = cosine * a - sine * b, sine * a + cosine * b


@njit(nogil=True, cache=True, fastmath=_SAME)
def _encode(X, signs, scale, codes):  # type: ignore[no-untyped-def]
    """Write codes; return the largest squared error and the largest squared length of a row."""
    worst, longest = np.float32(0), np.float32(0)
    per_unit = np.float32(1) / scale
    out, spare = np.empty(signs.shape[1], np.float32), np.empty(signs.shape[1], np.float32)
    for i in range(X.shape[0]):
        turned(X[i], signs, out, spare)
        error, length = np.float32(0), np.float32(0)
        for j in range(out.shape[0]):
            level = np.int32(min(max(out[j] * per_unit + np.float32(128.5), np.float32(1)), np.float32(255)))
            codes[i, j] = np.uint8(level)
            off = out[j] - np.float32(level - 128) * scale
            error += off * off
            length += out[j] * out[j]
        worst, longest = max(worst, error), max(longest, length)
    return worst, longest


@njit(nogil=True, cache=True, fastmath=_SAME)
def encode_one(x, signs, scale, codes, out, spare):  # type: ignore[no-untyped-def]
    """Write the signed codes of a query; `out` and `spare` are room for a turned vector."""
    turned(x, signs, out, spare)
    per_unit = np.float32(1) / scale
    for j in range(out.shape[0]):
        level = min(max(out[j] * per_unit + np.float32(128.5), np.float32(1)), np.float32(255))
        codes[j] = np.int8(np.int32(level) - 128)


def aligned(shape: tuple[int, ...], dtype: type) -> NDArray[Any]:
    """Return an array of zeros that begins at a cache line."""
    n_bytes = int(np.prod(shape)) * np.dtype(dtype).itemsize
    raw = np.zeros(n_bytes + _LINE, dtype=np.uint8)
    start = -raw.ctypes.data % _LINE
    return raw[start : start + n_bytes].view(dtype).reshape(shape)


@njit(nogil=True, cache=True)
def pack_columns(codes, rows, packed):  # type: ignore[no-untyped-def]
    """Write the codes of `rows` as columns of tiles: (n_tiles, steps, 32) of 4 bytes each, what is left over as 0."""
    steps = packed.shape[1]
    words = codes.view(np.uint32)
    for tile in range(packed.shape[0]):
        for column in range(COLUMNS):
            place = tile * COLUMNS + column
            if place < rows.shape[0]:
                for step in range(steps):
                    packed[tile, step, column] = words[rows[place], step]


@njit(nogil=True, cache=True)
def pack_rows(codes, rows, packed, biases):  # type: ignore[no-untyped-def]
    """Write the codes of `rows` as rows of tiles: (n_tiles, steps, 12) of 4 signed bytes each, and their biases."""
    steps = packed.shape[1]
    words = codes.view(np.uint32)
    for tile in range(packed.shape[0]):
        for row in range(ROWS):
            place = tile * ROWS + row
            if place >= rows.shape[0]:
                continue
            for step in range(steps):
                packed[tile, step, row] = words[rows[place], step] ^ np.uint32(0x80808080)
            total = np.int32(0)
            for byte in range(steps * STEP):
                total += np.int32(codes[rows[place], byte])
            biases[place] = -128 * (total - 128 * steps * STEP)
