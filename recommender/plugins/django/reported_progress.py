"""Progress and accounts of the commands of manage.py."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from recommender.plugins.django.row_articles import Reading

__all__ = ["ReportedProgress", "reading_lines", "refused"]

_SHOWN = 20


class ReportedProgress:
    """Shows the progress of a step in one line of a terminal. Elsewhere it shows nothing.

    Parameters
    ----------
    stream : file
        Standard error as a command of Django has it.
    verbosity : int
        0 shows nothing.
    """

    def __init__(self, stream: Any, verbosity: int) -> None:
        self._stream = stream
        self._shows = verbosity > 0 and bool(getattr(stream, "isatty", lambda: False)())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shows:
            self._stream.write("\r\x1b[K", ending="")

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how far a step is."""
        if self._shows:
            of = f"{done:,} of {total:,}" if total else f"{done:,}"
            self._stream.write(f"\r\x1b[K{step}: {of}", ending="")
            self._stream.flush()


def reading_lines(reading: Reading, verbosity: int) -> Iterator[str]:
    """Yield what is to be said of a reading: counts, rows without text, and rows that could not be read."""
    verbose = verbosity > 1
    for label, count in reading.counts.items():
        if verbosity:
            yield f"{label}: {count:,} articles"
    if reading.empty and verbosity:
        shown = reading.empty if verbose else reading.empty[:5]
        more = "" if len(shown) == len(reading.empty) else ", ..."
        yield f"Left out, without title and text: {len(reading.empty):,} ({', '.join(shown)}{more})"
    yield from (f"Skipped: {problem}" for problem in _shown(reading, verbose=verbose))


def refused(reading: Reading, what: str) -> str:
    """Return the message of an error that names the rows that could not be read."""
    return "\n".join([*map(str, _shown(reading, verbose=False)), what])


def _shown(reading: Reading, *, verbose: bool) -> list[Any]:
    shown: list[Any] = reading.problems if verbose else reading.problems[:_SHOWN]
    more = len(reading.problems) - len(shown)
    return [*shown, *([f"and {more:,} more"] if more else [])]
