"""Extract the main text of an HTML page, as HTML with links."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from recommender.readers.html.html_head import HtmlHead, line_of
from recommender.readers.html.linked_data import LinkedData, texts_in

__all__ = ["Extract", "main_text"]

Extract = Callable[..., str | None]

_OPTIONS = {"include_comments": False, "include_links": True, "output_format": "html"}
_SHORT = 250  # characters; captions are added to shorter texts
_TEASER = 0.5  # a text below this share of the extracted text is a teaser
_MOST_ELEMENTS, _MOST_CHILDREN, _DEEPEST = 30_000, 2_000, 200
"""Limits that keep the extractor within a few seconds. Its time is quadratic in the last two."""

_MOST_CAPTIONS = 500
_TAG = re.compile(r"<[^<>]*>")
_NOT_SHOWN = frozenset(
    ("script", "style", "noscript", "template", "nav", "footer", "aside", "form", "head", "svg", "header")
)
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
     "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip


def main_text(head: HtmlHead, extract: Extract, description: str) -> str:
    """Return the text of a page.

    The text is the JSON-LD body, unless that is only a teaser of the text that the extractor finds. If the
    updates of a live blog are longer, they are the text. Captions are added to short texts. If there is no
    text, the description or the text of the body is used.

    Parameters
    ----------
    head : HtmlHead
        Metadata and tree of the page. Syntax highlighting is removed from the tree.
    extract : callable
        ``trafilatura.extract``.
    description : str
        Description of the page.
    """
    text = _as_html(head.linked.text("articleBody", "reviewBody", "transcript"))
    if not (text and _is_whole(text, _body_text(head.tree))):
        found = _extracted(head.tree, extract)
        text = text if _is_whole(text, found) else max(text, found, key=_length)
    text = max(text, "\n".join(_updates(head.linked)), key=_length)
    if _length(text) < _SHORT:
        text = "\n".join([text, *_captions(head, text)]).strip()
    return text or max(_as_html(description), _body_text(head.tree), key=_length)


def _is_whole(text: str, other: str) -> bool:
    """Return whether a text is more than a teaser of another text."""
    return bool(text) and _length(text) >= _TEASER * _length(other)


def _extracted(tree: Any, extract: Extract) -> str:
    """Return the extracted text, or the text of the body if the extractor cannot read the page."""
    from lxml import etree

    for code in list(tree.iter("pre")):
        etree.strip_tags(code, "span")  # syntax highlighting: most elements of some pages
    if not _is_readable(tree):
        return _body_text(tree)
    try:
        return extract(tree, **_OPTIONS) or ""
    except Exception:  # unusual pages can raise any exception; one page must not stop the site
        return _body_text(tree)


def _is_readable(tree: Any) -> bool:
    """Return whether a page is small and flat enough for the extractor to finish within seconds."""
    n_elements = 0
    stack = [(tree, 1)]
    while stack:
        element, depth = stack.pop()
        n_elements += 1
        if depth > _DEEPEST or len(element) > _MOST_CHILDREN or n_elements > _MOST_ELEMENTS:
            return False
        stack += ((child, depth + 1) for child in element)
    return True


def _body_text(tree: Any) -> str:
    """Return the text of the body without navigation and other margins, as paragraphs."""
    blocks: list[list[str]] = [[]]
    stack: list[tuple[Any, bool]] = [(element, False) for element in tree.iterchildren("body")]
    while stack:
        element, is_end = stack.pop()
        is_shown = isinstance(element.tag, str) and element.tag not in _NOT_SHOWN
        if is_shown and element.tag not in _INLINE:
            blocks.append([])
        if is_end or not is_shown:
            blocks[-1].append(element.tail or "")
            continue
        blocks[-1].append(element.text or "")
        stack.append((element, True))
        stack += ((child, False) for child in reversed(element))
    lines = (" ".join("".join(block).split()) for block in blocks)
    return "\n".join(f"<p>{html.escape(line)}</p>" for line in lines if line)


def _updates(linked: LinkedData) -> Iterator[str]:
    """Yield the updates of a live blog, each with its headline."""
    updates = linked.value("liveBlogUpdate")
    for update in updates if isinstance(updates, list) else [updates]:
        if isinstance(update, dict):
            texts = (next(iter(texts_in(update.get(name))), "") for name in ("headline", "articleBody"))
            yield from (_as_html(text) for text in texts if text)


def _captions(head: HtmlHead, text: str) -> Iterator[str]:
    """Yield the image captions that the text does not contain."""
    given = head.linked.value("associatedMedia"), head.linked.value("image"), head.linked.value("hasPart")
    nodes = (node for value in given for node in (value if isinstance(value, list) else [value]))
    linked = (node.get("caption") or node.get("description") for node in nodes if isinstance(node, dict))
    shown = (line_of(caption) for caption in islice(head.tree.iter("figcaption"), _MOST_CAPTIONS))
    captions = dict.fromkeys([*shown, *(text for value in linked for text in texts_in(value)[:1])])
    yield from (
        f"<p>{html.escape(caption)}</p>"
        for caption in captions
        if caption and html.escape(caption) not in text
    )


def _as_html(text: str) -> str:
    """Return text as HTML paragraphs. The input may be plain text, HTML or escaped HTML."""
    if "&" in text and "<" not in text:
        text = html.unescape(text)
    if "</" in text or "<br" in text:
        return text
    return "\n".join(f"<p>{html.escape(line.strip())}</p>" for line in text.splitlines() if line.strip())


def _length(markup: str) -> int:
    """Return the number of characters outside tags."""
    return len(_TAG.sub("", markup))
