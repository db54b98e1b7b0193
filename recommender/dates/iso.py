"""Parse ISO 8601 dates with `datetime.fromisoformat`, restricted to unambiguous forms."""

from __future__ import annotations

import re
from datetime import datetime

__all__ = ["from_iso"]

# Python also accepts any character as "T", a zone as a time (2020-01-02+02:00), and a week as its Monday
# (2020-W01), and 12:12:12:12 as a fraction.
_DATE_AND_TIME = re.compile(
    r"""(?: [0-9]{4}-[0-9]{2}-[0-9]{2} | [0-9]{8} | [0-9]{4}-W[0-9]{2}-[0-9] | [0-9]{4}W[0-9]{3} )
        (?: (?: T | \ (?=[0-9]{2}:) ) (?! .* [+-][0-9]{2}:?[6-9][0-9]$ ) (?! .* :[0-9]{2}:[0-9]{2}: ) .* )?""",
    re.VERBOSE | re.IGNORECASE,
)


def from_iso(text: str) -> datetime:
    """Return the datetime for ISO 8601 text: calendar or week date, extended or basic, with optional time.

    Raises
    ------
    ValueError
        If the text has another form or is not a valid time.

    Examples
    --------
    >>> from_iso("20200102T1015+02").isoformat()
    '2020-01-02T10:15:00+02:00'
    """
    if not _DATE_AND_TIME.fullmatch(text):
        raise ValueError("not ISO 8601")
    return datetime.fromisoformat(text)
