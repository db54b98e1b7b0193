"""The keywords of the calls for lists: their types, and how they are divided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, NamedTuple, TypedDict

from recommender.argument_checks import checked_flag, checked_ids
from recommender.articles import Article
from recommender.rules.call_settings import CallSettings, Moment
from recommender.rules.policy import Policy

__all__ = ["DraftFields", "DraftSettings", "ListCall", "Request", "divided", "draft_article", "held"]

_OWN = ("why", "exclude")
_OF_POLICY = frozenset(each.name for each in fields(Policy))
_DRAFT = ("published", "section", "language", "metadata")


class ListCall(CallSettings, total=False):
    """Keywords of `Recommender.related`."""

    why: bool
    exclude: Iterable[str]


class DraftFields(TypedDict, total=False):
    """What a draft carries beside its text."""

    published: Moment | None
    section: str | None
    language: str | None
    metadata: Mapping[str, Any] | None


class DraftSettings(ListCall, DraftFields, total=False):
    """Keywords of `Recommender.related_to`."""


class Request(NamedTuple):
    """The keywords of a call: whether reasons are wanted, excluded ids, and settings of the policy."""

    why: bool
    exclude: list[str]
    settings: dict[str, Any]


def divided(keywords: Mapping[str, Any], *, draft: bool = False) -> Request:
    """Return the keywords of a call for a list in their parts; those of a draft's fields are left out.

    Raises
    ------
    TypeError
        If a keyword does not exist, or `why` or `exclude` has a wrong type.
    """
    own = (*_OWN, *_DRAFT) if draft else _OWN
    for name in keywords:
        if name not in own and name not in _OF_POLICY:
            known = [*CallSettings.__annotations__, *own]
            close = get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
            raise TypeError(f"no such setting: {name}; {hint}")
    settings = {name: value for name, value in keywords.items() if name in _OF_POLICY}
    why = checked_flag("why", keywords.get("why", False))
    return Request(why, checked_ids("exclude", keywords.get("exclude", ())), settings)


def held(keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Return keywords whose iterators are read, so that several calls can use them."""
    return {name: _held(value) for name, value in keywords.items()}


def draft_article(title: str, body: str, keywords: Mapping[str, Any]) -> Article:
    """Return a draft as an article."""
    given = {name: keywords[name] for name in _DRAFT if keywords.get(name) is not None}
    return Article("draft", title, body, **given)


def _held(value: Any) -> Any:
    if isinstance(value, Mapping):
        return held(value)
    return tuple(value) if isinstance(value, Iterator) else value
