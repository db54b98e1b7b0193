"""Split the header of an AsciiDoc document from its text: front matter, title, author, date and attributes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from recommender.readers.asciidoc.asciidoc_attributes import ENTRY, Attributes

__all__ = ["Header", "header_of"]

_TITLE = re.compile(r"[=#][ \t]+(\S.*)")
_ATTRIBUTE_LINE = re.compile(r"\[.*\][ \t]*")
_MACRO_LINE = re.compile(r"(?:include|ifdef|ifndef|ifeval|endif|toc)::\S{0,300}\[.*\][ \t]*")
_AUTHOR = re.compile(r"[^\W\d_][^\n:=\[\]{}|*`]{0,200}")
_SENTENCE = re.compile(r"[.!?…][ \t]*$|https?://")
_MOST_WORDS = 12  # of a line with authors
_EMAIL = re.compile(r"\s*<[^<>]*>")
_REVISION = re.compile(
    r"(?:v?\d[\w.]{0,20},[ \t]*)?(\d{4}-\d{2}-\d{2}|\w{3,9} \d{1,2}, \d{4}|\d{1,2} \w{3,9} \d{4})\b.*"
)
_VERSION = re.compile(r"v\d[\w.]{0,20}\b.*")
_PREFIX = re.compile(r"(?:page|awestruct|jbake|blog)-(?=[a-z])")
_KNOWN = frozenset(
    """
    id title date revdate published publish published_at updated modified description summary excerpt keywords tags
    categories category section author authors lang language image status draft noindex url slug permalink layout type
    sitemap unlisted hidden private series
    """.split()  # noqa: SIM905
)
"""Attributes that say something of the article. Others are settings of a processor, or words of the text."""

_LISTS = frozenset(("tags", "keywords", "categories"))
_NAMES = {"revdate": "date", "jbake-date": "date", "published_at": "date"}


class Header(NamedTuple):
    """What stands above the text of a document.

    Parameters
    ----------
    title : str
        As it is written, or "".
    fields : dict
        What the attributes and the lines below the title say of the article. Tags are lists.
    end : int
        Number of the line with which the text begins.
    """

    title: str
    fields: dict[str, Any]
    end: int


def header_of(lines: Sequence[str], attributes: Attributes) -> Header:
    r"""Read the header of a document, and set what it sets in `attributes`.

    Read are attributes above and below the title, the author and the date of the revision. Names of site generators
    lose their prefixes: ``page-``, ``awestruct-`` and ``jbake-``.

    Examples
    --------
    >>> text = "= Rain\nAnn Wet\n:revdate: 2026-05-01\n:page-tags: rain, wind\n:toc:\n\nIt rained."
    >>> header_of(text.split("\n"), Attributes({}))
    Header(title='Rain', fields={'author': 'Ann Wet', 'date': '2026-05-01', 'tags': ['rain', 'wind']}, end=6)
    """
    fields: dict[str, Any] = {}
    at = _entries(lines, 0, attributes, fields)
    title, below = _title(lines, at)
    if title:
        at = _entries(lines, _author(lines, below, fields), attributes, fields)
    return Header(attributes.put(title), fields, at)


def _title(lines: Sequence[str], at: int) -> tuple[str, int]:
    """Return the title in a line, and the number of the line below it."""
    line = lines[at] if at < len(lines) else ""
    if (found := _TITLE.fullmatch(line.rstrip())) is not None:
        return found[1], at + 1
    rule = lines[at + 1].rstrip() if at + 1 < len(lines) else ""
    if (
        len(rule) > 3
        and not rule.strip("=")
        and abs(len(rule) - len(line.rstrip())) < 2
        and line[:1].isalnum()
    ):
        return line.strip(), at + 2
    return "", at


def _author(lines: Sequence[str], at: int, fields: dict[str, Any]) -> int:
    """Read the lines of the author and of the revision. Return the number of the line below them."""
    line = lines[at].strip() if at < len(lines) else ""
    is_author = _AUTHOR.fullmatch(line) and not _SENTENCE.search(line) and len(line.split()) <= _MOST_WORDS
    if not is_author or _MACRO_LINE.fullmatch(line):
        return at
    names = [_EMAIL.sub("", name).replace("_", " ").strip() for name in line.split(";")]
    fields["author"] = ", ".join(filter(None, names))
    at += 1
    line = lines[at].strip() if at < len(lines) else ""
    revision = _REVISION.fullmatch(line)
    if revision is not None:
        fields["date"] = revision[1]
    return at + (revision is not None or _VERSION.fullmatch(line) is not None)


def _entries(lines: Sequence[str], at: int, attributes: Attributes, fields: dict[str, Any]) -> int:
    """Read attributes. Return the number of the first line that is none, no comment, no block attribute and not blank."""
    while at < len(lines):
        line = lines[at].rstrip()
        if line.startswith("////") and not line.strip("/"):
            at = _after(lines, at, line)
        elif (entry := ENTRY.match(line)) is not None:
            value, at = _value(lines, at, entry[4] or "")
            attributes.set(f":{entry[1]}{entry[2]}{entry[3]}: {value}")
            if not (entry[1] or entry[3]):
                _put(entry[2].lower(), attributes.put(value), fields)
        elif (
            not line
            or line.startswith("//")
            or _ATTRIBUTE_LINE.fullmatch(line)
            or _MACRO_LINE.fullmatch(line)
        ):
            at += 1
        else:
            break
    return _before_block(lines, at)


def _before_block(lines: Sequence[str], at: int) -> int:
    """Return the number of the first of the lines directly above that say what the block below them is."""
    while at > 0 and at < len(lines) and _ATTRIBUTE_LINE.fullmatch(lines[at - 1].rstrip()):
        if _title(lines, at)[0]:
            break  # an id of the document
        at -= 1
    return at


def _after(lines: Sequence[str], at: int, rule: str) -> int:
    """Return the number of the line below a block comment."""
    at += 1
    while at < len(lines) and lines[at].rstrip() != rule:
        at += 1
    return at + 1


def _value(lines: Sequence[str], at: int, value: str) -> tuple[str, int]:
    """Return a value with the lines that continue it, and the number of the line below."""
    parts = [value.rstrip()]
    while parts[-1].endswith((" \\", " +")) and at + 1 < len(lines):
        at += 1
        parts[-1] = parts[-1][:-2].rstrip()
        parts.append(lines[at].strip())
    return " ".join(parts), at + 1


def _put(name: str, value: str, fields: dict[str, Any]) -> None:
    """Keep a value that says something of the article."""
    plain = _PREFIX.sub("", name, count=1)
    if (plain == name and name not in _KNOWN) or "{" in value:
        return
    plain = _NAMES.get(plain, plain)
    fields.setdefault(
        plain, _list(value) if plain in _LISTS else value.strip("\"'") if plain == "title" else value
    )


def _list(value: str) -> list[str]:
    parts = value.strip("[] ").replace(";", ",").split(",")
    return [part.strip(" \"'") for part in parts if part.strip(" \"'")]
