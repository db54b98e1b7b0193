"""Pairs of articles that may say the same in two editions, and which of them do.

The strength of a pair depends on its two articles alone. Which pairs are translations depends on all pairs: each of the
two is the strongest of the other in its edition, and stands out from the next.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["BAR", "TranslationPairs", "chosen_pairs"]

BAR = 0.45
"""Least strength of a translation."""

MARGIN = 0.05
"""By how much a translation is stronger than any other pair of the two in these editions."""


class TranslationPairs(NamedTuple):
    """Pairs of articles in two editions, by `one` and `other`.

    Attributes
    ----------
    one, other : ndarray of int32, shape (p,)
        Rows, the smaller one first.
    strengths : ndarray of float32, shape (p,)
        At least `BAR` less `MARGIN`.
    """

    one: NDArray[np.int32]
    other: NDArray[np.int32]
    strengths: NDArray[np.float32]

    @classmethod
    def of(
        cls, one: NDArray[np.integer[Any]], other: NDArray[np.integer[Any]], strengths: NDArray[np.float32]
    ) -> Self:
        """Return pairs in their order, each once. Those with a row below 0 are left out."""
        if not len(one):
            return cls.none()
        low, high = np.minimum(one, other), np.maximum(one, other)
        order = np.lexsort((high, low))
        low, high, strengths = low[order], high[order], strengths[order]
        kept = low >= 0
        kept[1:] &= (low[1:] != low[:-1]) | (high[1:] != high[:-1])
        return cls(low[kept].astype(np.int32), high[kept].astype(np.int32), strengths[kept])

    @classmethod
    def none(cls) -> Self:
        """Return no pairs."""
        return cls(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))

    def patched(self, moved: NDArray[np.int32], new: TranslationPairs) -> Self:
        """Return the pairs by new rows, those of which -1 are left out, and others beside them."""
        if not len(self.one) and not len(new.one):  # as on most sites
            return self.none()
        parts = zip((moved[self.one], moved[self.other], self.strengths), new, strict=True)
        return self.of(*(np.concatenate(each) for each in parts))


def chosen_pairs(
    pairs: TranslationPairs, editions: NDArray[np.integer[Any]], id_order: NDArray[np.int32]
) -> list[tuple[int, int]]:
    """Return the pairs that are translations of each other, strongest first, ties by the ids.

    `editions` has a number for each row, see `Editions.codes`; `id_order` is that of the collection.
    """
    best: dict[tuple[int, int], list[float]] = {}
    rows = list(zip(*(each.tolist() for each in pairs), strict=True))
    codes = editions.tolist()
    for one, other, strength in rows:
        for key in ((one, codes[other]), (other, codes[one])):
            first, second = best.get(key, (0.0, 0.0))
            best[key] = [strength, first] if strength > first else [first, max(second, strength)]
    places = id_order.tolist()
    found = []
    for one, other, strength in rows:
        ways = best[one, codes[other]], best[other, codes[one]]
        if strength >= BAR and all(
            strength == first and strength - second >= MARGIN for first, second in ways
        ):
            ids = sorted((places[one], places[other]))
            found.append((-strength, *ids, one, other))
    return [(one, other) for *_, one, other in sorted(found)]
