"""What of an article's text is set apart from running text, where no links can be put."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from recommender.text.markup_marks import OPEN, may_hold_marks, unmarked
from recommender.text.normalise import marked_text

__all__ = ["set_apart"]

_MARK = re.compile("[\ufdd0\ufdd1]")
_BLANKS = np.array([chr(code).isspace() for code in range(0x3002)])  # the last one is U+3000


def set_apart(raw: str, plain: str) -> list[int]:
    """Return start and end of each part of a plain text that is a heading, code, a quotation or a link.

    Parameters
    ----------
    raw : str
        The body of an article.
    plain : str
        Its `plain_text`.

    Returns
    -------
    list of int
        Ascending: the parts come one after the other.

    Examples
    --------
    >>> set_apart('It <a href="/may">rained</a>.', "It rained.")
    [3, 9]
    """
    if raw.isascii() and not may_hold_marks(raw):
        return []
    marked = marked_text(raw)
    return list(_spans(marked, plain)) if OPEN in marked else []


def _spans(marked: str, plain: str) -> Iterator[int]:
    """Yield the ends of what is marked. Characters are counted without white space, which conversion changes."""
    letters = "".join(marked.split())
    if unmarked(letters) != "".join(plain.split()):
        yield from (0, len(plain))  # marks that divide a composed character: nothing is known
        return
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), np.uint32)
    places = np.flatnonzero(~_BLANKS[np.minimum(codes, len(_BLANKS) - 1)])
    depth = 0
    for n_marks, mark in enumerate(_MARK.finditer(letters)):
        before = depth
        depth = max(0, depth + (1 if mark[0] == OPEN else -1))
        at = mark.start() - n_marks
        if before == 0 and depth == 1:
            first = at
        elif before == 1 and depth == 0 and at > first:
            yield from (int(places[first]), int(places[at - 1]) + 1)
    if depth and first < len(places):
        yield from (int(places[first]), int(places[-1]) + 1)
