"""Template siblings: two articles made from one template, with nearly the same words about two things.

A copy says the same of the same thing. Siblings say the same of different things, and their titles name
these: ``strfromd`` and ``strfromf``, or the same job in two towns.
"""

from __future__ import annotations

import re

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.text.shingles import word_hashes
from recommender.text.spool import SomeTexts

__all__ = ["are_siblings"]

_QUOTED = 4  # words
_TOGETHER = 16_384  # pairs whose texts are in memory at a time
_WORD = re.compile(r"[^\W_]")
# what counts the reports of one story: "Update 2", "second update", "(2/3)"; a bare "live" may be all of a title
_LABEL = (
    r"(?:updates?|updated|live|part|teil|aktualisierung|partie|parte|maj|mise à jour|actualización|aggiornamento|"
    r"atualização|deel|del|osa|oppdatering|uppdatering|opdatering|часть|обновление|обновлено|część|aktualizacja)"
)
_NUMBER = r"(?:\d[\d.:]*|one|two|three|four|five|[ivx]+)"
_RANK = r"(?:\d+(?:st|nd|rd|th|\.)|\d+:\d\d|first|second|third|fourth|fifth|last|latest|final|new)"
_NUMBERED = re.compile(
    rf"\b{_LABEL}\s*(?:no\.?|nr\.?|#)?\s*{_NUMBER}(?!\w)|\b{_RANK}\s+{_LABEL}\b|(?<=\s)\(\d+(?:/\d+)?\)"
    r"|(?:更新|続報|速報|업데이트)\s*\d+",
    re.I,
)
_LABELLED = re.compile(rf"\b{_LABEL}\b|更新|続報|速報|업데이트", re.I)
_NAMED = 0.3  # siblings reach .4 to 1, copies on two news sets at most .2


def are_siblings(pairs: NDArray[np.int32], texts: SomeTexts) -> NDArray[np.bool_]:
    """Return which pairs of near-copies are template siblings.

    Two bodies differ by the words that one of them has more often. The pair are siblings if at least 30 % of
    these words are named: they are in the title of the body that has them, and not in the other title.
    Numbers and dates are words too. Where only one body has such words, they count if they occur twice or more
    beyond the other, or beside a word that is beside them in the title: a label such as "Video" makes no sibling.
    Labels that count the reports of a story, such as "update 2" and "part two", are no words of a title. The title
    does not count where a body first quotes it, by four words in a row, nor as the first line of its
    body. Articles without a title or with the same words in their titles are never siblings.

    Parameters
    ----------
    pairs : ndarray of int32, shape (p, 2)
        Rows of two articles.
    texts : SomeTexts
        Title and body of each article. Only those in `pairs` are read.

    Returns
    -------
    ndarray of bool, shape (p,)

    Notes
    -----
    Uses 8 bytes a word of the articles of 16,384 pairs. Linear in the length of the texts of all pairs.

    Examples
    --------
    >>> from recommender.text.spool import TextSpool
    >>> texts = TextSpool()
    >>> for job, town in [("Baker", "Elvik"), ("Baker", "Dalen")]:
    ...     texts.append(f"{job} in {town}", f"{job} wanted. You can start in May. Write to our office in {town}.")
    >>> texts.append("Work for a baker", "Baker wanted. You can start in May. Write to our office in Dalen now.")
    >>> are_siblings(np.array([[0, 1], [1, 2]]), texts).tolist()
    [True, False]
    """
    parts = [_siblings(pairs[at : at + _TOGETHER], texts) for at in range(0, len(pairs), _TOGETHER)]
    return np.concatenate([np.zeros(0, dtype=np.bool_), *parts])


