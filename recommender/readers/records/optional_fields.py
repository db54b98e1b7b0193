"""Read the optional fields of a row. Unreadable values are left out with a warning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from recommender.control_characters import has_controls
from recommender.dates import parse_date
from recommender.metadata import TAG_FIELDS, is_absent, tags_of
from recommender.readers.records.field_rules import is_false, is_true
from recommender.readers.records.language_names import tag_of_name
from recommender.readers.records.rows import Caution, is_given

__all__ = ["optional_fields"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,6}(?:\.[A-Za-z0-9-]{1,12})?")
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]{0,30}):")
_SHOWABLE = frozenset({"http", "https", "gemini", "gopher", "ipfs", "ipns"})
_PARTS = ("url", "src", "href", "contentUrl", "path", "permalink", "large", "original", "full")
_NAMES = ("name", "title", "label", "slug")
_LEFT_OUT = "it is left out"


def optional_fields(given: dict[str, Any], cautions: list[Caution]) -> dict[str, Any]:
    """Remove the optional fields of an article from `given` and return their values.

    Parameters
    ----------
    given : dict
        The fields of a row under their standard names. Fields that are read are removed. Tag fields stay and
        become lists.
    cautions : list
        One caution is appended for each unreadable field.

    Returns
    -------
    dict
        ``published``, ``section``, ``language``, ``url``, ``description`` and ``image``. Missing or
        unreadable fields are None.
    """
    for name in TAG_FIELDS:
        if name in given:
            _put_tags(given, name)
    found: dict[str, Any] = {}
    for name, read in _READERS.items():
        value = given.pop(name, None)
        found[name] = None if value is None else read(name, value, cautions)
    return found


def _published(name: str, value: Any, cautions: list[Caution]) -> datetime | None:
    if isinstance(value, list):  # the first readable date counts
        unreadable: list[Caution] = []
        for each in value:
            if moment := _published(name, each, unreadable):
                return moment
        cautions += unreadable[:1]
        return None
    try:
        return parse_date(value)
    except ValueError as error:
        if is_true(value) or is_false(value) or not is_given(value):
            return None  # Jekyll's `published: true` is a flag, not a date
        move = f"give ISO 8601, such as 2026-05-01; {_LEFT_OUT}"
        cautions.append(Caution("a date that cannot be read", f"{error} in 'published'", move))
        return None


def _section(name: str, value: Any, cautions: list[Caution]) -> str | None:
    if type(value) is str:
        return None if is_absent(value) else value.strip()
    named = next(_named(value), None)
    if named is None and is_given(value) and value is not False:
        cautions.append(_unreadable(name, value))
    return named


def _named(value: Any) -> Iterator[str]:
    """Yield the names in a string, a number, an object with a name, or a list of these."""
    for each in value if isinstance(value, list | tuple) else [value]:
        if isinstance(each, Mapping):
            each = next((each[name] for name in _NAMES if each.get(name)), None)
        if isinstance(each, int | float) and not isinstance(each, bool):
            each = str(each)
        if isinstance(each, str) and not is_absent(each):
            yield each.strip()


def _language(name: str, value: Any, cautions: list[Caution]) -> str | None:
    tag = value[0] if isinstance(value, list) and value else value
    if isinstance(tag, str) and (known := _tag(tag)):
        return known
    if is_given(value):
        cautions.append(_unreadable(name, value, "give a tag such as en or zh-Hant"))
    return None


@lru_cache(maxsize=4096)  # a site has few tags and many articles
def _tag(text: str) -> str | None:
    if named := tag_of_name(text):
        return named
    if _LANGUAGE.fullmatch(text.strip()) is None or is_absent(text):
        return None
    return text.strip().partition(".")[0].replace("_", "-")


def _address(name: str, value: Any, cautions: list[Caution]) -> str | None:
    if isinstance(value, str):
        if (
            value.startswith(("https://", "http://", "/"))
            and not has_controls(value)
            and len(value) <= _LONGEST
        ):
            return value.strip()
        if is_absent(value):
            return None
        scheme = _SCHEME.match(value)
        is_showable = scheme is None or scheme[1].lower() in _SHOWABLE
        if is_showable and not has_controls(value.strip()) and len(value) <= _LONGEST:
            return value.strip()
    if is_given(value):
        cautions.append(_unreadable(name, value, "give an http address or a path"))
    return None


_LONGEST = 8_000  # characters of an address; servers refuse longer ones


def _image(name: str, value: Any, cautions: list[Caution]) -> str | None:
    for _ in range(3):  # the deepest known form is a list of objects whose url is a list
        if isinstance(value, list):
            value = next((each for each in value if is_given(each)), None)
        if isinstance(value, Mapping):
            value = next((value[part] for part in _PARTS if is_given(value.get(part))), None)
    if (
        value is None
        or isinstance(value, bool | int)
        or (isinstance(value, str) and value.lstrip()[:5] == "data:")
    ):
        return None  # inline images have no address, and numbers are not addresses
    return _address(name, value, cautions)


def _text(name: str, value: Any, cautions: list[Caution]) -> str | None:
    if isinstance(value, Mapping):
        value = next(
            (value[part] for part in ("rendered", "text", "value", "plain") if value.get(part)), value
        )
    if isinstance(value, str):
        return None if is_absent(value) else value
    if is_given(value) and value is not False:
        cautions.append(_unreadable(name, value))
    return None


def _put_tags(given: dict[str, Any], name: str) -> None:
    value = given[name]
    is_one = name == "series" and isinstance(value, str)
    tags = tags_of([value] if is_one else value)  # the name of a series may contain a comma
    if tags:
        given[name] = tags
    else:
        del given[name]


_READERS: Mapping[str, Callable[[str, Any, list[Caution]], Any]] = {
    "published": _published,
    "section": _section,
    "language": _language,
    "url": _address,
    "description": _text,
    "image": _image,
}


def _unreadable(name: str, value: object, move: str = "give text") -> Caution:
    shown = ascii(value) if not isinstance(value, str) else repr(value)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return Caution(f"a {name} that cannot be read", shown, f"{move}; {_LEFT_OUT}")
