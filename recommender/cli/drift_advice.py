"""What commands say of drift: the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["drift_text"]


def drift_text(facts: Mapping[str, Any]) -> str:
    """Return `Drift.to_dict` as a line of text."""
    if not facts["changed_share"]:
        return "none, all articles are as they were when the model was fitted"
    parts = [f"{facts['n_added']:,} added and {facts['n_edited']:,} edited, fitted on {facts['n_fitted']:,}"]
    for title, name in (("unknown terms", "unknown"), ("texts found by their titles", "found")):
        since, before = facts[f"{name}_since"], facts[f"{name}_before"]
        if since is not None and before is not None:
            parts.append(f"{title} {since:.0%} of these, {before:.0%} of the others")
    if facts["chance_now"] is not None:
        parts.append(f"chance {facts['chance_now']:.4f}, fitted {facts['chance_before']:.4f}")
    return "; ".join([*parts, "build again" if facts["advice"] else "no need to build again"])
