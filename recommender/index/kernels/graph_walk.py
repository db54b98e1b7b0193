"""Best-first walks along the links of a search graph (Malkov and Yashunin 2018)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.link_choice import code_product
from recommender.index.kernels.machine_instructions import prefetch

__all__ = ["SearchGraph", "beam_insert", "beam_key", "beam_row", "prefetch_row", "seen_table", "walk"]

_LOW = np.uint64(0xFFFFFFFF)
_LAST = np.uint64(0x7FFFFFFF)
_FRESH = np.uint64(1)
_MIX = np.uint32(2_654_435_769)
_AT_ONCE = 4  # entries whose links are followed together


class SearchGraph(NamedTuple):
    """Arrays of a graph of n rows, numbered in graph order."""

    codes: NDArray[np.uint8]  # (n, width)
    signs: NDArray[np.float32]  # (3, width), see `rotate`
    scale: np.float32
    links: NDArray[np.int32]  # (n, n_links), padded with -1
    entries: NDArray[np.int32]  # (n_entries,), rows at which a walk may begin
    entry_codes: NDArray[np.uint8]  # (n_entries, width)
    order: NDArray[np.int32]  # (n,), number of each row outside the graph


@njit(nogil=True, cache=True, inline="always")
def beam_key(score, row):  # type: ignore[no-untyped-def]
    """Return the key of a beam entry: score, then smaller row, then a bit set until its links are followed."""
    high = np.uint64(np.uint32(np.int32(score)) ^ np.uint32(0x80000000))
    return (high << np.uint64(32)) | ((_LAST - np.uint64(row)) << np.uint64(1)) | _FRESH


@njit(nogil=True, cache=True, inline="always")
def beam_row(key):  # type: ignore[no-untyped-def]
    """Return the row of a beam entry."""
    return np.int32(_LAST - ((key & _LOW) >> np.uint64(1)))


@njit(nogil=True, cache=True, inline="always")
def beam_insert(beam, n, key):  # type: ignore[no-untyped-def]
    """Insert a key into the n entries of a sorted beam; return its place, or the beam's size if it is too small."""
    if n == beam.shape[0]:
        if key <= beam[n - 1]:
            return n
        n -= 1
    while n > 0 and beam[n - 1] < key:  # from the end, as every entry passed must move anyway
        beam[n] = beam[n - 1]
        n -= 1
    beam[n] = key
    return n


@njit(nogil=True, cache=True)
def seen_table(n_rows):  # type: ignore[no-untyped-def]
    """Return a hash table with room for twice `n_rows` rows."""
    size = 1_024
    while size < 2 * n_rows:
        size *= 2
    return np.empty(size, np.int32)


@njit(nogil=True, cache=True, inline="always")
def _add(seen, row):  # type: ignore[no-untyped-def]
    """Add a row to a hash table with open addressing; return whether it is new. Without room it counts as seen."""
    mask = np.uint32(seen.shape[0] - 1)
    place = (np.uint32(row) * _MIX) >> np.uint32(8) & mask
    for _ in range(32):
        if seen[place] == row:
            return False
        if seen[place] < 0:
            seen[place] = row
            return True
        place = (place + np.uint32(1)) & mask
    return False


@njit(nogil=True, cache=True, inline="always")
def _fresh_links(links, codes, seen, fresh, n):  # type: ignore[no-untyped-def]
    """Append the links not seen before to the n of `fresh` and prefetch their codes; return the new count."""
    width = codes.shape[1]
    for to in links:
        if to < 0:
            break
        if _add(seen, to):
            fresh[n] = to
            n += 1
            line = codes.ctypes.data + np.int64(to) * width
            for byte in range(0, width, 64):
                prefetch(line + byte)
    return n


@njit(nogil=True, cache=True, inline="always")
def prefetch_row(array, row):  # type: ignore[no-untyped-def]
    """Prefetch the first 256 bytes of a row; the processor prefetches what follows by itself."""
    start = array.ctypes.data + row * array.strides[0]
    for byte in range(0, min(array.strides[0], 256), 64):
        prefetch(start + byte)


@njit(nogil=True, cache=True)
def walk(query, graph, beam, seen):  # type: ignore[no-untyped-def]
    """Fill `beam` with the best rows found for signed codes, best first; return their number.

    The walk begins at the best entry rows and follows the links of the best beam entries not yet followed, until all
    are. Links of four entries are followed together: a walk waits mostly for memory, which answers them in parallel.
    """
    codes, links = graph.codes, graph.links
    size, n, cursor = beam.shape[0], 0, 0
    fresh = np.empty(_AT_ONCE * links.shape[1], np.int32)
    seen[:] = -1
    first = beam[: min(max(4, size // 8), size)]
    for i in range(graph.entries.shape[0]):
        place = beam_insert(first, n, beam_key(code_product(graph.entry_codes, i, query), graph.entries[i]))
        if place < first.shape[0] and n < first.shape[0]:
            n += 1
    for i in range(n):
        _add(seen, beam_row(beam[i]))
    while cursor < n:
        n_fresh = n_followed = 0
        while cursor < n and n_followed < _AT_ONCE:
            if beam[cursor] & _FRESH:
                beam[cursor] ^= _FRESH
                n_fresh = _fresh_links(links[beam_row(beam[cursor])], codes, seen, fresh, n_fresh)
                n_followed += 1
            cursor += 1
        for j in range(n_fresh):
            score = code_product(codes, np.int64(fresh[j]), query)
            place = beam_insert(beam, n, beam_key(score, fresh[j]))
            if place < size:
                n = min(n + 1, size)
                cursor = min(cursor, place)
                prefetch_row(links, np.int64(fresh[j]))
    return n
