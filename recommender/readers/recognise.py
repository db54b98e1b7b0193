"""Recognise the format of a source from its content, or else from its name."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import orjson

from recommender.errors import InputError, Problem
from recommender.readers.inputs.foreign_files import foreign_file
from recommender.readers.inputs.sources import HEAD_BYTES, Source
from recommender.readers.movabletype.movabletype_export import is_movabletype
from recommender.readers.pages.page_folder import OTHER_FORMATS, SUFFIXES
from recommender.readers.records.columns import is_name_of_article
from recommender.readers.substack.substack_export import is_substack
from recommender.readers.tabular.delimited import delimiter_of

__all__ = ["FORMATS", "PAGE_FORMATS", "recognise"]

PAGE_FORMATS = (*SUFFIXES, *OTHER_FORMATS)
FORMATS = (
    "jsonl",
    "json",
    "csv",
    "tsv",
    "parquet",
    "rss",
    "jsonfeed",
    "wordpress",
    "ghost",
    "movabletype",
    "mediawiki",
    "substack",
    *PAGE_FORMATS,
)

_BY_SUFFIX = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".rss": "rss",
    ".atom": "rss",
    ".xml": "rss",
    **{suffix: name for name, suffixes in SUFFIXES.items() for suffix in suffixes},
}
_LONGEST_HEAD = 20_000  # bytes of the first entry of Movable Type up to its text
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/version\\?/')
_GHOST = re.compile(
    rb'\{\s*"db"\s*:\s*\[|\{\s*"meta"\s*:\s*\{[^{}]{0,500}"exported_on"[^{}]{0,500}\}\s*,\s*"data"\s*:\s*\{'
)
_WRAPPER = re.compile(rb'\{\s*"[^"\\]{1,60}"\s*:\s*[\[{]')
_FIRST_KEY = re.compile(rb'\{\s*"([^"\\]{1,60})"')
_ROOT = re.compile(rb"<(rss|feed|rdf:rdf|html|head|body|mediawiki)\b|<!doctype\s+(html|rss)\b", re.IGNORECASE)
_WORDPRESS = re.compile(rb"<wp:(?:wxr_version|post_type|post_id|author|category)\b")
_LATE_DECLARATION = re.compile(rb"(?m)^<\?xml\b")
_PAGE_ROOTS = (b"html", b"head", b"body")


def recognise(source: Source, named: str | None = None, fields: Collection[str] = ()) -> str:
    """Return the name of the format of an open source, or `named` if that is given.

    A folder may contain pages of several formats. Its format is ``markdown`` unless `named` is given. `fields` are names
    that the user gave: an object with one of them is an article.

    Raises
    ------
    InputError
        If neither content nor name identifies the format, or `named` does not apply to folders.
    """
    if source.path is not None and source.path.is_dir():
        if named is not None and named not in PAGE_FORMATS:
            move = "name the files, or a folder of pages"
            raise InputError(Problem(f"{named} is read from files, not folders", "", move, source.name))
        return named or PAGE_FORMATS[0]
    if named is not None:
        return named
    if (problem := foreign_file(source.head)) is not None:
        raise InputError(problem.at(source.name))
    if _suffix(source.name) == OTHER_FORMATS["notebook"]:  # JSON of its own
        return "notebook"
    found = _by_content(source.head, fields) or _BY_SUFFIX.get(_suffix(source.name))
    if found is None and not source.head.strip():
        return "jsonl"  # an empty source yields no articles
    if found is None:
        shown = repr(source.head[:30].decode("utf-8", "backslashreplace"))
        move = f"name it with format= or --format: {', '.join(FORMATS)}"
        raise InputError(Problem("format not recognised", shown, move, source.name))
    return found


def _by_content(head: bytes, fields: Collection[str]) -> str | None:
    start = head.lstrip()
    if (declared := _LATE_DECLARATION.search(start, 0, 2048)) is not None:
        start = start[declared.start() :]  # PHP may print a warning first
    if head.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"{", b"[")):
        return _json_format(start, fields)
    if start.startswith(b"<"):
        return _of_markup(start)
    if is_movabletype(head[:_LONGEST_HEAD]):
        return "movabletype"
    if is_substack(head):
        return "substack"
    delimiter = delimiter_of(head)
    if delimiter is None:
        return None
    return "tsv" if delimiter == "\t" else "csv"


def _of_markup(start: bytes) -> str | None:
    root = _ROOT.search(start)
    if root is None:
        return None
    name = (root[1] or root[2]).lower()
    if name in _PAGE_ROOTS:
        return "html"
    if name == b"mediawiki":
        return "mediawiki"
    return "wordpress" if _WORDPRESS.search(start) else "rss"


def _json_format(start: bytes, fields: Collection[str]) -> str:
    """Distinguish JSON Lines, with one article per line, from a single JSON document."""
    if _JSON_FEED.search(start):
        return "jsonfeed"
    if _GHOST.match(start):
        return "ghost"
    if start.startswith(b"["):
        return "json" if re.match(rb"\[\s*[\[{\]]", start) else "jsonl"
    lines = [line for line in start.split(b"\n") if line.strip()]
    if len(start) < HEAD_BYTES:
        if _is_json(start):
            return "jsonl" if len(lines) == 1 and _is_row(start, fields) else "json"
    elif len(lines) == 1:  # the line is longer than the head
        key = _FIRST_KEY.match(start)
        return "jsonl" if key and _names_article(key[1].decode("utf-8", "replace"), fields) else "json"
    else:
        lines.pop()  # the last line may be incomplete
    if lines[0].rstrip().endswith((b"{", b"[", b",")):
        return "json"
    if any(_is_row(line, fields) for line in lines[:20]):
        return "jsonl"
    return "json" if _WRAPPER.match(lines[0]) and all(map(_is_json, lines[:20])) else "jsonl"


def _names_article(name: str, fields: Collection[str]) -> bool:
    return name in fields or is_name_of_article(name)


def _is_row(line: bytes, fields: Collection[str]) -> bool:
    """Return whether a line is an article: an object with an article field that does not only wrap a list."""
    try:
        content = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    if not isinstance(content, dict) or not any(_names_article(name, fields) for name in content):
        return False
    wrapped = any(
        isinstance(value, list) and value and isinstance(value[0], dict) for value in content.values()
    )
    return not wrapped or not {"id", "title", "text", "body"}.isdisjoint(content)


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _suffix(name: str) -> str:
    return Path(name.lower().removesuffix(".gz").removesuffix(".zst")).suffix
