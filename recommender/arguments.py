"""The arguments of public calls: their types, and checks with messages that name the argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

from recommender.articles import Article
from recommender.editors.rules import EditorRules
from recommender.rules.call_settings import CallSettings, Moment
from recommender.rules.policy import Policy
from recommender.scoring.weights import Weights

__all__ = [
    "DraftSettings",
    "ListCall",
    "check_rules",
    "checked_articles",
    "checked_id",
    "checked_ids",
    "checked_k",
]


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


def checked_id(name: str, article_id: Any) -> str:
    """Return an article id.

    Raises
    ------
    TypeError
        If it is not text.
    """
    _check_type(name, article_id, str)
    return str(article_id)


def checked_articles(articles: Any) -> Iterable[Article]:
    """Return articles as they are; each is checked when it is read.

    Raises
    ------
    TypeError
        If they are not an iterable of `Article`.
    """
    if isinstance(articles, str | bytes | Mapping) or not isinstance(articles, Iterable):
        raise TypeError(
            f"articles must be an iterable of Article, got {articles!r:.80}; read files with read_articles"
        )
    return articles


def _check_type(name: str, value: Any, wanted: type) -> None:
    """Raise `TypeError`, naming the argument, if a value has another type; None is fine for all types but text."""
    if isinstance(value, wanted) or (value is None and wanted is not str):
        return
    what = "text" if wanted is str else f"{'an' if wanted.__name__[0] in 'AEIOU' else 'a'} {wanted.__name__}"
    raise TypeError(f"{name} must be {what}, got {value!r:.80}")


def check_rules(weights: Any, policy: Any, editors: Any) -> None:
    """Raise `TypeError` if weights, policy or editors have another type."""
    _check_type("weights", weights, Weights)
    _check_type("policy", policy, Policy)
    _check_type("editors", editors, EditorRules)


def split_call(settings: dict[str, Any]) -> tuple[bool, list[str], dict[str, Any]]:
    """Return `why`, the excluded ids, and the settings of the policy among the keywords of a call."""
    why = settings.pop("why", False)
    exclude = checked_ids("exclude", settings.pop("exclude", ()))
    return bool(why), exclude, settings
