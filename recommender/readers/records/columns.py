"""Check column names: id columns, article fields, and required columns of tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from recommender.errors import Problem
from recommender.readers.records.standard_names import ID_NAMES, NAMES, STAND_INS, folded_column

__all__ = ["is_name_of_article", "is_name_of_id", "missing_columns", "stand_in_for_id"]

_ARTICLE_NAMES = frozenset((*ID_NAMES, *NAMES["title"], *NAMES["text"], *NAMES["description"]))


def stand_in_for_id(columns: Iterable[str]) -> str | None:
    """Return the column used as the id if a source has no id column, or None.

    Examples
    --------
    >>> stand_in_for_id(["title", "Slug", "url"]), stand_in_for_id(["id", "slug"]), stand_in_for_id(["title"])
    ('Slug', None, None)
    """
    by_name = {folded_column(column): column for column in reversed(list(columns))}
    if any(name in by_name for name in ID_NAMES):
        return None
    name = next((name for name in STAND_INS if name in by_name), None)
    return "url" if name in NAMES["url"] else by_name.get(name or "")


def is_name_of_id(column: str) -> bool:
    """Return whether a column can serve as the id."""
    return folded_column(column) in {*ID_NAMES, *STAND_INS}


def is_name_of_article(name: str) -> bool:
    """Return whether a field name marks an article: its id, title, text or description."""
    return folded_column(name) in _ARTICLE_NAMES


def missing_columns(columns: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each required kind of column that is missing, and for duplicate columns."""
    found = list(columns)
    known = {folded_column(name) for name in found}
    shown = ", ".join(map(repr, found[:20])) or "none"
    move = "rename a column, and check --format"
    if not known & {*ID_NAMES, *STAND_INS}:
        yield Problem("no column 'id'", f"columns {shown}", "rename a column, or name one with id= or --id")
    if not known & {*NAMES["title"], *NAMES["text"], *NAMES["description"]}:
        yield Problem("no column 'title', 'text' or 'body'", f"columns {shown}", move)
    repeated = sorted(name for name, times in Counter(found).items() if name and times > 1)
    if repeated:
        yield Problem("duplicate column names", ", ".join(map(repr, repeated[:20])), "rename one")
