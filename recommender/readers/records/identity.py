"""Which field of its rows names the articles of a source: one rule for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, NamedTuple

__all__ = ["Rule", "choose_rule", "id_by", "identified"]


class Rule(NamedTuple):
    """How the articles of a source are named, and why not by their own ids.

    Parameters
    ----------
    field : str
        ``id``, ``path`` (of a page, without its suffix), ``file`` (with it), or the name of a field, such as ``url``.
    repeated : str
        The id that two rows share, where that is why another field names them; else empty.
    """

    field: str = "id"
    repeated: str = ""


def identified(page: str | None, fields: dict[str, Any], rule: Rule) -> dict[str, Any]:
    """Return the fields of a row with the id that the rule gives it."""
    return {**fields, "id": id_by(rule.field, page, fields)}


def id_by(field: str, page: str | None, fields: dict[str, Any]) -> Any:
    """Return what a rule takes as the id; a page without an id of its own is named by its path.

    Examples
    --------
    >>> id_by("id", "post/rain.md", {}), id_by("file", "post/rain.md", {}), id_by("url", None, {"url": "/rain"})
    ('post/rain', 'post/rain.md', '/rain')
    """
    if page and (field == "path" or (field == "id" and not fields.get("id"))):
        return PurePosixPath(page).with_suffix("").as_posix()
    return page or None if field == "file" else fields.get(field)


def choose_rule(rows: Iterable[tuple[str | None, dict[str, Any]]]) -> Rule:
    """Return the first rule by which no two rows have one id: their own, for pages the path, else the URL.

    Parameters
    ----------
    rows : iterable of (page or None, fields)
        Of each row the path and at least the fields ``id`` and ``url``.

    Notes
    -----
    Where every rule gives two rows one id, ids stay what they are, and the repeated ones are problems of their rows.
    """
    seen: dict[str, set[str]] = {field: set() for field in ("id", "path", "file", "url")}
    repeated = ""
    for page, fields in rows:
        for field, ids in tuple(seen.items()):
            value = fields.get(field) if page is None else id_by(field, page, fields)
            named = value if type(value) is str else str(value) if isinstance(value, int | float) else ""
            if not named and field == "id":
                continue  # a problem of its row
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
