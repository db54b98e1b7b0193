"""Pins and blocks in the metadata of articles, as a content management system stores them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from recommender.articles import Article, ArticleSummary
from recommender.editors.contradictions import contradictions
from recommender.editors.rule import Block, Pin, Rule, whole_number
from recommender.editors.rules import EditorRules
from recommender.errors import InputError, Problem

__all__ = ["METADATA_KEYS", "rules_of_metadata"]

METADATA_KEYS = ("related_pins", "related_blocks", "related_hidden")
_HIDDEN = {
    **dict.fromkeys(("true", "yes", "1", "t"), True),
    **dict.fromkeys(("false", "no", "0", "f", ""), False),
}


def rules_of_metadata(articles: Iterable[Article | ArticleSummary]) -> EditorRules:
    """Return the pins and blocks in the metadata of articles.

    Parameters
    ----------
    articles : iterable of Article or ArticleSummary
        Read once. ``related_pins``: articles pinned in this article's list, as ids or
        ``{"id": ..., "position": ...}``; pins without positions take the first free ones in order.
        ``related_blocks``: ids that never appear in this article's list. Both are lists, or text with ids
        separated by commas. ``related_hidden``: true excludes the article from every list.

    Returns
    -------
    EditorRules
        The source of each rule is ``"article 'a1'"``.

    Raises
    ------
    InputError
        If a value is invalid, or a pin contradicts another rule of the same article. Lists all problems by
        article. Pinning an article that hides itself is not an error; the block applies.
    """
    pins: list[Pin] = []
    blocks: list[Block] = []
    problems: list[Problem] = []
    keys = set(METADATA_KEYS)
    for article in articles:
        if keys.isdisjoint(article.metadata):
            continue
        source = f"article {article.article_id!r}"
        parsed = list(_rules(article.article_id, article.metadata, source))
        problems += [one.at(source) for one in parsed if isinstance(one, Problem)]
        own = EditorRules(
            tuple(one for one in parsed if isinstance(one, Pin)),
            tuple(one for one in parsed if isinstance(one, Block)),
        )
        problems += contradictions(own)
        pins += own.pins
        blocks += own.blocks
    if problems:
        raise InputError(problems)
    return EditorRules(tuple(pins), tuple(blocks))


def _rules(article_id: str, metadata: Mapping[str, Any], source: str) -> Iterator[Rule | Problem]:
    for value in _listed(metadata, "related_pins"):
        yield from _attempt("related_pins", lambda value=value: _pin(article_id, value, source))
    for value in _listed(metadata, "related_blocks"):
        yield from _attempt(
            "related_blocks", lambda value=value: Block(_id(value), article_id, source=source)
        )
    value = metadata.get("related_hidden")
    hidden = _HIDDEN.get("" if value is None else str(value).strip().lower())
    if hidden is None:
        yield Problem("'related_hidden' must be true or false", repr(value)[:60])
    elif hidden:
        yield Block(article_id, source=source)


def _listed(metadata: Mapping[str, Any], key: str) -> list[Any]:
    value = metadata.get(key)
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _attempt(key: str, make: Any) -> Iterator[Rule | Problem]:
    try:
        yield make()
    except InputError as error:
        yield from (Problem(f"in '{key}': {one.what}", one.got, one.next_move) for one in error.problems)


def _pin(article_id: str, value: Any, source: str) -> Pin:
    if not isinstance(value, Mapping):
        return Pin(article_id, _id(value), source=source)
    if "id" not in value or not value.keys() <= {"id", "position"}:
        got = ", ".join(map(str, value))[:60]
        raise InputError(Problem("expected an id or {id, position}", f"the keys {got}"))
    return Pin(article_id, _id(value["id"]), whole_number(value.get("position")), source)


def _id(value: Any) -> Any:
    """Return an integer as text, as the article readers do, and other values unchanged."""
    return str(value) if type(value) is int else value
