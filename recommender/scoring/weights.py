"""The weight of each signal in a raw score."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONTENT", "Weights", "content_weights", "shortness"]

CONTENT = ("lexical", "dense", "neural", "across", "mention")
"""Names of the signals of content. Mentions are last: they count by the sum of the others."""

_TERMS = 80.0  # of an article whose shortness is a half
_ON_SHORT_TEXTS = 2 / 3  # by how much more neural vectors count where brevity is 1


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each signal in a raw score. `recommender.scoring.calibration` turns raw scores into scores.

    The first five are signals of content. Their weighted sum, in which mentions count by that of the others, is the
    content score. The others multiply it by the exponential of their sum. 0 leaves a signal out.

    Parameters
    ----------
    lexical : float, default 1.0
        For the cosine of the sparse vectors, 0 to 1: shared words and word pairs.
    dense : float, default 0.2
        For the cosine of the dense vectors, 0 to 1: words that occur in similar contexts. It counts more for a short
        article than for a long one, see `shortness`, and half as much where there are neural vectors too.
    neural : float, default 0.3
        For the cosine of the neural vectors above the mean of random pairs, 0 to 1, by `shortness` as `dense`. On a site
        of short texts it counts two thirds more. Sums of words, as the table of words in many languages gives, count by
        the third power of the shortness instead. It adds nothing without an encoder that makes such vectors.
    across : float, default 0.5
        For the third power of the same cosine between articles in two languages, 0 to 1, whatever their length: they
        share few words. It adds nothing without an encoder that reads several languages alike.
    mention : float, default 0.25
        For mentions of the other's title, by how much else two articles have in common, 0 to 1, see `mention_worth`.
    hub : float, default 0.25
        For being near to few articles instead of many, 0 to 1.
    time : float, default 0.3
        For the log-likelihood ratio of the days between two articles, 0 to 1: related articles against others on the same
        subject, measured on the site, see `log_ratios`.
    section, tags : float, default 0.18
        The same for a common section and for common tags, compared with random pairs of the site.
    title : float, default 0.5
        For titles that are spelled alike, 0 to 1, as far as the titles of the site are names, see `name_share`.
    """

    lexical: float = 1.0
    dense: float = 0.2
    neural: float = 0.3
    across: float = 0.5
    mention: float = 0.25
    hub: float = 0.25
    time: float = 0.3
    section: float = 0.18
    tags: float = 0.18
    title: float = 0.5

    def __post_init__(self) -> None:
        values = asdict(self)
        odd = [f"{n}={v!r:.40}" for n, v in values.items() if isinstance(v, bool) or not isinstance(v, Real)]
        if odd:
            raise TypeError(f"weights must be numbers, got {', '.join(odd)}")
        wrong = [f"{name}={value}" for name, value in values.items() if not 0 <= value <= 1]
        if wrong:
            raise ValueError(f"weights must be from 0 to 1, got {', '.join(wrong)}")
        for name, value in values.items():  # numbers of NumPy become plain ones
            object.__setattr__(self, name, float(value))

    def to_dict(self) -> dict[str, float]:
        """Return the weights by name."""
        return asdict(self)


def shortness(n_terms: NDArray[np.integer[Any]] | int) -> NDArray[np.float32]:
    """Return how much an article relies on signals other than words: ``1 / (1 + n_terms / 80)``.

    Two long articles on one subject share many words, which suffice. Short ones often share none.

    Examples
    --------
    >>> [round(float(each), 3) for each in shortness(np.array([0, 80, 720]))]
    [1.0, 0.5, 0.1]
    """
    return np.float32(1.0) / (np.float32(1.0) + np.asarray(n_terms, dtype=np.float32) / np.float32(_TERMS))


def content_weights(
    weights: Weights, shortness: NDArray[np.float32], *, reads_texts: bool, sums_words: bool, brevity: float
) -> NDArray[np.float32]:
    """Return the weights of the signals of content, float32 of shape (5, *shortness.shape): see `Weights`.

    Parameters
    ----------
    weights : Weights
    shortness : ndarray of float32
    reads_texts : bool
        Whether there are neural vectors of whole texts: dense vectors count half beside them.
    sums_words : bool
        Whether the neural vectors are sums of words: they count by the third power of the shortness.
    brevity : float
        How short the texts of the site are, 0 to 1: vectors of whole texts count up to two thirds more.
    """
    found = np.empty((len(CONTENT), *shortness.shape), dtype=np.float32)
    for place, name in enumerate(CONTENT):
        found[place] = getattr(weights, name)
    found[CONTENT.index("dense")] = (weights.dense / 2 if reads_texts else weights.dense) * shortness
    neural = shortness**3 if sums_words else np.float32(1 + _ON_SHORT_TEXTS * brevity) * shortness
    found[CONTENT.index("neural")] = weights.neural * neural
    return found
