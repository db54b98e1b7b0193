"""The editor's desk: all lists as one self-contained page that works from a disk: no files beside it, and no network.

Pictures are the exception that an editor may ask for: the page loads them once its box "Pictures" is ticked.
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

import orjson

from recommender.export.list_source import ListSource
from recommender.export.page_data import PageData
from recommender.export.site_data import Desk
from recommender.ranking.related import RelatedList

__all__ = ["PAGE_LIMIT", "is_page", "write_page"]

PAGE_LIMIT = 20_000
"""Articles whose lists one page holds; a browser still opens and searches that at once (some 11 MB without reasons)."""

_START = b"""<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="generator" content="recommender">
"""
_SCRIPTS = ("start", "paged", "articles", "copies", "shown", "map", "steer", "reader", "address")


def write_page(
    stream: BinaryIO,
    source: ListSource,
    lists: Iterable[RelatedList],
    *,
    k: int | None = None,
    why: bool = False,
) -> int:
    """Write the page, with every list up to `PAGE_LIMIT` articles.

    It has five views: the articles, the near copies, orphans and hubs, lists with fewer entries than asked for
    (`k`, or what the site was built with), and a map of the articles where the source has vectors.

    A larger site gets the lists of its newest `PAGE_LIMIT` articles (undated ones last, then in row order)
    and a line that says so; the counts at the top are always those of the whole site. Scores are rounded to
    four digits. What articles say enters the page as JSON text and is drawn as text. An address becomes a link only if
    it begins with ``http://`` or ``https://``, and a picture if it does so or is relative, to that of its article where that
    has one. A content security policy allows the page's own script and style, pictures where articles have some, and nothing
    else. No picture is loaded before an editor ticks the box "Pictures".

    Returns
    -------
    int
        Number of lists of the site, empty ones included.
    """
    page = PageData(source.summaries, Desk.of(source), k=k, limit=PAGE_LIMIT)
    for related in lists:
        page.add(related, why=why)
    stream.write(_render(page).encode())
    return page.count


def is_page(path: Path) -> bool:
    """Tell whether the file begins as an earlier export does."""
    with path.open("rb") as file:
        return file.read(len(_START)) == _START


def _render(page: PageData) -> str:
    style = _text("page.css")
    script = '"use strict";\n' + "".join(_text(f"page.{name}.js") for name in _SCRIPTS)
    return Template(_text("page.html")).substitute(
        style=style,
        style_hash=_digest(style),
        script=script,
        script_hash=_digest(script),
        data=_json_in_html(page.data()),
        articles=f"{page.articles:,}",
        lists=f"{page.filled:,}",
        mean_length=f"{page.entries / page.count:.1f}" if page.count else "0",
        orphans=f"{page.orphans():,}",
        most_shown=_most_shown(page),
        notice=_notice(page),
        pictures="" if any(page.columns["images"]) else "hidden",
        picture_sources="'self' http: https:" if any(page.columns["images"]) else "",
    )


def _text(name: str) -> str:
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
        f'<p class="notice">This page holds the lists of the {page.listed:,} newest articles of {page.articles:,}; '
        "the counts are those of all. The other formats of export hold every list.</p>"
    )


def _json_in_html(value: object) -> str:
    """Return JSON in which nothing can end a script element or begin a comment."""
    text = orjson.dumps(value).decode()
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
