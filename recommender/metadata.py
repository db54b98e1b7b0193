"""Convert article metadata to plain values that JSON and an artifact can represent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite
from numbers import Integral, Real
from typing import Any

__all__ = ["INVISIBLE", "TAG_FIELDS", "is_absent", "plain", "plain_metadata", "tags_of"]

TAG_FIELDS = ("tags", "keywords", "categories", "topics", "series")
"""Metadata fields that contain tags."""

_MAX_DEPTH = 20  # levels of lists and mappings; other JSON parsers allow 32 to 1,000
_MAX_INTEGER = 2**63  # limit of JSON parsers and databases
_ABSENT = frozenset({"", "nan", "nat", "null", "none", "n/a", "<na>", "undefined"})
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that are not seen: hyphens that a break shows, blanks of no width, and marks of direction."""

_LONGEST_ABSENT = 20  # characters, including surrounding blanks


def plain_metadata(metadata: Mapping[Any, Any]) -> dict[str, Any]:
    """Return metadata with JSON-compatible values; see `plain`."""
    return {_text(str(name)): plain(value, 1) for name, value in metadata.items()}


def plain(value: object, depth: int = 0) -> Any:
    """Return a JSON-compatible version of a value.

    Dates become ISO 8601 text. Lone surrogates are replaced. Numbers that are not finite become None.
    Integers beyond 64 bits and all other objects become text. Lists and mappings nested deeper than 20
    levels become ``"..."``.

    Examples
    --------
    >>> plain({1: date(2026, 5, 1), "tags": ["a", None], "n": 2**70, "x": float("nan")})
    {'1': '2026-05-01', 'tags': ['a', None], 'n': '1180591620717411303424', 'x': None}
    """
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Integral):  # numbers of NumPy become plain ones
        number = int(value)
        return number if -_MAX_INTEGER <= number < _MAX_INTEGER else _digits(number)
    if isinstance(value, Real):
        return float(value) if isfinite(value) else None
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        if depth >= _MAX_DEPTH:
            return "..."
        if isinstance(value, Mapping):
            return {_text(str(name)): plain(part, depth + 1) for name, part in value.items()}
        return [plain(part, depth + 1) for part in value]
    return value.isoformat() if isinstance(value, date) else _text(str(value))


def tags_of(value: object) -> list[str]:
    """Return the tags in a value: a list of strings or named objects, or a comma-separated string.

    Examples
    --------
    >>> tags_of("harbour, ice plant,"), tags_of(["Fish", {"name": "Ice"}, "", None, 2021])
    (['harbour', 'ice plant'], ['Fish', 'Ice', '2021'])
    """
    if isinstance(value, str):
        found = [tag.strip() for tag in value.split(",")]
    elif isinstance(value, list | tuple | set | frozenset):
        found = [_tag(each) for each in value]
    else:
        found = [_tag(value)]
    return [tag for tag in found if tag.casefold() not in _ABSENT]


def is_absent(text: str) -> bool:
    r"""Return whether a text means "no value": blank, ``nan``, ``null``, ``None``, ``N/A`` or similar.

    Examples
    --------
    >>> [is_absent(text) for text in (" ", "\u200e", "NaN", "n/a", "Nancy")]
    [True, True, True, True, False]
    """
    return (
        text.isspace() if len(text) > _LONGEST_ABSENT else text.strip().strip(INVISIBLE).casefold() in _ABSENT
    )


def _tag(value: object) -> str:
    if isinstance(value, Mapping):
        value = next(
            (value[name] for name in ("name", "title", "label", "slug", "term") if value.get(name)), ""
        )
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def _text(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def _digits(number: int) -> str:
    try:
        return str(number)
    except ValueError:  # beyond Python's limit of 4,300 digits
        return hex(number)
