"""What an update prints: ids or JSON on standard output, counts and advice on standard error."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from recommender.cli.terminal import counted, plural, print_json, say
from recommender.updating.changes import Changes

__all__ = ["UpdateReport", "write_ids"]

_SHOWN = 5  # ids that a message names


@dataclass(frozen=True)
class UpdateReport:
    """Prints changes.

    Parameters
    ----------
    as_json : bool
        Whether to print all changes as JSON instead of the ids whose lists changed.
    in_lines : bool
        Whether there are several updates: each is one line of JSON, and nothing is printed for one without changes.
    """

    as_json: bool
    in_lines: bool = False

    def changes(self, changes: Changes) -> None:
        """Print what an update changed, and flush, so that a reader of a pipe has it at once."""
        if self.in_lines and not (changes or changes.unchanged or changes.unknown):
            return
        if self.as_json and self.in_lines:
            import orjson

            click.echo(orjson.dumps(changes.to_dict()))
        elif self.as_json:
            print_json(changes.to_dict())
        elif changes.lists:
            click.echo("\n".join(changes.lists))
        sys.stdout.flush()
        say(_summary(changes))

    def unpublished(self, ids: Mapping[str, str]) -> None:
        """Tell which articles of the site were given as unpublished, and how they are deleted."""
        if not ids:
            return
        reasons: dict[str, int] = {}
        for reason in ids.values():
            reasons[reason] = reasons.get(reason, 0) + 1
        shown = ", ".join(list(ids)[:_SHOWN]) + (", ..." if len(ids) > _SHOWN else "")
        verb = "is" if len(ids) == 1 else "are"
        say(
            f"Warning: {plural(len(ids), 'article')} of the site {verb} no longer published ({counted(reasons)}) "
            f"and {verb} kept as before: {shown}; --delete-unpublished deletes such articles"
        )


def write_ids(file: Path, changes: Changes) -> None:
    """Write the ids whose lists changed to a file, one a line, in one step. Raises `RecommenderError`."""
    from recommender.export.atomic_write import atomic_write

    with atomic_write(file, lambda existing: True) as partial:
        partial.write_text("".join(f"{each}\n" for each in changes.lists), encoding="utf-8")


def _summary(changes: Changes) -> str:
    parts: dict[str, Any] = {
        name: len(getattr(changes, name))
        for name in ("added", "edited", "deleted", "expired", "unchanged", "unknown")
    }
    told = ", ".join(f"{n:,} {name}" for name, n in parts.items() if n)
    return f"{told or 'nothing to do'}; {plural(len(changes.lists), 'list')} changed"
