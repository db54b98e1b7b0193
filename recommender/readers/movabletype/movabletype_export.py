"""Read exports of Movable Type, TypePad, Hatena Blog and others, which are text: header lines and sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from recommender.errors import InputError, Problem
from recommender.readers.inputs.encodings import decoded
from recommender.readers.inputs.sources import Source, read_whole
from recommender.readers.records.rows import Row

__all__ = ["is_movabletype", "read_movabletype"]

_HEADERS = (
    "AUTHOR|TITLE|BASENAME|STATUS|ALLOW COMMENTS|ALLOW PINGS|CONVERT BREAKS|DATE|PRIMARY CATEGORY|CATEGORY|TAGS|IMAGE"
    "|NO ENTRY|UNIQUE URL"
)
_SECTIONS = "BODY|EXTENDED BODY|EXCERPT|KEYWORDS|COMMENT|PING"
_START = re.compile(
    rf"(?:\ufeff|\xef\xbb\xbf)?\s{{0,100}}(?:AUTHOR|TITLE|BASENAME|STATUS):[^\n]{{0,1000}}\n(?:(?:{_HEADERS}):[^\n]{{0,1000}}\n){{1,100}}"
    rf"-----\r?\n(?:{_SECTIONS}):"
)
_ENTRIES = re.compile(rf"^-{{8}}[ \t]*\n(?=\s{{0,100}}(?:(?:{_HEADERS}):|\Z))", re.MULTILINE)
_PARTS = re.compile(
    rf"^-{{5}}[ \t]*\n(?=(?:{_SECTIONS}):|\s{{0,100}}(?:-{{8}}[ \t]*\n?\s{{0,100}})?\Z)", re.MULTILINE
)
_DATE = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?)?", re.IGNORECASE
)
_LEFT_OUT = {"future": "future", **dict.fromkeys(("draft", "review", "unpublish", "pending"), "draft")}


class _Entry(NamedTuple):
    line: int
    headers: list[tuple[str, str]]
    sections: dict[str, str]

    def all(self, name: str) -> list[str]:
        return [value for header, value in self.headers if header == name and value]

    def one(self, name: str) -> str:
        return next(iter(self.all(name)), "")


def is_movabletype(head: bytes) -> bool:
    r"""Return whether a source begins as such an export does.

    Examples
    --------
    >>> is_movabletype(b"TITLE: Rain\nDATE: 05/01/2026\n-----\nBODY:\nIt rained."), is_movabletype(b"TITLE: Rain")
    (True, False)
    """
    return _START.match(head.decode("latin-1")) is not None


def read_movabletype(source: Source) -> Iterator[Row]:
    """Yield a row for each entry, with the line where it starts.

    The id is the ``BASENAME``, with the month before it if basenames repeat, or else the moment of the entry. The text
    is the body and its extension. The section is the primary or first category; other categories and tags are ``tags``.
    Comments and pings are no text. Dates have no zone and are read as UTC.

    Raises
    ------
    InputError
        If the source is not UTF-8 or UTF-16, or has no entries.
    """
    text = decoded(read_whole(source), None)
    if isinstance(text, Problem):
        raise InputError(replace(text, next_move="save the export as UTF-8").at(source.name))
    entries = list(_entries(text.replace("\r\n", "\n").replace("\r", "\n")))
    if not entries:
        raise InputError(Problem("no entries in this export", "", "check the file and --format", source.name))
    times = Counter(entry.one("BASENAME") for entry in entries)
    repeat = any(count > 1 for name, count in times.items() if name)
    for entry in entries:
        status = entry.one("STATUS").lower()
        yield Row(source.name, entry.line, _fields(entry, repeat), left_out=_LEFT_OUT.get(status))


def _entries(text: str) -> Iterator[_Entry]:
    start, line = 0, 1
    for end in (*(found.span() for found in _ENTRIES.finditer(text)), (len(text), len(text))):
        entry = text[start : end[0]]
        head, *sections = _PARTS.split(entry)
        pairs = (line.partition(":") for line in head.split("\n"))
        headers = [(name.strip(), value.strip()) for name, colon, value in pairs if colon]
        if headers:
            yield _Entry(line + len(entry) - len(entry.lstrip("\n")), headers, dict(_sections(sections)))
        line += text.count("\n", start, end[1])
        start = end[1]


def _sections(parts: list[str]) -> Iterator[tuple[str, str]]:
    for part in reversed(parts):  # the first of a name counts
        name, colon, value = part.partition(":")
        if colon:
            yield name, value.strip()


def _fields(entry: _Entry, repeat: bool) -> dict[str, Any]:
    published = _moment(entry.one("DATE"))
    name = entry.one("BASENAME")
    categories = list(dict.fromkeys([*entry.all("PRIMARY CATEGORY"), *entry.all("CATEGORY")]))
    tags = [tag.strip().strip('"') for tags in entry.all("TAGS") for tag in tags.split(",")]
    texts = [entry.sections.get(each, "") for each in ("BODY", "EXTENDED BODY")]
    fields = {
        "id": f"{published[:7].replace('-', '/')}/{name}" if name and repeat else name or published,
        "title": entry.one("TITLE"),
        "text": "\n\n".join(filter(None, texts)),
        "published": published,
        "section": categories[0] if categories else None,
        "url": entry.one("UNIQUE URL"),
        "description": entry.sections.get("EXCERPT"),
        "image": entry.one("IMAGE"),
        "author": entry.one("AUTHOR"),
        "tags": [*categories[1:], *filter(None, tags)],
    }
    return {name: value for name, value in fields.items() if value}


def _moment(date: str) -> str:
    """Return a date such as ``05/01/2026 10:00:00 PM`` in the form of ISO 8601, or as it is."""
    found = _DATE.fullmatch(date)
    if found is None:
        return date
    month, day, year, hour, minute, second, half = found.groups()
    if hour is None:
        return f"{year}-{month:0>2}-{day:0>2}"
    number = int(hour) if half is None else int(hour) % 12 + 12 * (half.upper() == "PM")
    return f"{year}-{month:0>2}-{day:0>2}T{number:02}:{minute}:{second or '00'}"
