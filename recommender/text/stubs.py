"""Stubs: texts such as consent walls that several articles with different titles share verbatim."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["StubFinder", "Stubs", "is_stub"]

_LEAST = 3  # titles that share a text; two may be a story republished under another headline
_LEAST_SHARE = 0.005  # of all articles; on a large site a few pages may have the same text
_SHOWN = 60  # characters of a text in the warning
_LETTERS = re.compile(r"[^\W\d_]{3}|[\u2e80-\ud7ff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W\d_]{5,}")  # shorter words are too common
_WIDE_PAIR = re.compile(r"(?=([\u2e80-\ud7ff\uf900-\ufaff]{2}))")


class Stubs(NamedTuple):
    """The articles without a text of their own.

    Attributes
    ----------
    rows : frozenset of int
        Rows of these articles.
    texts : list of (str, int)
        Each shared text and its number of articles, most frequent first.
    """

    rows: frozenset[int]
    texts: list[tuple[str, int]]

    def warning(self) -> str:
        """Return a one-sentence warning about the removed texts."""
        text, count = self.texts[0]
        line = " ".join(text.split())
        shown = repr(line if len(line) <= _SHOWN else line[: _SHOWN - 3].rstrip() + "...")
        if len(self.texts) == 1:
            return f"{count:,} articles have the same text, {shown}; this consent wall or stub was removed"
        return (
            f"{len(self.rows):,} articles share {len(self.texts):,} texts, {count:,} of them {shown}; "
            "these consent walls or stubs were removed"
        )


class StubFinder:
    r"""Finds stubs among the texts of a site.

    A text is a stub if three articles or more with different titles (on a large site, one in two hundred)
    have it, either unchanged or with only the title added to it. A text that contains most words of its
    titles is a story published under several headlines and not a stub. Texts of articles with equal titles
    are not stubs either.

    Notes
    -----
    Takes about a microsecond and 24 bytes per article.

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
        # values of hash(), which are never stored; 0 means no text
        self._titles, self._bodies, self._rests = array("q"), array("q"), array("q")

    def see(self, title: str, body: str) -> None:
        """Add the next article. An article without a title keeps its text, because it has nothing else."""
        whole = hash(body) if title else 0
        self._titles.append(hash(title))
        self._bodies.append(whole)
        self._rests.append(hash(_without(title, body)) if title and title in body else whole)

    def see_all(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Add each text and yield it."""
        for title, body in texts:
            self.see(title, body)
            yield title, body

    def found(self, texts: Iterable[tuple[str, str]]) -> Stubs:
        """Return the stubs. `texts` are the added texts, read again only if some may be stubs."""
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
        stubs = [group for group, text in shared.items() if _says_nothing_of(titles[group], text)]
        counted = [(shared[group], len(rows[group])) for group in stubs]
        return Stubs(
            frozenset(row for group in stubs for row in rows[group]),
            sorted(counted, key=lambda each: (-each[1], each[0])),
        )

    def _groups(self) -> NDArray[np.int64]:
        """Return for each article the hash of its text if enough titles share it, else 0."""
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


def is_stub(title: str, body: str, stubs: Container[str]) -> bool:
    """Return whether a text is one of some stubs, unchanged or with the title of its article added.

    Without a title an article keeps its text, because it has nothing else.
    """
    return bool(title) and (body in stubs or (title in body and _without(title, body) in stubs))


def _without(title: str, body: str) -> str:
    """Remove a title that starts the text, is one of its lines, or is several words that occur once."""
    if body.startswith(title) and not body[len(title) : len(title) + 1].isalnum():
        return body[len(title) :].strip()
    if "\n" in body and title in (lines := body.split("\n")):
        return "\n".join(line for line in lines if line != title).strip()
    if " " not in title:
        return body  # a single word may be the subject of the text
    before, _, after = body.partition(title)
    inside = before[-1:].isalnum() or after[:1].isalnum() or title in after
    return body if inside else f"{before}{after}".strip()


def _says_nothing_of(titles: set[str], text: str) -> bool:
    if not _LETTERS.search(text):
        return False
    words = _words(text)
    shares = [len(in_title & words) / len(in_title) for title in titles if (in_title := _words(title))]
    return not shares or sum(shares) / len(shares) < 0.5


def _words(text: str) -> set[str]:
    return {*_WORD.findall(text.casefold()), *_WIDE_PAIR.findall(text)}
