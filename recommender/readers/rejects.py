"""The rejects file holds each bad row as a line of JSON, with its place and its problems."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import orjson

from recommender.errors import InputError, Problem
from recommender.metadata import plain
from recommender.readers.records.rows import Row

__all__ = ["RejectsFile"]

_START = b'{"source":'
_LONGEST = 100


class RejectsFile:
    """Writes bad rows to `path`, replacing those of an earlier run. Does nothing if `path` is None.

    Raises
    ------
    InputError
        If the file holds something else, or cannot be created or written, for example on a full disk.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def __enter__(self) -> RejectsFile:
        if self._path is not None:
            try:
                if not _may_be_replaced(self._path):
                    raise InputError(
                        Problem("exists and holds no rejects", "", "choose another file with rejects=, --rejects, or "
                                "remove it", str(self._path))
                    )  # fmt: skip
                self._file = self._path.open("wb")
            except OSError as error:
                raise self._failed(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            try:
                self._file.close()
            except OSError as failure:
                raise self._failed(failure) from error

    def write(self, row: Row, problems: Sequence[Problem]) -> None:
        """Append one bad row. Values that JSON cannot represent are written as text."""
        if self._file is None:
            return
        message = "; ".join(str(problem.at("")) for problem in problems)
        content = row.content if isinstance(row.content, dict) else row.raw
        record = {"source": row.source, "line": row.line, "problem": message, "row": plain(content)}
        try:
            self._file.write(_json(record))
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> InputError:
        return InputError(
            Problem("rejects file cannot be written", str(error), "choose another file", str(self._path))
        )


def _may_be_replaced(path: Path) -> bool:
    """Return whether a file is not there, is no file but a pipe, is empty or begins with a bad row."""
    if not path.is_file():
        return True
    with path.open("rb") as file:
        start = file.readline(_LONGEST)
    return not start or start.startswith((_START, _START.replace(b":", b": ")))


def _json(record: dict[str, object]) -> bytes:
    try:
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # integers beyond 64 bits and lone surrogates need the standard library
        return json.dumps(record).encode() + b"\n"
