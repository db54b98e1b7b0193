"""Teasers: texts that are part of a longer text with the same headline, and articles that are a headline only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.text.characters import fold
from recommender.text.shingles import WORDS, shingle_sets
from recommender.text.spool import SomeTexts

__all__ = ["Teasers", "find_teasers", "headline_key"]

_TOGETHER = 4_096  # articles whose shingles are in memory at a time
_WORD = re.compile(r"[^\W_]")
_CONTAINED = 0.8  # of the words; the rest is a byline, or "read on"
_SHORTER = 0.8  # of the longer text; texts closer in size are compared by their Jaccard similarity alone


class Teasers(NamedTuple):
    """Articles that have the headline of another, and nothing to say beside it.

    Attributes
    ----------
    stubs : ndarray of int32, shape (n,)
        For each article of fewer than five words the first of those with its headline, else its own row.
    pairs : ndarray of int32, shape (p, 2)
        Rows of a teaser and its article, the smaller row first, in ascending order.
    jaccard : ndarray of float64, shape (p,)
        Similarity of the shingles of their titles and bodies, above 0 and below 1.
    """

    stubs: NDArray[np.int32]
    pairs: NDArray[np.int32]
    jaccard: NDArray[np.float64]


def headline_key(title: str) -> int:
    """Return a number that is equal for equal headlines, without regard to case and width."""
    return hash(fold(title))


def find_teasers(
    texts: SomeTexts, rows: NDArray[np.int32], headlines: NDArray[np.int64], groups: NDArray[np.int32]
) -> Teasers:
    """Return the stubs and teasers among articles with equal headlines, by their places among `rows`.

    A text is a teaser of a longer one under the same headline if it has at most 80 % of the shingles of that one,
    and 80 % of its words are a passage there. Two texts of one template differ all over, and are not. An article
    of fewer than five words is a stub, and a copy of other stubs with its headline. It is a teaser of a longer
    article if the headline itself has five words or more. A headline such as "Letters" that stands above two
    different texts has no teasers.

    Parameters
    ----------
    texts : SomeTexts
        Clean title and body of each article. Only those of headlines that are not unique are read.
    rows : ndarray of int32, shape (n,)
        The articles that are looked at.
    headlines : ndarray of int64, shape (n,)
        The `headline_key` of each title.
    groups : ndarray of int32, shape (n,)
        Groups of near-copies by bodies, which count as one article.

    Notes
    -----
    Keeps the shingles of some thousand articles in memory, or of all that have one headline.

    Examples
    --------
    >>> story = "The harbour froze on Monday, and the ferry to the islands stayed in port for a week."
    >>> articles = [("Ferry stays in port", story + " The ice is thick."), ("FERRY STAYS IN PORT", story[:60] + "..."),
    ...             ("Letters", "Too much ice."), ("Letters", "No ice at all.")]
    >>> from recommender.text.spool import TextSpool
    >>> texts = TextSpool()
    >>> for title, body in articles:
    ...     texts.append(title, body)
    >>> headlines = np.array([headline_key(title) for title, _ in articles])
    >>> rows = np.arange(4, dtype=np.int32)
    >>> found = find_teasers(texts, rows, headlines, groups=rows)
    >>> found.stubs.tolist(), found.pairs.tolist()
    ([0, 1, 2, 2], [[0, 1]])
    """
    stubs = np.arange(len(groups), dtype=np.int32)
    found: dict[tuple[int, int], float] = {}
    for articles in _of_one_headline(texts, rows, headlines, groups):
        short = [each for each in articles if not len(each.body)]
        long = [each for each in articles if len(each.body)]
        stubs[[each.row for each in short]] = min((each.row for each in short), default=0)
        longest = max(long, key=lambda each: len(each.body), default=None)
        others = [each for each in long if each is not longest]
        if longest is None or not all(_is_passage(each.body, longest.body) for each in others):
            continue
        if short and len(short[0].title):
            others.append(short[0])
        for each in others:
            found[min(each.row, longest.row), max(each.row, longest.row)] = _jaccard(each, longest)
    pairs = np.array(sorted(found), dtype=np.int32).reshape(-1, 2)
    return Teasers(stubs, pairs, np.array([found[pair] for pair in sorted(found)], dtype=np.float64))


class _Sets(NamedTuple):
    """The shingles of the title and of the body of an article, each in order of first occurrence."""

    row: int
    title: NDArray[np.uint64]
    body: NDArray[np.uint64]


def _of_one_headline(
    texts: SomeTexts, rows: NDArray[np.int32], headlines: NDArray[np.int64], groups: NDArray[np.int32]
) -> Iterator[list[_Sets]]:
    """Yield the articles of each headline that several have, only the first of near-copies among them."""
    keys = np.stack([headlines, groups], axis=1)
    keys, first = np.unique(keys, axis=0, return_index=True)
    _, starts, counts = np.unique(keys[:, 0], return_index=True, return_counts=True)
    several = counts > 1
    for places in _batches(first, starts[several], counts[several]):
        articles: dict[int, list[_Sets]] = defaultdict(list)
        for run in texts.runs(rows[places].tolist()):
            sets = shingle_sets([text for _, *both in run for text in both])
            parts = np.split(sets.hashes, np.cumsum(sets.sizes)[:-1])
            for (row, title, _), of_title, of_body in zip(run, parts[::2], parts[1::2], strict=True):
                if _WORD.search(title):
                    place = int(np.searchsorted(rows, row))
                    articles[int(headlines[place])].append(_Sets(place, of_title, of_body))
        yield from articles.values()


def _batches(
    first: NDArray[np.intp], starts: NDArray[np.intp], counts: NDArray[np.intp]
) -> Iterator[NDArray[np.intp]]:
    """Yield the articles of some thousand, as runs of `first`, ascending; those of one headline together."""
    batch, size = list[NDArray[np.intp]](), 0
    for start, count in zip(starts.tolist(), counts.tolist(), strict=True):
        batch.append(first[start : start + count])
        size += count
        if size >= _TOGETHER:
            yield np.sort(np.concatenate(batch))
            batch, size = [], 0
    if batch:
        yield np.sort(np.concatenate(batch))


def _is_passage(shingles: NDArray[np.uint64], of: NDArray[np.uint64]) -> bool:
    if len(shingles) > _SHORTER * len(of):
        return False
    missing = np.flatnonzero(~np.concatenate([[False], np.isin(shingles, of), [False]]))
    run = int(np.diff(missing).max()) - 1  # shingles in a row, which cover WORDS - 1 words more
    return run > 0 and run + WORDS - 1 >= _CONTAINED * (len(shingles) + WORDS - 1)


def _jaccard(one: _Sets, other: _Sets) -> float:
    a, b = (np.concatenate([each.title, each.body]) for each in (one, other))
    return float(len(np.intersect1d(a, b)) / len(np.union1d(a, b)))
