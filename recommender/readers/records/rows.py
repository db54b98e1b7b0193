"""What a format reader yields: one row of its source, good, bad or blank."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from recommender.errors import InputError, Problem
from recommender.metadata import is_absent

__all__ = ["Caution", "Row", "first_given", "is_given", "take"]


class Caution(Problem):
    """Something wrong that costs a warning and not the row: a field that cannot be read, a feed that is cut short.

    Cautions are counted by `what`, so that holds no names and no numbers; these stand in `got`.
    """

    __slots__ = ()


class Row(NamedTuple):
    """One row of a source, in the contract between the format readers and the rest.

    Parameters
    ----------
    source : str
        Name of the file, for a folder that of the page.
    line : int or None
        Where the row starts: the line, or in formats without lines the record; from 1. None for a page.
    content : dict, Problem, Caution, InputError or None
        The fields by DESIGN's names; or what is wrong with the row; or a warning about the source, which is no row; or why
        the source cannot be read on; or None for a blank line.
    raw : object
        What the rejects file shows of a row that could not be read.
    page : str or None
        The path of a page in its folder, with its suffix and ``/`` between the parts.
    left_out : str or None
        Why the row is not an article that readers can find, by a name of `publication.REASONS`, as far as the format tells.
    """

    source: str
    line: int | None
    content: dict[str, Any] | Problem | InputError | None
    raw: object = None
    page: str | None = None
    left_out: str | None = None


def first_given(values: Iterable[Any]) -> Any:
    """Return the first value that is given: not None, no empty text, list or mapping, and no ``null`` or ``N/A``.

    Examples
    --------
    >>> first_given(["", None, "n/a", [], 0, "a"])
    0
    """
    return next((value for value in values if is_given(value)), None)


def is_given(value: object) -> bool:
    """Say whether a value of an optional field says something.

    Examples
    --------
    >>> [is_given(value) for value in ("", "null", [], {}, 0, False)]
    [False, False, False, False, True, True]
    """
    if isinstance(value, str):
        return not is_absent(value)
    return value is not None and value != [] and value != {}


def take(fields: dict[str, Any], *names: str) -> Any:
    """Take the first of several names of one field that has a value off `fields`; None if none has.

    Empty values that stand before it go too. The other names that have a value stay, and so become metadata.
    """
    for name in names:
        value = fields.pop(name, None)
        if is_given(value):
            return value
    return None
