"""Pins and blocks that articles carry in their own metadata, as a content management system keeps them."""

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
_HIDDEN = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


def rules_of_metadata(articles: Iterable[Article | ArticleSummary]) -> EditorRules:
    """Return the pins and blocks in the metadata of articles.

    Parameters
    ----------
    articles : iterable of Article or ArticleSummary
        Read once. ``related_pins``: what stands in the article's own list, as ids or ``{"id": ..., "position": ...}``;
        without positions in this order from the first free one. ``related_blocks``: ids that never stand in it.
        Both a list, or text with commas between ids. ``related_hidden``: true keeps the article out of every list.

    Returns
    -------
    EditorRules
        The source of each is ``"article 'a1'"``.

    Raises
    ------
    InputError
        Listing, by article, every value that cannot be used, and pins that other rules of the same article
        contradict. A pin of an article that is hidden by its own metadata is no error: the block holds.
    """
    pins: list[Pin] = []
    blocks: list[Block] = []
    problems: list[Problem] = []
    wanted = set(METADATA_KEYS)
    for article in articles:
        if wanted.isdisjoint(article.metadata):
            continue
        source = f"article {article.article_id!r}"
        made = list(_rules(article.article_id, article.metadata, source))
        problems += [one.at(source) for one in made if isinstance(one, Problem)]
        own = EditorRules(
            tuple(one for one in made if isinstance(one, Pin)),
            tuple(one for one in made if isinstance(one, Block)),
        )
        problems += contradictions(own)
        pins += own.pins
        blocks += own.blocks
    if problems:
        raise InputError(problems)
    return EditorRules(tuple(pins), tuple(blocks))


def _rules(article_id: str, metadata: Mapping[str, Any], source: str) -> Iterator[Rule | Problem]:
    for value in _listed(metadata, "related_pins"):
        yield from _made("related_pins", lambda value=value: _pin(article_id, value, source))
    for value in _listed(metadata, "related_blocks"):
        yield from _made("related_blocks", lambda value=value: Block(_id(value), article_id, source=source))
    hidden = metadata.get("related_hidden")
    said = _HIDDEN.get("" if hidden is None else str(hidden).strip().lower())
    if said is None:
        yield Problem("wanted true or false as 'related_hidden'", repr(hidden)[:60])
    elif said:
        yield Block(article_id, source=source)


def _listed(metadata: Mapping[str, Any], key: str) -> list[Any]:
    value = metadata.get(key)
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _made(key: str, make: Any) -> Iterator[Rule | Problem]:
    try:
        yield make()
    except InputError as error:
        yield from (Problem(f"in '{key}': {one.what}", one.got, one.next_move) for one in error.problems)


def _pin(article_id: str, value: Any, source: str) -> Pin:
    if not isinstance(value, Mapping):
        return Pin(article_id, _id(value), source=source)
    if "id" not in value or not value.keys() <= {"id", "position"}:
        got = ", ".join(map(str, value))[:60]
        raise InputError(Problem("wanted an id, or {id, position}", f"the keys {got}"))
    return Pin(article_id, _id(value["id"]), whole_number(value.get("position")), source)


def _id(value: Any) -> Any:
    """Return a whole number as text, as the readers of articles do; anything else is for the rule to judge."""
    return str(value) if type(value) is int else value
