"""The arguments of public calls: their types, and checks with messages that name the argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

from recommender.rules.call_settings import CallSettings, Moment

__all__ = ["DraftSettings", "ListCall", "checked_ids", "checked_k"]


class ListCall(CallSettings, total=False):
    """Keywords of `Recommender.related`."""

    why: bool
    exclude: Iterable[str]


class DraftSettings(ListCall, total=False):
    """Keywords of `Recommender.related_to`."""

    published: Moment | None
    section: str | None
    language: str | None
    metadata: Mapping[str, Any] | None


def checked_k(k: Any) -> int | None:
    """Return k, or None for None.

    Raises
    ------
    TypeError
        If it is not a whole number.
    ValueError
        If it is below 1.
    """
    if k is None:
        return None
    if isinstance(k, bool) or not isinstance(k, Integral):
        raise TypeError(f"k must be a whole number, got {k!r:.80}")
    if k < 1:
        raise ValueError(f"k must be 1 or more, got {k}")
    return int(k)


def checked_ids(name: str, ids: Any) -> list[str]:
    """Return article ids as a list.

    Raises
    ------
    TypeError
        If they are not an iterable of text. One text is refused: it would be read letter by letter.
    """
    if isinstance(ids, str):
        raise TypeError(f"{name} must be a list of ids, got the text {ids!r:.80}; write {name}=[{ids!r:.80}]")
    if not isinstance(ids, Iterable):
        raise TypeError(f"{name} must be a list of ids, got {ids!r:.80}")
    found = list(ids)
    wrong = next((each for each in found if not isinstance(each, str)), None)
    if wrong is not None:
        raise TypeError(f"{name} must hold ids as text, got {wrong!r:.80}")
    return found
