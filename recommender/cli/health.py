"""Rules of the lists of a site and their effects, for `recommender inspect`."""

from __future__ import annotations

from typing import Any

import numpy as np

from recommender.assembly.policy import Policy
from recommender.cli.terminal import plural
from recommender.engine import Recommender

__all__ = ["health", "health_rows"]


def health(site: Recommender) -> dict[str, Any]:
    """Return the policy, near copies, languages, sources of entries and exposure statistics of a site."""
    groups = np.bincount(site.arrays["copy_groups"], minlength=1)
    codes = site.arrays["languages"]
    policy, default = site.policy.to_json(), Policy().to_json()
    pins, blocks = (
        sum(len(said[name]) for said in site.facts["editors"].values()) for name in ("pins", "blocks")
    )
    return {
        "policy": policy,
        "changed": {name: value for name, value in policy.items() if value != default[name]},
        "pins": pins,
        "blocks": blocks,
        "chance": site.facts["chance"],
        "copies": {"groups": int((groups > 1).sum()), "articles": int(groups[groups > 1].sum())},
        "detected_languages": {
            name: int((codes == code).sum()) for code, name in enumerate(site.facts["languages"])
        },
        "rungs": site.facts["rungs"],
        "spread": site.facts["spread"],
    }


def health_rows(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the result of `health` as rows of name and text."""
    changed = "; ".join(f"{name}: {_formatted(value)}" for name, value in facts["changed"].items())
    copies, rungs = facts["copies"], facts["rungs"]
    rows = [
        ("rules", changed or "all defaults"),
        ("editors", f"{plural(facts['pins'], 'pin')}, {plural(facts['blocks'], 'block')}"),
        ("copies", f"{copies['articles']:,} articles in {plural(copies['groups'], 'group')} of near copies"),
        ("entries", ", ".join(f"{n:,} {name}" for name, n in rungs.items() if n) or "none"),
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


def _formatted(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_formatted(each)}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
