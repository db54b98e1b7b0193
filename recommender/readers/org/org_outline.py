"""Headings and keywords of Org mode: what they say of a page and of the text below them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile, takewhile
from typing import Any, NamedTuple

__all__ = ["KEYWORD", "Heading", "Outline", "exports_of", "heading_of", "outline_of", "outside_blocks"]

KEYWORD = re.compile(r"[ \t]*#\+([\w-]{1,40}(?:\[\])?)(?:\[[^\[\]]{1,300}\])?:(?:[ \t]+(.*))?")
_HEADING = re.compile(r"(\*{1,60})[ \t]+(\S.*)")
_TAGS = re.compile(r"(?:^|[ \t]):([\w@#%:]{1,300}):[ \t]*$")
_PRIORITY = re.compile(r"\[#[A-Z0-9]{1,2}\][ \t]*")
_WORD_OF_STATE = re.compile(r"([^\s()|]{1,40})(?:\([^()]{0,40}\))?")
_PREFIX = re.compile(r"(?:hugo|export|nikola|pelican|jekyll)_(?=[a-z])|roam_(?=tags)")
_DATE = re.compile(
    r"[<\[](\d{4}-\d{2}-\d{2})(?:[ \t]+[^\s\d<>\[\]]{1,20})?(?:[ \t]+(\d{1,2}:\d{2}))?[^<>\[\]]{0,40}[>\]]"
)
_NO_VALUE = re.compile(r"\\\w+|%.*|.*\{\{\{.*")
_OFFERED = re.compile(r"[{}]|\(.\)")
"""What a list of the tags that Emacs offers holds, and their keys."""

_PROPERTY = re.compile(r"[ \t]*:([\w-]{1,40}):[ \t]+(\S.*)")
_EXPORTS = re.compile(r":exports[ \t]+(code|results|both|none)\b")
_QUOTED = re.compile(r"\"([^\"]{1,200})\"|([^\s,;\"]+)")
_KNOWN = frozenset(
    """
    id title subtitle author email date published lastmod modified updated description summary abstract language lang
    category categories section tags filetags keywords image draft unlisted noindex status slug url permalink layout type
    hidden private location publishdate expirydate
    """.split()  # noqa: SIM905
)
"""Keywords that say something of the article. Others are settings of Org mode."""

_STATES = frozenset(("todo", "seq_todo", "typ_todo"))
_LISTS = frozenset(("tags", "filetags", "keywords", "categories"))
_FLAGS = frozenset(("draft", "unlisted", "noindex", "hidden", "private"))
_LONG = 10_000  # characters of a title or a description to which nothing is added
_WORDS = {"t": "true", "nil": "false"}
_NAMES = {"filetags": "tags", "lang": "language"}
_LEFT_OUT = {"noexport": "unlisted", "draft": "draft", "private": "private"}
"""Tags of a whole file, and the status that they say."""


class Heading(NamedTuple):
    """A heading: its level from 1, its text, and whether what stands below it is left out of the page."""

    level: int
    text: str
    is_left_out: bool


class Outline(NamedTuple):
    """What a page says of itself.

    Parameters
    ----------
    fields : dict
        What the keywords above the first heading say of the article. Tags are lists.
    states : frozenset of str
        Words that say how far a heading is, such as TODO.
    excluded : frozenset of str
        Tags of headings that are left out.
    exports : str
        What blocks of code show: ``code``, their ``results``, ``both`` or ``none``.
    """

    fields: dict[str, Any]
    states: frozenset[str]
    excluded: frozenset[str]
    exports: str


def outline_of(lines: Sequence[str]) -> Outline:
    r"""Read the keywords and the properties of a page.

    Names of site generators lose their prefixes, such as ``hugo_``. A keyword that is given again adds to a title or a
    description.

    Examples
    --------
    >>> text = "#+TITLE: Rain\n#+DATE: <2026-05-01 Fri>\n#+FILETAGS: :rain:wind:\n#+STARTUP: showall\n\nIt rained."
    >>> outline_of(text.split("\n")).fields
    {'title': 'Rain', 'date': '2026-05-01', 'tags': ['rain', 'wind']}
    """
    fields: dict[str, Any] = {}
    states, excluded, exports = {"TODO", "DONE"}, {"noexport", "ARCHIVE"}, "code"
    for name, value in [*_keywords(lines), *_properties(lines)]:
        if name in _STATES:
            states.update(found[1] for found in _WORD_OF_STATE.finditer(value))
        elif name == "exclude_tags":
            excluded = set(value.split())
        elif name == "header-args":
            exports = exports_of(value) or exports
        elif value and (name == "title" or not _NO_VALUE.fullmatch(value)):
            _put(_PREFIX.sub("", name).removesuffix("[]"), value, fields)
    tags = map(str.lower, fields.get("tags", ()))
    status = next((_LEFT_OUT[tag] for tag in tags if tag in _LEFT_OUT), None)
    if status:
        fields.setdefault("status", status)
    return Outline(fields, frozenset(states), frozenset(excluded), exports)


def heading_of(line: str, outline: Outline) -> Heading | None:
    """Return the heading that a line is, or None.

    Examples
    --------
    >>> heading_of("** TODO [#A] Drops of rain :wet:cold:", outline_of([]))
    Heading(level=2, text='Drops of rain', is_left_out=False)
    """
    found = _HEADING.fullmatch(line) if line.startswith("*") else None
    if found is None:
        return None
    text, tags = found[2], set[str]()
    if (marked := _TAGS.search(text)) is not None:
        text, tags = text[: marked.start()], set(filter(None, marked[1].split(":")))
    word, _, rest = text.partition(" ")
    text = rest.strip() if word in outline.states else text
    text = _PRIORITY.sub("", text, count=1)
    is_comment = text == "COMMENT" or text.startswith("COMMENT ")
    return Heading(len(found[1]), text.strip(), is_comment or not outline.excluded.isdisjoint(tags))


def _keywords(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Return the keywords above the first heading, outside blocks, with their values."""
    above = takewhile(lambda line: not line.startswith("* "), lines)
    keywords = filter(None, map(KEYWORD.fullmatch, outside_blocks(above)))
    return [_named(found[1].lower(), (found[2] or "").strip()) for found in keywords]


