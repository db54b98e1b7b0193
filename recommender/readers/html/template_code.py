"""Template code in HTML files: Liquid, Jinja, Go, Handlebars, ERB and PHP."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["is_template", "lists_pages", "without_template_code"]

_QUOTES = re.compile(r"<(/?)(pre|code|kbd|samp|script|style|textarea|xmp)\b", re.IGNORECASE)
_CODE = re.compile(r"\{%[^%{}]{0,2000}%\}|\{\{[^{}]{0,1000}\}\}|<%[^%<>]{0,2000}%>|<\?(?:php\b|=)")
_OPENINGS = ("{{", "{%", "<%", "<?")
_WHOLE = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
_BODY = re.compile(r"</head|<(?:body|h[1-6]|p|div|main|article|header|nav|section|ul|table)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^<>]{0,500}>[^<]{0,1000}|<meta\b[^<>]{0,1000}>", re.IGNORECASE)
_IN_A_LINK = re.compile(
    r"""<[a-z][^<>]{0,500}?\s(?:href|src|class|lang)\s?=\s?["']?[^"'<>]{0,300}(?:\{[{%]|<%|<\?)""",
    re.IGNORECASE,
)
_LOOP = re.compile(
    r"\{%-?\s{0,9}for\s{1,9}\w{1,40}\s{1,9}in\s{1,9}(?:site|paginator|collections?|pagination|posts|pages)\b"
    r"|\{\{-?\s{0,9}range\s[^{}]{0,200}(?:Pages|Site|Paginator|Data)\b"
)
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEW_WORDS = 8
_READ = 20_000  # characters inspected; templates have code near the start


def is_template(text: str) -> bool:
    """Return whether an HTML file without front matter is a template and not a page.

    A fragment is a template if it has template code outside quoted code. A whole page is a template if the
    code is in an address, in a class, or between the tags of its head. Elsewhere the text may be about such
    code.

    Examples
    --------
    >>> is_template("<h1>{{ page.title }}</h1>"), is_template("<!doctype html><title>{{ x }}</title><p>What {{ x }} does")
    (True, False)
    """
    if not any(opening in text for opening in _OPENINGS):
        return False
    shown = "".join(part for part, is_quoted in _parts(text[:_READ]) if not is_quoted)
    if not _WHOLE.search(shown, 0, _READ // 10):
        return _CODE.search(shown) is not None
    if _IN_A_LINK.search(shown):
        return True
    return _CODE.search(_TITLE.sub("", _BODY.split(shown, maxsplit=1)[0])) is not None


def lists_pages(source: str) -> bool:
    """Return whether a page lists other pages: it loops over them, or is template code with few words.

    Examples
    --------
    >>> lists_pages("{% for post in site.posts %}{{ post.title }}{% endfor %}"), lists_pages("It rained.")
    (True, False)
    """
    if _LOOP.search(source):
        return True
    plain = without_template_code(source)
    return plain != source and len(_WORD.findall(_TAG.sub(" ", plain))) < _FEW_WORDS


def without_template_code(text: str) -> str:
    """Return a page of a site generator without its template code. Quoted code stays.

    Examples
    --------
    >>> without_template_code("<p>Rain{% include rain.html %} in {{ month }} <code>{{ x }}</code></p>")
    '<p>Rain in  <code>{{ x }}</code></p>'
    """
    return "".join(part if is_quoted else _CODE.sub("", part) for part, is_quoted in _parts(text))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a page in order, and whether each is quoted code, a script or a style."""
    start = 0
    quoting = ""
    for tag in _QUOTES.finditer(text):
        name = tag[2].lower()
        if quoting and (name != quoting or not tag[1]):
            continue
        if quoting or not tag[1]:
            yield text[start : tag.start()], bool(quoting)
            start = tag.start()
            quoting = "" if quoting else name
    yield text[start:], bool(quoting)
