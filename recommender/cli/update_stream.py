"""`recommender update SITE -`: lines of JSON that change a site as they arrive."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from recommender.cli.terminal import say
from recommender.cli.update_records import kind_problems
from recommender.cli.update_report import UpdateReport
from recommender.errors import InputError, Problem
from recommender.live_site import LiveSite
from recommender.readers.change_lines import ChangeLine, read_change
from recommender.readers.inputs.sources import MAX_LINE_BYTES

__all__ = ["LineOptions", "follow_lines"]

_BATCH = 1_000  # lines
_QUIET_S = 0.2  # a batch ends when nothing arrives for so long
_LONGEST_S = 1.0  # and after so long in any case
_POLL_S = 0.1
_END = b""

_Numbered = tuple[int, bytes]


@dataclass(frozen=True)
class LineOptions:
    """How lines are read.

    Parameters
    ----------
    id : str or None
        Field with the id.
    keep : collection of str
        Reasons for which rows are not left out.
    skip : bool
        Whether a bad line is skipped instead of ending the stream.
    delete_unpublished : bool
    fields : mapping of str to str
        What the lines call some fields.
    """

    id: str | None
    keep: Collection[str]
    skip: bool
    delete_unpublished: bool
    fields: Mapping[str, str] = field(default_factory=dict)


def follow_lines(
    stream: BinaryIO, live: LiveSite, options: LineOptions, report: UpdateReport, stop: threading.Event
) -> None:
    """Apply lines until the stream ends or `stop` is set. Each batch is saved before its changes are printed.

    Raises
    ------
    InputError
        At a bad line, unless it is skipped. The lines before it are applied.
    """
    for batch in _batches(_Lines(stream), stop):
        found = [
            (number, read_change(line, number, id=options.id, keep=options.keep, fields=options.fields))
            for number, line in batch
        ]
        bad = next((place for place, (_, change) in enumerate(found) if change.problems), len(found))
        good = found if options.skip else found[:bad]
        for _, change in found if options.skip else found[: bad + 1]:
            for caution in change.cautions:
                say(f"Warning: {caution}")
            if options.skip:
                _say_skipped(change.problems)
        _apply([each for each in good if each[1].article_id], live, options, report)
        live.tidy()
        if len(good) < len(found):
            raise InputError(found[bad][1].problems)


def _apply(
    found: list[tuple[int, ChangeLine]], live: LiveSite, options: LineOptions, report: UpdateReport
) -> None:
    """Apply the last line of each id in one update. If one of them is refused, apply all one by one."""
    last = {change.article_id: (number, change) for number, change in found}
    if not last:
        return
    try:
        _update([change for _, change in last.values()], live, options, report)
    except InputError as error:
        if len(last) == 1:
            ((number, _),) = last.values()
            problems = tuple(problem.at("-", number) for problem in error.problems)
            if not options.skip:
                raise InputError(problems) from error
            _say_skipped(problems)
            return
        for each in found:
            _apply([each], live, options, report)


def _update(changes: list[ChangeLine], live: LiveSite, options: LineOptions, report: UpdateReport) -> None:
    add = [change.article for change in changes if change.article is not None]
    delete = [change.article_id for change in changes if change.article is None and not change.unpublished]
    with live.locked() as site:
        if options.id is None and (problems := kind_problems(site, add)):
            raise InputError(problems)
        hidden = {
            change.article_id: change.unpublished
            for change in changes
            if change.unpublished and change.article_id in site
        }
        if options.delete_unpublished:
            delete += hidden
        found = live.update(add, delete)
    report.changes(found)
    if not options.delete_unpublished:
        report.unpublished(hidden)


def _say_skipped(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        say(f"Skipped: {problem}")


class _Lines:
    """Reads lines in a thread, so that waiting for one does not delay those that have arrived."""

    def __init__(self, stream: BinaryIO) -> None:
        self.waiting: queue.Queue[_Numbered | OSError] = queue.Queue(4 * _BATCH)
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: BinaryIO) -> None:
        number, is_rest = 0, False
        try:
            while line := stream.readline(MAX_LINE_BYTES + 1):
                if not is_rest:
                    number += 1
                    self.waiting.put((number, line))
                is_rest = not line.endswith(b"\n")  # the rest of a line that is too long
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            self.waiting.put(error if isinstance(error, OSError) else (number, _END))
            return
        self.waiting.put((number, _END))

    def get(self, wait_s: float) -> _Numbered | None:
        """Return the next line, `_END` at the end of the stream, or None if none arrives in time."""
        try:
            found = self.waiting.get(timeout=max(wait_s, 0.0))
        except queue.Empty:
            return None
        if isinstance(found, OSError):
            raise found
        return found


def _batches(lines: _Lines, stop: threading.Event) -> Iterator[list[_Numbered]]:
    """Yield lines in batches. After `stop`, those that have arrived are the last ones."""
    while True:
        is_stopping = stop.is_set()
        first = lines.get(_QUIET_S if is_stopping else _POLL_S)
        if first is None:
            if is_stopping:
                return
            continue
        batch, end = [first], time.monotonic() + _LONGEST_S
        while batch[-1][1] != _END and len(batch) < _BATCH:
            following = lines.get(min(_QUIET_S, end - time.monotonic()))
            if following is None:
                break
            batch.append(following)
        is_last = batch[-1][1] == _END
        if is_last:
            batch.pop()
        if batch:
            yield batch
        if is_last:
            return
