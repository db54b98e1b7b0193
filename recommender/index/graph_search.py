"""The nearest rows to a query: along the links of a graph, or among some rows that are all looked at."""

from __future__ import annotations

import numpy as np
from numba import njit

from recommender.index.graph_links import product
from recommender.index.half_floats import inner_product_of
from recommender.index.int8_products import prefetch
from recommender.index.quantised import encode_one
from recommender.index.rescoring import insert

__all__ = ["answer", "beam_row", "scan", "walk"]

_LOW = np.uint64(0xFFFFFFFF)
_LAST = np.uint64(0x7FFFFFFF)
_FRESH = np.uint64(1)
_MIX = np.uint32(2_654_435_769)
_AT_ONCE = 4  # entries whose links are followed together


@njit(nogil=True, cache=True, inline="always")
def _beam_key(score, row):  # type: ignore[no-untyped-def]
    """Key of an entry: score, then the smaller row, then whether its links are still to be followed."""
    high = np.uint64(np.uint32(np.int32(score)) ^ np.uint32(0x80000000))
    return (high << np.uint64(32)) | ((_LAST - np.uint64(row)) << np.uint64(1)) | _FRESH


@njit(nogil=True, cache=True, inline="always")
def beam_row(key):  # type: ignore[no-untyped-def]
    """Row of an entry of the beam."""
    return np.int32(_LAST - ((key & _LOW) >> np.uint64(1)))


@njit(nogil=True, cache=True, inline="always")
def _first_time(seen, row):  # type: ignore[no-untyped-def]
    """Put a row into a set of open addresses; tell whether it was not in. One that finds no room counts as seen."""
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
def _insert(beam, n, key):  # type: ignore[no-untyped-def]
    """Insert a key into the n of a sorted beam; return where, or its length if it is too small."""
    if n == beam.shape[0]:
        if key <= beam[n - 1]:
            return n
        n -= 1
    while n > 0 and beam[n - 1] < key:  # from the end, since all that is passed must move anyway
        beam[n] = beam[n - 1]
        n -= 1
    beam[n] = key
    return n


@njit(nogil=True, cache=True, inline="always")
def _fresh_links(links, codes, seen, fresh, n):  # type: ignore[no-untyped-def]
    """Write the links that were not seen before after the n of `fresh`, ask for their codes; return how many there are."""
    width = codes.shape[1]
    for to in links:
        if to < 0:
            break
        if _first_time(seen, to):
            fresh[n] = to
            n += 1
            line = codes.ctypes.data + np.int64(to) * width
            for byte in range(0, width, 64):
                prefetch(line + byte)
    return n


@njit(nogil=True, cache=True, inline="always")
def _ask(array, row):  # type: ignore[no-untyped-def]
    """Ask for the first lines of a row that is soon to be read; what follows them comes by itself."""
    start = array.ctypes.data + row * array.strides[0]
    for byte in range(0, min(array.strides[0], 256), 64):
        prefetch(start + byte)


@njit(nogil=True, cache=True)
def walk(query, codes, links, entries, entry_codes, beam, seen):  # type: ignore[no-untyped-def]
    """Fill `beam` with the best rows that a walk meets, best first; return how many.

    The walk begins at the best of all `entries` and follows the links of the best entries of the beam that have not been
    followed, until there are none (best first search; Malkov and Yashunin 2018). Four at a time: memory, which is what a
    walk waits for, answers them together, and what is looked at beyond the best is seldom in vain.
    """
    size, n, cursor = beam.shape[0], 0, 0
    fresh = np.empty(_AT_ONCE * links.shape[1], np.int32)
    seen[:] = -1
    first = beam[: min(max(4, size // 8), size)]
    for i in range(entries.shape[0]):
        place = _insert(first, n, _beam_key(product(entry_codes, i, query), entries[i]))
        if place < first.shape[0] and n < first.shape[0]:
            n += 1
    for i in range(n):
        _first_time(seen, beam_row(beam[i]))
    while cursor < n:
        n_fresh = n_followed = 0
        while cursor < n and n_followed < _AT_ONCE:
            if beam[cursor] & _FRESH:
                beam[cursor] ^= _FRESH
                n_fresh = _fresh_links(links[beam_row(beam[cursor])], codes, seen, fresh, n_fresh)
                n_followed += 1
            cursor += 1
        for j in range(n_fresh):
            score = product(codes, np.int64(fresh[j]), query)
            place = _insert(beam, n, _beam_key(score, fresh[j]))
            if place < size:
                n = min(n + 1, size)
                cursor = min(cursor, place)
                _ask(links, np.int64(fresh[j]))
    return n


@njit(nogil=True, cache=True)
def answer(  # type: ignore[no-untyped-def]
    X,
    signs,
    scale,
    codes,
    links,
    entries,
    entry_codes,
    order,
    hidden,
    vectors,
    size,
    n_scored,
    similarities,
    rows,
):
    """Write for each query the best that are not hidden, by exact similarity; return the fewest that were found.

    Of the `size` best by codes the first `n_scored` that may be shown are compared exactly.
    """
    width, k = codes.shape[1], rows.shape[1]
    beam = np.empty(size, np.uint64)
    n_seen = 1_024
    while n_seen < 2 * size * links.shape[1]:
        n_seen *= 2
    seen = np.empty(n_seen, np.int32)
    query, out, spare = np.empty(width, np.int8), np.empty(width, np.float32), np.empty(width, np.float32)
    fewest = k
    similarities[:], rows[:] = -np.inf, -1
    for i in range(X.shape[0]):
        encode_one(X[i], signs, scale, query, out, spare)
        n = walk(query, codes, links, entries, entry_codes, beam, seen)
        for place in range(min(n, n_scored)):
            _ask(vectors, np.int64(order[beam_row(beam[place])]))
        found = scored = place = 0
        while place < n and scored < n_scored:
            row = order[beam_row(beam[place])]
            place += 1
            if hidden.shape[0] and hidden[row]:
                continue
            found = insert(inner_product_of(X[i], vectors[row]), row, similarities[i], rows[i], found)
            scored += 1
        fewest = min(fewest, found)
    return fewest


@njit(nogil=True, cache=True)
def scan(  # type: ignore[no-untyped-def]
    X, signs, scale, codes, order, hidden, vectors, n_scored, similarities, rows
):
    """Write for each query the best that are not hidden; all are looked at."""
    width = codes.shape[1]
    query, out, spare = np.empty(width, np.int8), np.empty(width, np.float32), np.empty(width, np.float32)
    beam = np.empty(n_scored, np.uint64)
    similarities[:], rows[:] = -np.inf, -1
    for i in range(X.shape[0]):
        encode_one(X[i], signs, scale, query, out, spare)
        n = 0
        for row in range(codes.shape[0]):
            if hidden.shape[0] and hidden[order[row]]:
                continue
            place = _insert(beam, n, _beam_key(product(codes, row, query), row))
            if place < n_scored and n < n_scored:
                n += 1
        found = 0
        for place in range(n):
            row = order[beam_row(beam[place])]
            found = insert(inner_product_of(X[i], vectors[row]), row, similarities[i], rows[i], found)
