"""What an update prints: ids or JSON on standard output, counts and advice on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import click

from recommender.cli.terminal import counted, plural, print_json, say
from recommender.updating.changes import Changes

__all__ = ["UpdateReport", "change_counts", "changes_line", "check_ids_file", "write_ids"]

_SHOWN = 5  # ids that a message names
_NAMES = ("added", "edited", "deleted", "expired", "unchanged", "unknown")


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
        say(changes_line(change_counts(changes)))

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


def check_ids_file(file: Path | None, articles: Sequence[str]) -> None:
    """Raise `click.BadParameter` for a file of ``--changed`` that has no folder or is one of ARTICLES."""
    if file is None:
        return
    if not file.absolute().parent.is_dir():
        raise click.BadParameter(f"no folder {file.parent}", param_hint="--changed")
    if any(file.exists() and Path(each).exists() and file.samefile(each) for each in articles):
        raise click.BadParameter("would overwrite ARTICLES; choose another file", param_hint="--changed")


def write_ids(file: Path, ids: Iterable[str]) -> None:
    """Write the ids whose lists changed to a file, one a line, in one step. Raises `RecommenderError`."""
    from recommender.export.atomic_write import atomic_write

    with atomic_write(file, lambda existing: True) as partial:
        partial.write_text("".join(f"{each}\n" for each in ids), encoding="utf-8")


def change_counts(changes: Changes) -> dict[str, int]:
    """Return how many articles changed in each way, and how many lists."""
    return {each.name: len(getattr(changes, each.name)) for each in fields(changes)}


def changes_line(counts: Mapping[str, int]) -> str:
    """Return these numbers as a line."""
    told = ", ".join(f"{counts[name]:,} {name}" for name in _NAMES if counts[name])
    return f"{told or 'nothing to do'}; {plural(counts['lists'], 'list')} changed"
