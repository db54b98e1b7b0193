"""Check whether times are plausible publication dates or mean "no date"."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["EPOCH", "in_utc", "is_no_year", "publication_moment"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST_YEAR, _LATEST_YEAR = 1450, 2200  # from the first printed news to well after any announcement
_LOCAL_EPOCH = EPOCH.replace(tzinfo=None)


def is_no_year(year: int) -> bool:
    """Return whether a year means "no date": 1, 0 and negative years."""
    return year <= 1


def in_utc(moment: datetime) -> datetime:
    """Return an aware UTC datetime. A time without a zone is taken as UTC."""
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def publication_moment(moment: datetime) -> datetime | None:
    """Return a publication date in UTC, or None for "no date".

    The years up to 1 mean "no date", as does 1970-01-01T00:00 in UTC or local time.

    Raises
    ------
    ValueError
        If the year is not from 1450 to 2200.
    """
    if is_no_year(moment.year):
        return None
    if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
        raise ValueError("the year is not from 1450 to 2200")
    utc = in_utc(moment)
    if moment.year in (1969, 1970) and (utc == EPOCH or moment.replace(tzinfo=None) == _LOCAL_EPOCH):
        return None
    return utc
