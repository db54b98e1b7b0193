"""Yield the rows of one source: open it, recognise its format, read it and assign ids."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from pathlib import Path, PurePath
from typing import NamedTuple

from recommender.errors import InputError
from recommender.readers.accounts import SourceAccount
from recommender.readers.feeds.feed_reader import read_feed
from recommender.readers.inputs.sources import Given, Source, name_of, open_source
from recommender.readers.json.ghost import read_ghost
from recommender.readers.json.json_documents import read_json
from recommender.readers.json.json_feed import read_jsonfeed
from recommender.readers.json.json_posts import post_fields
from recommender.readers.json.jsonl import read_jsonl
from recommender.readers.mediawiki.mediawiki_export import read_mediawiki
from recommender.readers.movabletype.movabletype_export import read_movabletype
from recommender.readers.page_rows import PageOptions, read_pages
from recommender.readers.recognise import PAGE_FORMATS, recognise
from recommender.readers.records.columns import stand_in_for_id
from recommender.readers.records.date_order import day_comes_first, in_order
from recommender.readers.records.field_names import name_and_url, renamed
from recommender.readers.records.future_dates import is_future
from recommender.readers.records.identity import Rule, choose_rule, identified
from recommender.readers.records.named_fields import NO_NAMES, NamedFields
from recommender.readers.records.publication import field_reason
from recommender.readers.records.rows import Caution, Row
from recommender.readers.substack.substack_export import read_substack, substack_table
from recommender.readers.tabular.delimited import read_csv, read_tsv
from recommender.readers.tabular.parquet_rows import read_parquet
from recommender.readers.wordpress.wordpress_export import read_wordpress

__all__ = ["ReadOptions", "rows_of"]

_Reader = Callable[[Source], Iterator[Row]]
_TABLES: dict[str, Callable[[Source, str | None, NamedFields], Iterator[Row]]] = {
    "csv": read_csv,
    "tsv": read_tsv,
    "parquet": read_parquet,
}
_WITH_FIXED_NAMES: dict[str, _Reader] = {
    "rss": read_feed,
    "jsonfeed": read_jsonfeed,
    "wordpress": read_wordpress,
    "ghost": read_ghost,
    "movabletype": read_movabletype,
    "mediawiki": read_mediawiki,
    "substack": read_substack,
}
_STREAMED = frozenset(("wordpress", "mediawiki"))  # its ids are unique already
_ROWS = frozenset(("csv", "tsv", "jsonl"))  # which are read one by one
_PAGES = PAGE_FORMATS


class ReadOptions(NamedTuple):
    """How sources are read: format, id field, the reference time for publication, and which pages of folders.

    `root` is the folder below which the paths of pages are ids, if several folders are read. `named` are fields whose
    names the user gave.
    """

    format: str | None
    id: str | None
    now: datetime
    pages: PageOptions = PageOptions()
    root: Path | None = None
    named: NamedFields = NO_NAMES


def rows_of(given: Given, options: ReadOptions, account: SourceAccount) -> Iterator[Row]:
    """Yield the rows of one source. If it cannot be read to the end, the last row holds the error."""
    line: int | None = None
    try:
        for row in _rows(given, options, account):
            line = row.line
            yield row
    except InputError as error:
        yield Row(name_of(given), line, error)


def _rows(given: Given, options: ReadOptions, account: SourceAccount) -> Iterator[Row]:
    with open_source(_file_of(given, options.format)) as source:
        format = recognise(source, options.format, {*options.named.names.values(), options.id or "id"})
        if format in _PAGES or (source.path is not None and source.path.is_dir()):
            named = options.format if source.path is not None and source.path.is_dir() else format
            place = _place(source, options.root)
            pages = read_pages(source, named, options.id, options.now, options.pages, place)
            yield from _with_named_fields(pages, options.named)
            return
        if format in _WITH_FIXED_NAMES:
            entries: Iterable[Row] = _with_named_fields(_WITH_FIXED_NAMES[format](source), options.named)
            if options.id is None and format not in _STREAMED:
                entries = list(entries)  # these formats are parsed whole anyway
            rule = _rule_of(entries) if isinstance(entries, list) else Rule(options.id or "id")
            yield from _named(entries, rule, source.name, options)
            return
        day_first = _day_first(given, format, options)
        rows = _with_standard_names(
            _with_free_names(format, source, options), account, options, day_first=day_first
        )
        first = list(islice(rows, 1))
        rule = _rule_of_stream(given, format, first, options) if options.id is None else Rule(options.id)
        yield from _named(chain(first, rows), rule, source.name, options)


def _file_of(given: Given, format: str | None) -> Given:
    """Return the table of an export of Substack whose folder is given. Other sources are what they are."""
    if format is not None or not isinstance(given, str | Path) or not Path(given).is_dir():
        return given
    return substack_table(Path(given)) or given


def _place(source: Source, root: Path | None) -> str:
    """Return the path of a folder below the root, with a slash at its end. It is empty for the root itself."""
    if root is None or source.path is None or not source.path.is_dir():
        return ""
    place = PurePath(os.path.relpath(source.path.resolve(), root)).as_posix()
    return "" if place == "." else f"{place}/"


def _with_free_names(format: str, source: Source, options: ReadOptions) -> Iterator[Row]:
    if format in _TABLES:
        return _with_named_fields(_TABLES[format](source, options.id, options.named), options.named)
    rows = read_json(source, options.named) if format == "json" else read_jsonl(source)
    return _with_named_fields(rows, options.named)


def _with_named_fields(rows: Iterable[Row], named: NamedFields) -> Iterator[Row]:
    if not named.names:
        yield from rows
        return
    for row in rows:
        yield row._replace(content=named.standard(row.content)) if isinstance(row.content, dict) else row


def _with_standard_names(
    rows: Iterator[Row], account: SourceAccount, options: ReadOptions, *, day_first: bool | None
) -> Iterator[Row]:
    """Yield the rows of a format with free field names, with fields renamed to the standard names.

    A field that is named as the id is kept under its own name too. Rows that are to be published later are left out.
    `day_first` says what comes first in numeric dates.
    """
    id = options.id
    for row in rows:
        if isinstance(row.content, dict):
            found = renamed(post_fields(row.content))
            account.record_names(found)
            fields = found.fields
            if id is not None and id not in fields and id in row.content:
                fields = {**fields, id: row.content[id]}
            if day_first is not None and "published" in fields:
                fields = {**fields, "published": in_order(fields["published"], day_first=day_first)}
            if row.left_out is None and is_future(row.content, fields.get("published"), options.now):
                row = row._replace(left_out="future")
            if fields is not row.content:
                row = row._replace(content=fields)
        yield row


def _day_first(given: Given, format: str, options: ReadOptions) -> bool | None:
    """Return what comes first in the numeric dates of a file of rows. It is read twice if it has such dates."""
    if format not in _ROWS or not isinstance(given, str | Path) or str(given) == "-":
        return None
    with open_source(given) as source:
        rows = (row.content for row in _with_free_names(format, source, options))
        contents = (content for content in rows if isinstance(content, dict))
        return day_comes_first(renamed(post_fields(each)).fields.get("published") for each in contents)


def _rule_of(rows: Iterable[Row]) -> Rule:
    """Return the id rule for the published rows."""
    contents = ((row.content, row.left_out) for row in rows)
    return choose_rule(
        (None, content)
        for content, reason in contents
        if isinstance(content, dict) and reason is None and field_reason(content) is None
    )


def _rule_of_stream(given: Given, format: str, first: list[Row], options: ReadOptions) -> Rule:
    """Return the id rule of a source that is streamed. It is read twice if its URLs could replace its ids."""
    fields = first[0].content if first else None
    if not isinstance(fields, dict):
        return Rule()
    if stand_in := stand_in_for_id(fields):
        return Rule(stand_in)
    if not fields.get("url") or not isinstance(given, str | Path) or str(given) == "-":
        return Rule()
    with open_source(given) as source:
        rows = (row.content for row in _with_free_names(format, source, options))
        posts = (post_fields(content) for content in rows if isinstance(content, dict))
        return choose_rule((None, name_and_url(post)) for post in posts if field_reason(post) is None)


def _named(rows: Iterable[Row], rule: Rule, source: str, options: ReadOptions) -> Iterator[Row]:
    """Yield the rows with the ids that the rule assigns, and a warning if these are not their own ids."""
    if rule.field == "id" and options.id is None:
        yield from rows
        return
    if options.id is None:
        because = f"{rule.repeated!r} occurs twice" if rule.repeated else "there is no field 'id'"
        got = f"{rule.field!r} because {because}"
        yield Row(
            source, None, Caution("ids are taken from another field", got, "--id or id= names another field")
        )
    for row in rows:
        if isinstance(row.content, dict):
            row = row._replace(content=identified(row.page, row.content, rule))
        yield row
