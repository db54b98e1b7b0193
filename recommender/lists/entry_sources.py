"""Where an entry of a list comes from."""

from __future__ import annotations

from recommender.rules.policy_settings import FALLBACKS

__all__ = ["SOURCES", "source_code"]

SOURCES = ("related", "pinned", *FALLBACKS, "orphan", "series")
"""Names of the sources of entries. Lists hold their places here."""


def source_code(name: str) -> int:
    """Return the place of a source in `SOURCES`."""
    return SOURCES.index(name)
