"""What the page takes from a source besides its articles and lists, each where it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Desk"]


@dataclass(frozen=True, slots=True)
class Desk:
    """Facts and arrays of a built site, for the views of the editor's desk.

    Parameters
    ----------
    k : int or None
        Entries that a full list has; None where the source does not say.
    copies : ndarray of int32, shape (n,), or None
        Row of the preferred copy of each article's group of near copies, its own row if it is alone;
        None where near copies were not looked for.
    dense : ndarray of float32, shape (n, d), or None
        Unit vectors; rows of zeros where nothing is known.
    """

    k: int | None = None
    copies: NDArray[np.int32] | None = None
    dense: NDArray[np.float32] | None = None

    @classmethod
    def of(cls, source: Any) -> Desk:
        """Read the `facts` and `arrays` of a source that has them, as a `Recommender` does."""
        facts, arrays = getattr(source, "facts", {}), getattr(source, "arrays", {})
        return cls(facts.get("k"), arrays.get("copies"), arrays.get("dense"))

    def groups(self) -> list[list[int]] | None:
        """Return the rows of each group of two or more near copies, the preferred one first.

        Largest groups first, then by the row of the preferred copy; None where `copies` is.
        """
        if self.copies is None:
            return None
        members: dict[int, list[int]] = {}
        for row in np.flatnonzero(self.copies != np.arange(len(self.copies))).tolist():
            preferred = int(self.copies[row])
            members.setdefault(preferred, [preferred]).append(row)
        return [members[row] for row in sorted(members, key=lambda row: (-len(members[row]), row))]

    def places(self, rows: Sequence[int], related: Sequence[Sequence[int]]) -> NDArray[np.float32] | None:
        """Return where `rows` lie on a map, of float32 within [-1, 1] and shape (len(rows), 2), as `layout` does.

        Parameters
        ----------
        rows : sequence of int
            Rows of the articles to place.
        related : sequence of sequence of int
            The list of each as positions in `rows`; positions beyond are left out.

        Returns
        -------
        ndarray or None
            None without vectors, as on a site too small for them.
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
