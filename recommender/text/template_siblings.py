"""Template siblings: two articles made from one template, with nearly the same words about two things.

A copy says the same of the same thing. Siblings say the same of different things, and their titles name
these: ``strfromd`` and ``strfromf``, or the same job in two towns.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.text.shingles import word_hashes
from recommender.text.spool import TextSpool

__all__ = ["are_siblings"]

_NAMED = 0.3  # siblings reach .4 to 1, copies on two news sets at most .2


def are_siblings(pairs: NDArray[np.int32], texts: TextSpool) -> NDArray[np.bool_]:
    """Return which pairs of near-copies are template siblings.

    Two bodies differ by the words that one of them has more often. The pair are siblings if at least 30 % of
    these words are named: they are in the title of the body that has them, and not in the other title.
    Numbers and dates are words too. A headline on the first line of its body does not count. Articles without
    a title or with the same words in their titles are never siblings.

    Parameters
    ----------
    pairs : ndarray of int32, shape (p, 2)
        Rows of two articles.
    texts : TextSpool
        Title and body of each article. Only those in `pairs` are read.

    Returns
    -------
    ndarray of bool, shape (p,)

    Notes
    -----
    Uses 8 bytes a word of the articles in `pairs`. Linear in the length of the texts of all pairs.

    Examples
    --------
    >>> texts = TextSpool()
    >>> for job, town in [("Baker", "Elvik"), ("Baker", "Dalen")]:
    ...     texts.append(f"{job} in {town}", f"{job} wanted. You can start in May. Write to our office in {town}.")
    >>> texts.append("Work for a baker", "Baker wanted. You can start in May. Write to our office in Dalen now.")
    >>> are_siblings(np.array([[0, 1], [1, 2]]), texts).tolist()
    [True, False]
    """
    if not len(pairs):
        return np.zeros(0, dtype=np.bool_)
    rows, places = np.unique(pairs, return_inverse=True)
    titles: list[NDArray[np.uint64]] = []
    bodies: list[NDArray[np.uint64]] = []
    for run in texts.runs(rows.tolist()):
        sides = [title for _, title, _ in run], [_without_headline(title, body) for _, title, body in run]
        for hashes, side in zip((titles, bodies), sides, strict=True):
            words, ends = word_hashes(side)
            hashes += np.split(words, ends[:-1])
    titles, bodies = [np.unique(title) for title in titles], [np.sort(body) for body in bodies]
    shares: NDArray[np.float64] = _shares(places.reshape(-1, 2), *_joined(titles), *_joined(bodies))
    return shares >= _NAMED


def _without_headline(title: str, body: str) -> str:
    first, _, rest = body.partition("\n")
    return rest if first.casefold() == title.casefold() else body


def _joined(parts: list[NDArray[np.uint64]]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    return np.concatenate(parts), np.cumsum([0, *map(len, parts)])


@njit(nogil=True, cache=True, inline="always")
def _holds(ascending, word):  # type: ignore[no-untyped-def]
    place = np.searchsorted(ascending, word)
    return place < ascending.shape[0] and ascending[place] == word


@njit(nogil=True, cache=True)
def _shares(pairs, titles, title_bounds, bodies, body_bounds):  # type: ignore[no-untyped-def]
    shares = np.zeros(pairs.shape[0])
    for number in range(pairs.shape[0]):
        i, j = pairs[number]
        of_a = titles[title_bounds[i] : title_bounds[i + 1]]
        of_b = titles[title_bounds[j] : title_bounds[j + 1]]
        if not of_a.shape[0] or not of_b.shape[0]:
            continue
        a, b = bodies[body_bounds[i] : body_bounds[i + 1]], bodies[body_bounds[j] : body_bounds[j + 1]]
        at, bt, differing, named = 0, 0, 0, 0
        while at < a.shape[0] or bt < b.shape[0]:
            if at < a.shape[0] and bt < b.shape[0] and a[at] == b[bt]:
                at, bt = at + 1, bt + 1
                continue
            differing += 1
            if bt == b.shape[0] or (at < a.shape[0] and a[at] < b[bt]):
                named += _holds(of_a, a[at]) and not _holds(of_b, a[at])
                at += 1
            else:
                named += _holds(of_b, b[bt]) and not _holds(of_a, b[bt])
                bt += 1
        shares[number] = named / max(differing, 1)
    return shares
