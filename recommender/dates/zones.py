"""Parse time zones: offsets, abbreviations, and names of the IANA database."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo

__all__ = ["ZONE", "zone_of"]

# Hours from UTC. EST, CST, MST and PST are as in RFC 822, BST is British and IST is Indian, which are the
# usual meanings. A wrong guess shifts a date by hours instead of losing it. Other ambiguous abbreviations
# (AST, SST, ECT) are excluded.
_HOURS = {
    0: "Z UTC UT GMT WET",
    1: "BST CET MEZ MET WEST WAT",
    2: "CEST MESZ MEST EET SAST CAT",
    3: "EEST MSK EAT TRT",
    4: "MSD",
    5: "PKT",
    5.5: "IST",
    7: "WIB ICT",
    8: "WITA HKT SGT MYT PHT AWST",
    9: "WIT JST KST",
    9.5: "ACST",
    10: "AEST",
    10.5: "ACDT",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
    -3: "BRT ART",
    -4: "EDT",
    -5: "EST CDT",
    -6: "CST MDT",
    -7: "MST PDT",
    -8: "PST AKDT",
    -9: "AKST",
    -10: "HST",
}
_OFFSETS = {
    name: timezone(timedelta(hours=hours)) for hours, names in _HOURS.items() for name in names.split()
}
_PLACES = {  # "ET" is standard or daylight time, depending on the date
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US"

# An offset may be followed by the zone again: "+0100 (CET)", "+0000 UTC", "+0300 +03", "+01:00[Europe/Rome]".
_COMMENT = r"\((?:[^()0-9]*|(?:UTC|GMT)[+-][0-9:]+)\)"
ZONE = (
    r"(?:(?:UTC|GMT)?\ ?[+-][0-9]{1,2}(?::?[0-9]{2}){0,2}(?![0-9:])"
    rf"(?:\ ?{_COMMENT}|\[[A-Za-z0-9_/+-]*\]|\ (?![AP]M)[A-Z]{{2,5}}(?![A-Za-z])|\ [+-][0-9]{{2}}(?![0-9]))?"
    rf"|(?:{_AREAS})(?:/[A-Za-z0-9_+-]+){{1,2}}"
    rf"|\(?(?:{'|'.join(sorted({**_OFFSETS, **_PLACES}, key=len, reverse=True))})(?![A-Za-z0-9/+-])\)?(?:\ {_COMMENT})?)"
)
"""Pattern of all supported zones. Use it with re.IGNORECASE on text with single spaces."""

_OFFSET = re.compile(r"[A-Z]* ?([+-])([0-9]{1,2}):?([0-9]{2})?:?([0-9]{2})?", re.IGNORECASE)


def zone_of(text: str) -> tzinfo:
    """Return the time zone for text that matches `ZONE`.

    Raises
    ------
    ValueError
        If the zone is not installed on this machine, or an offset is a day or more.

    Examples
    --------
    >>> str(zone_of("GMT+0530 (India)")), str(zone_of("EDT")), str(zone_of("Europe/Berlin"))
    ('UTC+05:30', 'UTC-04:00', 'Europe/Berlin')
    """
    if offset := _OFFSET.match(text):
        return _offset(*offset.groups(default="0"))
    name = text.lstrip("(").split(" ")[0].rstrip(")")
    if name.upper() in _OFFSETS:
        return _OFFSETS[name.upper()]
    return _place(_PLACES.get(name.upper(), name))


def _offset(sign: str, hours: str, minutes: str, seconds: str) -> timezone:
    if int(minutes) > 59 or int(seconds) > 59:
        raise ValueError("an offset with more than 59 minutes")
    size = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return timezone(-size if sign == "-" else size) if size else UTC


def _place(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo  # imported here because few dates need it

    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:  # OSError: a folder, such as America/Argentina
        raise ValueError(f"unknown time zone: {name}") from error
