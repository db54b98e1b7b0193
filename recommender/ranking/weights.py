"""What each signal adds to a raw score."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONTENT", "Weights", "content_of", "content_weights", "leaning"]

CONTENT = ("lexical", "dense", "neural", "mention")
"""Names of the signals of content."""

_TERMS = 80.0  # of an article that leans by a half


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal adds to a raw score, which `recommender.ranking.chance` makes a score of.

    The first four are signals of content, whose sum is the content score; the others raise or lower that by a
    factor, the exponential of their sum. 0 leaves a signal out.

    Parameters
    ----------
    lexical : float, default 1.0
        For the cosine of the sparse vectors, 0 to 1: shared words and word pairs.
    dense : float, default 0.2
        For the cosine of the dense vectors, 0 to 1: words that occur in like company. A short article leans on it
        more than a long one, see `leaning`; half of the weight counts where there are neural vectors too.
    neural : float, default 0.3
        For the cosine of the neural vectors above that of strangers, 0 to 1, leaning as `dense` does; adds nothing
        without an encoder that makes such vectors.
    mention : float, default 0.06
        For naming the other's title, 0 to 1, see `find_mentions`.
    hub : float, default 0.25
        For being near to few others rather than to everybody, 0 to 1.
    time : float, default 0.3
        For the logarithm of how much more often related articles are so far apart in time than others on the same
        matter, 0 to 1; measured on the site, see `log_ratios`.
    section, tags : float, default 0.18
        For the same of being in one section, or having so many tags in common, compared with any two of the site.
    """

    lexical: float = 1.0
    dense: float = 0.2
    neural: float = 0.3
    mention: float = 0.06
    hub: float = 0.25
    time: float = 0.3
    section: float = 0.18
    tags: float = 0.18

    def __post_init__(self) -> None:
        wrong = [f"{name}={value}" for name, value in asdict(self).items() if not 0 <= value <= 1]
        if wrong:
            raise ValueError(f"weights must be from 0 to 1, got {', '.join(wrong)}")


def leaning(n_terms: NDArray[np.integer[Any]] | int) -> NDArray[np.float32]:
    """Return how much an article leans on what is not words: 1 without terms, 1/2 at 80, 1/10 at 720.

    Two long articles on one matter share many words and the words suffice; short ones often share none.

    Examples
    --------
    >>> [round(float(lean), 3) for lean in leaning(np.array([0, 80, 720]))]
    [1.0, 0.5, 0.1]
    """
    return np.float32(1.0) / (np.float32(1.0) + np.asarray(n_terms, dtype=np.float32) / np.float32(_TERMS))


def content_of(weights: Weights) -> tuple[float, ...]:
    """Return the weights of the signals of content, as `CONTENT` names them."""
    return tuple(getattr(weights, name) for name in CONTENT)


def content_weights(weights: Weights, lean: NDArray[np.float32], *, has_neural: bool) -> NDArray[np.float32]:
    """Return the weights of the signals of content, shape (4, *lean.shape): see `Weights`."""
    one = np.ones_like(lean)
    dense = weights.dense / 2 if has_neural else weights.dense
    return np.stack(
        [weights.lexical * one, dense * lean, weights.neural * lean, weights.mention * one]
    ).astype(np.float32)
