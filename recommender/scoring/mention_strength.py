"""The strength of a mention of one article's title in another's text.

The share of a title that a text holds is ``c = sum of w(t) ** 2`` over the words and word pairs *t* of the title that
occur in the text, where *w* is the unit vector of the title alone: 1 if all of them do, next to nothing if
only common words do. A mention is ``c >= 0.5``; it counts ``c ** 2``, times ``ln(n / (1 + m)) / ln n`` where *m*
texts mention that title: a title that all texts mention counts nothing.

In a content score the mentions between two articles, of strength *m* in both directions together, add
``m ** 1.25 * c / (c + 0.1)``, where *c* is what the other signals of content add up to. A mention in a text on the same
subject says that the two belong together. In a text on another subject it is a remark in passing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAST_SHARE", "mention_strength", "mention_worth"]

LEAST_SHARE = 0.5
"""Least share of a title that is a mention."""

_HALF = np.float32(0.1)  # content at which a mention counts half


def mention_strength(
    shares: NDArray[np.float32], n_naming: NDArray[np.integer[Any]], n_articles: int
) -> NDArray[np.float32]:
    """Return the strength of mentions, 0 to 1, by the formula above. Shares below a half give 0."""
    rarity = np.log(max(n_articles, 1) / (1.0 + n_naming)) / np.log(max(n_articles, 2))
    return np.where(shares >= LEAST_SHARE, shares**2 * np.clip(rarity, 0, 1), 0).astype(np.float32)


def mention_worth(strengths: NDArray[np.float32], content: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what mentions are worth beside the rest of a content score, by the formula above, in float32.

    Examples
    --------
    >>> mention_worth(np.float32([1, 1, 0.25]), np.float32([0.1, 0.4, 0.1])).round(3)
    array([0.5  , 0.8  , 0.088], dtype=float32)
    """
    content = np.maximum(content, np.float32(0))
    return strengths * np.sqrt(np.sqrt(strengths)) * (content / (content + _HALF))
