"""Find the title of a Markdown page without one in its front matter: a heading, or the file name."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from recommender.control_characters import without_controls
from recommender.readers.pages.page_paths import stem_of

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["text_of", "title_from_path", "title_of"]

_H1 = re.compile(r"<h1\b[^<>]*>(.{1,2000}?)</h1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}[-_. ]?")
_UNINFORMATIVE = re.compile(
    r"[\d_.-]*|[0-9a-f]{8,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:post|untitled|new|page|note)[-_ ]?\d*",
    re.I,
)
_FOLDER_PAGES = frozenset(("index", "readme", "page", "+page"))


def title_of(tokens: Sequence[Token], path: str) -> tuple[str, slice | None]:
    """Return the title of a page, and the token slice of its heading if only badges or similar precede it.

    The title is the first level-one heading in Markdown or HTML, or else derived from the file name, or else
    the first heading of any level at the start of the page.
    """
    first: tuple[str, slice | None] = "", None
    is_at_the_head = True
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            found = text_of(tokens[place + 1]), slice(place, place + 3) if is_at_the_head else None
            if found[0] and token.tag == "h1":
                return found
            first = found if is_at_the_head and not first[0] else first
        elif token.type == "html_block" and (heading := _H1.search(token.content)):
            title = " ".join(html.unescape(_TAG.sub("", heading[1])).split())
            if title:
                return title, None
        elif token.type == "inline" and text_of(token, alt=False):
            is_at_the_head = False
    title = title_from_path(path)
    return (title, None) if title else first


def text_of(inline: Token, *, alt: bool = True) -> str:
    """Return the visible text of inline tokens.

    With `alt`, return the alternative text if there are only images.
    """
    parts = []
    in_badge = 0
    for token in inline.children or ():
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "image":
            in_badge += 1
    text = " ".join("".join(parts).split())
    if not text and in_badge and alt:
        text = " ".join(token.content for token in inline.children or () if token.type == "image")
    return text


def title_from_path(path: str) -> str:
    """Return a title derived from the file name. Empty if the name is uninformative.

    Examples
    --------
    >>> paths = "Caf%C3%A9_au_lait.md", "_posts/2019-01-10-ice-plant.md", "guide/index.md", "posts/0042.md"
    >>> [title_from_path(path) for path in paths]
    ['Café au lait', 'Ice plant', 'Guide', '']
    """
    place = PurePosixPath(path)
    stem = stem_of(path)
    if _ENCODED.search(stem):
        stem = without_controls(unquote(stem))
    if stem.lower() in _FOLDER_PAGES:
        stem = place.parent.name
    stem = _DATED.sub("", stem, count=1) if _DATED.match(stem) else stem
    if not stem or _UNINFORMATIVE.fullmatch(stem):
        return ""
    if " " in stem:
        return stem
    words = re.sub(r"[-_]+", " ", stem).strip()
    return words if any(map(str.isupper, words)) else words[:1].upper() + words[1:]
