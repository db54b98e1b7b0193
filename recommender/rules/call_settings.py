"""The settings of a policy that one call may change, typed for the keywords of that call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal, TypeAlias, TypedDict

__all__ = ["CallSettings", "Moment", "Values"]

Moment: TypeAlias = datetime | date | str
"""A point in time; text is ISO 8601."""

Values: TypeAlias = str | int | float | bool | date | Iterable[str | int | float | bool | date]
"""One value of a field, or several."""


class CallSettings(TypedDict, total=False):
    """Settings of `Policy` for one list. They replace those of the site; see `Policy` for their meaning."""

    floor: float
    copies: Literal["best", "original", "longest", "newest", "sections", "keep"]
    copy_sections: str | Iterable[str]
    cross_language: bool
    recency: Literal["background"]
    where: Mapping[str, Values]
    where_not: Mapping[str, Values]
    published_after: Moment
    published_before: Moment
    within_days: float
    same: str | Iterable[str]
    diversity: float
    caps: Mapping[str, int]
    fallback: str | Iterable[str]
    trees: Literal["own", "all"]
    translations: Literal["listed", "apart"]
    linked: Literal["listed", "out"]
    series: Literal["listed", "first"]
    rotation: str | int | date
    rotation_keeps: int
