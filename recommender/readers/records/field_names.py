"""Map field names of JSON and tables, which have no fixed names, to the standard names of article fields."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from recommender.metadata import TAG_FIELDS
from recommender.readers.records.rare_names import RARE_NAMES
from recommender.readers.records.rows import is_given
from recommender.readers.records.standard_names import ID_NAMES, NAMES, STAND_INS, folded_column

__all__ = ["Renamed", "name_and_url", "renamed"]

_WELL_KNOWN = {
    "text": ("text", "body"),
    "published": ("published",),
    "language": ("language",),
    "url": ("url",),
}
_KEPT = frozenset({*TAG_FIELDS, "name"})  # stay in the metadata even when used for another field


class Renamed(NamedTuple):
    """The fields of a row under their standard names.

    Parameters
    ----------
    fields : dict
        Standard fields first, then all other fields under their original names.
    aliases : dict
        The original name of each renamed field that has a value.
    """

    fields: dict[str, Any]
    aliases: dict[str, str]


def renamed(row: dict[str, Any]) -> Renamed:
    """Return the fields of a row under their standard names.

    Examples
    --------
    >>> renamed({"ID": 7, "Title": "Rain", "text": "", "Content": "It rained.", "mood": "wet"})
    Renamed(fields={'id': 7, 'title': 'Rain', 'text': 'It rained.', 'mood': 'wet'}, aliases={'text': 'Content'})
    """
    columns = tuple(row)
    if _is_plain(columns):
        return Renamed(row, {})
    fields: dict[str, Any] = {}
    aliases: dict[str, str] = {}
    left = dict(row)
    for field, names in _plan(columns):
        found = next(
            (
                name
                for name in names
                if _has_value(field, row[name], len(names), is_rare=_is_rare(field, name))
            ),
            None,
        )
        if found is not None:
            fields[field] = row[found]
            if found.lower() not in _KEPT or field == found:
                left.pop(found)
            if found.lower() not in _WELL_KNOWN.get(field, (found.lower(),)):
                aliases[field] = found
        for name in names:
            if not _has_value(field, row[name]) and not _is_rare(field, name):
                left.pop(name, None)
    return Renamed(fields | left, aliases)


def name_and_url(row: dict[str, Any]) -> dict[str, Any]:
    """Return the id and the URL of a row, possibly with other fields. Much faster than renaming all fields.

    Examples
    --------
    >>> name_and_url({"ID": 7, "title": "Rain", "Link": "/rain"})
    {'id': 7, 'url': '/rain'}
    """
    columns = tuple(row)
    if _is_plain(columns):
        return row
    plan = _plan(columns)
    return {
        field: next((row[name] for name in names if _has_value(field, row[name])), None)
        for field, names in plan
        if field in ("id", "url")
    }


def _has_value(field: str, value: object, n_names: int = 1, *, is_rare: bool = False) -> bool:
    """Return whether a field has a value. "None" is a valid title but an empty section.

    If several columns can hold the text, only values of type str count, since `content` may be a list of
    blocks. So it is with rare names, under which other systems keep other things.
    """
    if is_rare and not isinstance(value, str):
        return False
    if field == "text" and n_names > 1:
        return isinstance(value, str) and value != ""
    return value not in (None, "") if field in ("id", "title", "text") else is_given(value)


@lru_cache(maxsize=4096)
def _is_rare(field: str, name: str) -> bool:
    return folded_column(name) in RARE_NAMES.get(field, ())


@lru_cache(maxsize=1024)
def _is_plain(columns: tuple[str, ...]) -> bool:
    """Return whether every field occurs under its standard name only."""
    plan = _plan(columns)
    return ("id", ["id"]) in plan and all(names == [field] for field, names in plan)


@lru_cache(maxsize=1024)
def _plan(columns: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Return the columns that can hold each field, in order of precedence."""
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(folded_column(column), column)
    stand_in = next((name for name in STAND_INS if name in by_name), None)
    ids = ID_NAMES if any(name in by_name for name in ID_NAMES) or stand_in is None else ()
    plan = [("id", [by_name[name] for name in ids if name in by_name])]
    for field, names in NAMES.items():
        known = [*names, *RARE_NAMES.get(field, ())]
        plan.append((field, [by_name[name] for name in known if name in by_name]))
    return [(field, names) for field, names in plan if names]
