"""Read the pages of a site in two passes: first the head of each page, then its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache, partial
from itertools import chain, tee
from pathlib import Path
from typing import Any, NamedTuple

from recommender.errors import InputError, Problem
from recommender.progress import Progress, no_progress
from recommender.readers.asciidoc.asciidoc_pages import AsciidocPages
from recommender.readers.dokuwiki.dokuwiki_pages import DokuWikiPages, is_folder_of_dokuwiki
from recommender.readers.html.html_facts import FactsCache
from recommender.readers.html.html_pages import HtmlPages
from recommender.readers.inputs.sources import Source
from recommender.readers.markdown.markdown_pages import MarkdownPages
from recommender.readers.notebooks.notebook_pages import NotebookPages, published_notebooks
from recommender.readers.org.org_pages import OrgPages
from recommender.readers.pages.canonical import copies_among
from recommender.readers.pages.page_folder import (
    OTHER_FORMATS,
    SUFFIXES,
    Found,
    Page,
    Walk,
    format_of,
    pages_of,
)
from recommender.readers.pages.page_format import Content, Head, PageFormat
from recommender.readers.pages.page_sets import (
    exported,
    filled_by_templates,
    knitted,
    notes_of_packages,
    notes_of_the_repository,
    parts_by_name,
    parts_of_others,
)
from recommender.readers.pages.published_pages import PublishedPages
from recommender.readers.pages.unread_files import TO_HTML
from recommender.readers.records.identity import Rule, choose_rule, identified
from recommender.readers.records.rows import Caution, Row
from recommender.readers.restructured.rst_pages import RstPages
from recommender.worker_processes import in_parts, worker_processes

__all__ = ["PageOptions", "read_pages"]

_MOST_STATIC = (
    10  # pages of HTML without front matter for one source of Jekyll; a site that is built has no sources
)
_MOST_SUFFIXES = 5
_REPORTED = 100  # pages between two reports of progress
_STEP = "heads of pages"
_DEPTH = 3  # of folders above a page that is given alone
_PART = 8  # pages that a process parses at a time
_FEWEST_TEXTS = 3  # files of text that may be the pages of a wiki
_FILES = frozenset((".json", ".jsonl", ".csv", ".xml", ".parquet"))
_QUOTE = "it was read line by line; put the value in quotes"


class PageOptions(NamedTuple):
    """How the pages of a folder are read.

    Parameters
    ----------
    cache : FactsCache or None
        Keeps what HTML pages say.
    exclude : tuple of str
        Patterns of paths that are not read, such as ``tags/*``.
    progress : callable
        Called as ``progress("heads of pages", done, total)`` during the first pass over a folder.
    """

    cache: FactsCache | None = None
    exclude: tuple[str, ...] = ()
    progress: Progress = no_progress


def read_pages(
    source: Source, format: str | None, id: str | None, now: datetime, options: PageOptions, place: str = ""
) -> Iterator[Row]:
    """Yield a row for each page of a folder, or one row for a file or stream.

    The suffix of a file selects its format. If `format` is given, only files of that format are read. The
    first pass over a folder finds copies, pages to leave out and repeated ids. The second pass reads the
    texts. Ids that are paths begin with `place`.

    Raises
    ------
    InputError
        If a folder contains no page of the format.
    """
    readers = _readers(now, options.cache)
    if source.path is None or not source.path.is_dir():
        (page,) = pages_of(source, ())
        reader = readers[format or "markdown"]
        reason = "draft" if source.path is not None and _is_in_drafts(source.path) else None
        yield from _rows(page, reader.content(page, reader.parsed(page)), reason, Rule(id or "id"))
        return
    walk = Walk(source.path, (format,) if format else tuple(SUFFIXES), options.exclude, place)
    files = list(walk.files())
    if format is None and (others := _other_formats(source.path, walk, len(files))):
        walk = Walk(source.path, (*SUFFIXES, *others), options.exclude, place)
        files = list(walk.files())
        if "notebook" in others:
            files = _without_downloads(walk, files)
    yield from (_excluded(found, place) for found in walk.excluded)
    if not files:
        raise InputError(_no_pages(source, walk, format))
    for caution in walk.cautions(files):
        yield Row(source.name, None, caution)
    reasons, rule = _survey(source, walk, files, readers, options.progress)
    if rule.field != "id" and id is None:
        yield Row(source.name, None, _id_caution(rule))
    chosen = rule if id is None else rule._replace(field=id)
    given, parsed = tee(pages_of(source, files))
    with worker_processes() as workers:
        found = (
            map(partial(_parsed, readers), parsed)
            if options.cache  # which knows the pages
            else chain.from_iterable(workers.mapped(partial(_parsed_anew, now), in_parts(parsed, _PART)))
        )
        for page, each in zip(given, found, strict=True):
            content = readers[_reader_of(page.path)].content(page, each)
            yield from _rows(page, content, reasons.get(page.path), chosen, place)


def _is_in_drafts(file: Path) -> bool:
    """Return whether a page that is given alone lies in the folder of drafts of a site."""
    return "_drafts" in [each.name.lower() for each in list(file.absolute().parents)[:_DEPTH]]


def _readers(now: datetime, cache: FactsCache | None = None) -> dict[str, PageFormat]:
    return {
        "markdown": MarkdownPages(now), "html": HtmlPages(now, cache), "rst": RstPages(now),
        "asciidoc": AsciidocPages(now), "org": OrgPages(now), "dokuwiki": DokuWikiPages(), "notebook": NotebookPages(now),
    }  # fmt: skip


def _parsed(readers: dict[str, PageFormat], page: Page) -> Any:
    return readers[_reader_of(page.path)].parsed(page)


def _parsed_anew(now: datetime, pages: list[Page]) -> list[Any]:
    """Return what pages say by themselves, in any process."""
    return list(map(partial(_parsed, _kept_readers(now)), pages))


_kept_readers = lru_cache(maxsize=1)(_readers)


def _other_formats(folder: Path, walk: Walk, n_pages: int) -> tuple[str, ...]:
    """Return the formats that are read only where a folder says so, and that may be those of its pages."""
    is_of_dokuwiki = walk.may_hold(".txt", n_pages) and is_folder_of_dokuwiki(folder)
    return ("dokuwiki",) * is_of_dokuwiki + ("notebook",) * bool(walk.unread[OTHER_FORMATS["notebook"]])


def _without_downloads(walk: Walk, files: list[Found]) -> list[Found]:
    """Return the files without the notebooks that no generator publishes, which count as unread."""
    notebooks = [found for found in files if _reader_of(found.path) == "notebook"]
    pages = set(published_notebooks(walk.folder, notebooks, len(files) - len(notebooks)))
    others = {found for found in notebooks if found not in pages}
    walk.leave_unread(others)
    return [found for found in files if found not in others]


def _survey(
    source: Source, walk: Walk, files: list[Found], readers: dict[str, PageFormat], progress: Progress
) -> tuple[dict[str, str], Rule]:
    """Return the reasons for leaving out pages, by path, and the id rule for the other pages."""
    reasons: dict[str, str] = {}
    heads: dict[str, Head] = {}
    n_html = sum(format_of(found.path) == "html" for found in files)
    folder = PublishedPages.of(source.path, files, walk.settings, n_html)
    for page in _reported(pages_of(source, files), len(files), progress):
        head = readers[_reader_of(page.path)].head(page)
        reason = folder.reason(page.path)
        if reason == "template" and _reader_of(page.path) == "dokuwiki":
            reason = None  # no generator of the repository reads it
        if isinstance(head, Problem):
            if reason not in (None, "listing"):
                reasons[page.path] = reason  # a template of new posts need not be a page
            continue
        if reason == "listing" and head.is_article:
            reason = None
        reason = head.left_out or reason
        if reason is None:
            heads[page.path] = head
        else:
            reasons[page.path] = reason
    static = [path for path, head in heads.items() if head.is_static and not head.is_article]
    n_sources = len(files) - n_html
    n_sources += sum(head.has_matter for path, head in heads.items() if format_of(path) == "html")
    if len(static) < (_MOST_STATIC if folder.copies_html else 1) * n_sources:
        reasons |= dict.fromkeys(static, "static")
        heads = {path: head for path, head in heads.items() if path not in reasons}
    reasons |= dict.fromkeys(filled_by_templates(heads), "listing") | dict.fromkeys(knitted(heads), "copy")
    reasons |= dict.fromkeys(exported(heads), "copy")
    reasons |= dict.fromkeys(parts_of_others(heads) | parts_by_name(heads), "template")
    if folder.is_repository:
        reasons |= dict.fromkeys(notes_of_packages(heads), "template")
    if folder.needs_front_matter:
        reasons |= dict.fromkeys(notes_of_the_repository(heads), "template")
    heads = {path: head for path, head in heads.items() if path not in reasons}
    copies = copies_among(
        {path: (h.canonical, h.is_variant, h.fields.get("title")) for path, h in heads.items()}
    )
    reasons |= dict.fromkeys(copies, "copy")
    return reasons, choose_rule((path, head.fields) for path, head in heads.items() if path not in copies)


def _reported(pages: Iterable[Page], n_pages: int, progress: Progress) -> Iterator[Page]:
    """Yield pages, and report how many of them are read."""
    for done, page in enumerate(pages):
        if done % _REPORTED == 0:
            progress(_STEP, done, n_pages)
        yield page
    progress(_STEP, n_pages, n_pages)


def _reader_of(path: str) -> str:
    other = (name for name, suffix in OTHER_FORMATS.items() if path.lower().endswith(suffix))
    return format_of(path) or next(other, "html")


def _rows(page: Page, content_of: Content, reason: str | None, rule: Rule, place: str = "") -> Iterator[Row]:
    """Yield the row of a page, after a caution if its front matter was not valid."""
    content, found, fault = content_of
    left_out = reason or found
    if fault is not None and left_out is None:
        yield Row(page.name, 1, Caution("front matter that is not valid", fault.got, _QUOTE))
    line = 1 if isinstance(content, Problem) else None
    if isinstance(content, dict):
        content = identified(place + page.path, content, rule)
    yield Row(page.name, line, content, page=page.path, left_out=left_out)


def _excluded(found: Found, place: str) -> Row:
    problem = Problem("an excluded page")
    return Row(found.file, None, problem, page=place + found.path, left_out="excluded")


def _id_caution(rule: Rule) -> Caution:
    named = {"path": "path without suffix", "file": "path"}.get(rule.field, rule.field)
    return Caution(
        "repeated ids", repr(rule.repeated), f"every page uses its {named} as its id; --id overrides this"
    )


def _no_pages(source: Source, walk: Walk, format: str | None) -> Problem:
    suffixes = " or ".join(
        suffix for name in walk.formats for suffix in SUFFIXES.get(name) or (OTHER_FORMATS[name],)
    )
    if walk.excluded:
        excluded = f"{len(walk.excluded):,} by {', '.join(walk.exclude)}"
        return Problem("all pages are excluded", excluded, "exclude fewer", source.name)
    found = walk.unread + walk.others
    got = ", ".join(f"{count:,} {suffix}" for suffix, count in found.most_common(_MOST_SUFFIXES))
    return Problem(f"no {suffixes} files in this folder", got, _move(walk), source.name)


def _move(walk: Walk) -> str:
    """Return what can be done with a folder without pages."""
    suffix, count = next(iter(walk.others.most_common(1)), ("", 0))
    if walk.unread or (suffix == ".txt" and count >= _FEWEST_TEXTS):
        return TO_HTML
    if suffix in _FILES:
        return f"name the {suffix} files, not their folder"
    return "check the path and --format"
