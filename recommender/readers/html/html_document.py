"""Parse an HTML page to a tree. The page may still have front matter."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from recommender.errors import Problem
from recommender.readers.html.template_code import is_template, without_template_code
from recommender.readers.html.woven_blocks import without_woven
from recommender.readers.inputs.encodings import decoded, is_binary
from recommender.readers.markdown.front_matter import split_front_matter
from recommender.readers.pages.page_folder import Page

__all__ = ["Document", "declared_encoding", "document_of"]

_SNIFFED = 4_096  # bytes searched for an encoding; browsers search 1,024, but some pages declare it later
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9._:-]{1,40})""",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_LONG_TAG = re.compile(r"<([A-Za-z][\w:-]{0,40})[^<>]{2000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MOST_ATTRIBUTES = 200
_GUESSED = 100_000  # bytes by which an encoding that is not declared is guessed
_LONGEST = 10_000_000  # characters read of a page; also the limit of an article


class Document(NamedTuple):
    """An HTML page.

    Parameters
    ----------
    tree : lxml element or None
        Its ``html`` element. None if the page is empty or a template.
    matter : dict or None
        The fields of its front matter. None if it has none.
    source : str
        The page without its front matter.
    """

    tree: Any
    matter: dict[str, Any] | None
    source: str


def document_of(page: Page) -> Document | Problem:
    """Return the parsed page, or its problem.

    Invalid characters are replaced. Text beyond 10,000,000 characters is cut off.
    """
    if isinstance(page.content, Problem):
        return page.content
    if is_binary(page.content):
        return Problem("binary data in an HTML page", "", "remove the file, or change its suffix")
    content = without_woven(page.content)
    text = decoded(content, declared_encoding(content))
    if isinstance(text, Problem):
        guessed = _guessed(content)
        if guessed is None:
            return text
        text = guessed
    text = text[:_LONGEST].replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    if not text.lstrip("\ufeff \t\n").startswith("<"):
        split = split_front_matter(text)
        if isinstance(split, Problem):
            return split
        if split.text != text:
            return Document(_tree(without_template_code(split.text)), split.fields, split.text)
    return Document(None if is_template(text) else _tree(text), None, text)


def _guessed(content: bytes) -> str | None:
    """Return the text of a page in the encoding that its bytes make most likely, since it declares none.

    Latin letters are read as browsers read them, since the encodings of Europe differ in a few bytes only.
    """
    try:
        from charset_normalizer import from_bytes
    except ImportError:  # it comes with the extra for HTML
        return None
    found = from_bytes(content[:_GUESSED]).best()
    if found is None:
        return None
    is_latin = all("Latin" in alphabet or "Punctuation" in alphabet for alphabet in found.alphabets)
    return content.decode("cp1252" if is_latin else found.encoding, "replace")


def _tree(text: str) -> Any:
    from lxml import etree, html

    text = _LONG_TAG.sub(_with_few_attributes, text)
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None  # only blanks, comments or broken declarations


def _with_few_attributes(tag: re.Match[str]) -> str:
    """Return a long tag, without attributes if it has many.

    The parser's time is quadratic in their number.
    """
    return f"<{tag[1]}" if len(_QUOTED.sub("", tag[0]).split()) > _MOST_ATTRIBUTES else tag[0]


def declared_encoding(content: bytes) -> str | None:
    """Return the label of the encoding that a page declares."""
    found = _DECLARED.search(_COMMENT.sub(b"", content[:_SNIFFED]))
    return None if found is None else found[1].decode("ascii")
