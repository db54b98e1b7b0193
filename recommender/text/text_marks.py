"""What a translation leaves as it is: the numbers of a text and, up to a factor, its length."""

from __future__ import annotations

import re
from math import log
from typing import NamedTuple, Self

__all__ = ["TextMarks"]

_NUMBER = re.compile(r"\d+(?:[.,:'\u00a0\u202f\u2019\u066b\u066c]\d+)*")
_BETWEEN_DIGITS = re.compile(r"\D")
_DENSE = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)  # scripts that say more in a letter
_LETTERS = 1.5  # more letters of other scripts that one of these stands for
_UNKNOWN = 0.5  # agreement of texts without numbers
_LEAST = 0.5  # agreement of the numbers of a translation
_FEW = 4  # numbers of two texts together, below which these say nothing for sure
_LONGEST = 2.2  # times as long as the other


class TextMarks(NamedTuple):
    """The numbers of a text, in the digits of ASCII and without marks between them, and its length in letters."""

    numbers: frozenset[str]
    length: float

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the marks of a text.

        Examples
        --------
        >>> sorted(TextMarks.of("1,200 boats in 2019").numbers), TextMarks.of("\u0661\u0662\u0660\u0660").numbers
        (['1200', '2019'], frozenset({'1200'}))
        """
        found = (_BETWEEN_DIGITS.sub("", each) for each in _NUMBER.findall(text))
        length = len(text) + _LETTERS * len(_DENSE.findall(text))
        return cls(frozenset(str(int(each)) for each in found), length)

    def may_translate(self, other: TextMarks) -> bool:
        """Return whether two texts may say the same: half of their numbers, if they have a few, and length by length."""
        n = len(self.numbers) + len(other.numbers)
        return self._stretch(other) <= log(_LONGEST) and (n < _FEW or self._same(other) >= _LEAST)

    def agreement(self, other: TextMarks) -> float:
        """Return how far the numbers of two texts are the same, less the log of the ratio of their lengths.

        The numbers count from 0 to 1, by the coefficient of Dice (1945), and 1/2 where neither text has any.
        """
        return self._same(other) - self._stretch(other)

    def _same(self, other: TextMarks) -> float:
        n = len(self.numbers) + len(other.numbers)
        return 2 * len(self.numbers & other.numbers) / n if n else _UNKNOWN

    def _stretch(self, other: TextMarks) -> float:
        return abs(log((self.length + 1) / (other.length + 1)))
