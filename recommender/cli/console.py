"""What several commands share: options, progress bars, JSON, tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import orjson

__all__ = ["SITE", "json_option", "print_json", "print_table", "progress_bars", "progress_of", "quiet_option"]

T = TypeVar("T")

SITE = click.Path(path_type=Path)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
quiet_option = click.option("--quiet", is_flag=True, help="No progress bars.")


def print_json(value: Any) -> None:
    """Print one JSON document on standard output."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str))


def print_table(rows: Iterable[Sequence[str]]) -> None:
    """Print rows of cells as columns: the first to the left, the others to the right."""
    table = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        click.echo("  ".join(cells).rstrip())


@contextmanager
def progress_bars(quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a callable for `Recommender.from_articles` that draws one bar a step, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def tell(step: str, done: int, total: int) -> None:
        if step not in bars:
            for bar in bars.values():
                bar.close()
            bars[step] = tqdm(desc=step, total=total or None, unit_scale=True, file=sys.stderr)
        bars[step].total = total or None
        bars[step].update(done - bars[step].n)

    try:
        yield tell
    finally:
        for bar in bars.values():
            bar.close()


def progress_of(quiet: bool, step: str, total: int) -> Callable[[Iterable[T]], Iterable[T]] | None:
    """Give a wrapper that draws a bar while what it wraps is read, or None off a terminal."""
    if quiet or not sys.stderr.isatty():
        return None
    from tqdm import tqdm

    def wrapped(items: Iterable[T]) -> Iterable[T]:
        return tqdm(items, desc=step, total=total, unit_scale=True, file=sys.stderr)  # type: ignore[no-any-return]

    return wrapped
