"""The values in a source of JSON that is parsed whole."""

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
    """Return the values in a source: one, or several one after another, of which commas may stand between.

    ``NaN`` and infinite numbers, which Python writes and JSON does not have, are None. Texts may hold control characters.

    Raises
    ------
    InputError
        If it is not JSON, with the place; not UTF-8; or longer than 256 MiB.
    """
    content = read_whole(source)
    try:
        return [orjson.loads(content)]
    except orjson.JSONDecodeError:
        pass  # it may be more than one value, or hold what Python's own parser reads
    try:
        return _one_after_another(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(not_utf8(content, error).at(source.name)) from error
    except json.JSONDecodeError as error:
        got = f"{error.msg} at column {error.colno}"
        raise InputError(Problem("not JSON", got, _MOVE, source.name, error.lineno)) from error
    except RecursionError as error:
        raise InputError(Problem("JSON that is nested too deeply", "", _MOVE, source.name)) from error
    except ValueError as error:  # a number of more than 4,300 digits
        raise InputError(Problem("not JSON", str(error)[:100], _MOVE, source.name)) from error


def _one_after_another(text: str) -> list[Any]:
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
