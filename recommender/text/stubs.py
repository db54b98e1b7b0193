"""Texts that are nobody's: consent walls and stubs, which articles with different titles share letter for letter."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["StubFinder", "Stubs"]

_LEAST = 3  # titles over one text; two are a story that was taken over under a headline of its own
_LEAST_SHARE = 0.005  # of all articles; on a large site a few pages may well say the same
_SHOWN = 60  # characters of a text in the warning
_LETTERS = re.compile(r"[^\W\d_]{3}|[\u2e80-\ud7ff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W\d_]{5,}")  # shorter ones are everywhere
_WIDE_PAIR = re.compile(r"(?=([\u2e80-\ud7ff\uf900-\ufaff]{2}))")


class Stubs(NamedTuple):
    """Which articles have no text of their own.

    Attributes
    ----------
    rows : frozenset of int
        Their places, from 0.
    texts : list of (str, int)
        Each shared text and the number of articles that have it, most frequent first.
    """

    rows: frozenset[int]
    texts: list[tuple[str, int]]

    def warning(self) -> str:
        """Return what was left out, in one sentence."""
        text, count = self.texts[0]
        line = " ".join(text.split())
        shown = repr(line if len(line) <= _SHOWN else line[: _SHOWN - 3].rstrip() + "...")
        if len(self.texts) == 1:
            return (
                f"{count:,} articles have the same text, {shown}: a consent wall or a stub; it was left out"
            )
        return (
            f"{len(self.rows):,} articles have one of {len(self.texts):,} texts in common, {count:,} of them "
            f"{shown}: consent walls or stubs; these were left out"
        )


class StubFinder:
    r"""Looks at the texts of a site one after the other, and tells which are stubs.

    Three articles or more with different titles, on a large site one in two hundred, have a stub in common where their
    texts are the same, or the same but for the title repeated in it. A text that most of its titles tell of is a story
    published under several headlines, and no stub. Nor is what articles have in common whose title is the same, too.

    Notes
    -----
    Costs a microsecond and 24 bytes an article.

    Examples
    --------
    >>> finder = StubFinder()
    >>> texts = [("Rain", "Please accept cookies."), ("Sun", "Sun\nPlease accept cookies."),
    ...          ("Ice", "Please accept cookies."), ("Snow", "It snowed.")]
    >>> for title, body in texts:
    ...     finder.see(title, body)
    >>> finder.found(texts)
    Stubs(rows=frozenset({0, 1, 2}), texts=[('Please accept cookies.', 3)])
    """

    def __init__(self) -> None:
        # by hash(), which never leaves this process; 0 is that of no text
        self._titles, self._bodies, self._rests = array("q"), array("q"), array("q")

    def see(self, title: str, body: str) -> None:
        """Look at the next article; one without a title has nothing but its text, and keeps it."""
        whole = hash(body) if title else 0
        self._titles.append(hash(title))
        self._bodies.append(whole)
        self._rests.append(hash(_without(title, body)) if title and title in body else whole)

    def see_all(self, texts: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Yield the bodies of texts, each after it was seen."""
        for title, body in texts:
            self.see(title, body)
            yield body

    def found(self, texts: Iterable[tuple[str, str]]) -> Stubs:
        """Return the stubs; `texts` are those that were seen, and are read again only if some may be stubs."""
        groups = self._groups()
        if not groups.any():
            return Stubs(frozenset(), [])
        shared: dict[int, str] = {}
        titles: dict[int, set[str]] = defaultdict(set)
        rows: dict[int, list[int]] = defaultdict(list)
        for row, (group, (title, body)) in enumerate(zip(groups.tolist(), texts, strict=True)):
            if group:
                shared.setdefault(group, body if group == self._bodies[row] else _without(title, body))
                titles[group].add(title)
                rows[group].append(row)
        stubs = [group for group, text in shared.items() if _is_stub(text, titles[group])]
        counted = [(shared[group], len(rows[group])) for group in stubs]
        return Stubs(
            frozenset(row for group in stubs for row in rows[group]),
            sorted(counted, key=lambda each: (-each[1], each[0])),
        )

    def _groups(self) -> NDArray[np.int64]:
        """Return for each article the hash of a text that enough titles share, 0 where it has none."""
        titles, *kinds = (np.array(each, np.int64) for each in (self._titles, self._bodies, self._rests))
        texts, counts = np.unique(np.concatenate(kinds), return_counts=True)
        least = max(_LEAST, int(_LEAST_SHARE * len(titles)))
        often = texts[(counts >= least) & (texts != 0)]
        over = [(kind[among], titles[among]) for kind in kinds for among in [np.isin(kind, often)]]
        pairs = np.unique(np.concatenate([np.stack(each, axis=1) for each in over]), axis=0)
        texts, counts = np.unique(pairs[:, 0], return_counts=True)
        stubs = texts[counts >= least]
        bodies, rests = (np.where(np.isin(kind, stubs), kind, 0) for kind in kinds)
        return np.where(bodies != 0, bodies, rests)


def _without(title: str, body: str) -> str:
    """Return a text without the title that it begins with or has as a line, or holds once where it is several words."""
    if body.startswith(title) and not body[len(title) : len(title) + 1].isalnum():
        return body[len(title) :].strip()
    if "\n" in body and title in (lines := body.split("\n")):
        return "\n".join(line for line in lines if line != title).strip()
    if " " not in title:
        return body  # a term, which the text may be about
    before, _, after = body.partition(title)
    inside = before[-1:].isalnum() or after[:1].isalnum() or title in after
    return body if inside else f"{before}{after}".strip()


def _is_stub(text: str, titles: set[str]) -> bool:
    if not _LETTERS.search(text):
        return False
    words = _words(text)
    told = [len(wanted & words) / len(wanted) for title in titles if (wanted := _words(title))]
    return not told or sum(told) / len(told) < 0.5


def _words(text: str) -> set[str]:
    return {*_WORD.findall(text.casefold()), *_WIDE_PAIR.findall(text)}
