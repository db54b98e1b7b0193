"""Stream JSON Lines, with one object per line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson

from recommender.errors import Problem
from recommender.readers.inputs.sources import MAX_LINE_BYTES, Source, lines_of, not_utf8
from recommender.readers.records.rows import Row

__all__ = ["read_jsonl"]

_SHOWN = 10_000  # characters of an unreadable line kept for the rejects file
_MOVE = "put one {...} on each line"


def read_jsonl(source: Source) -> Iterator[Row]:
    """Yield a row for each line. Memory use is one line, at most 64 MiB."""
    name = source.name
    loads = orjson.loads
    for number, line in lines_of(source):
        try:
            content = loads(line)
        except orjson.JSONDecodeError as error:
            content = _with_nan(line)
            if content is None:
                yield _unreadable(name, number, line, error)
                continue
        if type(content) is dict:
            yield Row(name, number, content)
        else:
            yield Row(name, number, Problem("not a JSON object", type(content).__name__, _MOVE), content)


def _with_nan(line: bytes) -> dict[str, Any] | None:
    """Parse a line with NaN or Infinity, which Python's json writes. Return None for other lines."""
    if (b"NaN" not in line and b"Infinity" not in line) or len(line) > MAX_LINE_BYTES:
        return None
    try:
        content = json.loads(line, parse_constant=lambda name: None)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _unreadable(name: str, number: int, line: bytes, error: orjson.JSONDecodeError) -> Row:
    if not line.strip():
        return Row(name, number, None)
    shown = line[:_SHOWN].decode("utf-8", "backslashreplace").rstrip("\r\n")
    if len(line) > MAX_LINE_BYTES:
        limit = f"line longer than {MAX_LINE_BYTES // 2**20} MiB"
        return Row(name, number, Problem(limit, "", "split the article"), shown)
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as bad:
        return Row(name, number, not_utf8(line, bad), shown)
    found = f"{shown[:40]!r}: {error.msg} at column {error.colno}"
    return Row(name, number, Problem("not JSON", found, _MOVE), shown)
