"""Which moments can be dates of articles, and which stand for "no date"."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["EPOCH", "in_utc", "is_no_year", "publication_moment"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST_YEAR, _LATEST_YEAR = 1450, 2200  # from the first printed news to well after any announcement
_EPOCH_ON_THE_WALL = EPOCH.replace(tzinfo=None)


def is_no_year(year: int) -> bool:
    """Say whether programs write this year for "no date": the years 0 and 1, and those before."""
    return year <= 1


def in_utc(moment: datetime) -> datetime:
    """Return an aware UTC datetime; a moment without a zone is taken as UTC."""
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def publication_moment(moment: datetime) -> datetime | None:
    """Return a date of publication in UTC, or None for what stands for "no date".

    These are the year 1 and 1970-01-01T00:00, in UTC or on the clock of the writer.

    Raises
    ------
    ValueError
        If the year is not from 1450 to 2200.
    """
    if is_no_year(moment.year):
        return None
    if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
        raise ValueError("the year of an article is from 1450 to 2200")
    utc = in_utc(moment)
    if moment.year in (1969, 1970) and (utc == EPOCH or moment.replace(tzinfo=None) == _EPOCH_ON_THE_WALL):
        return None
    return utc
