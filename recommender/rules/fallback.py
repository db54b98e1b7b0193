"""What fills a short list: articles in a declared order, each entry labelled with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.summary_table import NO_DATE

__all__ = ["FallbackOrder"]


@dataclass(frozen=True, eq=False)
class FallbackOrder:
    """The articles of a site in the order in which each fallback offers them. They are sorted when first needed.

    Parameters
    ----------
    sources : tuple of str
        Of `recommender.rules.policy.FALLBACKS`.
    published : ndarray of int64, shape (n,)
    section : ndarray of int32, shape (n,)
        Code, -1 for none.
    popularity : ndarray of float64, shape (n,)
        NaN where unknown. Such an article is not offered as popular.
    id_order : ndarray of int32, shape (n,)
    """

    sources: tuple[str, ...]
    published: NDArray[np.int64]
    section: NDArray[np.int32]
    popularity: NDArray[np.float64]
    id_order: NDArray[np.int32]

    def offers(self, section: int) -> Iterator[tuple[str, NDArray[Any]]]:
        """Yield each source and the rows that it offers to an article of a section, best first."""
        for source in self.sources:
            if source == "section":
                yield source, self._sections.get(section, np.zeros(0, dtype=np.int64))
            else:
                yield source, self._newest if source == "newest" else self._popular

    @cached_property
    def _newest(self) -> NDArray[Any]:
        newest = np.lexsort((self.id_order, -self.published.astype(np.float64)))
        return np.asarray(newest[self.published[newest] != NO_DATE])

    @cached_property
    def _popular(self) -> NDArray[Any]:
        known = np.flatnonzero(~np.isnan(self.popularity))
        return np.asarray(known[np.lexsort((self.id_order[known], -self.popularity[known]))])

    @cached_property
    def _sections(self) -> Mapping[int, NDArray[Any]]:
        sections = self.section[self._newest]
        return {code: self._newest[sections == code] for code in np.unique(sections[sections >= 0]).tolist()}
