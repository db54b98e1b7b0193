"""Validates the settings of a policy and converts them to the types that the rules use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from math import inf, nextafter
from numbers import Integral, Real
from typing import Any

from recommender.dates import parse_iso_date
from recommender.frozen_dict import FrozenDict
from recommender.rules.age import MODES
from recommender.rules.article_fields import text_of

__all__ = ["COPIES", "FALLBACKS", "LINKED", "SERIES", "TRANSLATIONS", "TREES", "texts", "tidied"]

COPIES = ("best", "original", "longest", "newest", "sections", "keep")
"""Which article represents a group of near copies in a list: the one with the best score there, the oldest, the
longest, the newest, or one of a preferred section. With "keep" each is listed by itself."""

TREES = ("own", "all")
"""Whether a page of a version or of a translation lists those of its own tree only, or of parallel trees too."""

TRANSLATIONS = ("listed", "apart")
"""Whether a list may hold the same page in another language, where `cross_language` allows other languages."""

LINKED = ("listed", "out")
"""Whether a list may hold what the text of its article links to."""

SERIES = ("listed", "first")
"""Whether the next and the previous part of a series are listed as any article, or first."""

FALLBACKS = ("section", "popular", "newest")
"""What a short list can be filled with: the newest of its section, the most read, the newest of the site."""

_SHOWN = 80  # characters of a value in a message


def tidied(settings: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the valid settings in the types of the rules, and a message for each invalid one, both by name.

    Numbers and truth values may be text, as in files.

    Examples
    --------
    >>> tidied({"floor": "0.4", "same": "author", "diversity": 2})
    ({'floor': 0.4, 'same': ('author',)}, {'diversity': 'diversity must be from 0 to 1, got 2'})
    """
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in settings.items():
        if name not in _SETTINGS:
            close = get_close_matches(str(name), _SETTINGS, n=1)
            wrong[name] = f"no such setting: {name}" + (f"; did you mean {close[0]}?" if close else "")
            continue
        wanted, make = _SETTINGS[name]
        try:
            found[name] = None if value is None and name in _OPTIONAL else make(value)
        except (TypeError, ValueError, OverflowError):
            wrong[name] = f"{name} must be {wanted}, got {repr(value)[:_SHOWN]}"
    if not {"copies", "copy_sections"} & set(wrong):
        wants, has = found.get("copies") == "sections", bool(found.get("copy_sections"))
        if wants != has:
            name = "copies" if wants else "copy_sections"
            wrong[name] = "copies='sections' needs copy_sections, and only that"
    return found, wrong


def texts(values: Any) -> tuple[str, ...]:
    """Return one value or several as text, as articles have them in their fields.

    Raises
    ------
    TypeError
        If a value is not plain.
    """
    if isinstance(values, str | Real | date):
        return (text_of(values),)
    if not isinstance(values, Iterable) or isinstance(values, Mapping | bytes):
        raise TypeError
    each = tuple(values)
    if any(value is None or isinstance(value, list | tuple | Mapping) for value in each):
        raise TypeError
    return tuple(map(text_of, each))


def _between(least: float, most: float, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, str | Real):
        raise TypeError
    number = float(value)
    if not least <= number <= most or number == inf:
        raise ValueError
    return number


_days = partial(_between, nextafter(0, 1), inf)


def _whole(value: Any, least: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, str | Integral) or int(value) < least:
        raise ValueError
    return int(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool) and value not in ("true", "false"):
        raise ValueError
    return value in (True, "true")


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def _seed(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | Integral | date) or value == "":
        raise ValueError
    return text_of(value)


def _one_of(names: tuple[str, ...], value: Any) -> str:
    if value not in names:
        raise ValueError
    return str(value)


def _different(names: tuple[str, ...], values: Any) -> tuple[str, ...]:
    found = texts(values)
    if not set(found) <= set(names) or len(set(found)) < len(found):
        raise ValueError
    return found


def _by_name(make: Callable[[Any], Any], values: Any) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        raise TypeError
    return FrozenDict({str(name): make(value) for name, value in values.items()})


def _last_moment(value: Any) -> datetime:
    """Return a moment. A date without a time means the end of its day."""
    moment = parse_iso_date(value)
    has_time = (
        len(value.strip()) > len("2026-05-01") if isinstance(value, str) else isinstance(value, datetime)
    )
    return moment if has_time else moment.replace(hour=23, minute=59, second=59, microsecond=999_999)


_OPTIONAL = (
    "now",
    "published_after",
    "published_before",
    "within_days",
    "exposure",
    "rotation",
    "rotation_keeps",
)
_DATE = "an ISO 8601 date"
_VALUES = "fields with their values"
_SETTINGS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "floor": ("from 0 to 1", partial(_between, 0, 1)),
    "copies": (f"one of {', '.join(COPIES)}", partial(_one_of, COPIES)),
    "copy_sections": ("names of sections", texts),
    "cross_language": ("true or false", _truth),
    "trees": (f"one of {', '.join(TREES)}", partial(_one_of, TREES)),
    "translations": (f"one of {', '.join(TRANSLATIONS)}", partial(_one_of, TRANSLATIONS)),
    "linked": (f"one of {', '.join(LINKED)}", partial(_one_of, LINKED)),
    "series": (f"one of {', '.join(SERIES)}", partial(_one_of, SERIES)),
    "recency": (f"one of {', '.join(MODES)}", partial(_one_of, MODES)),
    "half_life": ("more than 0 days", _days),
    "half_lives": ("sections with days, more than 0", partial(_by_name, _days)),
    "now": (_DATE, parse_iso_date),
    "where": (_VALUES, partial(_by_name, texts)),
    "where_not": (_VALUES, partial(_by_name, texts)),
    "published_after": (_DATE, parse_iso_date),
    "published_before": (_DATE, _last_moment),
    "within_days": ("0 days or more", partial(_between, 0, inf)),
    "same": ("names of fields", texts),
    "diversity": ("from 0 to 1", partial(_between, 0, 1)),
    "caps": ("fields with whole numbers of 1 or more", partial(_by_name, _whole)),
    "exposure": ("1 or more", partial(_between, 1, inf)),
    "fallback": (f"of {', '.join(FALLBACKS)}, none twice", partial(_different, FALLBACKS)),
    "popularity": ("the name of a field", _name),
    "rotation": ("a seed, such as a date", _seed),
    "rotation_keeps": ("a whole number of 0 or more", partial(_whole, least=0)),
}
