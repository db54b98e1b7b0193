"""Whether the day or the month comes first in the numeric dates of a source, by those dates that leave no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from recommender.dates.parsing import parse_date

__all__ = ["day_comes_first", "in_order"]

_NUMERIC = re.compile(r"\s*(\d{1,2})\s*[/-]\s*(\d{1,2})\s*[/-]\s*\d{4}(?!\d)", re.ASCII)
_LOOKED_AT = 20  # values; if none of them is such a date, the others are not either
_MOST = 12  # months


def day_comes_first(dates: Iterable[Any]) -> bool | None:
    """Return whether the day comes first. None if no date says so, or dates of both orders occur.

    Parameters
    ----------
    dates : iterable of object
        Values of one field of a source. If none of the first 20 is a numeric date, no more are read.

    Examples
    --------
    >>> day_comes_first(["05/01/2024", "24/01/2024"]), day_comes_first(["05/01/2024", "01/24/2024"])
    (True, False)
    >>> day_comes_first(["05/01/2024"]), day_comes_first(["24/01/2024", "01/24/2024"])
    (None, None)
    """
    values = iter(dates)
    start = list(_numbers(islice(values, _LOOKED_AT)))
    seen: set[bool] = set()
    for first, second in chain(start, _numbers(values) if start else ()):
        if first > _MOST or second > _MOST:
            seen.add(first > _MOST)
        if len(seen) > 1:
            break
    return seen.pop() if len(seen) == 1 else None


def in_order(value: Any, *, day_first: bool) -> Any:
    """Return a numeric date as a moment. Other values are returned as they are."""
    if not isinstance(value, str) or not _NUMERIC.match(value):
        return value
    try:
        return parse_date(value, day_first=day_first)
    except ValueError:
        return value


def _numbers(values: Iterable[Any]) -> Iterator[tuple[int, int]]:
    """Yield the first two numbers of each numeric date."""
    for value in values:
        if isinstance(value, str) and (found := _NUMERIC.match(value)):
            yield int(found[1]), int(found[2])
