"""Which format a source is in: by its content where that tells, else by its name."""

from __future__ import annotations

from recommender.readers.sources import Source

__all__ = ["FORMATS", "recognise"]

FORMATS = ("jsonl",)


def recognise(source: Source) -> str:
    """Return the name of the format of an opened source."""
    return "jsonl"
