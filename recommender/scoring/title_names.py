"""Whether the titles of a site are names, and what titles that are spelled alike are worth there.

In a reference work or an encyclopedia a title is a name: short, and written out in the texts of other articles. Names
that are spelled alike ("array_merge", "array_merge_recursive") belong together. A headline is a sentence, which no other
text holds. Headlines that are spelled alike share a phrase or a series, which their words say already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["name_share", "title_ratios"]

_CHANCE = (
    0.08  # share up to which titles are no names: short headlines occur in other texts as well, up to .05
)
_MIN_ARTICLES = 30  # with fewer, the share says little
_FULL = 2.0  # log ratio of equal titles on a site where all titles are names


def name_share(titles: Sequence[str], in_full: NDArray[np.bool_]) -> float:
    """Return how far the titles of a site are names, 0 to 1.

    The mean over all distinct titles, regardless of case, of 1 / words for a title that another article holds in
    full, and 0 for others; then .08 becomes 0, and 1 stays 1. Words are divided by spaces.

    Parameters
    ----------
    titles : sequence of str
    in_full : ndarray of bool, shape (n,)
        See `Mentions`.

    Examples
    --------
    >>> titles = ["sort", "list append", "Why we sort everything twice"] * 10
    >>> name_share(titles, np.array([True, True, False] * 10))
    0.4565
    """
    if len(titles) < _MIN_ARTICLES:
        return 0.0
    words = np.array([max(len(title.split()), 1) for title in titles])
    folded = [title.casefold() for title in titles]
    counts = Counter(folded)
    weights = 1 / np.array([counts[title] for title in folded])
    mean = float(np.average(in_full / words, weights=weights))
    return round(max(0.0, (mean - _CHANCE) / (1 - _CHANCE)), 4)


def title_ratios(share: float, edges: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the log ratio of each bin of the cosine of two titles: 2 times the share times the middle of the bin.

    A bin below the first edge holds titles that have nothing in common, and gets 0.
    """
    ends = np.append(edges, 1.0)
    middles = np.concatenate([[0.0], (ends[:-1] + ends[1:]) / 2])
    return (_FULL * share * middles).round(4).astype(np.float32)
