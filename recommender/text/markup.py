"""Detects HTML and converts it to the text that it displays. Used by `plain_text` only."""

from __future__ import annotations

import html
import re
from typing import Any

from recommender.text.markup_marks import CLOSE, OPEN

__all__ = ["looks_like_html", "text_of_html"]

_LINES = "address|caption|center|dd|details|dir|div|dt|fieldset|figcaption|form|hr|legend|li|menu|option|summary|tr"
_PARAGRAPHS = (
    "article|aside|blockquote|body|dl|figure|footer|h[1-6]|header|hgroup|html|main|ol|p|pre|section|table|tbody|tfoot"
    "|thead|ul"
)
_CELLS = "td|th"
_INLINE = (
    "a|abbr|acronym|area|audio|b|base|basefont|bdi|bdo|big|br|canvas|cite|code|col|colgroup|data|datalist|del|dfn|em"
    "|embed|font|frame|frameset|i|img|input|ins|kbd|label|link|map|mark|math|meta|meter|noframes|output|param|picture"
    "|progress|q|rb|rbc|rtc|ruby|s|samp|search|slot|small|source|span|strike|strong|sub|sup|time|title|track|tt|u|var"
    "|video|wbr"
)
# Not part of the text: code, navigation, controls, and readings set above characters (ruby).
_DROPPED = "applet|button|dialog|head|iframe|nav|noscript|object|optgroup|rp|rt|script|select|style|svg|template|textarea"
# Set apart from running text: headings, code, quotations and links.
_SET_APART = "a|blockquote|caption|code|h[1-6]|hgroup|kbd|label|legend|pre|q|samp|summary|th|tt"
_KNOWN = "|".join((_LINES, _PARAGRAPHS, _CELLS, _INLINE, _DROPPED))

# Elements that are evidence of HTML if opened and closed. Fewer than the known ones, because configuration
# files and documentation comments also contain <title>, <dir>, <summary>, <object> and the like.
_EVIDENCE = (
    "html|body|p|div|span|a|b|i|em|strong|u|h[1-6]|ul|ol|li|table|tr|td|th|blockquote|pre|code|article|section"
    "|figure|figcaption|font|center|small|sub|sup|script|style|aside|header|footer|main|nav|ruby"
)
_CLOSED = re.compile(rf"</({_EVIDENCE})\s*>", re.I)
_ATTRIBUTES = r"(?:\s+[a-zA-Z][\w:.-]*\s*=[^<>]*|\s*/?)"
# Evidence without a closing tag. A bare <p> counts only at the start of a paragraph: <p> is a mean in
# physics, <P> was a ticker.
_ALONE = re.compile(
    r"<(?:br|BR|hr|HR)\s*/?>"
    r"|(?:\A|[\n>.!?:;)\"'”’。！？])[ \t]{0,8}<p>"
    r"|<p\s+[a-zA-Z-]+\s*=[^<>]*>"
    r"|<(?:img|IMG)\s[^<>]*(?:src|SRC)\s*="
    r"|<(?:!doctype|!DOCTYPE) ?(?:html|HTML)\b"
    r"|<!--\s?(?:more|nextpage|noteaser|/?wp:[a-z])"  # WordPress, whose paragraphs need no tags
)
_QUOTED_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.S)  # code in Markdown is not evidence

_LITERAL = re.compile(rf"<(?!/?(?:{_KNOWN}|[a-z][a-z0-9]*-[\w-]+)(?:[\s/>]|\Z)|!--|!doctype|\?)", re.I)
_BLOCK = re.compile(rf"</?(?:{_LINES}|{_PARAGRAPHS}|br)\b[^<>]*>", re.I)
_TAG = re.compile(rf"</?(?:{_KNOWN})\b[^<>]*>", re.I)
_CHUNK = 1 << 14
_MAX_DEPTH = 1_000  # real pages nest some dozens deep; the parser's cost grows with depth x stray end tags


def looks_like_html(text: str) -> bool:
    """Return whether there is evidence that `text` is HTML and not plain text that contains ``<``.

    Evidence is a common element that is opened and closed, ``<br>``, ``<hr>``, ``<p>`` at the start of a
    sentence, ``<p class=...>``, an image with a source, a doctype, or a comment of WordPress. Code between
    Markdown backticks does not count.

    Examples
    --------
    >>> [looks_like_html(t) for t in ("a <b>c</b>", "one<br>two", "a < b > c", "SOUTHLAND <SLC> UNIT", "`<br>` it")]
    [True, True, False, False, False]
    """
    if "<" not in text:
        return False
    if "`" in text:
        text = _QUOTED_CODE.sub("", text)
    if _ALONE.search(text):
        return True
    names = {name.lower() for name in _CLOSED.findall(text)}
    return any(re.search(rf"<{name}{_ATTRIBUTES}>", text, re.I) for name in names)


