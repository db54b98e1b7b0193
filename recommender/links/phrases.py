"""Phrases of a text that name an article by its title or by a part of it.

A phrase holds the share ``c = sum of w(t) ** 2`` of a title, over its words and word pairs *t*, where *w* is the unit vector
of the title alone, as in a mention (see `mention_strength`). Words that are rare on the site count much and common ones
little, so the part of a title that distinguishes it holds nearly all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.lexical_model import LexicalModel
from recommender.encoders.word_places import title_words, word_places
from recommender.links.page_text import PageText

__all__ = ["WHOLE", "Phrase", "Title", "phrases_naming"]

WHOLE = 0.95
"""Share of a title that is all of it but for its slight terms."""

_SLIGHT = 0.01  # share of a title below which a word does not begin or end a phrase


class Title(NamedTuple):
    """A title of the site.

    Attributes
    ----------
    shares : dict of int to float
        Share of the title of each of its words and word pairs, by hash.
    n_articles : dict of int to int
        Articles that hold each of them.
    first, last : int
        Hashes of the first and the last word.
    """

    shares: dict[int, float]
    n_articles: dict[int, int]
    first: int
    last: int

    @classmethod
    def of(cls, shown: str, lexical: LexicalModel) -> Self:
        """Return a title as a model weighs it."""
        words = title_words(shown, lexical)
        hashes, ends = words.hashes.tolist(), word_places(shown).hashes.tolist() or [0]
        shares, n_articles = (
            dict(zip(hashes, each.tolist(), strict=True)) for each in (words.shares, words.n_articles)
        )
        return cls(shares, n_articles, ends[0], ends[-1])

    def terms_in(self, page: PageText, first: int, last: int) -> frozenset[int]:
        """Return the words and word pairs of the title that stand from one word of a text to another."""
        words, pairs = page.words.hashes[first : last + 1], page.words.pairs[first:last]
        return frozenset({*words.tolist(), *pairs.tolist()} & self.shares.keys())

    def share(self, terms: frozenset[int]) -> float:
        """Return the share of the title that some of its terms are."""
        return sum(self.shares[term] for term in sorted(terms))


class Phrase(NamedTuple):
    """Words of a text that name a title.

    Attributes
    ----------
    first, last : int
        Numbers of the words.
    share : float
        The share of the title that the phrase holds, 0 to 1.
    terms : frozenset of int
        Hashes of its words and word pairs that the title has too.
    """

    first: int
    last: int
    share: float
    terms: frozenset[int]


def phrases_naming(title: Title, page: PageText) -> Iterator[Phrase]:
    """Yield the longest phrases of words of a title, in their order in the text.

    Slight words at both ends, such as "the", are left out, unless the title begins or ends with them too.
    """
    words, shares = page.words.hashes, title.shares
    in_title = page.free & np.isin(words, np.fromiter(shares, np.uint64, len(shares)))
    for first, last in _runs(in_title, page.joined):
        keeps = (
            first < last
        )  # a phrase of several words may begin or end with a slight one, as the title does
        start, end = first, last
        if not (keeps and words[first] == title.first):
            while start <= end and shares[int(words[start])] < _SLIGHT:
                start += 1
        if not (keeps and words[last] == title.last):
            while start <= end and shares[int(words[end])] < _SLIGHT:
                end -= 1
        if start <= end and page.is_bounded(start, end):
            held = title.terms_in(page, start, end)
            yield Phrase(start, end, title.share(held), held)


def _runs(chosen: NDArray[np.bool_], joined: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield the first and last place of each run of chosen words that are joined."""
    places = np.flatnonzero(chosen)
    if not len(places):
        return
    is_last = np.append((np.diff(places) > 1) | ~joined[places[:-1]], True)
    is_first = np.append(True, is_last[:-1])
    yield from zip(places[is_first].tolist(), places[is_last].tolist(), strict=True)
