"""Texts as sets of shingles: runs of five successive words (Broder 1997), each represented by a 64-bit hash.

A word is a run of letters, digits and combining marks, with case folded. In scripts without spaces each
character is a word.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.text.characters import CONTINUOUS, SEPARATOR, WORD, character_classes, fold
from recommender.text.code_points import decode

__all__ = ["WORDS", "ShingleSets", "shingle_sets", "smallest_shingles", "word_hashes"]

WORDS = 5
"""Number of words in a shingle."""

_START_SLOTS = 2**12

_SEED = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_BASE = np.uint64(0x9E3779B97F4A7C15)
_BASE_TO_ALL = np.uint64(pow(0x9E3779B97F4A7C15, WORDS, 2**64))


class ShingleSets(NamedTuple):
    """The distinct shingles of each text.

    Attributes
    ----------
    sizes : ndarray of int64, shape (n_texts,)
        Number of shingles; 0 for a text of fewer than five words.
    digests : ndarray of uint64, shape (n_texts,)
        Equal for texts with the same set.
    hashes : ndarray of uint64, shape (sizes.sum(),)
        Shingles of all texts, one text after the other, each in order of first occurrence.
    """

    sizes: NDArray[np.int64]
    digests: NDArray[np.uint64]
    hashes: NDArray[np.uint64]


def shingle_sets(texts: list[str]) -> ShingleSets:
    """Return the shingles of texts. Linear in their length, at 100 to 200 MB/s, mostly without the GIL."""
    return ShingleSets(*_sets(*_folded(texts), character_classes()))


def smallest_shingles(
    sets: ShingleSets, n_kept: NDArray[np.int64], headlines: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Return the smallest shingles of each text, as many as `n_kept` says, and one key of its headline behind them."""
    found: NDArray[np.uint64] = _smallest(sets.hashes, sets.sizes, n_kept, headlines)
    return found


def word_hashes(texts: list[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hashes of the words of texts, in order, and the end of each text among them."""
    return _words_of_each(*_folded(texts), character_classes())  # type: ignore[no-any-return]


def _folded(texts: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the folded texts as UTF-8, one after the other, and the bounds of each."""
    folded = [fold(text).encode(errors="replace") for text in texts]
    offsets = np.zeros(len(folded) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in folded], out=offsets[1:])
    return np.frombuffer(b"".join(folded), dtype=np.uint8), offsets


@njit(nogil=True, cache=True, inline="always")
def _mixed(state):  # type: ignore[no-untyped-def]
    """Apply the finaliser of SplitMix64 (Steele et al. 2014), a bijection that mixes all bits."""
    state = (state ^ (state >> np.uint64(30))) * _MIX1
    state = (state ^ (state >> np.uint64(27))) * _MIX2
    return state ^ (state >> np.uint64(31))


@njit(nogil=True, cache=True)
def _words(text, at, end, kinds, words):  # type: ignore[no-untyped-def]
    """Write the hashes of the words between two byte offsets into `words`, and return their number."""
    n_words = 0
    state = _SEED
    while at < end:
        point, at = decode(text, at)
        kind = kinds[point] if point < kinds.shape[0] else SEPARATOR
        if kind == WORD:
            state = (state ^ np.uint64(point)) * _PRIME
            continue
        if state != _SEED:
            words[n_words] = _mixed(state)
            n_words += 1
            state = _SEED
        if kind == CONTINUOUS:
            words[n_words] = _mixed((_SEED ^ np.uint64(point)) * _PRIME)
            n_words += 1
    if state != _SEED:
        words[n_words] = _mixed(state)
        n_words += 1
    return n_words


@njit(nogil=True, cache=True)
def _words_of_each(text, offsets, kinds):  # type: ignore[no-untyped-def]
    n_texts = offsets.shape[0] - 1
    words = np.empty(text.shape[0], dtype=np.uint64)
    ends = np.empty(n_texts, dtype=np.int64)
    total = 0
    for row in range(n_texts):
        total += _words(text, offsets[row], offsets[row + 1], kinds, words[total:])
        ends[row] = total
    return words[:total].copy(), ends


@njit(nogil=True, cache=True)
def _sets(text, offsets, kinds):  # type: ignore[no-untyped-def]
    n_texts = offsets.shape[0] - 1
    longest = 0
    for row in range(n_texts):
        longest = max(longest, offsets[row + 1] - offsets[row])
    words = np.empty(longest // 2 + 1, dtype=np.uint64)  # a word takes a byte and a separator, or three bytes
    held = np.empty(_START_SLOTS, dtype=np.uint64)
    owners = np.full(
        _START_SLOTS, -1, dtype=np.int32
    )  # the text that filled each slot, so slots need no clearing

    sizes = np.zeros(n_texts, dtype=np.int64)
    digests = np.zeros(n_texts, dtype=np.uint64)
    hashes = np.empty(text.shape[0] // 2 + n_texts, dtype=np.uint64)
    n_hashes = 0
    for row in range(n_texts):
        n_words = _words(text, offsets[row], offsets[row + 1], kinds, words)
        if 2 * n_words > owners.shape[0]:
            n_slots = owners.shape[0]
            while n_slots < 2 * n_words:
                n_slots *= 2
            held = np.empty(n_slots, dtype=np.uint64)
            owners = np.full(n_slots, -1, dtype=np.int32)
        mask = np.uint64(owners.shape[0] - 1)
        rolling = np.uint64(0)
        before = n_hashes
        for place in range(n_words):
            rolling = rolling * _BASE + words[place]
            if place >= WORDS:
                rolling -= words[place - WORDS] * _BASE_TO_ALL
            if place < WORDS - 1:
                continue
            shingle = _mixed(rolling)
            slot = shingle & mask
            while owners[slot] == row and held[slot] != shingle:
                slot = (slot + np.uint64(1)) & mask
            if owners[slot] != row:
                owners[slot], held[slot] = row, shingle
                hashes[n_hashes] = shingle
                n_hashes += 1
                digests[row] += _mixed(shingle ^ _SEED)  # the sum is independent of the order
        sizes[row] = n_hashes - before
    return sizes, digests, hashes[:n_hashes].copy()


@njit(nogil=True, cache=True)
def _smallest(hashes, sizes, n_kept, headlines):  # type: ignore[no-untyped-def]
    found = np.empty(n_kept.sum() + headlines.shape[0], dtype=np.uint64)
    at = start = 0
    for text in range(sizes.shape[0]):
        ordered = np.sort(hashes[start : start + sizes[text]])
        found[at : at + n_kept[text]] = ordered[: n_kept[text]]
        start += sizes[text]
        at += n_kept[text] + 1
        found[at - 1] = headlines[text]
    return found