def text_of_html(markup: str, *, marks: bool = False) -> str:
    r"""Return the displayed text. Blocks and ``<br>`` break lines; inline elements do not split words.

    Scripts, styles, navigation, form controls and alternative texts are dropped. A ``<`` that starts no known
    tag is kept. White space collapses as in a browser, with two exceptions: line breaks remain in ``<pre>``
    and in text without block elements, and an empty line always ends a paragraph, because blogs store bodies
    that way. With `marks`, elements that are set apart from running text are marked, see `markup_marks`.

    Examples
    --------
    >>> text_of_html("<ul><li>H<sub>2</sub>O</li><li>a < b</li></ul>one\ntwo")
    'H2O\na < b\n\none two'
    """
    from lxml import etree

    markup = _LITERAL.sub("&lt;", markup.replace("<![CDATA[", "").replace("]]>", ""))
    shown = _Shown(keep_lines=_BLOCK.search(markup) is None, marks=marks)
    parser = etree.HTMLParser(target=shown, encoding="utf-8", huge_tree=True)
    try:
        data = markup.encode("utf-8", "ignore")
        # the parser raises errors of its target only at the end of a chunk
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
        parser.close()
    except (_TooDeepError, etree.LxmlError):
        text = html.unescape(_TAG.sub("", _BLOCK.sub("\n", markup)))
        return f"{OPEN}{text}{CLOSE}" if marks else text
    return shown.text()


class _TooDeepError(Exception):
    """The page is nested too deeply."""


class _Shown:
    """Collects displayed text from parser events. No tree is built, so deep nesting uses no memory."""

    _breaks = dict.fromkeys(_LINES.split("|"), 1) | dict.fromkeys(
        _PARAGRAPHS.replace("h[1-6]", "h1|h2|h3|h4|h5|h6").split("|"), 2
    )
    _cells = frozenset(_CELLS.split("|"))
    _dropped = frozenset(_DROPPED.split("|"))
    _blanks = re.compile(r"\s+")
    _empty_line = re.compile(r"\n[^\S\n]*\n\s*")

    _set_apart = frozenset(_SET_APART.replace("h[1-6]", "h1|h2|h3|h4|h5|h6").split("|"))

    def __init__(self, keep_lines: bool, marks: bool) -> None:
        self._marked = self._set_apart if marks else frozenset[str]()
        self._parts: list[str] = []
        self._pending = 0  # line breaks to insert before the next displayed character
        self._depth = self._hidden = self._preformatted = 0
        self._keep_lines = keep_lines

    def start(self, tag: Any, attributes: object) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _TooDeepError
        self._hidden += tag in self._dropped
        self._preformatted += tag == "pre"
        if tag in self._marked:
            self._parts.append(OPEN)
        self._break(tag)
        self._pending += tag == "br"

    def end(self, tag: Any) -> None:
        self._depth -= 1
        self._hidden -= tag in self._dropped
        self._preformatted -= tag == "pre"
        if tag in self._marked:
            self._parts.append(CLOSE)
        self._break(tag)

    def data(self, data: Any) -> None:
        text: str = data
        if self._hidden:
            return
        if self._preformatted or self._keep_lines:
            self._show(text)
            return
        first, *others = self._empty_line.split(text) if "\n" in text else [text]
        self._show(self._blanks.sub(" ", first))
        for paragraph in others:
            self._pending = max(self._pending, 2)
            self._show(self._blanks.sub(" ", paragraph))

    def comment(self, text: object) -> None:
        """Ignore comments."""

    def close(self) -> None:
        """Do nothing. `text` returns the collected text."""

    def text(self) -> str:
        return "".join(self._parts)

    def _break(self, tag: str) -> None:
        self._pending = max(self._pending, self._breaks.get(tag, 0))
        if tag in self._cells and not self._hidden:
            self._parts.append(" ")

    def _show(self, text: str) -> None:
        if self._pending and not text.isspace() and text:
            self._parts.append("\n" * min(self._pending, 2) if self._parts else "")
            self._pending = 0
        self._parts.append(text)
