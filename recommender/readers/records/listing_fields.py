"""Read the fields that keep an article out of all lists, under the names that other systems give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from recommender.errors import Problem
from recommender.listing import listing_problems
from recommender.readers.records.rows import is_given
from recommender.readers.records.standard_names import folded_column

__all__ = ["read_listing"]

_EXPIRES = (
    *("expires", "expires_at", "expires_on", "expiry_date", "expire_date", "expiration_date"),
    *("unpublish_date", "unpublish_on", "unpublish_at", "unavailable_after", "valid_through"),
)
_NAMES = {"listed": "listed", "access": "access"} | {
    spelling: "expires" for name in _EXPIRES for spelling in (name, name.replace("_", ""))
}
_KEPT: Mapping[str, tuple[str, Any]] = {
    "unlisted": ("listed", False),
    "private": ("access", "private"),
    "password": ("access", "password"),
}
"""What a page is that is kept although it would be left out."""


def read_listing(given: dict[str, Any], reasons: Iterable[str]) -> list[Problem]:
    """Give the fields `listed`, `expires` and `access` their names in a row. Return the values that are not understood.

    Parameters
    ----------
    given : dict
        The fields of a row. Fields under other names become those, and what is not understood is removed.
    reasons : iterable of str
        Why the row would be left out, if it were not kept. So what is unlisted or private stays out of other lists.

    Examples
    --------
    >>> fields = {"title": "Fair", "expiryDate": "2026-05-03", "Listed": "maybe"}
    >>> [str(problem) for problem in read_listing(fields, ["private"])]
    ["'Listed' is not understood, got 'maybe'; give true or false"]
    >>> fields
    {'title': 'Fair', 'expires': '2026-05-03', 'access': 'private'}
    """
    used: dict[str, str] = {}
    for field, name in _fields_in(tuple(given)):
        value = given.pop(name)
        if is_given(value) and field not in used:
            given[field], used[field] = value, name
    problems: list[Problem] = []
    for field, name in used.items():
        if found := list(listing_problems({field: given[field]}, {field: name})):
            problems += found
            del given[field]
    for reason in reasons:
        if reason in _KEPT:
            given.setdefault(*_KEPT[reason])
    return problems


@lru_cache(maxsize=1024)
def _fields_in(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return these fields and their names in a row; our own name comes first."""
    found = [(_NAMES[folded], name) for name in names if (folded := folded_column(name)) in _NAMES]
    return sorted(found, key=lambda each: (each[0], each[1] != each[0]))
