"""The main text of an HTML page, as HTML with its links."""

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
_SHORT = 250  # characters, below which captions may be all that there is
_TEASER = 0.5  # of the text that is found: what is shorter is no more than its beginning
_MOST_ELEMENTS, _MOST_CHILDREN, _DEEPEST = 30_000, 2_000, 200
"""What the extractor reads in a few seconds; it is quadratic in the last two."""

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

    It is the body that JSON-LD gives, unless that is a mere teaser of what the extractor finds. Where there is little of
    either it is the updates of a live blog, or has the captions of the pictures; where nothing is, it is the description.

    Parameters
    ----------
    head : HtmlHead
        What the page says of itself; code in its tree loses its colours.
    extract : callable
        ``trafilatura.extract``.
    description : str
        Of the page.
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
    """Say whether a text is no mere teaser of another one."""
    return bool(text) and _length(text) >= _TEASER * _length(other)


def _extracted(tree: Any, extract: Extract) -> str:
    """Return what the extractor finds; the text of the body where it cannot read the page; empty where it finds nothing."""
    from lxml import etree

    for code in list(tree.iter("pre")):
        etree.strip_tags(code, "span")  # colours, which are most of the elements of some pages
    if not _is_readable(tree):
        return _body_text(tree)
    try:
        return extract(tree, **_OPTIONS) or ""
    except Exception:  # it may raise anything on odd pages, and one page must not stop a site
        return _body_text(tree)


def _is_readable(tree: Any) -> bool:
    """Say whether a page is so small and flat that the extractor takes seconds, and no minutes or its whole stack."""
    n_elements = 0
    waiting = [(tree, 1)]
    while waiting:
        element, depth = waiting.pop()
        n_elements += 1
        if depth > _DEEPEST or len(element) > _MOST_CHILDREN or n_elements > _MOST_ELEMENTS:
            return False
        waiting += ((child, depth + 1) for child in element)
    return True


def _body_text(tree: Any) -> str:
    """Return the text of the body without its margins, as paragraphs."""
    blocks: list[list[str]] = [[]]
    waiting: list[tuple[Any, bool]] = [(element, False) for element in tree.iterchildren("body")]
    while waiting:
        element, is_end = waiting.pop()
        is_shown = isinstance(element.tag, str) and element.tag not in _NOT_SHOWN
        if is_shown and element.tag not in _INLINE:
            blocks.append([])
        if is_end or not is_shown:
            blocks[-1].append(element.tail or "")
            continue
        blocks[-1].append(element.text or "")
        waiting.append((element, True))
        waiting += ((child, False) for child in reversed(element))
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
    """Yield the captions of a page's pictures that its text does not have."""
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
    """Return a text as HTML, paragraph by paragraph; JSON-LD has plain text, HTML, and HTML that was escaped."""
    if "&" in text and "<" not in text:
        text = html.unescape(text)
    if "</" in text or "<br" in text:
        return text
    return "\n".join(f"<p>{html.escape(line.strip())}</p>" for line in text.splitlines() if line.strip())


def _length(markup: str) -> int:
    """Return how many characters a text has besides tags."""
    return len(_TAG.sub("", markup))
