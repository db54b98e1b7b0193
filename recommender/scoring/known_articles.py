"""What a model keeps of single articles: numbers that were measured on all articles together.

How close the neighbours of an article are, and how many articles mention its title, would move with every article that
is added. So they are measured when the model is fitted and looked up from then on. An article that the model does not
know has the mean closeness; mentions of its title are counted among the articles that are there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["NOTHING_KNOWN", "KnownArticles", "title_hashes"]


class KnownArticles(NamedTuple):
    """Measured numbers by id and by title.

    Attributes
    ----------
    id_hashes : ndarray of uint64, shape (n,)
        Ascending, see `SummaryTable`.
    hubs : ndarray of float32, shape (n,)
        Mean content score of the ten nearest of each.
    title_hashes : ndarray of uint64, shape (m,)
        Ascending, see `title_hashes`.
    n_naming : ndarray of int32, shape (m,)
        Articles that mention each title.
    digests : ndarray of uint64, shape (n,)
        The content of each, see `Article.digest`. Tells which were edited, see `Drift`; no score depends on it.
    """

    id_hashes: NDArray[np.uint64]
    hubs: NDArray[np.float32]
    title_hashes: NDArray[np.uint64]
    n_naming: NDArray[np.int32]
    digests: NDArray[np.uint64]

    def with_articles(
        self, id_hashes: NDArray[np.uint64], hubs: NDArray[np.float32], digests: NDArray[np.uint64]
    ) -> Self:
        """Return the same with the hubs and the content of articles. `id_hashes` ascend."""
        return self._replace(
            id_hashes=np.asarray(id_hashes), hubs=np.asarray(hubs), digests=np.asarray(digests)
        )

    def with_titles(self, hashes: NDArray[np.uint64], n_naming: NDArray[np.int32]) -> Self:
        """Return the same with the numbers of mentions of titles. A hash of 0 is left out."""
        titles, first = np.unique(hashes, return_index=True)
        kept = titles != 0
        return self._replace(title_hashes=titles[kept], n_naming=n_naming[first[kept]].astype(np.int32))

    def hubs_of(self, id_hashes: NDArray[np.uint64], mean: float) -> NDArray[np.float32]:
        """Return the hub of each id, `mean` where it is unknown."""
        known, at = _places(self.id_hashes, id_hashes)
        found = np.full(len(id_hashes), mean, dtype=np.float32)
        found[known] = self.hubs[at[known]]
        return found

    def states_of(
        self, id_hashes: NDArray[np.uint64], digests: NDArray[np.uint64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which articles the model was fitted on by their ids, and which of these have the same content."""
        known, at = _places(self.id_hashes, id_hashes)
        same = known.copy()
        same[known] = self.digests[at[known]] == digests[known]
        return known, same

    def naming_of(self, hashes: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Return the number of articles that mention each title, -1 where it is unknown."""
        known, at = _places(self.title_hashes, hashes)
        found = np.full(len(hashes), -1, dtype=np.int32)
        found[known] = self.n_naming[at[known]]
        return found


def title_hashes(titles: Sequence[str]) -> NDArray[np.uint64]:
    """Return a number of 64 bits for each title, 0 for an empty one; the same in every process."""
    found = [
        int.from_bytes(hashlib.blake2b(title.encode(), digest_size=8).digest(), "little") if title else 0
        for title in titles
    ]
    return np.array(found, dtype=np.uint64)


def _places(
    known: NDArray[np.uint64], wanted: NDArray[np.uint64]
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Return which numbers are known, and their places."""
    at = np.searchsorted(known, wanted)
    there = at < len(known)
    there[there] = known[at[there]] == wanted[there]
    return there, at


NOTHING_KNOWN = KnownArticles(
    np.zeros(0, np.uint64),
    np.zeros(0, np.float32),
    np.zeros(0, np.uint64),
    np.zeros(0, np.int32),
    np.zeros(0, np.uint64),
)
"""Of a model that was not fitted on articles."""
