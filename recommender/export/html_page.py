"""The editor's desk: all lists in one self-contained HTML page that works offline.

The page loads pictures from the web only after its box "Pictures" is ticked.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import BinaryIO
from urllib.parse import quote

from recommender.export.list_source import ListSource
from recommender.export.page_data import PageData
from recommender.export.safe_json import safe_json
from recommender.export.site_data import SiteData
from recommender.links.suggestions import LinkSuggestions
from recommender.lists.related import RelatedList

__all__ = ["PAGE_LIMIT", "is_page", "page_controls", "page_file", "write_page"]

PAGE_LIMIT = 20_000
"""Largest number of lists on a page. Browsers open and search such a page of about 11 MB quickly."""

_START = b"""<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="generator" content="recommender">
"""
_SCRIPTS = (
    "start",
    "chart",
    "keys",
    "paged",
    "articles",
    "copies",
    "shown",
    "map",
    "steer",
    "reader",
    "address",
)


def write_page(
    stream: BinaryIO,
    source: ListSource,
    lists: Iterable[RelatedList],
    *,
    k: int | None = None,
    why: bool = False,
    links: Iterable[LinkSuggestions] = (),
) -> int:
    """Write the page with the lists of up to `PAGE_LIMIT` articles.

    The page has five views: the articles, the near copies, orphans and hubs, short lists (fewer entries than
    `k` or the `k` of the build), and a map of the articles if the source has vectors. Larger sites get the
    lists of their newest `PAGE_LIMIT` articles (undated ones last, then in row order) and a notice. The
    counts at the top always cover the whole site. Scores are rounded to four digits.

    Article content is embedded as JSON and displayed as text only. URLs become links only if they begin with
    ``http://`` or ``https://``. Picture addresses may also be relative to the URL of their article. A content
    security policy allows only the script and style of the page, and pictures if articles have any. No
    picture is loaded before the box "Pictures" is ticked.

    With `links`, the suggestions of every article in row order, the page shows them below the list of each.

    Returns
    -------
    int
        Number of lists of the site, including empty ones.
    """
    page = PageData(source.summaries, SiteData.of(source), k=k, limit=PAGE_LIMIT)
    for related in lists:
        page.add(related, why=why)
    for found in links:
        page.add_links(found)
    stream.write(_render(page).encode())
    return page.count


def is_page(path: Path) -> bool:
    """Return whether the file begins like an exported page."""
    with path.open("rb") as file:
        return file.read(len(_START)) == _START


def _render(page: PageData) -> str:
    style = page_file("page.css")
    script = '"use strict";\n' + "".join(page_file(f"page.{name}.js") for name in _SCRIPTS)
    return Template(page_file("page.html")).substitute(
        style=style,
        style_hash=_digest(style),
        script=script,
        script_hash=_digest(script),
        controls=page_controls(),
        data=safe_json(page.data()).decode(),
        articles=f"{page.articles:,}",
        lists=f"{page.filled:,}",
        mean_length=f"{page.entries / page.count:.1f}" if page.count else "0",
        orphans=f"{page.orphans():,}",
        most_shown=_most_shown(page),
        notice=_notice(page),
        pictures="" if any(page.columns["images"]) else "hidden",
        picture_sources="'self' http: https:" if any(page.columns["images"]) else "",
    )


def page_controls(shows: str = "") -> str:
    """Return the form for searches by title, with more options of what is shown, as HTML."""
    return Template(page_file("page.controls.html").rstrip()).substitute(shows=shows)


def page_file(name: str) -> str:
    """Return the text of a file of the page, such as ``page.css``."""
    return files(__package__).joinpath(name).read_text("utf-8")


def _most_shown(page: PageData) -> str:
    if not page.shown:
        return "none"
    article_id, count = min(page.shown.items(), key=lambda item: (-item[1], item[0]))
    row = page.rows.get(article_id)
    title = escape((page.columns["titles"][row] if row is not None else "") or article_id)
    return f'<a href="#{quote(article_id, safe="")}" dir="auto">{title}</a><span>in {count:,}</span>'


def _notice(page: PageData) -> str:
    if page.listed == page.articles:
        return ""
    return (
        f'<p class="notice">This page contains the lists of the {page.listed:,} newest articles of '
        f"{page.articles:,}. The counts cover all articles. The other export formats contain every list.</p>"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
