"""Keys of words and of their beginnings, in one compiled pass over their spelling.

The key of a word is the hash that the tokenizer gives it, mixed with a number of its language.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.encoders.tokenizer import PRIME, SEED, count_terms, finish, join_fields
from recommender.index.kernels.array_layout import read_only
from recommender.text.characters import SEPARATOR, character_classes
from recommender.text.code_points import decode

__all__ = ["ALIASES", "WHOLE", "language_seed", "longest_known", "word_keys"]

WHOLE = np.float32(1)
"""The share of a word that the table has as it is."""

ALIASES = {"bs": "sr", "hr": "sr", "iw": "he", "no": "nb", "sh": "sr", "tl": "fil"}
"""Languages that share the keys of another one."""

_LEAST_WEIGHT = 4  # of the beginning that stands for a word: four letters, or two syllables or ideographs
_LEAST_SHARE = 0.5  # of the word's characters
_WIDE = 0x1100  # from this code point on (Hangul, kana, Han) a character counts twice


def language_seed(language: str | None) -> np.uint64:
    """Return the number that is mixed into the keys of a language, 0 for words of all languages."""
    if language is None:
        return np.uint64(0)
    name = ALIASES.get(language, language)
    return np.uint64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little"))


def word_keys(words: list[str], language: str | None = None) -> NDArray[np.uint64]:
    """Return the key of each folded word. Words of more than one term, as the tokenizer cuts them, raise a ValueError."""
    counts = count_terms(
        *join_fields([("", word) for word in words]), title_weight=1.0, decay=1.0, pairs=False
    )
    if (np.diff(counts.indptr) != 1).any():
        several = words[int(np.flatnonzero(np.diff(counts.indptr) != 1)[0])]
        raise ValueError(f"expected single words, got {several!r}")
    return np.asarray(counts.hashes ^ language_seed(language))


def longest_known(
    spelling: NDArray[np.uint8], offsets: NDArray[np.int64], keys: NDArray[np.uint64], seed: np.uint64
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the row of the longest known beginning of each word, and its share of the word.

    Parameters
    ----------
    spelling, offsets : ndarray of uint8, ndarray of int64, shape (n + 1,)
        Folded words in UTF-8.
    keys : ndarray of uint64
        Sorted.
    seed : uint64
        See `language_seed`. A word without a key of its language has that of all languages.

    Returns
    -------
    rows : ndarray of int32, shape (n,)
        -1 where no beginning is long enough, and for terms of several words.
    shares : ndarray of float32, shape (n,)
        Between 0.5 and 1, 0 for unknown words.
    """
    return _longest(read_only(spelling), read_only(offsets), read_only(keys), seed, character_classes())  # type: ignore[no-any-return]


@njit(nogil=True, cache=True)
def _row(key, keys):  # type: ignore[no-untyped-def]
    low, high = 0, keys.shape[0]
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low if low < keys.shape[0] and keys[low] == key else -1


@njit(nogil=True, cache=True)
def _longest(spelling, offsets, keys, seed, classes):  # type: ignore[no-untyped-def]
    n_words = offsets.shape[0] - 1
    rows = np.full(n_words, -1, dtype=np.int32)
    shares = np.zeros(n_words, dtype=np.float32)
    for word in range(n_words):
        states = np.empty(offsets[word + 1] - offsets[word], dtype=np.uint64)
        size, weight, least = 0, 0, 0
        state, at = SEED, offsets[word]
        while at < offsets[word + 1]:
            point, at = decode(spelling, at)
            if point >= classes.shape[0] or classes[point] == SEPARATOR:
                size = 0
                break
            state = (state ^ np.uint64(point)) * PRIME
            states[size] = finish(state)
            size += 1
            weight += 2 if point >= _WIDE else 1
            if weight >= _LEAST_WEIGHT and least == 0:
                least = size
        for length in range(size, 0, -1):
            if length < size and (least == 0 or length < least or length < _LEAST_SHARE * size):
                break
            row = _row(states[length - 1] ^ seed, keys)
            if row < 0 and seed:
                row = _row(states[length - 1], keys)
            if row >= 0:
                rows[word] = row
                shares[word] = length / size
                break
    return rows, shares
