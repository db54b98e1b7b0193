"""Phrases of a text that name an article by its title or by a part of it.

A phrase holds the share ``c = sum of w(t) ** 2`` of a title, over its words and word pairs *t*, where *w* is the unit vector
of the title alone, as in a mention (see `mention_strength`). Words that are rare on the site count much and common ones
little, so the part of a title that distinguishes it holds nearly all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.index.sparse_rows import SparseRow
from recommender.links.page_text import PageText

__all__ = ["WHOLE", "Phrase", "Title", "phrases_naming"]

WHOLE = 0.95
"""Share of a title that is all of it but for its slight terms."""

_SLIGHT = 0.01  # share of a title below which a word does not begin or end a phrase


class Title(NamedTuple):
    """A title of the site.

    Attributes
    ----------
    vector : SparseRow
        Its unit vector.
    first, last : int
        Columns of its first and last word, -1 for unknown ones.
    """

    vector: SparseRow
    first: int
    last: int


class Phrase(NamedTuple):
    """Words of a text that name a title.

    Attributes
    ----------
    first, last : int
        Numbers of the words.
    share : float
        The share of the title that the phrase holds, 0 to 1.
    terms : frozenset of int
        Columns of its words and word pairs that the title has too.
    """

    first: int
    last: int
    share: float
    terms: frozenset[int]


def phrases_naming(title: Title, page: PageText) -> Iterator[Phrase]:
    """Yield the longest phrases of words of a title, in their order in the text.

    Slight words at both ends, such as "the", are left out, unless the title begins or ends with them too.
    """
    vector, words = title.vector, page.words.columns
    squares = dict(
        zip(vector.columns.tolist(), (vector.values.astype(np.float64) ** 2).tolist(), strict=True)
    )
    for first, last in _runs(page.free & np.isin(words, vector.columns), page.joined):
        start, end = first, last
        while (
            start <= end
            and squares[int(words[start])] < _SLIGHT
            and not (start == first and words[start] == title.first and start < end)
        ):
            start += 1
        while (
            start <= end
            and squares[int(words[end])] < _SLIGHT
            and not (end == last and words[end] == title.last and start < end)
        ):
            end -= 1
        if start <= end and page.is_bounded(start, end):
            held = {*words[start : end + 1].tolist(), *page.words.pairs[start:end].tolist()} & squares.keys()
            yield Phrase(start, end, sum(squares[term] for term in sorted(held)), frozenset(held))


def _runs(chosen: NDArray[np.bool_], joined: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield the first and last place of each run of chosen words that are joined."""
    places = np.flatnonzero(chosen)
    if not len(places):
        return
    is_last = np.append((np.diff(places) > 1) | ~joined[places[:-1]], True)
    is_first = np.append(True, is_last[:-1])
    yield from zip(places[is_first].tolist(), places[is_last].tolist(), strict=True)
