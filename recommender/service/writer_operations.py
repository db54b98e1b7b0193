"""What the writer of a service can be asked for, by name. Arguments and results are what JSON can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from recommender.articles import Article
from recommender.live_site import LiveSite
from recommender.service.rule_operations import change_rules

__all__ = ["OPERATIONS", "Operation"]

Operation = Callable[[LiveSite, Mapping[str, Any]], dict[str, Any]]


def _update(live: LiveSite, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Add, edit and delete articles: `add` are `Article.to_dict`, `delete` ids."""
    add = [Article(**each) for each in arguments["add"]]
    with live.locked() as site:
        delete = [each for each in arguments["delete"] if each in site]
        changes = live.update(add, delete)
        unknown = sorted({*arguments["delete"]} - {*delete})
        return {"version": site.version, **changes.to_dict(), "unknown": unknown}


OPERATIONS: dict[str, Operation] = {"update": _update, "rules": change_rules}
"""The operations by their names. Each takes the site, whose lock it takes, and its arguments."""