def outside_blocks(lines: Iterable[str]) -> Iterator[str]:
    r"""Yield the lines that no block holds. A heading ends a block, which then is none.

    Examples
    --------
    >>> list(outside_blocks("a\n#+begin_src org\nb\n#+end_src\n#+begin_src\nc\n* d".split("\n")))
    ['a', 'c', '* d']
    """
    end, held = "", list[str]()
    for line in lines:
        mark = line.lstrip()[:60].lower()
        if end and mark.startswith(end):
            end, held = "", []
        elif end and not _HEADING.fullmatch(line):
            held.append(line)
        elif mark.startswith("#+begin_"):
            yield from held
            end, held = f"#+end_{mark[8:].split(maxsplit=1)[0]}" if mark[8:].strip() else "", []
        else:
            yield from held
            yield line
            end, held = "", []
    yield from held


def exports_of(options: str) -> str | None:
    """Return what the options of a block of code say that it shows, or None."""
    found = _EXPORTS.search(options)
    return None if found is None else found[1]


def _named(name: str, value: str) -> tuple[str, str]:
    """Return the name and the value of a keyword, which may give those of a property."""
    inner, _, rest = value.partition(" ")
    return (inner.lower(), rest.strip()) if name == "property" else (name, value)


def _properties(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Return the properties in the drawer at the beginning of a page."""
    rest = dropwhile(lambda line: not line.strip() or line.startswith("#"), lines)
    if next(rest, "").strip().upper() != ":PROPERTIES:":
        return []
    found = []
    for line in rest:
        if (each := _PROPERTY.fullmatch(line)) is None:
            break
        if each[1].lower() != "id":  # of the note, which its path names better
            found.append((each[1].lower(), each[2].strip()))
    return found


def _put(name: str, value: str, fields: dict[str, Any]) -> None:
    """Keep a value that says something of the article."""
    if name not in _KNOWN:
        return
    kept = _NAMES.get(name, name)
    if name in _LISTS:
        if name != "tags" or not _OFFERED.search(value):
            fields.setdefault(kept, []).extend(_listed(value))
    elif name in ("title", "description") and name in fields:
        fields[name] += f" {value}" if len(fields[name]) < _LONG else ""
    elif (date := _DATE.match(value)) is not None:
        fields.setdefault(kept, date[1] + (f" {date[2]:0>5}" if date[2] else ""))
    else:
        fields.setdefault(kept, _WORDS.get(value.lower(), value) if name in _FLAGS else value)


def _listed(value: str) -> list[str]:
    """Return the items of a list: between colons, or commas, or else words."""
    if value.startswith(":") and value.endswith(":"):
        return [tag for tag in value.split(":") if tag.strip()]
    parts = re.split(r"[,;|]", value.strip("[]"))
    if len(parts) > 1:
        return [part.strip(" \"'") for part in parts if part.strip(" \"'")]
    return [quoted or word for quoted, word in _QUOTED.findall(parts[0])]
