"""Which articles may be in anybody's list: the metadata fields `listed`, `expires` and `access`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from recommender.dates import parse_date, parse_iso_date
from recommender.errors import Problem
from recommender.metadata import is_absent

__all__ = [
    "ACCESS",
    "ALWAYS",
    "LISTING_FIELDS",
    "NEVER",
    "listed_until",
    "listing_problems",
    "never_listed_because",
]

LISTING_FIELDS = ("listed", "expires", "access")
"""Metadata fields that decide whether lists may hold an article."""

ACCESS = {"public": True, "members": True, "paid": True, "private": False, "password": False}
"""The values of `access`, and whether lists may hold such an article. The title of a page for members or for sale is
public. A private page and one behind a password are shown to nobody who does not know of them."""

ALWAYS = 2**63 - 1
"""Microseconds since 1970 that stand for an article without an end."""

NEVER = -(2**63)
"""Microseconds since 1970 that stand for an article that no list may hold."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TRUTHS = {
    **dict.fromkeys(("true", "yes", "on", "1", "y", "t"), True),
    **dict.fromkeys(("false", "no", "off", "0", "n", "f"), False),
}
_MOVES = {
    "listed": "give true or false",
    "expires": "give ISO 8601, such as 2026-12-31 or 2026-12-31T18:00:00Z",
    "access": f"give one of {', '.join(ACCESS)}",
}


def listed_until(metadata: Mapping[str, Any]) -> int:
    """Return until when lists may hold an article, as microseconds since 1970.

    `ALWAYS` where nothing is said, `NEVER` for an article that is unlisted or private. A date without a time is its
    midnight in UTC, as in Hugo. Values that are not understood say nothing, see `listing_problems`.

    Examples
    --------
    >>> listed_until({"expires": "1970-01-02"}), listed_until({"access": "members"}) == ALWAYS
    (86400000000, True)
    >>> [listed_until(each) == NEVER for each in ({"listed": "no"}, {"access": "private", "expires": "2099-01-01"})]
    [True, True]
    """
    if not any(field in metadata for field in LISTING_FIELDS):
        return ALWAYS
    try:
        if _truth(metadata.get("listed")) is False or ACCESS.get(_word(metadata.get("access"))) is False:
            return NEVER
        moment = _moment(metadata.get("expires"))
    except ValueError:
        return ALWAYS
    return ALWAYS if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def never_listed_because(metadata: Mapping[str, Any]) -> str:
    """Return "unlisted" or "restricted" for an article of which `listed_until` is `NEVER`.

    Examples
    --------
    >>> never_listed_because({"listed": False, "access": "private"}), never_listed_because({"access": "password"})
    ('unlisted', 'restricted')
    """
    return "unlisted" if _truth(metadata.get("listed")) is False else "restricted"


def listing_problems(
    metadata: Mapping[Any, Any], names: Mapping[str, str] | None = None
) -> Iterator[Problem]:
    """Yield a problem for each of these fields whose value is not understood. `names` are those that the source uses.

    Examples
    --------
    >>> for problem in listing_problems({"listed": "Grade II", "access": "vip"}):
    ...     print(problem)
    'listed' is not understood, got 'Grade II'; give true or false
    'access' is not understood, got 'vip'; give one of public, members, paid, private, password
    """
    for field, read in (("listed", _truth), ("expires", _moment), ("access", _known_word)):
        if field in metadata:
            try:
                read(metadata[field])
            except ValueError:
                shown = repr(metadata[field])
                shown = shown if len(shown) <= 60 else shown[:57] + "..."
                yield Problem(f"'{(names or {}).get(field, field)}' is not understood", shown, _MOVES[field])


def _truth(value: Any) -> bool | None:
    """Return whether an article is listed, or None where that is not said. Raises ValueError."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    if not isinstance(value, str):
        raise ValueError
    if is_absent(value):
        return None
    try:
        return _TRUTHS[value.strip().casefold()]
    except KeyError as error:
        raise ValueError from error


def _moment(value: Any) -> datetime | None:
    """Return when an article expires, or None for never. Raises ValueError."""
    if value is None or value is False or (isinstance(value, str) and value.strip().casefold() == "never"):
        return None
    if isinstance(value, bool | list | tuple | Mapping):
        raise ValueError
    try:
        return parse_date(value)
    except ValueError:
        return parse_iso_date(value)  # 9999-12-31 is no date of publication, and a usual one here


def _word(value: Any) -> str:
    """Return an access level in small letters, "" for none. Raises ValueError."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError
    return "" if is_absent(value) else value.strip().casefold()


def _known_word(value: Any) -> str:
    word = _word(value)
    if word and word not in ACCESS:
        raise ValueError
    return word
