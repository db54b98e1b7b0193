"""Lists shown and clicked under the two policies of a comparison, counted from a click log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from recommender.evaluation.click_files import click_files
from recommender.readers.inputs.sources import lines_of, open_source

__all__ = ["ARMS", "ArmCounts", "ArmTally", "arm_counts"]

ARMS = ("a", "b")
"""The lists of the site as they are, and those by the policy that is compared with it."""

ArmCounts: TypeAlias = Mapping[str, list[int]]
"""Query article -> lists shown and lists with a click of arm a, and the same of arm b."""

_ARM = re.compile(r"([0-9a-f]{8})\.([ab])")


@dataclass(slots=True)
class _FileTally:
    """What was read of a file so far."""

    offset: int = 0
    counts: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    lists: list[int] = field(default_factory=lambda: [0, 0])
    """All lists shown and those with a click, also without an arm."""
    view: object = None
    """The showing of the last row. Its other rows may not have been written yet."""
    clicked: bool = False


class ArmTally:
    """Counts of a log that may still be written. Each call of `read` reads what is new.

    The log is a file, or a folder with a file for each day, of JSON Lines as the service writes them: rows of one
    showing of a list stand together and share `view`; rows without it are left out. `arm` is the comparison, a dot, and
    "a" or "b"; rows without it count in no comparison.

    Parameters
    ----------
    log : Path
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._files: dict[Path, _FileTally] = {}

    def read(self) -> None:
        """Read what came since the last call. Files that are gone no longer count.

        Raises
        ------
        InputError
            If a file cannot be read.
        """
        found = click_files(self._log) if self._log.is_dir() else [self._log]
        self._files = {path: self._files.get(path) or _FileTally() for path in found}
        for path, tally in self._files.items():
            for row in _new_rows(path, tally):
                _count(tally, row)

    @property
    def comparisons(self) -> list[str]:
        """The comparisons of the log, in the order in which its files name them, each where it occurs last."""
        names: dict[str, None] = {}
        for path in sorted(self._files):
            for name in self._files[path].counts:
                names.pop(name, None)
                names[name] = None
        return list(names)

    @property
    def lists(self) -> dict[str, tuple[int, int]]:
        """Lists shown and lists with a click by the name of their file, ascending, whatever their arm."""
        return {path.name: (tally.lists[0], tally.lists[1]) for path, tally in sorted(self._files.items())}

    def counts(self, comparison: str) -> ArmCounts:
        """Return the counts of one comparison."""
        total: dict[str, list[int]] = {}
        for tally in self._files.values():
            for query, counts in tally.counts.get(comparison, {}).items():
                total[query] = [
                    one + other for one, other in zip(total.get(query, [0] * 4), counts, strict=True)
                ]
        return total


def arm_counts(log: str | Path) -> dict[str, ArmCounts]:
    """Return the counts of each comparison in a log, see `ArmTally`. The last is the newest.

    Raises
    ------
    InputError
        If a file cannot be read.
    """
    tally = ArmTally(Path(log))
    tally.read()
    return {name: tally.counts(name) for name in tally.comparisons}


def _new_rows(path: Path, tally: _FileTally) -> Iterator[dict[str, Any]]:
    """Yield the rows behind the offset, and move it. A last line without an end is read when it has one."""
    size = path.stat().st_size
    if size <= tally.offset:
        return
    with path.open("rb") as file:
        file.seek(tally.offset)
        with open_source(file) as source:
            for _, line in lines_of(source):
                if not line.endswith(b"\n"):
                    break
                tally.offset += len(line)
                row = _object(line)
                if row is not None:
                    yield row
            if source.packed:
                tally.offset = size  # such a file does not grow


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return row if isinstance(row, dict) else None


def _count(tally: _FileTally, row: Mapping[str, Any]) -> None:
    arm, view, query = row.get("arm"), row.get("view"), row.get("query")
    if not isinstance(view, str) or not isinstance(query, str):
        return
    is_new = (view, query, arm) != tally.view
    is_click = row.get("clicked") in (1, True) and (is_new or not tally.clicked)
    tally.view, tally.clicked = (view, query, arm), is_click or (tally.clicked and not is_new)
    _add(tally.lists, 0, is_new, is_click)
    if isinstance(arm, str) and (named := _ARM.fullmatch(arm)) is not None:
        comparison, name = named.groups()
        counts = tally.counts.setdefault(comparison, {}).setdefault(query, [0] * 4)
        _add(counts, 2 * ARMS.index(name), is_new, is_click)


def _add(counts: list[int], place: int, is_new: bool, is_click: bool) -> None:
    counts[place] += is_new
    counts[place + 1] += is_click
