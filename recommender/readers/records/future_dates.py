"""Rows that are to be published later, by a date in a field that is named for publication."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from recommender.dates.parsing import parse_date
from recommender.readers.records.standard_names import folded_column

__all__ = ["is_future"]

_NAMES = frozenset(
    (
        *("published", "published_at", "publishedat", "published_on", "published_date", "published_time"),
        *("publication_date", "publish_date", "publishdate", "publish_at", "publish_on", "date_publish"),
        *("pubdate", "pub_date", "date_published", "datepublished", "post_date", "post_date_gmt"),
    )
)
_ZONES = timedelta(hours=14)  # between a time without a zone and the same in UTC, at most


def is_future(row: Mapping[str, Any], published: Any, now: datetime) -> bool:
    """Return whether a row is dated later than `now`, by a field that is named for publication.

    A field with the name `date` may be that of an event. A time without a zone is later where it is so in each zone.

    Parameters
    ----------
    row : mapping
        Under the names of the source.
    published : object
        The value of its date of publication.
    now : datetime
        With a zone.

    Examples
    --------
    >>> now = datetime.fromisoformat("2026-06-01T12:00:00+00:00")
    >>> dates = "2026-06-01T13:00:00Z", "2026-06-01T13:00:00", "2026-06-03", "2026-05-01", "soon"
    >>> [is_future({"published_at": date}, date, now) for date in dates]
    [True, False, True, False, False]
    >>> is_future({"date": "2026-07-01"}, "2026-07-01", now)
    False
    """
    if not _says_when(tuple(row)):
        return False
    if isinstance(published, str) and _year_of(published) < now.year:
        return False
    try:
        moment = parse_date(published)
    except ValueError:
        return False
    if moment is None:
        return False
    has_zone = published.tzinfo is not None if isinstance(published, datetime) else _names_zone(published)
    return moment > (now if has_zone else now + _ZONES)


@lru_cache(maxsize=1024)
def _says_when(names: tuple[str, ...]) -> bool:
    return any(folded_column(name) in _NAMES for name in names)


def _year_of(text: str) -> int:
    """Return the year that an ISO date begins with, or a late one."""
    start = text[:4]
    return int(start) if len(text) >= 10 and start.isascii() and start.isdigit() and text[4] == "-" else 9999


def _names_zone(published: Any) -> bool:
    """Return whether a value says its zone. Seconds since 1970 do."""
    if not isinstance(published, str):
        return isinstance(published, int | float)
    time = published.strip()[10:]
    return (
        published.strip().isdigit()
        or time.upper().endswith(("Z", "GMT", "UTC"))
        or "+" in time
        or "-" in time
    )
