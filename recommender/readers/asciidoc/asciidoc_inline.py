"""Turn the inline markup of AsciiDoc into HTML: links, code, quotations and macros. Marks of emphasis are dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

__all__ = ["inline_html"]

_LABEL = r"(?:[^\[\]\\]|\\.|\[[^\[\]\n]{0,200}\]){0,1000}"
_TOKEN = re.compile(
    "|".join(
        (
            r"(?P<escaped>\\(?:[*_`#^~+<(\[]|[a-z]{2,12}:))",
            rf"(?P<picture>(?:image|icon|video|audio|anchor):[^\s:\[\]][^\[\]\n]{{0,500}}\[{_LABEL}\])",
            r"\+\+\+(?P<passed>[^+]{0,1000})\+\+\+|(?<!\+)\+\+(?P<raw>[^+\s][^+\n]{0,1000})\+\+(?!\+)",
            rf"pass:(?P<subs>[a-z,]{{0,20}})\[(?P<given>{_LABEL})\]",
            r"(?:``(?P<code2>[^`]{1,500})``|(?<![\w`])`(?P<code>[^`]{1,500})`(?!\w))",
            r"(?<![\w+])\+(?P<plain>\S[^+\n]{0,300})(?<!\s)\+(?![\w+])",
            rf"(?:link:|(?=(?:https?|ftp|irc|mailto):))(?P<target>(?:\+\+[^+\n]{{1,1000}}\+\+|[^\s\[\]<>`]{{1,1000}}))\[(?P<label>{_LABEL})\]",
            r"(?P<bare>https?://[^\s\[\]<>`|\"]{1,1000})",
            rf"xref:(?P<page>[^\s\[\]<>`][^\[\]<>`\n]{{0,300}})\[(?P<named>{_LABEL})\]",
            r"<<(?P<section>[^<>,\n]{1,300})(?:,(?P<shown>[^<>]{0,500}))?>>",
            r"\(\(\([^()]{0,300}\)\)\)|\(\((?P<term>[^()\n]{1,200})\)\)|\[\[[^\[\]\n]{1,200}\]\]",
            r"footnote(?:ref)?:[\w-]{0,60}\[(?P<note>(?:[^\[\]\\]|\\.|\[[^\[\]]{0,500}\]){0,4000})\]",
            rf"(?<![\w:/.])(?P<macro>[a-z]\w{{1,20}}):(?P<of>[^\s:\[\]`<>]{{0,300}})\[(?P<list>{_LABEL})\]",
        )
    )
)
_EMPTY = frozenset(("stem", "latexmath", "asciimath", "indexterm", "counter", "counter2"))
_QUOTED = re.compile(r"\"`([^`\n]{1,500})`\"|'`([^`\n]{1,500})`'")
_ROLE = re.compile(r"\[(?:[.#%][^\[\]\n]{0,100}|[a-z][a-z -]{0,40})\](?=[*_#`\ue000])")
_MARKS = (
    re.compile(r"\*\*([^*]{1,600})\*\*|(?<![\w*])\*(?![\s*])([^*]{1,600})(?<!\s)\*(?!\w)"),
    re.compile(r"__([^_]{1,600})__|(?<!\w)_(?!\s)((?:[^_]|_(?=[^\W_])){1,200}?)(?<!\s)_(?!\w)"),
    re.compile(r"##([^#]{1,600})##|(?<![\w#&])#(?![\s#])([^#]{1,600})(?<!\s)#(?!\w)"),
    re.compile(r"\^([^\s^]{1,60})\^|~([^\s~]{1,60})~"),
)
_BREAK = re.compile(r"[ \t]\+$", re.MULTILINE)
_AMPERSAND = re.compile(r"&(?!#?\w{1,30};)")
_WINDOW = re.compile(r",\s*[\w-]{1,30}\s*=|,\s*(?:opts|options|window|role)\b")
_LINKED = re.compile(r"(?:://|xref:)[^\s\[\]]+\[|<<[^<>]+>>")
_SUFFIX = re.compile(r"\.(?:adoc|asciidoc|asc)$")
_KEPT = re.compile("\ue000(\\d{1,9})\ue001")
_FORMATTED = frozenset("qnm")  # of a macro that passes text on: with quotes, all, or macros
_DEEPEST = 2  # labels in labels

Address = Callable[[str], str]


def inline_html(text: str, address: Address = str, depth: int = 0) -> str:
    """Return a paragraph as HTML.

    Parameters
    ----------
    text : str
        With attributes in place.
    address : callable
        Returns the address of the page that a cross-reference names.
    depth : int
        How many labels the text stands in.

    Examples
    --------
    >>> inline_html("It *rained* in https://example.org/may[May^], see xref:wind.adoc[]: `x < 1`.")
    'It rained in <a href="https://example.org/may">May</a>, see <a href="wind.adoc">wind</a>: <code>x &lt; 1</code>.'
    """
    kept: list[str] = []

    def keep(html: str) -> str:
        kept.append(html)
        return f"\ue000{len(kept) - 1}\ue001"

    def token(found: re.Match[str]) -> str:
        return _token(found, keep, address, depth)

    text = text.replace("\ue000", "").replace("\ue001", "")
    if "`" in text:
        text = _QUOTED.sub(lambda found: f"“{found[1]}”" if found[1] else f"‘{found[2]}’", text)
    text = _without_marks(_BREAK.sub("", _TOKEN.sub(token, text)))
    return _KEPT.sub(lambda found: kept[int(found[1])], _escaped(text))


def _without_marks(text: str) -> str:
    text = _ROLE.sub("", text) if "[" in text else text
    for mark, pattern in zip("*_#^", _MARKS, strict=True):
        if mark in text or mark == "^":
            text = pattern.sub(lambda found: found[1] or found[2], text)
    return text


def _escaped(text: str) -> str:
    """Return text as HTML. References to characters stay."""
    return _AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def _token(found: re.Match[str], keep: Callable[[str], str], address: Address, depth: int) -> str:
    """Return what stands for a piece of markup. What is not marked up further is kept apart."""
    if found["escaped"]:
        return keep(_escaped(found["escaped"][1:]))
    if (code := found["code"] or found["code2"]) is not None:
        inside = code[1:-1] if len(code) > 2 and code[0] == code[-1] == "+" else code
        if inside is code and depth < _DEEPEST and _LINKED.search(code):
            return keep(inline_html(code, address, depth + 1))
        return keep(f"<code>{escape(inside, quote=False)}</code>")
    if (literal := _passed(found, address, depth)) is not None:
        return keep(literal)
    if found["bare"]:
        target = found["bare"].rstrip(".,;:!?)*_")
        return keep(_link(target, escape(target))) + found["bare"][len(target) :]
    if found["target"]:
        target = found["target"].strip("+")
        return keep(_link(target, _label(found["label"], depth) or escape(target.removeprefix("mailto:"))))
    if found["page"] or found["section"]:
        return keep(_reference(found, address, depth))
    if found["note"]:
        return keep(f" ({inline_html(found['note'], address, depth + 1)})") if depth < _DEEPEST else ""
    if found["macro"]:
        return _macro(found, keep, depth)
    return found["term"] or ""


def _passed(found: re.Match[str], address: Address, depth: int) -> str | None:
    """Return what is passed on as it is, or None."""
    if found["given"] and _FORMATTED & set(found["subs"]) and depth < _DEEPEST:
        return inline_html(found["given"], address, depth + 1)
    names = ("passed", "raw", "given", "plain")
    literal = next((found[name] for name in names if found[name] is not None), None)
    return None if literal is None else escape(literal, quote=False)


def _link(target: str, label: str) -> str:
    return f'<a href="{escape(target)}">{label}</a>'


def _label(label: str, depth: int) -> str:
    """Return the text of a link without what a window or a style is."""
    label = label.replace("\\]", "]").strip()
    if label.startswith('"') and label.find('"', 1) > 0:
        label = label[1 : label.find('"', 1)]
    elif (options := _WINDOW.search(label)) is not None:
        label = label[: options.start()]
    elif re.match(r"(?:window|role|opts|options|id)\s*=", label):
        label = ""
    label = label.removesuffix("^").strip()
    return inline_html(label, depth=depth + 1) if depth < _DEEPEST else _escaped(label)


def _reference(found: re.Match[str], address: Address, depth: int) -> str:
    """Return a cross-reference to a page or a section. Without a text, it is shown by the name of the page."""
    target = (found["page"] or found["section"]).strip()
    label = _label(found["named"] or found["shown"] or "", depth)
    page, _, section = target.partition("#")
    if found["section"] and not (section or _SUFFIX.search(page)):
        return label or escape(page.replace("-", " ").replace("_", " ").strip())
    if not _SUFFIX.search(page):
        return label or escape((section or page).replace("-", " ").replace("_", " ").strip())
    name = _SUFFIX.sub("", page).rpartition("/")[2].rpartition(":")[2].replace("-", " ").replace("_", " ")
    return _link(address(page), label or escape(name))


def _macro(found: re.Match[str], keep: Callable[[str], str], depth: int) -> str:
    """Return what a macro shows: its text, or else its target. Formulas, images and index terms show nothing."""
    name, text = found["macro"], found["list"]
    if name in _EMPTY:
        return ""
    return keep(_label(text or found["of"], depth))
