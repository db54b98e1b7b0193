"""Where links can be put in an article's text, and where its own links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, Self

import orjson

from recommender.text.links import targets_of
from recommender.text.markup_marks import OPEN, unmarked
from recommender.text.normalise import marked_text

__all__ = ["LinkPlaces"]

_MARK = re.compile("[\ufdd0\ufdd1]")
_LETTERS = re.compile(r"\S+")


class LinkPlaces(NamedTuple):
    """What of an article's markup its plain text does not show.

    Attributes
    ----------
    set_apart : list of int
        Start and end of each part of the plain text that is a heading, code, a quotation or a link, ascending,
        one after the other.
    targets : list of str
        Addresses of the links, as written.
    """

    set_apart: list[int]
    targets: list[str]

    @classmethod
    def of(cls, raw: str, plain: str) -> Self:
        """Return those of a body and its `plain_text`.

        Examples
        --------
        >>> LinkPlaces.of('It <a href="/may">rained</a>.', "It rained.")
        LinkPlaces(set_apart=[3, 9], targets=['/may'])
        """
        marked = marked_text(raw)
        return cls(list(_spans(marked, plain)) if OPEN in marked else [], targets_of(raw))

    def to_bytes(self) -> bytes:
        """Return JSON for `from_bytes`, empty for a text without markup."""
        return orjson.dumps(list(self)) if self.set_apart or self.targets else b""

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return the places from the output of `to_bytes`."""
        return cls(*orjson.loads(data)) if data else cls([], [])


def _spans(marked: str, plain: str) -> Iterator[int]:
    """Yield the ends of what is marked. Characters are counted without white space, which conversion changes."""
    letters = "".join(marked.split())
    if unmarked(letters) != "".join(plain.split()):
        yield from (0, len(plain))  # marks that divide a composed character: nothing is known
        return
    places = [place for run in _LETTERS.finditer(plain) for place in range(*run.span())]
    depth = 0
    for n_marks, mark in enumerate(_MARK.finditer(letters)):
        before = depth
        depth = max(0, depth + (1 if mark[0] == OPEN else -1))
        at = mark.start() - n_marks
        if before == 0 and depth == 1:
            first = at
        elif before == 1 and depth == 0 and at > first:
            yield from (places[first], places[at - 1] + 1)
    if depth and first < len(places):
        yield from (places[first], places[-1] + 1)
