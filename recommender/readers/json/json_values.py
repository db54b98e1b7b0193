"""Parse a JSON source as a whole."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from recommender.errors import InputError, Problem
from recommender.readers.inputs.sources import Source, not_utf8, read_whole

__all__ = ["json_values"]

_BETWEEN = re.compile(r"[\s,\x1e]*")
_MOVE = "check the file and --format"


def json_values(source: Source) -> list[Any]:
    """Return the values in a source: one value, or several in sequence, with or without commas between them.

    ``NaN`` and infinite numbers, which Python writes although JSON excludes them, become None. Strings may
    contain control characters.

    Raises
    ------
    InputError
        If the source is not JSON, not UTF-8, or longer than 256 MiB. The error gives the position.
    """
    content = read_whole(source)
    try:
        return [orjson.loads(content)]
    except orjson.JSONDecodeError:
        pass  # several values, or values that only Python's own parser accepts
    try:
        return _values_in_sequence(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(not_utf8(content, error).at(source.name)) from error
    except json.JSONDecodeError as error:
        got = f"{error.msg} at column {error.colno}"
        raise InputError(Problem("not JSON", got, _MOVE, source.name, error.lineno)) from error
    except RecursionError as error:
        raise InputError(Problem("JSON nested too deeply", "", _MOVE, source.name)) from error
    except ValueError as error:  # a number with more than 4,300 digits
        raise InputError(Problem("not JSON", str(error)[:100], _MOVE, source.name)) from error


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
