"""The place of the list in a page: at its marker, or after its main text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from recommender.weaving.page_blocks import Block, Element, page_blocks
from recommender.weaving.tag_scan import RAW, Token, attribute, scanned

__all__ = ["marker_place", "place_after_text"]

_MARKER = "related"
_ATTRIBUTE = "data-related"
_BODY = {"head": "end", "body": "start"}
"""Tags after which the page shows what it holds."""

_LONG = 20  # characters, from which on a part of a text is recognised wherever it stands
_LEAST_FOUND = 0.5  # share of the main text that must be found in the page
_MOST = 0.9  # share of it that the element around the main text holds
_PROSE = frozenset(("blockquote", "pre", "table", "figure", "details", "ul", "ol", "dl"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def marker_place(page: str) -> int | None:
    """Return the place after the first marker of a page: a comment "related" or a start tag with "data-related".

    Markers in the head and before it are none, and neither are scripts, titles and the like.

    Examples
    --------
    >>> marker_place("<!-- related -->"), marker_place("<div data-related></div>"), marker_place("<p>related</p>")
    (16, 18, None)
    """
    if _MARKER not in page.lower():
        return None
    place = None
    for token in scanned(page):
        if token.name in _BODY and token.kind == _BODY[token.name]:
            place = None
        if place is None and _is_marker(token):
            place = token.end
    return place


def _is_marker(token: Token) -> bool:
    if token.kind == "comment":
        return token.name.strip().lower() == _MARKER
    is_start = token.kind == "start" and _ATTRIBUTE in token.attributes.lower() and token.name not in RAW
    return is_start and attribute(token, _ATTRIBUTE) is not None


def place_after_text(page: str, main_text: str) -> int | None:
    """Return the place after the main text of a page, inside the element that holds it.

    The blocks of the page that the main text has are found again. The innermost element with nine tenths of
    them holds it, and the list comes after its last part that has one, and after quotes, tables, plain lists and
    notes that follow. Where too little is found again, the list ends the only ``article`` or ``main``.

    Parameters
    ----------
    page : str
    main_text : str
        HTML of the main text, as the reader extracts it.

    Returns
    -------
    int or None
        None if the page has no such place.

    Examples
    --------
    >>> page = "<main><div><p>It rained.</p></div><div>Share this</div></main>"
    >>> page[: place_after_text(page, "<p>It rained.</p>")]
    '<main><div><p>It rained.</p>'
    """
    root, blocks = page_blocks(page)
    wanted = [block.text for block in page_blocks(main_text)[1]]
    short, joined = frozenset(wanted), "".join(wanted)
    found = [
        block
        for block in blocks
        if not block.parent.is_margin
        and (block.text in short or (len(block.text) >= _LONG and block.text in joined))
    ]
    if sum(len(block.text) for block in found) < _LEAST_FOUND * len(joined) or not found:
        return _end_of_only(root)
    sizes = _sizes(root, found)
    return _end_after(_holder(root, sizes), frozenset(found), sizes)


def _sizes(root: Element, found: list[Block]) -> Counter[Element]:
    """Return how much of the text of these blocks each element holds, in time linear in the page."""
    sizes: Counter[Element] = Counter()
    for block in found:
        sizes[block.parent] += len(block.text)
    for element in reversed(list(_elements(root))):  # what it holds comes before it
        if element.parent is not None:
            sizes[element.parent] += sizes[element]
    return sizes


def _holder(root: Element, sizes: Counter[Element]) -> Element:
    """Return the innermost element that holds most of the text. Each that does is inside the one before."""
    least = _MOST * sizes[root]
    return [each for each in _elements(root) if sizes[each] >= least and each.name not in _PROSE][-1]


def _end_after(holder: Element, found: frozenset[Block], sizes: Counter[Element]) -> int:
    def has_text(child: Element | Block) -> bool:
        return child in found if isinstance(child, Block) else sizes[child] > 0

    last = max(at for at, child in enumerate(holder.children) if has_text(child))
    end = holder.children[last].end
    for child in holder.children[last + 1 :]:
        if isinstance(child, Element) and not _is_prose(child):
            break
        if not (isinstance(child, Block) and child.name in _HEADINGS):
            end = child.end
    return end


def _is_prose(element: Element) -> bool:
    tag = element.tag
    if tag is None or element.is_margin:
        return False
    words = f"{attribute(tag, 'class') or ''} {attribute(tag, 'role') or ''}".lower()
    if "footnote" in words or "doc-endnotes" in words:
        return True
    return tag.name in _PROSE and not (tag.name in ("ul", "ol", "dl") and words.strip())


def _end_of_only(root: Element) -> int | None:
    """Return the place at the end of the only ``article``, or else of the only ``main``."""
    elements = list(_elements(root))
    for name in ("article", "main"):
        named = [each for each in elements if each.name == name and not each.is_margin]
        if len(named) == 1 and named[0].children:
            return named[0].children[-1].end
    return None


def _elements(root: Element) -> Iterator[Element]:
    stack = [root]
    while stack:
        element = stack.pop()
        yield element
        stack += (child for child in element.children if isinstance(child, Element))
