"""The operation of the writer that makes, withdraws and undoes pins and blocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from recommender.collection.summary_table import unknown_article
from recommender.editors import (
    Block,
    EditorRules,
    Pin,
    check_revision,
    decided,
    revision_of,
    undone,
    withdrawn,
)
from recommender.engine import Recommender
from recommender.errors import ConflictError, UnknownArticleError
from recommender.live_site import LiveSite

__all__ = ["change_rules", "rule_of_action"]

_OWN = "a rule in the data of an article is changed there"


def change_rules(live: LiveSite, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Make one decision, as of now.

    Arguments are ``does`` (``decide``, ``withdraw`` or ``undo``), ``by``, and the ``revision`` that was seen or None; to
    undo the ``number`` of a decision, otherwise ``action``, ``article``, ``other`` and ``position``. The result has
    the new version and revision, the decision, and the articles whose lists changed. The decision is None where the rule
    was there already. A refusal has a ``status`` and a ``detail``: 404 for an article or a rule that there is not, 409
    for what contradicts another decision.
    """
    with live.locked() as site:
        before = site.editors
        try:
            after = _after(site, before, arguments)
        except UnknownArticleError as error:
            return {"status": 404, "detail": str(error)}
        except ConflictError as error:
            return {"status": 409, "detail": str(error)}
        if after is None:
            return {
                "status": 404,
                "detail": f"no such {arguments['action']} of the desk or of a file; {_OWN}",
            }
        if after is before:
            return {"version": site.version, "revision": revision_of(before), "decision": None, "lists": []}
        changes = live.edit(after)
        return {
            "version": site.version,
            "revision": revision_of(after),
            "decision": after.log[-1].to_dict(),
            "lists": list(changes.lists),
        }


def rule_of_action(action: str, article: str, other: str | None, position: int | None) -> Pin | Block:
    """Return a rule by the columns of a table of rules, see docs/editors.md."""
    if action == "pin":
        return Pin(article, other or "", position)
    if action == "block-everywhere":
        return Block(article)
    return Block(other or "", article, action == "block-pair")


def _after(site: Recommender, before: EditorRules, arguments: Mapping[str, Any]) -> EditorRules | None:
    by, at = arguments["by"], datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if arguments["does"] == "undo":
        return undone(before, arguments["number"], by=by, at=at)
    names = ("action", "article", "other", "position")
    rule = rule_of_action(*(arguments.get(name) for name in names))  # type: ignore[arg-type]
    check_revision(before, arguments["article"], arguments.get("revision"))
    if arguments["does"] == "withdraw":
        return withdrawn(before, rule, by=by, at=at)
    for article_id in rule.ids:
        if article_id not in site:
            raise unknown_article(article_id, len(site))
    return decided(before, rule, by=by, at=at)