def _siblings(pairs: NDArray[np.int32], texts: SomeTexts) -> NDArray[np.bool_]:
    rows, places = np.unique(pairs, return_inverse=True)
    titles: list[NDArray[np.uint64]] = []
    bodies: list[NDArray[np.uint64]] = []
    for run in texts.runs(rows.tolist()):
        sides = (
            [_without_labels(title) for _, title, _ in run],
            [_without_headline(title, body) for _, title, body in run],
        )
        for hashes, side in zip((titles, bodies), sides, strict=True):
            words, ends = word_hashes(side)
            hashes += np.split(words, ends[:-1])
    bound, unquoted = [], []
    for title, body in zip(titles, bodies, strict=True):
        pairs_of_title, runs = _title_runs(read_only(title), read_only(body))
        bound.append(np.unique(body[pairs_of_title & ~runs]))
        unquoted.append(np.sort(body[~runs]))
    titles = [np.unique(title) for title in titles]
    shares: NDArray[np.float64] = _shares(
        places.reshape(-1, 2), _joined(titles), _joined(unquoted), _joined(bound)
    )
    return shares >= _NAMED


def _without_labels(title: str) -> str:
    title = _NUMBERED.sub(" ", title)
    rest = _LABELLED.sub(" ", title)
    return rest if _WORD.search(rest) else title


def _without_headline(title: str, body: str) -> str:
    first, _, rest = body.partition("\n")
    return rest if first.casefold() == title.casefold() else body


def _joined(parts: list[NDArray[np.uint64]]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    return np.concatenate(parts), np.cumsum([0, *map(len, parts)])


@njit(nogil=True, cache=True)
def _title_runs(title, body):  # type: ignore[no-untyped-def]
    """Return which words of a body are beside a word as in the title, and which are its first run of four or more."""
    beside = np.zeros(body.shape[0], dtype=np.bool_)
    quoted = np.zeros(body.shape[0], dtype=np.bool_)
    stop = 0
    for at in range(body.shape[0] - 1):
        longest = 0
        for place in range(title.shape[0] - 1):
            length = 0
            while (
                at + length < body.shape[0]
                and place + length < title.shape[0]
                and body[at + length] == title[place + length]
            ):
                length += 1
            longest = max(longest, length)
        if longest > 1:
            beside[at : at + 2] = True
        if longest >= _QUOTED and not stop:
            stop = at + longest
            quoted[at:stop] = True
    return beside, quoted


@njit(nogil=True, cache=True, inline="always")
def _holds(ascending, word):  # type: ignore[no-untyped-def]
    place = np.searchsorted(ascending, word)
    return place < ascending.shape[0] and ascending[place] == word


@njit(nogil=True, cache=True)
def _shares(pairs, titles, bodies, bound):  # type: ignore[no-untyped-def]
    shares = np.zeros(pairs.shape[0])
    for number in range(pairs.shape[0]):
        i, j = pairs[number]
        of_a, of_b = _part(titles, i), _part(titles, j)
        if not of_a.shape[0] or not of_b.shape[0]:
            continue
        a, b = _part(bodies, i), _part(bodies, j)
        named_a, firm_a, only_a = _named(a, b, of_a, of_b, _part(bound, i))
        named_b, firm_b, only_b = _named(b, a, of_b, of_a, _part(bound, j))
        named = named_a + named_b if named_a and named_b else firm_a + firm_b
        shares[number] = named / max(only_a + only_b, 1)
    return shares


@njit(nogil=True, cache=True, inline="always")
def _part(joined, number):  # type: ignore[no-untyped-def]
    return joined[0][joined[1][number] : joined[1][number + 1]]


@njit(nogil=True, cache=True, inline="always")
def _named(mine, other, title, other_title, bound):  # type: ignore[no-untyped-def]
    """Return how many words a body has beyond another: named ones, those repeated or `bound` to the title, and all."""
    named, firm, differing, at, bt = 0, 0, 0, 0, 0
    while at < mine.shape[0]:
        word, count = mine[at], 0
        while at < mine.shape[0] and mine[at] == word:
            at, count = at + 1, count + 1
        while bt < other.shape[0] and other[bt] < word:
            bt += 1
        while bt < other.shape[0] and other[bt] == word:
            bt, count = bt + 1, count - 1
        if count > 0:
            differing += count
            if _holds(title, word) and not _holds(other_title, word):
                named += count
                firm += count if count > 1 or _holds(bound, word) else 0
    return named, firm, differing
