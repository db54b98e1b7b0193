"""The text of an article as places for links: its sentences, its words, and which words may be linked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.word_places import WordPlaces, word_places
from recommender.text.sentences import sentence_ends

__all__ = ["PageText"]

# What may stand between two words of a phrase. A comma, a colon or a bracket divides phrases.
_WITHIN = re.compile(r"\s{0,2}|\s?[&/+]\s?|[-‐‑'’ʼ./_@#+]{1,2}")
_CUT_BEFORE = re.compile(r"\w[-‐‑./_&+]\Z|[@#_$\\]\Z")
_CUT_AFTER = re.compile(r"[-‐‑./_&+@]\w|_|\(\)")
# A line goes on in the next one where the text is wrapped: it is long, does not end a sentence, and no list begins.
_WRAPPED = 40
_BEGINNING = re.compile(r"\s*(?:[-*+•#>|=~`]|\d{1,3}[.)]\s)")


@dataclass(frozen=True, eq=False)
class PageText:
    """Words of a text and the sentences that hold them.

    Parameters
    ----------
    text : str
        Plain text.
    words : WordPlaces
    sentences : ndarray of int64, shape (m, 2)
        Start and end of each sentence.
    sentence_of : ndarray of int64, shape (n,)
        The sentence of each word.
    free : ndarray of bool, shape (n,)
        Whether a word may be part of a link.
    joined : ndarray of bool, shape (n,)
        Whether a phrase may go on from a word to the next one. Both are free and in one sentence.
    """

    text: str
    words: WordPlaces
    sentences: NDArray[np.int64]
    sentence_of: NDArray[np.int64]
    free: NDArray[np.bool_]
    joined: NDArray[np.bool_]

    @classmethod
    def of(cls, text: str, set_apart: list[int], is_own: Callable[[str], bool]) -> Self:
        """Return the words of a plain text.

        Parameters
        ----------
        text : str
        set_apart : list of int
            See `text.set_apart`.
        is_own : callable
            Whether a sentence belongs to the article and not to the site's template.
        """
        words = word_places(text)
        sentences = np.array(list(_sentences(text)), dtype=np.int64).reshape(-1, 2)
        of = np.searchsorted(sentences[:, 0], words.starts, side="right") - 1
        own = np.array([is_own(text[start:end].strip()) for start, end in sentences.tolist()], dtype=np.bool_)
        bounds = np.array(set_apart, dtype=np.int64)
        # a word that touches a part set apart begins in it or holds one of its bounds
        free = np.searchsorted(bounds, words.starts, side="right") == np.searchsorted(
            bounds, words.ends, side="left"
        )
        free &= np.searchsorted(bounds, words.starts, side="right") % 2 == 0
        free &= own[of] if len(own) else False
        joined = np.zeros(len(of), dtype=np.bool_)
        joined[:-1] = free[:-1] & free[1:] & (of[:-1] == of[1:])
        ends, starts = words.ends.tolist(), words.starts.tolist()
        for place in np.flatnonzero(joined).tolist():
            joined[place] = bool(_WITHIN.fullmatch(text, ends[place], max(ends[place], starts[place + 1])))
        return cls(text, words, sentences, of, free, joined)

    def shown(self, first: int, last: int) -> str:
        """Return the text from one word to another."""
        return self.text[self.words.starts[first] : self.words.ends[last]]

    def is_bounded(self, first: int, last: int) -> bool:
        """Return whether words are a phrase and not a part of a longer name, as in "micro-purchase" and "@may"."""
        start, end = int(self.words.starts[first]), int(self.words.ends[last])
        return not (
            _CUT_BEFORE.search(self.text[max(0, start - 2) : start]) or _CUT_AFTER.match(self.text, end)
        )

    def sentence(self, word: int) -> tuple[int, int]:
        """Return start and end of the sentence of a word, without white space around it."""
        start, end = self.sentences[self.sentence_of[word]].tolist()
        shown = self.text[start:end]
        return start + len(shown) - len(shown.lstrip()), end - len(shown) + len(shown.rstrip())


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for start, end in pairwise(_paragraph_bounds(text)):
        at = start
        # a wrapped line ends with a space for the rules of sentences; the length stays the same
        for stop in sentence_ends(text[start:end].replace("\n", " ")):
            yield at, start + stop
            at = start + stop
        if at < end:
            yield at, end


def _paragraph_bounds(text: str) -> Iterator[int]:
    yield 0
    start = 0
    while (end := text.find("\n", start)) >= 0:
        line = text[start:end].rstrip()
        goes_on = (
            len(line) >= _WRAPPED
            and line[-1:] not in ".!?:;。！？"
            and text[end + 1 : end + 2] not in ("", "\n")
        )
        if not goes_on or _BEGINNING.match(text, end + 1):
            yield end + 1
        start = end + 1
    if start < len(text):
        yield len(text)
