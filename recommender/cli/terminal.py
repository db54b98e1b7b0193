"""What leaves the commands: lines and JSON on standard output, messages and progress bars on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

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
    "shown",
    "table",
]


def shown(text: str) -> str:
    r"""Return text that cannot move the cursor or colour the terminal, whatever a feed put into it.

    Examples
    --------
    >>> shown("Rain\x1b[31m in May")
    'Rain�[31m in May'
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def say(message: str) -> None:
    """Print a message of one or more lines on standard error."""
    click.echo("\n".join(shown(line) for line in message.split("\n")), err=True)


def print_lines(lines: Iterable[str]) -> None:
    """Print result lines on standard output."""
    for line in lines:
        click.echo(shown(line))


def print_json(document: Any) -> None:
    """Print one JSON document on standard output; a number that is none, such as the mean of nothing, is null."""
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
    """Return names with their counts, the largest first.

    Examples
    --------
    >>> counted({"redirect": 1, "draft": 2_000})
    'draft 2,000, redirect 1'
    """
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{name} {count:,}" for name, count in ordered)


def joined(values: Iterable[object]) -> str:
    """Return the values that are not empty, with dots between.

    Examples
    --------
    >>> joined(["a1", None, "sport"])
    'a1 · sport'
    """
    return " · ".join(str(value) for value in values if value)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines, the first column flush left and the others flush right.

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
    """Progress bars on standard error, one a step; what the engine calls with step, done and total.

    Parameters
    ----------
    wanted : bool or None
        None for bars on a terminal only.
    """

    def __init__(self, wanted: bool | None) -> None:
        self._on = sys.stderr.isatty() if wanted is None else wanted
        self._step = ""
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that `done` of `total` are done in this step; a total of 0 means that nobody knows it yet."""
        if not self._on:
            return
        if step != self._step:
            self._close()
            self._step, self._bar = step, self._opened(step)
        if self._bar is not None:
            self._bar.total = total or None
            self._bar.update(done - self._bar.n)
            if total and done >= total:
                self._close()  # so that a warning after the step has a line to itself

    def over(self, step: str, things: Iterable[Any], total: int) -> Iterable[Any]:
        """Yield things, showing how many have passed."""
        for done, thing in enumerate(things, start=1):
            yield thing
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
