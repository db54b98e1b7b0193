"""Parse dates written as text: a calendar date with an optional time of day and time zone."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo

from recommender.dates.calendar_date import calendar_date
from recommender.dates.moments import is_no_year, publication_moment
from recommender.dates.names import without_accents
from recommender.dates.zones import ZONE, zone_of

__all__ = ["from_text"]

_TIME = re.compile(
    r"(?<![0-9:+-])([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:[.,]([0-9]+))?)?(?![0-9:])"
    r"(?: ?([ap])\.? ?m\b\.?| ?(?:uhr|uur|h|hs|hrs)\b)?",
    re.IGNORECASE,
)
_AFTER_TIME = re.compile(rf" ?({ZONE})", re.IGNORECASE)
_AFTER_DATE = re.compile(rf"(.*[0-9])(Z| ?[+-][0-9]{{2}}:[0-9]{{2}}| {ZONE})", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()0-9]*\)")  # RFC 822 comment after the zone; elsewhere it could be a zone
_REST_OF_DATE = re.compile(r"[ ,.]*(?:[0-9].*)?")  # after the time: C's asctime and "10:00, 3 June 2020"

# Notations and their normalised forms.
_EAST_ASIAN = [
    (re.compile(r"([0-9]{4}) ?[年년] ?([0-9]{1,2}) ?[月월] ?([0-9]{1,2}) ?[日일号]"), r"\1-\2-\3 "),
    (re.compile(r"([0-9]{1,2}) ?[時时點点시] ?([0-9]{1,2}) ?[分분] ?([0-9]{1,2}) ?[秒초]"), r"\1:\2:\3"),
    (re.compile(r"([0-9]{1,2}) ?[時时點点시] ?([0-9]{1,2}) ?[分분]"), r"\1:\2"),
    (re.compile(r"(?:上午|午前|오전) ?([0-9:]+)"), r"\1 am"),
    (re.compile(r"(?:下午|午後|오후) ?([0-9:]+)"), r"\1 pm"),
]
_WESTERN = [
    (re.compile(r"(?<![0-9:])([0-9]{1,2}) ?h ?([0-9]{2})\b", re.IGNORECASE), r"\1:\2"),
    (re.compile(r"(?<![0-9:.])([0-9]{1,2}) ?([ap]\.? ?m|uhr)\b", re.IGNORECASE), r"\1:00 \2"),
    (re.compile(r"(?<=[0-9]{4}) ([0-9]{1,2})\.([0-9]{2})\.([0-9]{2})(?![.0-9])"), r" \1:\2:\3"),
    (re.compile(r"(?:(?<=[0-9]{4})| klo?\.?) ([0-9]{1,2})\.([0-9]{2})(?![.0-9])", re.IGNORECASE), r" \1:\2"),
    (re.compile(r" m=[+-][0-9.]+$"), ""),  # Go's monotonic clock
]


def from_text(text: str, day_first: bool | None = None) -> datetime | None:
    """Return the publication date in text, or None for "no date".

    A missing time is midnight and a missing zone is UTC. All other numbers come from the text.

    Raises
    ------
    ValueError
        If the text is not exactly one complete date.

    Examples
    --------
    >>> from_text("Thu Mar  4 10:00:00 2021").isoformat(), from_text("2 janv. 2020 à 10h30 CET").isoformat()
    ('2021-03-04T10:00:00+00:00', '2020-01-02T09:30:00+00:00')
    """
    date, time, zone = _split(_plain(text))
    year, month, day = calendar_date(date.strip(" ,."), day_first)
    if is_no_year(year):
        return None
    return publication_moment(datetime(year, month, day, tzinfo=zone) + time)


def _plain(text: str) -> str:
    rules = _WESTERN
    if not text.isascii():
        rules = _EAST_ASIAN + _WESTERN
        text = without_accents(text).replace("\N{MINUS SIGN}", "-")
        text = "".join(str(unicodedata.decimal(each, each)) for each in text)
    text = " ".join(text.split())
    for pattern, plain in rules:
        text = pattern.sub(plain, text)
    return text


def _split(text: str) -> tuple[str, timedelta, tzinfo]:
    """Return the text of the date, the time since midnight, and the zone."""
    time = _TIME.search(text)
    if not time:
        zoned = _AFTER_DATE.fullmatch(text)
        return (zoned[1], timedelta(), zone_of(zoned[2].strip())) if zoned else (text, timedelta(), UTC)
    zone = _AFTER_TIME.match(text, time.end())
    rest = _COMMENT.sub("", text[zone.end() :]) if zone else text[time.end() :]
    if not _REST_OF_DATE.fullmatch(rest):
        raise ValueError("unknown words after the time")
    date = text[: time.start()] + " " + rest
    return date, _since_midnight(*time.groups()), zone_of(zone[1]) if zone else UTC


def _since_midnight(
    hours: str, minutes: str, seconds: str | None, fraction: str | None, half: str | None
) -> timedelta:
    hour, minute, second = int(hours), int(minutes), int(seconds or 0)
    if half:
        if hour > 12:
            raise ValueError("an hour after 12 with am or pm")
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError("invalid time of day")
    microseconds = int(f"{fraction or 0:0<6}"[:6])
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59), microseconds=microseconds)
