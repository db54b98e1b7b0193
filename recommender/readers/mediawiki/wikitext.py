"""Turn the markup of MediaWiki into HTML: headings, paragraphs and links. Templates are not expanded."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

__all__ = ["WikiPage", "wiki_page"]

_VERBATIM = frozenset(("nowiki", "pre", "source", "syntaxhighlight", "code"))
_OPENING = re.compile(
    r"<(!--|(?:nowiki|pre|source|syntaxhighlight|code|math|ref|gallery|timeline|imagemap|score|templatedata|includeonly"
    r"|templatestyles|graph|mapframe|categorytree)\b[^<>]{0,500}>)",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[\[([^\[\]|\n]{1,300})((?:\|[^\[\]]{0,5000})?)\]\]")
_EXTERNAL = re.compile(r"\[((?:https?:)?//[^\s\[\]<>\"]{1,2000})[ \t]*([^\[\]\n]{0,1000})\]")
_TEMPLATE = re.compile(r"\{\{([^{}]{0,50000})\}\}")
_PARAMETER = re.compile(r"\{\{\{[^{}]{0,500}\}\}\}")
_CONTROLS = {0: None, 1: None}
_CODE_LINE = re.compile(r"(?m)^ (?=[ \t]{0,99}[^\s|!{}])")
_SWITCH = re.compile(r"__[A-Z]{3,30}__")
_QUOTES = re.compile(r"'{2,5}")
_ITEM = re.compile(r"[*#:;]+[ \t]*")
_CELLS = re.compile(r"\|\||!!")
_NAMED = re.compile(r"\s*[\w .-]{1,60}=")
_KEPT = re.compile("\x00(\\d{1,9})\x00")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,8})?")
_DISAMBIGUATION = re.compile(
    r"\{\{\s*(?:disambig\w*|dab|hndis|geodis|begriffsklärung|homonymie|disambigua|desambiguación|desambiguação"
    r"|doorverwijspagina|неоднозначность|disambigu|曖昧さ回避|消歧义|消歧義)\s*[|}]",
    re.IGNORECASE,
)
_MOST_ROUNDS = 20  # depth of links and templates in each other
_FEWEST_WORDS = 4  # of an argument of a template that is text, and of the caption of a picture

Namespaces = Mapping[str, int]
"""Names of namespaces in lower case, and their numbers."""

_CATEGORY, _FILE = 14, 6


class WikiPage(NamedTuple):
    """What the markup of a page says.

    Parameters
    ----------
    text : str
        HTML.
    categories : list of str
    is_disambiguation : bool
        Whether the page only tells pages with the same name apart.
    """

    text: str
    categories: list[str]
    is_disambiguation: bool


def wiki_page(source: str, namespaces: Namespaces, base: str = "") -> WikiPage:
    """Return the text and the categories of a page.

    The arguments of a template are kept if they have four words or more, as those of notes and quotations have.

    Parameters
    ----------
    source : str
        Markup of MediaWiki.
    namespaces : mapping of str to int
        Names of namespaces in lower case, and their numbers.
    base : str
        Address of the wiki that titles are added to. If it is empty, links become their text.

    Examples
    --------
    >>> wiki_page("'''Rain''' falls in [[May (month)|May]].[[Category:Weather]]{{stub}}", {"category": 14})
    WikiPage(text='<p>Rain falls in May.</p>', categories=['Weather'], is_disambiguation=False)
    """
    kept: list[str] = []
    categories: dict[str, None] = {}
    is_disambiguation = _DISAMBIGUATION.search(source) is not None
    text = "".join(_without_elements(source.translate(_CONTROLS), kept))
    text = _CODE_LINE.sub("\x01", text)  # before what leaves a blank at the start of a line vanishes

    def link(found: re.Match[str]) -> str:
        return _link(found[1], found[2], namespaces, base, categories)

    text = _repeatedly(_LINK, link, text)
    text = _PARAMETER.sub("", text)
    text = _repeatedly(_TEMPLATE, _arguments, text)
    text = _EXTERNAL.sub(lambda found: found[2] and _anchor(found[1], found[2]), text)
    text = _QUOTES.sub("", _SWITCH.sub("", text))
    text = "\n".join(_blocks(text)).replace("\x01", "")
    return WikiPage(_KEPT.sub(lambda found: kept[int(found[1])], text), list(categories), is_disambiguation)


def _without_elements(source: str, kept: list[str]) -> Iterator[str]:
    """Yield the text without comments and elements that are no text. Code is kept aside, and a mark stands for it."""
    at = 0
    unclosed: set[str] = set()
    while (found := _OPENING.search(source, at)) is not None:
        yield source[at : found.start()]
        name = re.split(r"[\s/>]", found[1].lower(), maxsplit=1)[0]
        at = found.end()
        if found[1].endswith("/>") or name in unclosed:
            continue
        closing = re.compile("-->" if name == "!--" else rf"</{name}\s{{0,9}}>", re.IGNORECASE)
        end = closing.search(source, at)
        if end is None:
            unclosed.add(name)  # no such element after this one has an end either
            continue
        if name in _VERBATIM:
            kept.append(_verbatim(name, source[at : end.start()]))
            yield f"\x00{len(kept) - 1}\x00"
        at = end.end()
    yield source[at:]


def _verbatim(name: str, text: str) -> str:
    shown = html.escape(html.unescape(text), quote=False)
    return {"nowiki": shown, "code": f"<code>{shown}</code>"}.get(name, f"<pre>{shown}</pre>")


def _repeatedly(pattern: re.Pattern[str], replaced: Callable[[re.Match[str]], str], text: str) -> str:
    """Replace the innermost matches first, until there are none."""
    for _ in range(_MOST_ROUNDS):
        text, n_found = pattern.subn(replaced, text)
        if not n_found:
            break
    return text


def _link(target: str, label: str, namespaces: Namespaces, base: str, categories: dict[str, None]) -> str:
    """Return what a link shows. Categories are collected; links to the same page in other languages vanish."""
    label = label.removeprefix("|")
    is_shown = target.lstrip().startswith(":")
    target = " ".join(target.strip().lstrip(":").replace("_", " ").split())
    prefix, colon, rest = target.partition(":")
    number = namespaces.get(prefix.strip().casefold()) if colon else 0
    if not is_shown and number == _CATEGORY:
        categories[rest.strip()] = None
        return ""
    if not is_shown and number == _FILE:
        caption = label.rpartition("|")[2]
        return f"\n\n{caption}\n\n" if len(caption.split()) >= _FEWEST_WORDS else ""
    if not is_shown and number is None and not label and _LANGUAGE.fullmatch(prefix):
        return ""
    shown = label.strip() or target.partition("#")[0] or target
    page = target.partition("#")[0]
    return (
        _anchor(base + quote(page.replace(" ", "_"), safe="/:()',;@!*"), shown)
        if base and page and not number
        else shown
    )


def _anchor(address: str, shown: str) -> str:
    return f'<a href="{html.escape(address)}">{shown}</a>'


def _arguments(template: re.Match[str]) -> str:
    """Return the arguments of a template that are text."""
    parts = (_NAMED.sub("", part, count=1).strip() for part in template[1].split("|")[1:])
    return " ".join(part for part in parts if len(part.split()) >= _FEWEST_WORDS)


def _blocks(text: str) -> Iterator[str]:
    """Yield the headings, paragraphs, items and cells of a page. Lines that begin with a blank are code."""
    for is_code, lines in groupby(text.split("\n"), key=lambda line: line.startswith("\x01")):
        if is_code:
            code = "\n".join(lines).strip("\x01 \n")
            yield from [f"<pre>{code}</pre>"] * bool(code)
            continue
        paragraph: list[str] = []
        for line in [*map(str.strip, lines), ""]:
            block = _block(line)
            if block is None:
                paragraph.append(line)
                continue
            if paragraph:
                yield f"<p>{' '.join(paragraph)}</p>"
                paragraph = []
            yield from [block] * bool(block)


def _block(line: str) -> str | None:
    """Return a heading, an item or a row of a table, nothing for a line that only separates, None for text."""
    if not line or line.startswith(("{|", "|}", "|-", "----")):
        return ""
    if line.startswith("=") and line.endswith("=") and (heading := line.strip("= \t")):
        level = min(6, len(line) - len(line.lstrip("=")))
        return f"<h{level}>{heading}</h{level}>"
    if line.startswith(("|", "!")):
        cells = (_cell(cell) for cell in _CELLS.split(line.lstrip("|!+")))
        return f"<p>{' '.join(filter(None, cells))}</p>"
    if item := _ITEM.match(line):
        return f"<li>{line[item.end() :]}</li>" if item.end() < len(line) else ""
    return None


def _cell(cell: str) -> str:
    """Return a cell of a table without its attributes."""
    head, bar, rest = cell.partition("|")
    is_attributes = bool(bar) and "=" in head and "<" not in head and "[" not in head
    return (rest if is_attributes else cell).strip()
