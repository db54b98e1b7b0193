"""Rules of the lists of a site and their effects, for `recommender inspect`."""

from __future__ import annotations

from typing import Any

import numpy as np

from recommender.cli.terminal import plural
from recommender.engine import Recommender
from recommender.rules.policy import Policy

__all__ = ["health", "health_rows"]

_SHOWN = 20  # parallel trees in the text output


def health(site: Recommender) -> dict[str, Any]:
    """Return the policy, near copies, languages, sources of entries and exposure statistics of a site."""
    built = site.site
    groups = np.bincount(built.collection.copies.groups, minlength=1)
    codes = built.collection.languages
    policy, default = site.policy.to_dict(), Policy().to_dict()
    rules = built.settings.editors, built.metadata_rules
    return {
        "policy": policy,
        "changed": {name: value for name, value in policy.items() if value != default[name]},
        "pins": sum(len(each.pins) for each in rules),
        "blocks": sum(len(each.blocks) for each in rules),
        "chance": built.model.chance,
        "copies": {"groups": int((groups > 1).sum()), "articles": int(groups[groups > 1].sum())},
        "detected_languages": {
            name: int((codes == code).sum()) for code, name in enumerate(built.model.languages)
        },
        "trees": built.collection.trees.counts(),
        "sources": built.lists.counts(),
        "spread": built.spread,
    }


def health_rows(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the result of `health` as rows of name and text."""
    changed = "; ".join(f"{name}: {_formatted(value)}" for name, value in facts["changed"].items())
    copies, sources = facts["copies"], facts["sources"]
    rows = [
        ("rules", changed or "all defaults"),
        ("editors", f"{plural(facts['pins'], 'pin')}, {plural(facts['blocks'], 'block')}"),
        ("copies", f"{copies['articles']:,} articles in {plural(copies['groups'], 'group')} of near copies"),
        *([("trees", _trees(facts["trees"]))] if facts["trees"] else []),
        ("entries", ", ".join(f"{n:,} {name}" for name, n in sources.items() if n) or "none"),
    ]
    if spread := facts["spread"]:
        old, new = spread["before"], spread["after"]
        rows.append(
            (
                "spread",
                f"in no list {old['orphans']:,}, now {new['orphans']:,}; most lists of one article "
                f"{old['max_in_degree']:,}, now {new['max_in_degree']:,}; "
                f"Gini {old['gini']:.3f}, now {new['gini']:.3f}",
            )
        )
    return rows


def _trees(counts: dict[str, int]) -> str:
    named = [f"{name} {n:,}" for name, n in list(counts.items())[:_SHOWN]]
    more = [f"and {len(counts) - _SHOWN:,} more"] if len(counts) > _SHOWN else []
    return "parallel: " + ", ".join(named + more)


def _formatted(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_formatted(each)}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
