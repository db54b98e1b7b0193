"""Links from one page of a folder to another."""

from __future__ import annotations

import posixpath
from html import escape
from urllib.parse import quote

__all__ = ["link_to"]


def link_to(page: str, label: str, path: str) -> str:
    """Return a link to a page, with a label in HTML, for the page at `path`. Both are paths in the folder.

    Examples
    --------
    >>> link_to("days/50% rain?.md", "rain", "notes/a.md")
    '<a href="../days/50%25%20rain%3F.md">rain</a>'
    """
    address = posixpath.relpath(f"/{page}", posixpath.dirname(f"/{path}"))
    return f'<a href="{escape(quote(address))}">{label}</a>'
