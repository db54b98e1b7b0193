"""Turn the markup of DokuWiki and Zim into HTML: headings, paragraphs, items and links. Plugins are not run."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["DokuWikiText", "dokuwiki_text", "is_dokuwiki"]

_HEADING = re.compile(r"[ \t]?(={2,6})([^=\n](?:[^\n]{0,500}[^=\n])?)={2,6}[ \t]*")
_OPENING = re.compile(
    r"<(code|file|nowiki|html|php|HTML|PHP|csv|math)\b[^<>]{0,200}>|%%|\(\(|\{\{\{(?:code:[^\n]{0,200}\n)?"
)
_CLOSING = {"%%": "%%", "((": "))", "{{{": "}}}"}
_LINK = re.compile(r"\[\[([^\[\]|\n]{1,1000})(?:\|([^\[\]\n]{0,1000}))?\]\]")
_PLUGIN = re.compile(r"\{\{([^{}]{0,2000})\}\}")
_MATTER = re.compile(r"\A\s{0,99}---json\b.{0,20000}?\n---[ \t]*\n", re.DOTALL)  # of the plugin ComboStrap
_ZIM = re.compile(r"\AContent-Type: text/x-zim-wiki\n((?:[A-Z][\w-]{0,40}: [^\n]{0,500}\n){0,10})")
_CREATED = re.compile(r"(\A\s{0,9}=[^\n]{1,500}=[ \t]*\n)Created [^\n]{5,80}(?:\n|\Z)")
_CREATION_DATE = re.compile(r"^Creation-Date: (.*)$", re.MULTILINE)
_TITLE = re.compile(r"~~title:\s{0,9}([^~\n]{1,300})~~", re.IGNORECASE)
_SWITCH = re.compile(r"~~[^~\n]{1,300}~~")
_MARKS = re.compile(
    r"(<a href=\"[^\"]{0,2000}\">)|\*\*|''|__|(?<!:)//|\\\\(?=\s|$)"
    r"|</?(?:wrap|WRAP|sub|sup|del|block|color|hidden|note|box)\b[^<>]{0,200}>"
)
_ITEM = re.compile(r"(?:\t| {2})[ \t]*[*-][ \t]*")
_TAG = re.compile(r"\s*tag>(.*)", re.DOTALL)
_TAGS = re.compile(r'"([^"]{1,100})"|(\S{1,100})')
_FEWEST_WORDS = 4  # of the caption of a picture


class DokuWikiText(NamedTuple):
    """A page: its title, its text as HTML, its tags, and the date that Zim writes, or an empty string."""

    title: str
    text: str
    tags: list[str]
    published: str = ""


def is_dokuwiki(source: str) -> bool:
    r"""Return whether a text has a heading of DokuWiki.

    Examples
    --------
    >>> is_dokuwiki("====== Rain ======\n\nIt rained."), is_dokuwiki("Rain\n====\n")
    (True, False)
    """
    return any(map(_HEADING.fullmatch, source.split("\n")))


def dokuwiki_text(source: str) -> DokuWikiText:
    r"""Return the title, the text and the tags of a page.

    The title is the heading at the top, unless another one has the same level: it is then that of a section.

    Examples
    --------
    >>> dokuwiki_text("====== Rain ======\n\nIt **rained** in [[month:may|May]].\n\n{{tag>weather}}")
    DokuWikiText(title='Rain', text='<p>It rained in May.</p>', tags=['weather'], published='')
    """
    tags: dict[str, None] = {}

    def plugin(found: re.Match[str]) -> str:
        """Collect tags, and return the caption of a picture."""
        if listed := _TAG.fullmatch(found[1]):
            tags.update(dict.fromkeys(quoted or word for quoted, word in _TAGS.findall(listed[1])))
        caption = found[1].partition("|")[2].strip()
        return caption if len(caption.split()) >= _FEWEST_WORDS else ""

    text = _MATTER.sub("", source.replace("\r\n", "\n"), count=1)
    if (zim := _ZIM.match(text)) is not None:
        text = _CREATED.sub(r"\1", text[zim.end() :], count=1)
    date = _CREATION_DATE.search(zim[1]) if zim else None
    published = date[1].strip() if date else ""
    text = "".join(_without_elements(text))
    text = _LINK.sub(_shown, _PLUGIN.sub(plugin, text))
    given = _TITLE.search(text)
    blocks = list(_blocks(_SWITCH.sub("", text)))
    if given is not None:
        return DokuWikiText(given[1].strip(), "\n".join(blocks), list(tags), published)
    return DokuWikiText(_title(blocks), "\n".join(blocks), list(tags), published)


def _title(blocks: list[str]) -> str:
    """Remove the title from the blocks and return it: the heading at the top, if no other one has its level."""
    level = blocks[0][:4] if blocks else ""
    if not level.startswith("<h") or sum(block.startswith(level) for block in blocks) > 1:
        return ""
    return html.unescape(blocks.pop(0)[4:-5])


def _without_elements(source: str) -> Iterator[str]:
    """Yield the text with code in `pre`, footnotes in place, and without HTML and formulas."""
    at = 0
    unclosed: set[str] = set()
    while (found := _OPENING.search(source, at)) is not None:
        yield source[at : found.start()]
        name = found[1] or found[0][:3]
        closing = _CLOSING.get(name, f"</{name}>")
        at = found.end()
        end = -1 if closing in unclosed else source.find(closing, at)
        if end < 0:
            unclosed.add(closing)
            continue
        inner = source[at:end]
        if name in ("code", "file", "csv", "{{{"):
            yield f"\n<pre>{html.escape(inner.strip(), quote=False)}</pre>\n"
        elif name in ("nowiki", "%%"):
            yield html.escape(inner, quote=False)
        elif name == "((":
            yield f" ({inner})"
        at = end + len(closing)
    yield source[at:]


def _shown(link: re.Match[str]) -> str:
    """Return what a link shows: its text, or the last part of the name of a page."""
    target, label = link[1].strip().lstrip("+:"), (link[2] or "").strip()
    if "://" in target:
        return f'<a href="{html.escape(target)}">{label or target}</a>'
    return label or target.partition("#")[0].rpartition(":")[2].rpartition(">")[2].replace("_", " ")


def _blocks(text: str) -> Iterator[str]:
    """Yield the headings, paragraphs, items and rows of a page."""
    paragraph: list[str] = []
    is_code = False
    for line in [*text.split("\n"), ""]:
        is_code = is_code or "<pre>" in line
        heading = None if is_code else _HEADING.fullmatch(line)
        item = None if is_code else _ITEM.match(line)
        line = line if is_code else _unmarked(line)
        if line and not heading and not item and not line.startswith(("|", "^", "----")):
            paragraph.append(line)
            is_code = is_code and "</pre>" not in line
            continue
        if paragraph:
            yield f"<p>{chr(10).join(paragraph)}</p>"
            paragraph = []
        if heading:
            yield f"<h{7 - len(heading[1])}>{_unmarked(heading[2])}</h{7 - len(heading[1])}>"
        elif item:
            yield f"<li>{_unmarked(line[1:])}</li>"
        elif line.startswith(("|", "^")):
            yield f"<p>{' '.join(re.split(r'[|^]+', line)).strip()}</p>"


def _unmarked(text: str) -> str:
    return _MARKS.sub(lambda mark: mark[1] or "", text).strip()
