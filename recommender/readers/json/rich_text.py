"""Extract text from rich text documents, which browser editors store as JSON trees."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

__all__ = ["rich_text"]

_DEEPEST = 60  # levels of lists and objects
_INLINE = frozenset(
    ("", "text", "extended-text", "span", "link", "hyperlink", "autolink", "mention", "inlineCode")
)
_BREAKS = frozenset(("linebreak", "hardBreak", "hard_break"))
_CHILDREN = ("root", "children", "content", "blocks", "data")
_HTML = ("html", "markdown")
_PARAGRAPH, _LIST, _CARD = 1, 3, 10  # kinds of sections in Mobiledoc


def rich_text(document: Any) -> str | None:
    """Return the text of a document as HTML paragraphs; empty without text, None if it is not a document.

    Supported formats are Lexical and Mobiledoc (Ghost), the rich text of Contentful, the blocks of Strapi,
    Sanity and Slate, and the formats of ProseMirror, TipTap and Editor.js, as objects or as JSON strings.

    Notes
    -----
    The time is linear in the size. Levels beyond 60 are left out.

    Examples
    --------
    >>> rich_text({"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Rain & sun"}]}]})
    '<p>Rain &amp; sun</p>'
    """
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            return None
    if isinstance(document, dict) and isinstance(document.get("sections"), list):
        return "".join(_mobiledoc(document["sections"], document.get("cards")))
    return "".join(_pieces(document, _DEEPEST)) if _is_document(document) else None


def _is_document(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, dict) for each in value)
    return isinstance(value, dict) and any(isinstance(value.get(name), list | dict) for name in _CHILDREN)


def _pieces(node: Any, levels: int) -> list[str]:
    """Return the text of a node in pieces. Block nodes become paragraphs."""
    if isinstance(node, list) and levels:
        return [piece for each in node for piece in _pieces(each, levels - 1)]
    if not isinstance(node, dict) or not levels:
        return []
    kind = next((str(node[name]) for name in ("type", "nodeType", "_type") if node.get(name)), "")
    if kind in _BREAKS:
        return ["<br>"]
    pieces = list(_own_text(node, kind))
    for name in _CHILDREN:
        pieces += _pieces(node.get(name), levels - 1)
    items = node.get("items")
    for item in items if isinstance(items, list) else ():  # lists of Editor.js
        pieces += ["<p>", *([item] if isinstance(item, str) else _pieces(item, levels - 1)), "</p>"]
    is_inline = not pieces or kind in _INLINE or pieces[0] == "<p>"
    return pieces if is_inline else ["<p>", *pieces, "</p>"]


def _own_text(node: dict[str, Any], kind: str) -> Iterator[str]:
    """Yield the text of the node itself: plain text or HTML."""
    for name in ("text", "value", "content"):
        if isinstance(node.get(name), str):
            # Objects without a type come from Editor.js and hold HTML. All others hold plain text.
            yield html.escape(node[name], quote=False) if kind else node[name]
    for name in _HTML:
        if isinstance(node.get(name), str):
            yield f"<div>{node[name]}</div>"


def _mobiledoc(sections: list[Any], cards: Any) -> Iterator[str]:
    for section in sections:
        match section:
            case [kind, _, list(markers), *_] if kind == _PARAGRAPH:
                yield from _marked_up([markers])
            case [kind, _, list(items), *_] if kind == _LIST:
                yield from _marked_up(items)
            case [kind, int(number), *_] if kind == _CARD:
                yield from _card(cards, number)


def _marked_up(paragraphs: list[Any]) -> Iterator[str]:
    for markers in paragraphs:
        yield "<p>"
        for marker in markers if isinstance(markers, list) else ():
            match marker:
                case [_, _, _, str(text), *_]:
                    yield html.escape(text, quote=False)
        yield "</p>"


def _card(cards: Any, number: int) -> Iterator[str]:
    match cards[number] if isinstance(cards, list) and 0 <= number < len(cards) else None:
        case [_, dict(payload), *_]:
            yield from (f"<div>{payload[name]}</div>" for name in _HTML if isinstance(payload.get(name), str))
