"""Dates in ISO 8601, by `datetime.fromisoformat` where what it reads is what is written."""

from __future__ import annotations

import re
from datetime import datetime

__all__ = ["from_iso"]

# Python takes any character for the "T", a zone for a time (2020-01-02+02:00), and a week for its Monday (2020-W01).
_DATE_AND_TIME = re.compile(
    r"""(?: [0-9]{4}-[0-9]{2}-[0-9]{2} | [0-9]{8} | [0-9]{4}-W[0-9]{2}-[0-9] | [0-9]{4}W[0-9]{3} )
        (?: (?: T | \ (?=[0-9]{2}:) ) (?! .* [+-][0-9]{2}:?[6-9][0-9]$ ) .* )?""",
    re.VERBOSE | re.IGNORECASE,
)


def from_iso(text: str) -> datetime:
    """Return the datetime in ISO 8601 text: a calendar or week date, in extended or basic form, perhaps with a time.

    Raises
    ------
    ValueError
        If the text is in another form, or names no moment.

    Examples
    --------
    >>> from_iso("20200102T1015+02").isoformat()
    '2020-01-02T10:15:00+02:00'
    """
    if not _DATE_AND_TIME.fullmatch(text):
        raise ValueError("not ISO 8601")
    return datetime.fromisoformat(text)
