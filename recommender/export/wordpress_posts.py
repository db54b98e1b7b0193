"""Lists as a command file of WP-CLI, which sets a meta field of the posts of a WordPress site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

from recommender.articles import ArticleSummary
from recommender.export.safe_json import safe_json
from recommender.lists.related import RelatedList

__all__ = ["is_wp_cli", "post_name", "write_wp_cli"]

_START = b"<?php\n// Related posts, written by recommender."
_NUMBERS = ("p", "page_id", "attachment_id")
"""Parameters that hold the number of a post in the addresses and guids of WordPress."""


def write_wp_cli(
    stream: BinaryIO,
    summaries: Iterable[ArticleSummary],
    lists: Iterable[RelatedList],
    deleted: Iterable[str] | None = None,
) -> int:
    """Write a file for ``wp eval-file`` that sets the meta field ``_related_posts`` to the ids of posts, in order.

    Posts are named by `post_name`. The names stand in a text that PHP reads as JSON and never runs. Memory is
    that of the names.

    Parameters
    ----------
    stream : binary stream
    summaries : iterable of ArticleSummary
        All articles of the site.
    lists : iterable of RelatedList
    deleted : iterable of str, optional
        Ids of deleted articles, if `lists` are those that changed. If it is None, `lists` are all lists, and the
        file removes the field from all other posts.

    Returns
    -------
    int
        Number of lists written, including empty ones.
    """
    names = {each.article_id: post_name(each.article_id, each.url, each.metadata) for each in summaries}

    def name(article_id: str, url: str | None = None) -> str:
        return names.get(article_id) or post_name(article_id, url)

    before, after = _template().split("%DATA%")
    stream.write(before.encode() + b'{"complete":' + safe_json(deleted is None))
    stream.write(b',"deleted":' + safe_json([post_name(each) for each in deleted or ()]) + b',"lists":[')
    count = 0
    for related in lists:
        posts = [name(entry.article_id, entry.url) for entry in related]
        stream.write((b",\n" if count else b"\n") + safe_json([name(str(related.article_id)), posts]))
        count += 1
    stream.write(b"\n]}" + after.encode())
    return count


def is_wp_cli(path: Path) -> bool:
    """Return whether the file begins like an earlier export."""
    with path.open("rb") as file:
        return file.read(len(_START)) == _START


def post_name(article_id: str, url: str | None = None, metadata: Mapping[str, Any] | None = None) -> str:
    """Return what names the post of an article: its number if that is known, else its URL, else its id.

    The number is the metadata ``post_id``, which exports of WordPress have, or the id, or stands in the id or the
    URL as in ``https://example.org/?p=12``.

    Examples
    --------
    >>> post_name("https://example.org/?p=12"), post_name("a", "https://example.org/rain/"), post_name("rain")
    ('12', 'https://example.org/rain/', 'rain')
    """
    given = str((metadata or {}).get("post_id") or "")
    for number in (given, article_id, _number_in(article_id), _number_in(url or "")):
        if number.isascii() and number.isdecimal():
            return number
    return url or article_id


def _number_in(address: str) -> str:
    try:
        parameters = parse_qs(urlsplit(address).query)
    except ValueError:  # such as "http://["
        return ""
    return next((parameters[name][0] for name in _NUMBERS if name in parameters), "")


@cache
def _template() -> str:
    return files(__package__).joinpath("set_related_posts.php").read_text("utf-8")
