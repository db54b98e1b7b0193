"""Choose the field used as the article id. One rule applies to all rows of a source."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Any, NamedTuple

__all__ = ["Rule", "choose_rule", "id_by", "identified"]


class Rule(NamedTuple):
    """The field used as the id, and the repeated id that ruled out the articles' own ids.

    Parameters
    ----------
    field : str
        ``id``, ``path`` (page path without suffix), ``file`` (page path with suffix), or a field name such as
        ``url``.
    repeated : str
        An id that two rows share, if that is why another field is used. Otherwise empty.
    """

    field: str = "id"
    repeated: str = ""


def identified(page: str | None, fields: dict[str, Any], rule: Rule) -> dict[str, Any]:
    """Return the fields of a row with the id that the rule assigns."""
    return {**fields, "id": id_by(rule.field, page, fields)}


def id_by(field: str, page: str | None, fields: dict[str, Any]) -> Any:
    """Return the id of a row by a rule's field. A page without its own id uses its path.

    Examples
    --------
    >>> id_by("id", "post/rain.md", {}), id_by("file", "post/rain.md", {}), id_by("url", None, {"url": "/rain"})
    ('post/rain', 'post/rain.md', '/rain')
    """
    if page and (field == "path" or (field == "id" and not fields.get("id"))):
        return posixpath.splitext(page)[0]
    return page or None if field == "file" else fields.get(field)


def choose_rule(rows: Iterable[tuple[str | None, dict[str, Any]]]) -> Rule:
    """Return the first rule that makes all ids unique: the own id, the path of pages, or the URL.

    Parameters
    ----------
    rows : iterable of (page or None, fields)
        The path of each row and at least its fields ``id`` and ``url``.

    Notes
    -----
    If no rule makes the ids unique, the own ids are used, and each repeated id is a problem of its row.
    """
    seen: dict[str, set[str]] = {field: set() for field in ("id", "path", "file", "url")}
    repeated = ""
    for page, fields in rows:
        for field, ids in tuple(seen.items()):
            value = fields.get(field) if page is None else id_by(field, page, fields)
            named = value if type(value) is str else str(value) if isinstance(value, int | float) else ""
            if not named and field == "id":
                continue  # reported later as a problem of this row
            if not named or named in ids:
                repeated = named if field == "id" else repeated
                del seen[field]
            else:
                ids.add(named)
        if not seen:
            break
    if "id" in seen or not seen:
        return Rule()
    return Rule(next(iter(seen)), repeated)
