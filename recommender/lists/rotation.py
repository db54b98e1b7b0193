"""Rotation: the lower places of a list are drawn from the next candidates, by a seed such as the date."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

__all__ = ["POOL", "rotated"]

POOL = 3
"""Lists of k are drawn from the first ``3 k`` candidates."""


def rotated(
    rows: NDArray[np.int32], k: int, kept: int, hashes: NDArray[np.uint64], seed: str
) -> NDArray[np.int32]:
    """Return the places of candidates in the order in which they are taken, int32 of shape (m, c).

    The first `kept` stay. Of the others among the first ``3 k``, ``k - kept`` are drawn, each with the same chance. What
    is drawn depends on the seed, the candidate and the first candidate of the list, so lists draw for themselves.

    Parameters
    ----------
    rows : ndarray of int32, shape (m, c)
        Candidates of each list in the order in which they are taken, -1 for none.
    k : int
    kept : int
        0 to k.
    hashes : ndarray of uint64, shape (n,)
        A number for each article that depends on its id.
    seed : str

    Examples
    --------
    >>> rows, hashes = np.arange(12, dtype=np.int32)[None], np.arange(12, dtype=np.uint64)
    >>> [rotated(rows, 4, 2, hashes, day)[0, :4].tolist() for day in ("2026-05-01", "2026-05-02")]
    [[0, 1, 9, 10], [0, 1, 9, 5]]
    """
    order = np.tile(np.arange(rows.shape[1], dtype=np.int32), (len(rows), 1))
    drawn = slice(min(kept, rows.shape[1]), min(POOL * k, rows.shape[1]))
    if not rows.size or not hashes.size or drawn.start >= drawn.stop:
        return order
    some = rows[:, drawn]
    key = np.uint64(
        int.from_bytes(hashlib.blake2b(seed.encode(errors="surrogatepass"), digest_size=8).digest(), "little")
    )
    lists = _mixed(hashes[np.maximum(rows[:, :1], 0)] ^ key)
    draws = _mixed(hashes[np.maximum(some, 0)] ^ lists)
    draws[some < 0] = np.iinfo(np.uint64).max
    order[:, drawn] = np.argsort(draws, axis=1, kind="stable") + drawn.start
    return order


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the finalizer of SplitMix64 (Steele, Lea and Flood 2014) of each value."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
