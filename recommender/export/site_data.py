"""Optional data of a source for the HTML page: list length, near copies and article vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.engine import Recommender
from recommender.rules.copy_groups import CopyGroups
from recommender.rules.listed_once import listed_once

__all__ = ["SiteData"]


@dataclass(frozen=True, slots=True)
class SiteData:
    """Data of a built site for the views of the HTML page.

    Parameters
    ----------
    k : int or None
        Number of entries of a full list. None if unknown.
    copies : ndarray of int32, shape (n,), or None
        Row of the preferred copy in each article's group of near copies; its own row for articles without
        copies. None if near copies were not detected.
    dense : ndarray of float32, shape (n, d), or None
        Unit vectors of the articles, or rows of zeros for articles without a vector.
    """

    k: int | None = None
    copies: NDArray[np.int32] | None = None
    dense: NDArray[np.float32] | None = None

    @classmethod
    def of(cls, source: Any) -> SiteData:
        """Return the data of a `Recommender`. Other sources may have attributes `k`, `copies` and `dense`."""
        if isinstance(source, Recommender):
            rules, collection = source.site.rules, source.collection
            policy = rules.policy.for_call(trees="all")  # versions of a page are no copies
            copies = CopyGroups.of(policy, collection, rules.fields, listed_once(policy, collection))
            return cls(source.k, copies.representatives(rules.eligibility.listable()), collection.dense)
        return cls(*(getattr(source, name, None) for name in ("k", "copies", "dense")))

    def groups(self) -> list[list[int]] | None:
        """Return the rows of each group of two or more near copies, the preferred copy first.

        Groups are ordered by size, largest first, then by the row of the preferred copy. None if `copies` is
        None.
        """
        if self.copies is None:
            return None
        members: dict[int, list[int]] = {}
        for row in np.flatnonzero(self.copies != np.arange(len(self.copies))).tolist():
            preferred = int(self.copies[row])
            members.setdefault(preferred, [preferred]).append(row)
        return [members[row] for row in sorted(members, key=lambda row: (-len(members[row]), row))]

    def places(self, rows: Sequence[int], related: Sequence[Sequence[int]]) -> NDArray[np.float32] | None:
        """Compute the map coordinates of articles with `layout`.

        Parameters
        ----------
        rows : sequence of int
            Rows of the articles to place.
        related : sequence of sequence of int
            List of each article as positions in `rows`. Positions of len(rows) and above are ignored.

        Returns
        -------
        ndarray of float32, shape (len(rows), 2), or None
            Coordinates in [-1, 1]. None without vectors, for example on small sites.
        """
        if self.dense is None or not len(rows):
            return None
        vectors = np.asarray(self.dense[np.asarray(rows)], dtype=np.float32)
        if not vectors.any():
            return None
        from recommender.export.map_layout import layout

        lists = np.full((len(rows), max(map(len, related), default=0)), -1, dtype=np.int32)
        for place, entries in enumerate(related):
            lists[place, : len(entries)] = entries
        return layout(vectors, np.where(lists < len(rows), lists, -1).astype(np.int32))
