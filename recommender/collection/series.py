"""The series of a site: which articles are parts of the same one, and in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.summary_table import NO_DATE, SummaryTable
from recommender.metadata import tags_of

__all__ = ["PARTS", "Series"]

PARTS = (
    "part", "series_part", "series_order", "series_index", "series_number", "seriesOrder", "seriesPart", "episode",
    "chapter", "weight", "order",
)  # fmt: skip
"""Metadata fields with the number of a part. The first that all parts of a series have counts."""


class Series(NamedTuple):
    """The parts of all series, one series after the other, each from the first part to the last.

    Attributes
    ----------
    rows : ndarray of int32, shape (m,)
        The article of each part.
    numbers : ndarray of int64, shape (m,)
        Which series each part belongs to.
    ranks : ndarray of int64, shape (m,)
        Place of each part in its series from 0. Parts with the same number or date have the same.
    places : ndarray of int32, shape (n,)
        Place of each article in `rows`, -1 for one that is no part.
    """

    rows: NDArray[np.int32]
    numbers: NDArray[np.int64]
    ranks: NDArray[np.int64]
    places: NDArray[np.int32]

    @classmethod
    def of(cls, summaries: SummaryTable) -> Self:
        """Return the series that the metadata of articles name: the first name in ``series``, regardless of case.

        Parts are ordered by the first of `PARTS` that all of them have as a number, or else by date. Those without a date
        are the last, in the order of their ids. A name that one article alone has is no series.
        """
        members: dict[str, list[int]] = defaultdict(list)
        for row, value in enumerate(summaries.values("series")):
            if name := next(iter(tags_of([value] if isinstance(value, str) else value)), ""):
                members[name.casefold()].append(row)
        rows: list[int] = []
        numbers: list[int] = []
        ranks: list[int] = []
        for number, name in enumerate(name for name in sorted(members) if len(members[name]) > 1):
            keys = _keys(summaries, members[name])
            order = sorted(range(len(keys)), key=keys.__getitem__)
            distinct = {key: rank for rank, key in enumerate(sorted(set(keys)))}
            rows += [members[name][at] for at in order]
            ranks += [distinct[keys[at]] for at in order]
            numbers += [number] * len(order)
        places = np.full(len(summaries), -1, dtype=np.int32)
        places[rows] = np.arange(len(rows), dtype=np.int32)
        return cls(np.array(rows, np.int32), np.array(numbers, np.int64), np.array(ranks, np.int64), places)


def _keys(summaries: SummaryTable, rows: Sequence[int]) -> list[tuple[float, int]]:
    """Return what the parts of a series are ordered by."""
    found = [summaries[row].metadata for row in rows]
    for name in PARTS:
        parts = [_number(metadata, name) for metadata in found]
        if all(part is not None for part in parts):
            return [(float(part or 0), 0) for part in parts]
    published = summaries.published[list(rows)].tolist()
    return [(moment, 0) if moment != NO_DATE else (float("inf"), at) for at, moment in enumerate(published)]


def _number(metadata: Mapping[str, Any], name: str) -> float | None:
    value = metadata.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) != float("inf") and number == number else None
