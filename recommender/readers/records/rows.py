"""The rows that format readers yield, and helpers for their values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from recommender.errors import InputError, Problem
from recommender.metadata import is_absent

__all__ = ["Caution", "Row", "first_given", "is_given", "take"]


class Caution(Problem):
    """A fault that causes a warning but does not reject the row, such as an unreadable field.

    Cautions are counted by `what`, so names and numbers belong in `got`.
    """

    __slots__ = ()


class Row(NamedTuple):
    """One row of a source, as yielded by all format readers.

    Parameters
    ----------
    source : str
        Name of the file. For a folder, name of the page.
    line : int or None
        Line on which the row starts, or its record number in formats without lines. Counted from 1. None for
        a page.
    content : dict, Problem, Caution, InputError or None
        A dict holds the fields of a valid row. A Problem describes a bad row. A Caution is a warning about
        the source and not a row. An InputError means that the rest of the source cannot be read. None is a
        blank line.
    raw : object
        Content of an unreadable row for the rejects file.
    page : str or None
        Path of a page within its folder, with its suffix and ``/`` as separator.
    left_out : str or None
        Reason found by the format reader for leaving out the row, a key of `publication.REASONS`.
    """

    source: str
    line: int | None
    content: dict[str, Any] | Problem | InputError | None
    raw: object = None
    page: str | None = None
    left_out: str | None = None


def first_given(values: Iterable[Any]) -> Any:
    """Return the first value that is present: not None, empty, ``null``, ``N/A`` or similar.

    Examples
    --------
    >>> first_given(["", None, "n/a", [], 0, "a"])
    0
    """
    return next((value for value in values if is_given(value)), None)


def is_given(value: object) -> bool:
    """Return whether a value of an optional field is present.

    Examples
    --------
    >>> [is_given(value) for value in ("", "null", [], {}, 0, False)]
    [False, False, False, False, True, True]
    """
    if isinstance(value, str):
        return not is_absent(value)
    return value is not None and value != [] and value != {}


def take(fields: dict[str, Any], *names: str) -> Any:
    """Remove and return the first value present in `fields` under one of `names`. None if there is none.

    Empty values before it are removed too. Values under later names stay and become metadata.
    """
    for name in names:
        value = fields.pop(name, None)
        if is_given(value):
            return value
    return None
