"""Check column names: id columns, article fields, and required columns of tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from recommender.errors import Problem
from recommender.readers.records.rare_names import RARE_NAMES
from recommender.readers.records.standard_names import ID_NAMES, NAMES, STAND_INS, folded_column

__all__ = ["is_name_of_article", "is_name_of_id", "missing_columns", "stand_in_for_id"]

_ARTICLE_NAMES = frozenset((*ID_NAMES, *NAMES["title"], *NAMES["text"], *NAMES["description"]))

_IDS = frozenset((*ID_NAMES, *STAND_INS, *NAMES["url"], *RARE_NAMES["url"]))
_LONGEST_NAME = 40  # characters of the name of a column; longer ones are cells of a table without names
_TEXTS = ("title", "text", "description")
_TITLES = frozenset((*NAMES["title"], *RARE_NAMES["title"]))


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
    if name is None and any(name in by_name for name in (*NAMES["url"], *RARE_NAMES["url"])):
        return "url"
    return "url" if name in NAMES["url"] else by_name.get(name or "")


def is_name_of_id(column: str) -> bool:
    """Return whether a column can serve as the id."""
    return folded_column(column) in _IDS


def is_name_of_article(name: str) -> bool:
    """Return whether a field name marks an article: its id, title, text or description."""
    return folded_column(name) in _ARTICLE_NAMES


def missing_columns(columns: Iterable[str], id: str | None = None) -> Iterator[Problem]:
    """Yield a problem for each required kind of column that is missing, and for duplicate columns.

    `id` is the column or the field that is used as the id, if the user named one.
    """
    found = list(columns)
    known = {folded_column(name) for name in found}
    shown = ", ".join(map(repr, found[:20])) or "none"
    move = "rename a column or name it, as --field title=COLUMN, and check --format"
    texts = {name for field in _TEXTS for name in (*NAMES[field], *RARE_NAMES[field])}
    if not known & (texts | _IDS) and any(len(name) > _LONGEST_NAME or "://" in name for name in found):
        move = "name the columns in the first line: id or url, title, text"
    if id is not None and id not in found and not known & _names_of(id):
        yield Problem(f"no column {id!r}", f"columns {shown}", "name another one with id= or --id")
    elif id is None and not known & _IDS:
        example = ", such as --id title" if known & _TITLES else ""
        yield Problem(
            "no column 'id'", f"columns {shown}", f"rename a column, or name one with id= or --id{example}"
        )
    if not known & texts:
        yield Problem("no column 'title', 'text' or 'body'", f"columns {shown}", move)
    repeated = sorted(name for name, times in Counter(found).items() if name and times > 1)
    if repeated:
        yield Problem("duplicate column names", ", ".join(map(repr, repeated[:20])), "rename one")


def _names_of(field: str) -> set[str]:
    """Return the names of a field, or those under which an id is found."""
    if field == "id":
        return {*ID_NAMES, *STAND_INS}
    return {*NAMES.get(field, ()), *RARE_NAMES.get(field, ())}
