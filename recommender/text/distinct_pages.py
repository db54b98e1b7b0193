"""How many distinct pages the articles of a site are: versions of a page, and prints of a story, count once together.

The text of an ordinary article is in no other, but for templates and quotations. The text of a page with fifteen
versions is in fifteen articles, or nearly all of it.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["PageCounter"]

_RAREST = 1 / 3  # of a text; a print of a story with a byline or another sentence has less of its own
_MOST = 0.9  # of the text of articles with one title; the rest is what translations and versions share
_SITE_WIDE = 0.9  # of all articles; what more of them hold is no story, so a short text beside it is a page
_SHORTEST = 20  # bytes of such a text


class PageCounter:
    """Counts distinct pages, and those that hold a segment.

    An article is one of `m` versions of a page, and counts as ``1 / m``. The number `m` is the least for which the
    segments that are in at most `m` articles are a third of its text. Where several articles have its title, these
    segments must be nine tenths of it, or `m` the number of these articles. Segments in more than nine in ten
    of all articles are left out, unless fewer than 20 bytes remain.

    Notes
    -----
    The order of the articles does not matter. Uses 12 bytes for each segment of each article, and about 100 while it
    counts. Time is linear in the number of segments, but for a sort.

    Examples
    --------
    >>> counter = PageCounter()
    >>> for word in ["ice", "oil", "sun", "tin"]:
    ...     counter.see("", {b"The editors thank you.": 22, f"A long text about {word}, and more.".encode(): 35})
    ...     counter.see("", {b"A story that many papers print.": 31, b"The end of the story.": 21})
    >>> counter.pages([b"The editors thank you.", b"The end of the story."])
    ([4.0, 1.0], 5.0)
    """

    def __init__(self) -> None:
        self._titles, self._segments = array("q"), array("q")  # values of hash(), which are never stored
        self._lengths, self._sizes = array("I"), array("I")

    def see(self, title: str, sizes: Mapping[bytes, int]) -> None:
        """Add an article: its title, and its segments with their sizes (see `sizes_of`)."""
        self._titles.append(hash(title.casefold()) if title else 0)
        self._lengths.append(len(sizes))
        self._segments.extend(map(hash, sizes))
        self._sizes.extend(sizes.values())

    def pages(self, segments: Sequence[bytes]) -> tuple[list[float], float]:
        """Return the number of distinct pages that hold each of some segments, and the number of all distinct pages."""
        if not segments:
            return [], 0.0
        names, places = np.unique(np.frombuffer(self._segments, np.int64), return_inverse=True)
        weights = 1 / self._versions(np.bincount(places)[places])
        held = np.bincount(places, np.repeat(weights, self._lengths))
        wanted = np.searchsorted(names, [hash(segment) for segment in segments])
        return held[wanted].tolist(), float(weights.sum())

    def _versions(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of versions of each article's page, from the number of articles that hold each segment."""
        n = len(self._lengths)
        rows = np.repeat(np.arange(n), self._lengths)
        sizes = np.frombuffer(self._sizes, np.uint32).astype(np.float64)
        rest = np.where(counts > _SITE_WIDE * n, 0, sizes)
        sizes = np.where((np.bincount(rows, rest, minlength=n) >= _SHORTEST)[rows], rest, sizes)
        order = np.lexsort((counts, rows))
        rarest, most = (_count_at(share, rows, counts[order], sizes[order], n) for share in (_RAREST, _MOST))
        return np.maximum(rarest, np.minimum(most, self._with_title()))

    def _with_title(self) -> NDArray[np.int64]:
        """Return the number of articles with each article's title, 1 for one without."""
        titles = np.frombuffer(self._titles, np.int64)
        _, places, counts = np.unique(titles, return_inverse=True, return_counts=True)
        return np.where(titles != 0, counts[places], 1)


def _count_at(
    share: float, rows: NDArray[np.int64], counts: NDArray[np.int64], sizes: NDArray[np.float64], n: int
) -> NDArray[np.int64]:
    """Return for each row the least count up to which its segments are a share of its size, 1 for an empty row.

    Segments are in the order of their rows, and within a row of their counts.
    """
    totals = np.bincount(rows, sizes, minlength=n)
    before = np.cumsum(totals) - totals
    reached = np.flatnonzero(np.cumsum(sizes) - before[rows] >= share * totals[rows])
    held, first = np.unique(rows[reached], return_index=True)
    found = np.ones(n, dtype=np.int64)
    found[held] = counts[reached[first]]
    return found
