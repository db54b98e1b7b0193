"""Output of commands: results on standard output, messages and progress bars on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from recommender.control_characters import without_controls

if TYPE_CHECKING:
    from tqdm import tqdm

__all__ = [
    "Bars",
    "counted",
    "joined",
    "plural",
    "print_json",
    "print_lines",
    "say",
    "table",
]


def say(message: str) -> None:
    """Print a message of one or more lines to standard error."""
    click.echo("\n".join(without_controls(line) for line in message.split("\n")), err=True)


def print_lines(lines: Iterable[str]) -> None:
    """Print result lines to standard output."""
    for line in lines:
        click.echo(without_controls(line))


def print_json(document: Any) -> None:
    """Print a JSON document to standard output. NaN becomes null."""
    import orjson

    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY
    click.echo(orjson.dumps(document, option=option, default=str), nl=False)


def plural(count: int, noun: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> plural(1, "article"), plural(12_000, "list")
    ('1 article', '12,000 lists')
    """
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def counted(counts: Mapping[str, int]) -> str:
    """Return names with their counts, largest first.

    Examples
    --------
    >>> counted({"redirect": 1, "draft": 2_000})
    'draft 2,000, redirect 1'
    """
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{name} {count:,}" for name, count in ordered)


def joined(values: Iterable[object]) -> str:
    """Join the non-empty values with dots.

    Examples
    --------
    >>> joined(["a1", None, "sport"])
    'a1 · sport'
    """
    return " · ".join(str(value) for value in values if value)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Format rows as lines, with the first column left-aligned and the others right-aligned.

    Examples
    --------
    >>> table([("RR", "0.5"), ("nDCG@10", "0.25")])
    ['RR        0.5', 'nDCG@10  0.25']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]
    return [line.rstrip() for line in lines]


class Bars:
    """Progress bars on standard error, one per step. Called as bars(step, done, total).

    Parameters
    ----------
    enabled : bool or None
        Whether to show bars. None shows them on a terminal only.
    """

    def __init__(self, enabled: bool | None) -> None:
        self._on = sys.stderr.isatty() if enabled is None else enabled
        self._step = ""
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Update the bar of a step. A total of 0 means that it is unknown."""
        if not self._on:
            return
        if step != self._step:
            self._close()
            self._step, self._bar = step, self._opened(step)
        if self._bar is not None:
            self._bar.total = total or None
            self._bar.update(done - self._bar.n)
            if total and done >= total:
                self._close()  # a warning after the step then starts on a new line

    def over(self, step: str, items: Iterable[Any], total: int) -> Iterable[Any]:
        """Yield the items and show the number yielded."""
        for done, item in enumerate(items, start=1):
            yield item
            if self._on and (done % 100 == 0 or done == total):
                self(step, done, total)

    def _opened(self, step: str) -> tqdm[Any]:
        from tqdm import tqdm

        return tqdm(desc=step, file=sys.stderr, dynamic_ncols=True, unit_scale=True, unit="")

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.refresh()
            self._bar.close()
            self._bar = None
