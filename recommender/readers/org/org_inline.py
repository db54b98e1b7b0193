"""Turn the inline markup of Org mode into HTML: links, code, footnotes and dates. Marks of emphasis are dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from html.entities import html5

__all__ = ["inline_html"]

_BEFORE = r"(?<![^\s\-–—('\"{“‘\[\ue001\u200b])"
_AFTER = r"(?![^\s\-–—.,;:!?'\")}\]”’…\\\[\ue000\u200b])"
"""What may stand beside a mark: the end of the text, white space and punctuation."""

_NESTED = r"(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]{0,500}\]){0,500}\])"
_TOKEN = re.compile(
    "|".join(
        (
            r"\[\[(?P<target>(?:[^\[\]\\]|\\.|\[[^\[\]\n]{0,200}\](?!\[)){1,2000})\](?:\[(?P<label>(?:(?!\]\]).){1,1000})\])?\]",
            rf"{_BEFORE}(?P<mark>[=~])(?P<code>(?=\S)[^\n]{{1,500}}?(?:\n[^\n]{{1,500}}?)?(?<=\S))(?P=mark){_AFTER}",
            rf"\[fn:[\w-]{{0,60}}(?::(?P<note>{_NESTED}{{0,3000}}))?\]",
            r"\[cite(?:/[\w/-]{1,40})?:[^\[\]]{0,2000}\]|(?<![\w/])(?:cite|auto|text|paren|full|foot|no)?cite[a-z]{0,9}\*?:&?[\w:.,;&/-]{1,300}",
            r"\{\{\{[a-zA-Z][^{}]{0,500}\}\}\}|@@[\w-]{1,20}:[^@]{0,500}@@",
            r"\\\((?:(?!\\\)).){1,1000}\\\)|\\\[(?:(?!\\\]).){1,2000}\\\]|\$\$[^$]{1,2000}\$\$",
            r"(?<![$\\])\$(?![\s.,;])[^$\n]{1,300}(?:\n[^$\n]{1,300}){0,2}(?<![\s.,])\$(?!\w)",
            r"[<\[](?P<date>\d{4}-\d{2}-\d{2})(?:[ \t][^<>\[\]\n]{0,40})?[>\]]",
            r"<<<(?P<radio>[^<>\n]{1,200})>>>|<<[^<>\n]{1,200}>>",
            r"src_[\w-]{1,30}(?:\[[^\[\]\n]{0,200}\])?\{(?P<source>[^{}\n]{0,500})\}",
            r"<(?P<angle>(?:https?|ftp|mailto):[^\s<>]{1,1000})>",
            r"(?P<bare>https?://[^\s\[\]<>|\"]{1,1000})",
            r"\[(?:\d{0,4}/\d{0,4}|\d{0,3}%)\]",
            r"(?<!\w)call_[\w-]{1,60}(?:\[[^\[\]\n]{0,200}\])?\([^()\n]{0,300}\)",
            r"\\(?P<entity>[A-Za-z]{2,20})(?:\{\}|(?![A-Za-z]))",
            r"\\\\[ \t]*$",
        )
    ),
    re.DOTALL | re.MULTILINE,
)
_MARKED = r"((?=\S)[^\n]{1,600}?(?:\n[^\n]{1,600}?)?(?<=\S))"
_MARKS = {
    mark: re.compile(rf"{_BEFORE}{re.escape(mark)}{_MARKED}{re.escape(mark)}{_AFTER}") for mark in "*/_+"
}
_SCRIPT = re.compile(r"[_^]\{([^{}\n]{1,60})\}")
_AMPERSAND = re.compile(r"&(?!#?\w{1,30};)")
_KEPT = re.compile("\ue000(\\d{1,9})\ue001")
_ENTITIES = {"ldots": "…", "dots": "…", "to": "→", "EUR": "€", "slash": "/", "vert": "|"}
_SCHEME = re.compile(r"([a-zA-Z][\w+.-]{0,40}):")
_WEB = frozenset(("http", "https", "ftp", "mailto"))
_BY_ID = frozenset(("id", "denote"))
_ACTIONS = frozenset(
    ("elisp", "shell", "yt", "youtube", "video", "audio", "img", "image", "attachment", "download")
)
"""Kinds of links whose target says nothing to a reader."""

_ESCAPED = re.compile(r"\\([\[\]\\])")
_PAGE = re.compile(r"(?:\.{0,2}/|~/).*|[^\s:]{1,500}\.(?:org|html?|md)", re.IGNORECASE)
_PICTURE = re.compile(r".*\.(?:png|jpe?g|gif|svg|webp|avif|mp4|webm|pdf)", re.IGNORECASE | re.DOTALL)
_DEEPEST = 2  # labels in labels


def inline_html(text: str, depth: int = 0) -> str:
    """Return a paragraph as HTML.

    Parameters
    ----------
    text : str
        As it is written.
    depth : int
        How many labels and footnotes the text stands in.

    Examples
    --------
    >>> inline_html("It *rained* in [[https://example.org/may][May]], see [[file:wind.org::*Gusts][wind]]: =x < 1=.")
    'It rained in <a href="https://example.org/may">May</a>, see <a href="wind.org">wind</a>: <code>x &lt; 1</code>.'
    """
    kept: list[str] = []

    def keep(html: str) -> str:
        kept.append(html)
        return f"\ue000{len(kept) - 1}\ue001"

    def token(found: re.Match[str]) -> str:
        return _token(found, keep, depth)

    text = _TOKEN.sub(token, text.replace("\ue000", "").replace("\ue001", ""))
    text = _without_marks(text)
    text = _SCRIPT.sub(r"\1", text) if "{" in text else text
    return _KEPT.sub(lambda found: kept[int(found[1])], _escaped(text))


def _without_marks(text: str) -> str:
    """Return text without marks of emphasis, also those inside others."""
    for _ in range(_DEEPEST + 1):
        before = text
        for mark, pattern in _MARKS.items():
            if mark in text:
                text = pattern.sub(r"\1", text)
        if text == before:
            break
    return text


def _escaped(text: str) -> str:
    """Return text as HTML. References to characters stay."""
    return _AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def _token(found: re.Match[str], keep: Callable[[str], str], depth: int) -> str:
    """Return what stands for a piece of markup. What is not marked up further is kept apart."""
    if found["target"]:
        return keep(_link(" ".join(_ESCAPED.sub(r"\1", found["target"]).split()), found["label"], depth))
    if (code := found["code"] or found["source"]) is not None:
        return keep(f"<code>{escape(code, quote=False)}</code>")
    if found["note"]:
        return keep(f" ({inline_html(found['note'], depth + 1).strip()})") if depth < _DEEPEST else ""
    if found["date"] or found["radio"]:
        return found["date"] or found["radio"]
    if found["angle"]:
        return keep(_anchor(found["angle"], escape(found["angle"].removeprefix("mailto:"))))
    if found["bare"]:
        target = _address(found["bare"])
        return keep(_anchor(target, _shown(target))) + found["bare"][len(target) :]
    if found["entity"]:
        shown = _ENTITIES.get(found["entity"]) or html5.get(found["entity"] + ";")
        return found[0] if shown is None else shown
    return ""  # formulas, citations, macros, targets and references to notes


def _address(text: str) -> str:
    """Return a bare address without the punctuation that follows it. A bracket that it opens it closes."""
    target = text.rstrip(".,;:!?)*_/=~'")
    end = text[len(target) : len(target) + 1]
    is_closed = end == ")" and target.count("(") > target.count(")")
    return target + end if is_closed or end == "/" else target


def _link(target: str, label: str | None, depth: int) -> str:
    """Return a link with its label. Pictures, and links that only Emacs can follow, have none of their own."""
    scheme = _SCHEME.match(target)
    kind = scheme[1].lower() if scheme else ""
    is_picture = label is not None and " " not in label and _PICTURE.fullmatch(label) is not None
    text = "" if label is None or is_picture else _labelled(label, depth)
    if kind in _WEB:
        return _anchor(target, text or _shown(target))
    if kind in _BY_ID:
        return _anchor(target.partition("::")[0], text)
    if kind == "file":
        target = target.removeprefix(scheme[0] if scheme else "")
    elif kind and len(kind) > 1:
        return text or ("" if kind in _ACTIONS else _escaped(target.partition(":")[2].strip(":/")))
    page = target.partition("::")[0].strip()
    if _PICTURE.fullmatch(page):
        return text
    if kind == "file" or _PAGE.fullmatch(page):
        return _anchor(page, text or escape(_name(page)))
    return text or _escaped(target.lstrip("*#").replace("-", " "))


def _shown(target: str) -> str:
    """Return what stands for an address without a label. That of a picture shows nothing."""
    return "" if _PICTURE.fullmatch(target) else escape(target.removeprefix("mailto:"))


def _name(page: str) -> str:
    return page.rstrip("/").rpartition("/")[2].removesuffix(".org").replace("-", " ").replace("_", " ")


def _anchor(target: str, label: str) -> str:
    return f'<a href="{escape(target)}">{label}</a>' if label else ""


def _labelled(label: str, depth: int) -> str:
    return inline_html(label, depth + 1) if depth < _DEEPEST else _escaped(label)
