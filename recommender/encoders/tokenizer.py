"""Counts and hashes the words and word pairs of many texts, in one compiled loop over all bytes.

The input is folded UTF-8; the output is one row of (hash, weight) entries per article. A term is represented
by a 64-bit hash. Its byte range is kept, so that its spelling can be recovered.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.text.characters import CONTINUOUS, SEPARATOR, character_classes
from recommender.text.code_points import decode

__all__ = ["PRIME", "SEED", "TermCounts", "are_words", "count_terms", "finish", "hash_pairs", "join_fields"]

SEED = np.uint64(0xCBF29CE484222325)
PRIME = np.uint64(0x100000001B3)
_MIX1 = np.uint64(0xFF51AFD7ED558CCD)
_MIX2 = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)
_PAIR = np.uint64(2**63)  # set in the hash of a pair, clear in that of a word


class TermCounts(NamedTuple):
    """Terms of a run of articles, one row per article, in order of first occurrence.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n_articles + 1,)
    hashes : ndarray of uint64, shape (n_entries,)
    weights : ndarray of float32, shape (n_entries,)
        Weighted count: `title_weight` per occurrence in the title, ``1 / (1 + i / decay)`` for word i of the
        body.
    starts, lengths : ndarray of int32, shape (n_entries,)
        Byte range of the first occurrence.
    """

    indptr: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    weights: NDArray[np.float32]
    starts: NDArray[np.int32]
    lengths: NDArray[np.int32]


def join_fields(texts: list[tuple[str, str]]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the folded titles and bodies as one byte array, and the offsets of the 2 n fields in it."""
    fields = [field.encode() for text in texts for field in text]
    offsets = np.zeros(len(fields) + 1, dtype=np.int64)
    np.cumsum([len(field) for field in fields], out=offsets[1:])
    return np.frombuffer(b"".join(fields), dtype=np.uint8), offsets


def count_terms(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    *,
    title_weight: float,
    decay: float,
    pairs: bool,
) -> TermCounts:
    """Count the words and word pairs of articles in the output of `join_fields`.

    Linear in the number of bytes. Releases the GIL.
    """
    return TermCounts(*_count(text, offsets, character_classes(), title_weight, decay, pairs))


def hash_pairs(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the hashes of the pairs of words with the given hashes. The arrays broadcast."""
    with np.errstate(over="ignore"):
        mixed = (first ^ (first >> _SHIFT)) * _MIX1 + second
        mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX2
        return np.asarray(mixed ^ (mixed >> _SHIFT) | _PAIR)


def are_words(hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return whether each hash is that of a single word, not of a pair."""
    return np.asarray(hashes < _PAIR)


@njit(nogil=True, cache=True, inline="always")
def finish(state):  # type: ignore[no-untyped-def]
    """Return the hash of a word from its state: `SEED`, then ``(state ^ code point) * PRIME`` for each character."""
    state = (state ^ (state >> _SHIFT)) * _MIX1
    return (state ^ (state >> _SHIFT)) & ~_PAIR


@njit(nogil=True, cache=True, inline="always")
def _pair(first, second):  # type: ignore[no-untyped-def]
    mixed = (first ^ (first >> _SHIFT)) * _MIX1 + second
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX2
    return mixed ^ (mixed >> _SHIFT) | _PAIR


@njit(nogil=True, cache=True)
def _next_word(text, at, end, previous, previous_at, classes):  # type: ignore[no-untyped-def]  # noqa: C901 - one pass
    """Return the next word from byte `at`.

    The result is (found, hash, start, stop, resume, last continuous character, its byte).

    A run of a script without spaces yields overlapping pairs of characters, whose words start one character
    before the byte at which reading resumes. A run of a single character yields that character.
    """
    state = SEED
    start = at
    while at < end:
        point, after = decode(text, at)
        kind = classes[point] if point < classes.shape[0] else SEPARATOR
        if kind == CONTINUOUS:
            if state != SEED:  # a word of another script ends here
                return True, finish(state), start, at, at, np.int64(-1), at
            if previous >= 0:
                pair = (((SEED ^ np.uint64(previous)) * PRIME) ^ np.uint64(point)) * PRIME
                return True, finish(pair), previous_at, after, after, point, at
            if after < end:
                following, _ = decode(text, after)
                if following < classes.shape[0] and classes[following] == CONTINUOUS:
                    previous, previous_at = point, at
                    at = after
                    continue
            return True, finish((SEED ^ np.uint64(point)) * PRIME), at, after, after, np.int64(-1), at
        previous = np.int64(-1)
        if kind == SEPARATOR:
            if state != SEED:
                return True, finish(state), start, at, after, np.int64(-1), at
        else:
            if state == SEED:
                start = at
            state = (state ^ np.uint64(point)) * PRIME
        at = after
    if state != SEED:
        return True, finish(state), start, end, end, np.int64(-1), end
    return False, SEED, end, end, end, np.int64(-1), end


@njit(nogil=True, cache=True)
def _count(text, offsets, classes, title_weight, decay, pairs):  # type: ignore[no-untyped-def]
    n_articles = (offsets.shape[0] - 1) // 2
    capacity = (text.shape[0] // 2 + offsets.shape[0]) * (2 if pairs else 1)
    hashes = np.empty(capacity, dtype=np.uint64)
    weights = np.empty(capacity, dtype=np.float32)
    starts = np.empty(capacity, dtype=np.int32)
    lengths = np.empty(capacity, dtype=np.int32)
    indptr = np.zeros(n_articles + 1, dtype=np.int64)

    longest = 1
    for article in range(n_articles):
        longest = max(longest, offsets[2 * article + 2] - offsets[2 * article])
    n_slots = 64
    while n_slots < 2 * (longest + 4):
        n_slots *= 2
    slot_owner = np.full(
        n_slots, -1, dtype=np.int32
    )  # the article that filled each slot, so slots need no clearing
    slot_entry = np.empty(n_slots, dtype=np.int32)
    mask = np.uint64(n_slots - 1)

    n_entries = 0
    for article in range(n_articles):
        for is_body in range(2):
            at = offsets[2 * article + is_body]
            end = offsets[2 * article + is_body + 1]
            position = 0
            last_hash, last_start = np.uint64(0), np.int64(0)
            previous, previous_at = np.int64(-1), at
            while True:
                found, word, start, stop, at, previous, previous_at = _next_word(
                    text, at, end, previous, previous_at, classes
                )
                if not found:
                    break
                weight = np.float32(1.0 / (1.0 + position / decay)) if is_body else np.float32(title_weight)
                for is_pair in range(2 if pairs and position > 0 else 1):
                    term = _pair(last_hash, word) if is_pair else word
                    slot = term & mask
                    while slot_owner[slot] == article and hashes[slot_entry[slot]] != term:
                        slot = (slot + np.uint64(1)) & mask
                    if slot_owner[slot] == article:
                        weights[slot_entry[slot]] += weight
                        continue
                    slot_owner[slot], slot_entry[slot] = article, n_entries
                    hashes[n_entries], weights[n_entries] = term, weight
                    starts[n_entries] = last_start if is_pair else start
                    lengths[n_entries] = stop - starts[n_entries]
                    n_entries += 1
                last_hash, last_start = word, start
                position += 1
        indptr[article + 1] = n_entries
    return (
        indptr,
        hashes[:n_entries].copy(),
        weights[:n_entries].copy(),
        starts[:n_entries].copy(),
        lengths[:n_entries].copy(),
    )
