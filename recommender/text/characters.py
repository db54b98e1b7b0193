"""A table of character classes, so that loops over all texts of a site need no regular expressions."""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONTINUOUS", "SEPARATOR", "WORD", "character_classes", "fold"]

SEPARATOR, WORD, CONTINUOUS = 0, 1, 2

# Scripts written without spaces between words, as code point ranges with both ends included.
_CONTINUOUS_RANGES = (
    (0x0E01, 0x0E4E),  # Thai
    (0x0E81, 0x0ECD),  # Lao
    (0x1000, 0x103F),  # Myanmar
    (0x1780, 0x17D3),  # Khmer
    (0x3005, 0x3007),  # Han iteration marks and zero
    (0x3041, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_TABLE_SIZE = 0x40000  # higher code points are tags, variation selectors and private use


@cache
def character_classes() -> NDArray[np.uint8]:
    """Return the class of each code point below 0x40000: SEPARATOR, WORD or CONTINUOUS.

    Letters, digits and combining marks (such as Hindi vowel signs and Thai tone marks) are WORD. Scripts
    without spaces are CONTINUOUS and are read as overlapping pairs of characters. Punctuation inside a range,
    such as the kana middle dot, is a separator.

    Returns
    -------
    ndarray of uint8, shape (262144,)
        Read-only. Built once per process.
    """
    classes = np.zeros(_TABLE_SIZE, dtype=np.uint8)
    category = unicodedata.category
    in_use = range(0x20000)
    classes[:0x20000] = [category(chr(point))[0] in "LNM" for point in in_use]
    for first, last in _CONTINUOUS_RANGES:
        stop = min(last + 1, _TABLE_SIZE)
        letters = classes[first:stop] if first < 0x20000 else np.ones(stop - first, dtype=np.uint8)
        classes[first:stop] = np.where(letters == WORD, CONTINUOUS, SEPARATOR)
    classes[0x30FC] = CONTINUOUS  # the long-vowel mark belongs to its word
    classes.setflags(write=False)
    return classes


def fold(text: str) -> str:
    """Return text in Unicode NFKC form with case folded.

    Examples
    --------
    >>> fold("ＦＵＬＬ Straße")
    'full strasse'
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold()
