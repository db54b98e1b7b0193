"""The fields of a page of Nikola, which stand in comments at its beginning."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["split_nikola"]

_BLOCK = re.compile(r"\s{0,100}(<!--\s*\n)?((?:\.\. [a-z][\w-]{0,30}:(?!:)[^\n]*(?:\n|\Z)){2,40})")
_FIELD = re.compile(r"\.\. ([a-z][\w-]{0,30}):[ \t]*([^\n]*)")
_CLOSED = re.compile(r"\s{0,100}-->")
_ZONE = re.compile(r"\s*UTC(?=[+-]|$)")
_UNLISTED = {"draft": "draft", "private": "private"}


def split_nikola(text: str) -> tuple[dict[str, Any], str] | None:
    r"""Return the fields of a page of Nikola, and its text without them. None if it has no such fields.

    They are comments of reStructuredText, inside a comment of HTML on pages of Markdown. Tags are a list. A page with
    the tag ``draft`` or ``private`` has that status.

    Examples
    --------
    >>> split_nikola("<!--\n.. title: Rain\n.. date: 2026-05-01 10:00:00 UTC+02:00\n-->\nIt rained.")
    ({'title': 'Rain', 'date': '2026-05-01 10:00:00+02:00'}, '\nIt rained.')
    """
    found = _BLOCK.match(text)
    closed = None if found is None or not found[1] else _CLOSED.match(text, found.end())
    if found is None or (found[1] and closed is None):
        return None
    fields: dict[str, Any] = {name: value.strip() for name, value in _FIELD.findall(found[2])}
    if "date" in fields:
        fields["date"] = _ZONE.sub("", fields["date"])
    if "tags" in fields:
        fields["tags"] = [tag.strip() for tag in fields["tags"].split(",") if tag.strip()]
        status = next((_UNLISTED[tag.lower()] for tag in fields["tags"] if tag.lower() in _UNLISTED), None)
        fields |= {"status": status} if status else {}
    return fields, text[(closed or found).end() :]
