"""Parse dates given as numbers: Unix time in several units, and digits such as 20200102."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from recommender.dates.iso import from_iso
from recommender.dates.moments import EPOCH, publication_moment

__all__ = ["from_number", "from_number_text"]

_UNITS = (1, 10**3, 10**6, 10**9)  # s, ms, µs, ns: each number is plausible in at most one unit
_EARLIEST, _LATEST = 10**8, 4_133_980_800  # seconds; March 1973 (8 digits are a calendar date) to 2100
_YEAR_ONE = -62_135_596_800  # unset dates in Go and .NET
_BEYOND = 10**20

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?")
_DOT_NET = re.compile(r"\\?/Date\((-?[0-9]+)(?:[+-][0-9]{4})?\)\\?/")


def from_number_text(text: str) -> datetime | None:
    """Return the date for the text of a number, or for .NET's ``/Date(1588291200000)/``.

    None means "no date".

    Raises
    ------
    LookupError
        If the text is not a number. Numbers with an exponent do not count, because spreadsheets round them.
    ValueError
        If the number is not a date.

    Examples
    --------
    >>> from_number_text("1588291200.5").isoformat(), from_number_text("20200102101500").isoformat()
    ('2020-05-01T00:00:00.500000+00:00', '2020-01-02T10:15:00+00:00')
    """
    if _NUMBER.fullmatch(text):
        return from_number(Decimal(text))
    if wrapped := _DOT_NET.fullmatch(text):
        return _since_1970(Decimal(wrapped[1]), units=(10**3,))
    raise LookupError(text)


def from_number(number: Decimal) -> datetime | None:
    """Return the date that a number represents, or None for "no date".

    Parameters
    ----------
    number : Decimal
        Seconds, milliseconds, microseconds or nanoseconds since 1970, for times from March 1973 to 2100; or a
        calendar date as 8 digits, or as 14 with the time, or as 17 with milliseconds, which TiddlyWiki
        writes. Numbers that are not finite, 0, and times in the year 1 or before mean "no date".

    Raises
    ------
    ValueError
        If the number is none of these, or ambiguous.

    Examples
    --------
    >>> from_number(Decimal(1588291200000)) == from_number(Decimal(20200501))
    True
    """
    if not number.is_finite():
        return None
    if abs(number) >= _BEYOND:
        raise ValueError("too many digits")
    if number != int(number):
        return _since_1970(number, _UNITS)
    digits = str(int(number))
    if len(digits) == 17 and _is_calendar_moment(digits[:14]):  # a Unix time has 16 or 18 digits
        return publication_moment(_calendar_moment(digits[:14]) + timedelta(milliseconds=int(digits[14:])))
    if len(digits) in (8, 14):
        return publication_moment(_calendar_moment(digits))
    if len(digits) == 12 and digits[:2] in ("19", "20") and _is_calendar_moment(digits):
        raise ValueError("ambiguous: a date with hours and minutes, or milliseconds in 1976")
    return _since_1970(number, _UNITS)


def _since_1970(number: Decimal, units: tuple[int, ...]) -> datetime | None:
    if number == 0 or number <= _YEAR_ONE:
        return None
    for unit in units:
        if _EARLIEST * unit <= number < _LATEST * unit:
            return EPOCH + timedelta(microseconds=int(number * 10**6 / unit))
    raise ValueError("no plausible time since 1970")


def _calendar_moment(digits: str) -> datetime:
    return from_iso(f"{digits[:8]}T{digits[8:]}".removesuffix("T"))


def _is_calendar_moment(digits: str) -> bool:
    try:
        return bool(_calendar_moment(digits))
    except ValueError:
        return False
