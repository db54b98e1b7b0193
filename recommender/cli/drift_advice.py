"""What commands say of drift: the numbers, and when it is time to build again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from recommender.cli.terminal import say

if TYPE_CHECKING:
    from recommender.engine import Recommender
    from recommender.updating.changes import Changes

__all__ = ["DriftWatch", "drift_text"]

_SHARE = 0.01  # of the articles that change between two looks


class DriftWatch:
    """Advises once to build a site again, when its words have drifted away from the model.

    It looks at the first update, and then whenever one article in a hundred has changed.
    """

    def __init__(self) -> None:
        self._is_told = False
        self._unseen: float = float("inf")

    def after(self, site: Recommender, changes: Changes) -> None:
        """Look after an update, and print the advice, if there is some that was not printed before."""
        self._unseen += len(changes.added) + len(changes.edited)
        if self._is_told or self._unseen < _SHARE * len(site):
            return
        from recommender.updating.drift import quick_advice

        self._unseen = 0
        advice = quick_advice(site.site)
        if advice is not None:
            self._is_told = True
            say(f"Note: {advice}")


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
