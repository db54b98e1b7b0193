"""Whether pages of the same name in two trees are the same page, by their words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from recommender.text.spool import TextSpool

__all__ = ["Agreement", "Counterparts", "Pair"]

Pair: TypeAlias = tuple[int, int]
"""Rows of two pages of the same name, one of each tree."""

_SAMPLE = 8  # pairs that are compared
_LONGEST = 20_000  # characters of a page that are read
_ALIKE = 0.2  # share of the words of two pages that are in both, from which on they may say the same
_COPY = 0.8  # the same share, from which on one is a copy of the other
_LEAST_WORDS = 10  # a page of fewer is no evidence that it was left untranslated
_WORD = re.compile(r"\w+")


class Agreement(NamedTuple):
    """In how many pairs of pages they say the same, and in how many they do not. Others tell nothing."""

    same: int
    differ: int


class Counterparts:
    """The texts of a site, as sets of words.

    Parameters
    ----------
    texts : TextSpool or None
        Without texts there is no evidence either way.
    """

    def __init__(self, texts: TextSpool | None = None) -> None:
        self._texts = texts

    def agreement(self, pairs: Sequence[Pair]) -> Agreement:
        """Return in how many pairs the pages say the same of the same thing, and in how many they do not.

        They do if they share at least a fifth of their words, and more than either shares with the other pages of the
        other tree. Words that more than half of the pages of a tree hold do not count: a note on each page of a
        version, or the subject of a chapter. So the exercises of two chapters do not say the same.

        Parameters
        ----------
        pairs : sequence of pairs
            Eight of them are compared, spread evenly.
        """
        some = [pairs[at * len(pairs) // _SAMPLE] for at in range(_SAMPLE)] if len(pairs) > _SAMPLE else pairs
        words = self._words([row for pair in some for row in pair])
        trees = [[words.get(row, frozenset()) for row in rows] for rows in zip(*some, strict=True)]
        usual = frozenset().union(*map(_usual, trees))
        mine, theirs = ([each - usual for each in tree] for tree in trees)
        same = differ = 0
        for at, (one, other) in enumerate(zip(mine, theirs, strict=True)):
            shared = _shared(one, other)
            beside = [_shared(one, each) for each in theirs[:at] + theirs[at + 1 :]]
            beside += [_shared(each, other) for each in mine[:at] + mine[at + 1 :]]
            same += shared >= _ALIKE and shared > max(beside, default=0.0)
            differ += bool(one or other) and (shared < _ALIKE or shared < max(beside, default=0.0))
        return Agreement(same, differ)

    def copies(self, pairs: Sequence[Pair]) -> list[bool]:
        """Return of which pairs the pages are long enough and share at least four fifths of their words."""
        words = self._words([row for pair in pairs for row in pair])
        sets = [(words.get(one, frozenset()), words.get(other, frozenset())) for one, other in pairs]
        return [len(one) >= _LEAST_WORDS and _shared(one, other) >= _COPY for one, other in sets]

    def _words(self, rows: Sequence[int]) -> dict[int, frozenset[str]]:
        """Return the words of title and body of each row."""
        if self._texts is None:
            return {}
        return {
            row: frozenset(_WORD.findall(f"{title} {body}"[:_LONGEST].casefold()))
            for run in self._texts.runs(sorted(set(rows)))
            for row, title, body in run
        }


def _usual(tree: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return the words that more than half of the pages of a tree hold."""
    n_holding = Counter(word for page in tree for word in page)
    return frozenset(word for word, n in n_holding.items() if 2 * n > len(tree))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard similarity of two sets, 0 of empty ones."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0
