"""Editions: a language in one script and for one region, where articles say so. Translations lead from one to another.

Chinese in both scripts, Serbian in both, or Portuguese of Brazil and of Portugal are one language for words and vectors.
A page in each is the same page told twice.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.text.language_tags import UNSAID, variants_agree

__all__ = ["Editions"]


class Editions(NamedTuple):
    """The language of each article, and its script and region.

    Attributes
    ----------
    languages : ndarray of int16, shape (n,)
    variants : ndarray of int32, shape (n, 2)
        Without rows if none is known.
    """

    languages: NDArray[np.int16]
    variants: NDArray[np.int32]

    @classmethod
    def of(cls, collection: Collection) -> Self:
        """Return those of the articles of a site."""
        variants = np.asarray(collection.variants)
        return cls(np.asarray(collection.languages), variants if variants.any() else variants[:0])

    def differ(self, one: NDArray[np.integer[Any]], other: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Return whether articles are in two editions, for rows that broadcast. What one does not say, agrees."""
        found = self.languages[one] != self.languages[other]
        if len(self.variants):
            mine, theirs = self.variants[one], self.variants[other]
            for part in range(self.variants.shape[1]):
                found |= ~variants_agree(mine[..., part], theirs[..., part])
        return np.asarray(found & (self.languages[one] >= 0) & (self.languages[other] >= 0))

    def share_words(
        self, one: NDArray[np.integer[Any]], other: NDArray[np.integer[Any]]
    ) -> NDArray[np.bool_]:
        """Return whether articles are in one language and may be in one script, so that they spell words alike."""
        found = self.languages[one] == self.languages[other]
        if len(self.variants):
            found &= variants_agree(self.variants[one, 0], self.variants[other, 0])
        return np.asarray(found)

    def codes(self) -> NDArray[np.int32]:
        """Return a number for the edition of each article, int32 of shape (n,), -1 where the language is unknown.

        An article that does not say its script or region has the one that most articles in its language say.
        """
        found = self.languages.astype(np.int32)
        for part in range(self.variants.shape[1] if len(self.variants) else 0):
            said = self.variants[:, part]
            pairs, places, counts = np.unique(
                np.stack([found, said], axis=1), axis=0, return_inverse=True, return_counts=True
            )
            usual = np.arange(len(pairs), dtype=np.int32)
            for unsaid in np.flatnonzero(pairs[:, 1] == UNSAID).tolist():
                same = np.flatnonzero((pairs[:, 0] == pairs[unsaid, 0]) & (pairs[:, 1] != UNSAID))
                if len(same):
                    usual[unsaid] = same[np.argmax(counts[same])]  # the first of the most frequent
            found = np.where(found < 0, -1, usual[places.ravel()]).astype(np.int32)
        return found
