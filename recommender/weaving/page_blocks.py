"""The elements of an HTML page and its blocks of text, with their places."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass, field

from recommender.weaving.tag_scan import Token, attribute, scanned

__all__ = ["Block", "Element", "page_blocks"]

_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small span
    strike strong sub sup time tt u var wbr br img picture source svg path math button input
    """.split()  # noqa: SIM905
)
_CONTAINERS = frozenset(
    """
    body main article section div header footer aside nav form fieldset blockquote figure ul ol dl table pre details center
    noscript template dialog hgroup menu search address td
    """.split()  # noqa: SIM905
)
"""Elements whose end tag is usually written."""

_MARGINS = frozenset(("nav", "footer", "aside", "form", "noscript", "menu", "search", "dialog"))
_ROLES = frozenset(("navigation", "search", "banner", "contentinfo", "complementary"))
_MARGIN_WORDS = frozenset(
    """
    sidebar comments comment-list respond breadcrumb breadcrumbs pagination pager menu navbar related share sharing social
    widget toc newsletter subscribe sphinxsidebar footer
    """.split()  # noqa: SIM905
)


@dataclass(eq=False, slots=True)
class Element:
    """An element that holds blocks or other elements.

    Parameters
    ----------
    tag : Token or None
        Its start tag. None for the page itself.
    parent : Element or None
    is_margin : bool
        Whether it is outside the main part of the page: navigation, comments and the like.
    end : int
        Place after its end tag, or where its parent ends.
    children : list of Element or Block
    """

    tag: Token | None
    parent: Element | None
    is_margin: bool
    end: int = -1
    children: list[Element | Block] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name in lower case."""
        return self.tag.name if self.tag else ""


@dataclass(eq=False, slots=True)
class Block:
    """A run of text without a line break of the layout, such as a paragraph.

    Parameters
    ----------
    text : str
        Its text without tags and blanks.
    name : str
        The element that it fills, such as "p" or "h2"; an empty string if it stands alone.
    parent : Element
    end : int
        Place after it, with its end tag.
    """

    text: str
    name: str
    parent: Element
    end: int


def page_blocks(page: str) -> tuple[Element, list[Block]]:
    """Return the page as a tree of elements, and its blocks in their order.

    Examples
    --------
    >>> _, blocks = page_blocks("<div><p>It <b>rained</b>.<p>Again.</div>")
    >>> [(block.text, block.name, block.parent.name) for block in blocks]
    [('Itrained.', 'p', 'div'), ('Again.', 'p', 'div')]
    """
    reading = _Reading()
    end = 0
    for token in scanned(page):
        reading.take(token)
        end = token.end
    reading.finish(end)  # not inside a tag that does not end
    return reading.root, reading.blocks


class _Reading:
    def __init__(self) -> None:
        self.root = Element(None, None, is_margin=False)
        self.blocks: list[Block] = []
        self._open = self.root
        self._open_names: Counter[str] = Counter()
        self._texts: list[str] = []
        self._name = ""

    def take(self, token: Token) -> None:
        if token.kind == "text":
            self._texts.append(token.name)
        elif token.kind == "comment" or token.name in _INLINE:
            return
        elif token.kind == "start":
            self._end_block(token.start)
            if token.name in _CONTAINERS:
                self._begin(token)
            else:
                self._name = token.name
        else:
            is_own = token.name == self._name
            self._end_block(token.end if is_own else token.start)
            if token.name in _CONTAINERS:
                self._close(token.name, token.end)

    def finish(self, end: int) -> None:
        self._end_block(end)
        while self._open.parent is not None:
            self._leave(end)
        self.root.end = end

    def _begin(self, tag: Token) -> None:
        element = Element(tag, self._open, self._open.is_margin or _is_margin(tag))
        self._open.children.append(element)
        self._open = element
        self._open_names[element.name] += 1

    def _close(self, name: str, end: int) -> None:
        if not self._open_names[name]:
            return  # an end tag without a start
        while self._open.name != name:
            self._leave(end)
        self._leave(end)

    def _leave(self, end: int) -> None:
        self._open.end = end
        self._open_names[self._open.name] -= 1
        self._open = self._open.parent or self.root

    def _end_block(self, end: int) -> None:
        text = "".join(html.unescape("".join(self._texts)).split())
        if text:
            block = Block(text, self._name, self._open, end)
            self.blocks.append(block)
            self._open.children.append(block)
        self._texts, self._name = [], ""


def _is_margin(tag: Token) -> bool:
    if tag.name in _MARGINS or (attribute(tag, "role") or "").lower() in _ROLES:
        return True
    words = f"{attribute(tag, 'class') or ''} {attribute(tag, 'id') or ''}".lower().split()
    return not _MARGIN_WORDS.isdisjoint(words)
