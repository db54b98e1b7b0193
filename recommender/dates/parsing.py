"""Parse dates of article fields and settings to UTC datetimes."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from numbers import Integral, Real

from recommender.dates.epoch import from_number, from_number_text
from recommender.dates.grammar import from_text
from recommender.dates.iso import from_iso
from recommender.dates.moments import in_utc, publication_moment
from recommender.metadata import is_absent

__all__ = ["parse_date", "parse_iso_date"]

_MAX_TEXT = 100  # characters; no date is longer, and the limit bounds the parsing time
_MAX_SHOWN = 60
_INFINITE = frozenset({"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"})


def parse_date(value: object, *, day_first: bool | None = None) -> datetime | None:
    """Return the publication date for a value, as an aware UTC datetime.

    Text may be in ISO 8601, RFC 822 and other notations of feeds, front matter, databases and programming
    languages, with month names in 24 languages. A missing time is midnight and a missing zone is UTC. No
    other part is filled in. Two-digit years are accepted only after the name of a month, as in RFC 822.
    Weekdays are not checked.

    Parameters
    ----------
    value : str, int, float, Decimal, date, datetime or None
        Numbers are seconds, milliseconds, microseconds or nanoseconds since 1970, or the digits of a date
        (20200102). Timestamps of pandas and NumPy are accepted too.
    day_first : bool, optional
        Whether the day comes first in dates such as ``01/12/2019``, which are rejected without it. In dates
        with dots the day always comes first.

    Returns
    -------
    datetime or None
        None for values that mean "no date": None, blank text, ``null``, ``NaN`` and similar, years up to 1,
        1970-01-01 at midnight, the number 0, and numbers that are not finite.

    Raises
    ------
    ValueError
        If the value is not a date, is ambiguous, lacks a day, month or year, contains a day or time that does
        not exist, or is not from 1450 to 2200. The message is the value, shortened.

    Examples
    --------
    >>> parse_date("Wed, 03 Jun 2020 10:00:00 CEST").isoformat()
    '2020-06-03T08:00:00+00:00'
    >>> parse_date("3 juin 2020") == parse_date("2020/6/3") == parse_date(1591142400)
    True
    >>> parse_date("01/12/2019", day_first=True).isoformat()
    '2019-12-01T00:00:00+00:00'
    """
    try:
        if isinstance(value, str):
            return _from_text(value.strip(), day_first)
        return _from_object(value, day_first)
    except (ValueError, OverflowError) as error:
        raise ValueError(_shown(value)) from error


def parse_iso_date(value: object) -> datetime:
    """Return an aware UTC datetime for ISO 8601 text, a date or a datetime.

    A time without a zone is taken as UTC.

    Raises
    ------
    ValueError
        If the value is none of these or not a valid time. The message is the value, shortened.

    Examples
    --------
    >>> parse_iso_date("2026-05-01T12:00:00+02:00").isoformat()
    '2026-05-01T10:00:00+00:00'
    """
    try:
        if isinstance(value, str):
            return in_utc(from_iso(value.strip()))
        if isinstance(value, date):
            return in_utc(_plain_datetime(value))
    except (ValueError, OverflowError):
        pass
    raise ValueError(_shown(value))


def _from_text(text: str, day_first: bool | None) -> datetime | None:
    try:
        return publication_moment(from_iso(text))
    except ValueError:
        pass
    if is_absent(text) or text.casefold() in _INFINITE:
        return None
    if len(text) > _MAX_TEXT:
        raise ValueError("too long for a date")
    try:
        return from_number_text(text)
    except LookupError:
        return from_text(text, day_first)


def _from_object(value: object, day_first: bool | None) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, Real | Decimal) and not isinstance(value, bool):
        return from_number(_decimal(value))
    if hasattr(value, "to_pydatetime") or type(value).__name__ == "datetime64":
        return _from_text(str(value), day_first)  # pandas and NumPy write ISO 8601, and NaT
    if isinstance(value, date):
        return publication_moment(_plain_datetime(value))
    raise ValueError("no date")


def _decimal(number: Real | Decimal) -> Decimal:
    if isinstance(number, Decimal):
        return number
    return Decimal(int(number)) if isinstance(number, Integral) else Decimal(repr(float(number)))


def _plain_datetime(value: date) -> datetime:
    """Return a datetime of the standard library for a value that may be a subclass."""
    return datetime.combine(value, value.timetz() if isinstance(value, datetime) else time())


def _shown(value: object) -> str:
    if isinstance(value, str):
        shown = repr(value[:_MAX_SHOWN])
    else:
        try:
            shown = ascii(value)
        except ValueError:  # an integer with more than 4,300 digits
            shown = f"a value of type {type(value).__name__}"
    return shown if len(shown) <= _MAX_SHOWN else shown[: _MAX_SHOWN - 3] + "..."
