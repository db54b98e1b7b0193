"""What the writer of a service can be asked for, by name. Arguments and results are what JSON can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from recommender.articles import Article
from recommender.errors import InputError, Problem
from recommender.live_site import LiveSite
from recommender.readers.change_lines import read_change
from recommender.service.rule_operations import change_rules

__all__ = ["OPERATIONS", "Operation"]

Operation = Callable[[LiveSite, Mapping[str, Any]], dict[str, Any]]

_PLACE = "articles"


def _update(live: LiveSite, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Add, edit and delete articles: `add` are the fields of articles, `delete` ids.

    Returns `Changes.to_dict`, the new version, and warnings.
    """
    articles, cautions = _articles(arguments["add"])
    with live.locked() as site:
        delete = list(dict.fromkeys(arguments["delete"]))
        known = [each for each in delete if each in site]
        changes = live.update(articles, known)
        unknown = sorted({*delete} - {*known})
        return {"version": site.version, **changes.to_dict(), "unknown": unknown, "warnings": cautions}


def _articles(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Article], list[str]]:
    """Return the articles of some rows, and warnings. A row is read as a line of `recommender update SITE -`.

    Raises
    ------
    InputError
        With all problems of all rows.
    """
    articles: list[Article] = []
    cautions: list[str] = []
    problems: list[Problem] = []
    for place, row in enumerate(rows):
        found = read_change(orjson.dumps(row), place, id="id", source=_PLACE)
        cautions += [str(each) for each in found.cautions]
        problems += found.problems
        if found.unpublished:
            move = "DELETE it if it is to go, or send it when it is published"
            problems.append(
                Problem(f"not published: {found.unpublished}", str(row["id"]), move, _PLACE, place)
            )
        elif found.article is not None:
            articles.append(found.article)
    if problems:
        raise InputError(problems)
    return articles, cautions


def _prepare(live: LiveSite, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Make the first update as fast as the others."""
    live.prepare()
    return {}


OPERATIONS: dict[str, Operation] = {"update": _update, "rules": change_rules, "prepare": _prepare}
"""The operations by their names. Each takes the site, whose lock it takes, and its arguments."""
