"""Parse a JSON source as a whole."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from recommender.errors import InputError, Problem
from recommender.readers.inputs.sources import Source, not_utf8, read_whole

__all__ = ["json_values", "parsed_json"]

_BETWEEN = re.compile(r"[\s,\x1e]*")
_MOVE = "check the file and --format"


def json_values(source: Source) -> list[Any]:
    """Return the values in a source; see `parsed_json`.

    Raises
    ------
    InputError
        If the source is not JSON, not UTF-8, or longer than 256 MiB. The error gives the position.
    """
    found = parsed_json(read_whole(source))
    if isinstance(found, Problem):
        raise InputError(found.at(source.name, found.line))
    return found


def parsed_json(content: bytes) -> list[Any] | Problem:
    """Return the values in a text: one value, or several in sequence, with or without commas between them.

    ``NaN`` and infinite numbers, which Python writes although JSON excludes them, become None. Strings may
    contain control characters.
    """
    try:
        return [orjson.loads(content)]
    except orjson.JSONDecodeError:
        pass  # several values, or values that only Python's own parser accepts
    try:
        return _values_in_sequence(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return not_utf8(content, error)
    except json.JSONDecodeError as error:
        return Problem("not JSON", f"{error.msg} at column {error.colno}", _MOVE, line=error.lineno)
    except RecursionError:
        return Problem("JSON nested too deeply", "", _MOVE)
    except ValueError as error:  # a number with more than 4,300 digits
        return Problem("not JSON", str(error)[:100], _MOVE)


def _values_in_sequence(text: str) -> list[Any]:
    decoder = json.JSONDecoder(parse_constant=lambda name: None, strict=False)
    values = []
    at = _end_of_gap(text, 0)
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        values.append(value)
        at = _end_of_gap(text, at)
    return values


def _end_of_gap(text: str, at: int) -> int:
    gap = _BETWEEN.match(text, at)
    return at if gap is None else gap.end()
