"""Tags, comments and text of an HTML page with their places, as browsers separate them."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["RAW", "Token", "attribute", "scanned"]

_COMMENT = re.compile(r"<!--(?:-?>|(.*?)--!?>)", re.DOTALL)
_TAG = re.compile(
    r"""
    <(/?)([A-Za-z][^\s/>]*+)
    ((?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]++))?+)*+)>
    """,
    re.VERBOSE,
)
_OTHER = re.compile(r"<[!?/][^>]*+>")
_ATTRIBUTE = re.compile(
    r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|(?!["'])([^\s>]++)))?+""", re.VERBOSE
)
_OPENING = frozenset("!/?" + string.ascii_letters)
RAW = frozenset(
    ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "template")
)  # fmt: skip
"""Elements whose content is no markup of the page. A template is shown nowhere."""


class Token(NamedTuple):
    """A piece of a page.

    Parameters
    ----------
    kind : str
        "start", "end", "comment" or "text".
    name : str
        Name of the tag in lower case, content of the comment, or the text with its character references.
    attributes : str
        What stands in a start tag after its name.
    start, end : int
        Place of the piece in the page.
    """

    kind: str
    name: str
    attributes: str
    start: int
    end: int


def scanned(page: str) -> Iterator[Token]:
    """Yield the pieces of a page in their order, without the content of scripts, templates and the like.

    A comment or a tag that does not end takes the rest of the page with it. Time is linear in the length of
    the page.

    Examples
    --------
    >>> [(token.kind, token.name) for token in scanned("<p class=a>1 < 2<br></P><script>'<p>'</script>")]
    [('start', 'p'), ('text', '1 < 2'), ('start', 'br'), ('end', 'p'), ('start', 'script'), ('end', 'script')]
    """
    raw = _RawContents(page)
    text = at = 0
    while (at := page.find("<", at)) >= 0:
        following = page[at + 1 : at + 4]
        if following[:1] not in _OPENING:
            at += 1  # a "<" of the text
            continue
        if at > text:
            yield Token("text", page[text:at], "", text, at)
        token = _markup(page, at, is_comment=following == "!--")
        if token is None:
            return
        if token.kind:
            yield token
        at = text = (
            raw.end(token.name, token.end) if token.kind == "start" and token.name in RAW else token.end
        )
    if text < len(page):
        yield Token("text", page[text:], "", text, len(page))


def attribute(token: Token, name: str) -> str | None:
    """Return the value of an attribute of a start tag as it is written, "" if it has none, None without the attribute.

    Examples
    --------
    >>> (tag,) = scanned("<div CLASS='a b' hidden>")
    >>> attribute(tag, "class"), attribute(tag, "hidden"), attribute(tag, "id")
    ('a b', '', None)
    """
    for found in _ATTRIBUTE.finditer(token.attributes):
        if found[1].lower() == name:
            return next((value for value in found.groups()[1:] if value is not None), "")
    return None


def _markup(page: str, at: int, *, is_comment: bool) -> Token | None:
    """Return the comment or tag that begins at a place, with the kind "" for a declaration. None if it does not end."""
    if is_comment:
        found = _COMMENT.match(page, at)
        return found and Token("comment", found[1] or "", "", at, found.end())
    found = _TAG.match(page, at)
    if found is not None:
        return Token("end" if found[1] else "start", found[2].lower(), found[3], at, found.end())
    found = _OTHER.match(page, at)
    return found and Token("", "", "", at, found.end())


class _RawContents:
    """Finds where elements end whose content is no markup. A search that fails is not repeated."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._unclosed: set[str] = set()

    def end(self, name: str, at: int) -> int:
        """Return where the end tag begins of an element whose content begins at a place.

        Without an end tag the element is taken for empty, so that the rest of the page can be read.
        """
        if name not in self._unclosed:
            found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self._page, at)
            if found is not None:
                return found.start()
            self._unclosed.add(name)
        return at
