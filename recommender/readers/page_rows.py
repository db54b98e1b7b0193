"""The pages of a site, each read by its own format: what they say of themselves first, then their texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from recommender.errors import InputError, Problem
from recommender.readers.html.html_pages import HtmlPages
from recommender.readers.inputs.sources import Source
from recommender.readers.markdown.markdown_pages import MarkdownPages
from recommender.readers.pages.canonical import copies_among
from recommender.readers.pages.page_folder import SUFFIXES, Page, Walk, format_of, pages_of
from recommender.readers.pages.page_format import Head, PageFormat
from recommender.readers.pages.page_paths import path_reason
from recommender.readers.records.identity import Rule, choose_rule, identified
from recommender.readers.records.rows import Caution, Row

__all__ = ["read_pages"]

_OF_A_REPOSITORY = re.compile(
    r"\.git|package\.json|Gemfile|pyproject\.toml|mkdocs\.ya?ml|_config\.(?:ya?ml|toml)|(?:hugo|config)\.(?:toml|yaml|json)"
    r"|\.?(?:docusaurus|eleventy|astro|vitepress|gatsby-)\.?config\.\w+|\.eleventy\.js|zola\.toml|book\.toml"
)
"""Names that mark a folder as the source of a site and not only its content."""


def read_pages(source: Source, format: str | None, id: str | None, now: datetime) -> Iterator[Row]:
    """Yield a row for each page of a folder, or for the one page that a file or a stream is.

    Every file is read by the format of its suffix, or only those of `format`. A first pass reads what the pages say of
    themselves: which are copies of others, and whether their ids are their own. A second pass reads their texts.

    Raises
    ------
    InputError
        If a folder holds no page of the format.
    """
    readers: dict[str, PageFormat] = {"markdown": MarkdownPages(now), "html": HtmlPages(now)}
    if source.path is None or not source.path.is_dir():
        (page,) = pages_of(source, iter(()))
        yield _row(page, readers[format or "markdown"], None, Rule(id or "id"))
        return
    walk = Walk(source.path, (format,) if format else tuple(SUFFIXES))
    paths = list(walk.paths())
    if not paths:
        raise InputError(_no_pages(source, walk, format))
    for caution in walk.cautions():
        yield Row(source.name, None, caution)
    reasons, rule = _survey(source, paths, readers)
    if rule.field != "id" and id is None:
        yield Row(source.name, None, _of_rule(rule))
    chosen = rule if id is None else rule._replace(field=id)
    for page in pages_of(source, iter(paths)):
        yield _row(page, readers[format_of(Path(page.path)) or "html"], reasons.get(page.path), chosen)


def _survey(source: Source, paths: list[Path], readers: dict[str, PageFormat]) -> tuple[dict[str, str], Rule]:
    """Return why pages are left out, by path, and the rule for the ids of the others."""
    reasons: dict[str, str] = {}
    heads: dict[str, Head] = {}
    n_html = sum(format_of(path) == "html" for path in paths)
    is_rendered = 2 * n_html > len(paths)  # a README may lie in what a generator made
    is_repository = source.path is not None and any(
        _OF_A_REPOSITORY.fullmatch(entry.name) for entry in source.path.iterdir()
    )
    for page in pages_of(source, iter(paths)):
        head = readers[format_of(Path(page.path)) or "html"].head(page)
        if isinstance(head, Problem):
            continue
        reason = path_reason(page.path, is_rendered, is_repository) if len(paths) > 1 else None
        if reason == "listing" and head.is_article:
            reason = None
        reason = head.left_out or reason
        if reason is None:
            heads[page.path] = head
        else:
            reasons[page.path] = reason
    copies = copies_among(
        {path: (h.canonical, h.is_variant, h.fields.get("title")) for path, h in heads.items()}
    )
    reasons |= dict.fromkeys(copies, "copy")
    return reasons, choose_rule((path, head.fields) for path, head in heads.items() if path not in copies)


def _row(page: Page, reader: PageFormat, reason: str | None, rule: Rule) -> Row:
    content, found = reader.content(page)
    line = 1 if isinstance(content, Problem) else None
    if isinstance(content, dict):
        content = identified(page.path, content, rule)
    return Row(page.name, line, content, page=page.path, left_out=reason or found)


def _of_rule(rule: Rule) -> Caution:
    named = {"path": "path without suffix", "file": "path"}.get(rule.field, rule.field)
    return Caution(
        "ids that repeat", repr(rule.repeated), f"the {named} is the id of every page; --id decides"
    )


def _no_pages(source: Source, walk: Walk, format: str | None) -> Problem:
    wanted = " or ".join(suffix for name in walk.formats for suffix in SUFFIXES[name])
    got = ", ".join(f"{count:,} {suffix}" for suffix, count in sorted(walk.unread.items()))
    return Problem(f"no {wanted} files in this folder", got, "check the path and --format", source.name)
