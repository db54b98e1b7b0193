"""`recommender update`: adds, edits and deletes articles of a site, and repairs the lists that change."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from recommender.cli.options import (
    artifact_argument,
    check_n_jobs,
    example,
    json_option,
    n_jobs_option,
    progress_options,
    take_options,
)
from recommender.cli.reading import counted_line, left_out_lines, reading_of, reading_options, verbose_option
from recommender.cli.terminal import Bars, plural, say
from recommender.cli.update_report import UpdateReport, check_ids_file, write_ids
from recommender.errors import InputError, Problem

if TYPE_CHECKING:
    from recommender.articles import Article
    from recommender.engine import Recommender
    from recommender.live_site import LiveSite
    from recommender.readers import ArticleReader

__all__ = ["command"]

_SHOWN = 20  # bad rows that are named
_PATIENCE_S = 60.0  # of commands that go on for long


@dataclass(frozen=True, slots=True)
class _Options:
    delete: tuple[str, ...]
    delete_from: Path | None
    delete_unpublished: bool
    expired: bool
    sync: bool
    force: bool
    watch: bool
    changed: Path | None
    wait: float | None
    compact: bool
    on_error: str
    n_jobs: int
    verbose: bool
    as_json: bool
    progress: bool | None


@click.command(
    "update",
    epilog=example(
        "recommender update site.rec new.jsonl",
        "recommender update site.rec --delete some-article-id --changed purge.txt",
        "recommender update site.rec export.jsonl --sync",
        "tail -f changes.jsonl | recommender update site.rec -",
        "recommender update site.rec content --watch --sync",
    ),
)
@artifact_argument
@click.argument("articles", nargs=-1, metavar="[ARTICLES]...")
@click.option("--delete", multiple=True, metavar="ID", help="Delete this article. Can be repeated.")
@click.option(
    "--delete-from",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Delete the articles whose ids are in this file, one a line.",
)
@click.option(
    "--delete-unpublished",
    is_flag=True,
    help="Delete articles that ARTICLES have as a draft, redirect or otherwise unpublished.",
)
@click.option("--expired", is_flag=True, help="Repair lists with expired articles, as any update does.")
@click.option("--sync", is_flag=True, help="Delete all articles that are not in ARTICLES.")
@click.option(
    "--force", is_flag=True, help="Delete more than half of the articles, if that is what is wanted."
)
@click.option(
    "--watch", is_flag=True, help="Go on and apply the changes of a folder of pages as they are saved."
)
@click.option(
    "--changed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the ids of the articles whose lists changed to this file, too.",
)
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help=f"How long to wait for another writer.  [default: 0; {_PATIENCE_S:.0f} with --watch and -]",
)
@click.option(
    "--compact/--no-compact",
    default=True,
    help="Whether to make the updates part of the base when they are many.  [default: compact]",
)
@reading_options
@click.option(
    "--on-error",
    type=click.Choice(("raise", "skip")),
    default="raise",
    show_default=True,
    help="Treatment of bad rows: change nothing, or go on without them. A stream ends at one, or skips it.",
)
@n_jobs_option
@verbose_option
@json_option
@progress_options
def command(artifact: Path, articles: tuple[str, ...], **values: Any) -> None:
    """Add, edit and delete articles, and repair all lists that change.

    ARTICLES are files and folders as `build` reads them. An article with a new id is added, one with other
    content replaces that with its id, and one with the same content changes nothing. Prints the ids of the
    articles whose lists changed, one a line, or with --json all that changed.

    With - for ARTICLES, standard input is followed line by line: a JSON object is an article, {"delete": ID}
    deletes one. What has arrived is applied and saved together, then its ids are printed. --format reads
    another format whole.
    """
    from recommender.live_site import LiveSite

    options = take_options(values, _Options)
    reading = reading_of(values)
    is_stream = articles == ("-",) and reading["format"] in (None, "jsonl")
    _check_usage(articles, options, is_stream=is_stream)
    goes_on = is_stream or options.watch
    wait_s = options.wait if options.wait is not None else _PATIENCE_S if goes_on else 0.0
    report = UpdateReport(options.as_json, goes_on)
    with Bars(options.progress if not goes_on else False) as bars:
        live = LiveSite(artifact, wait_s, options.n_jobs, bars, say, compacts=options.compact)
        if is_stream:
            _follow(live, report, reading, options)
        elif options.watch:
            _watch(articles[0], live, report, reading, options)
        else:
            _once(articles, live, report, reading | {"progress": bars}, options)


def _check_usage(articles: tuple[str, ...], options: _Options, *, is_stream: bool) -> None:
    check_n_jobs(options.n_jobs)
    deletes = options.delete or options.delete_from is not None
    if not articles and not deletes and not options.expired:
        raise click.UsageError("nothing to do; give ARTICLES, --delete, --delete-from or --expired")
    if articles.count("-") + (str(options.delete_from) == "-") > 1:
        raise click.UsageError("standard input, '-', can be read only once")
    if "-" in articles and len(articles) > 1:
        raise click.UsageError("standard input, '-', is read as a stream; give it alone")
    if options.watch and (len(articles) != 1 or not Path(articles[0]).is_dir()):
        raise click.UsageError("--watch needs one folder of pages")
    if options.sync and (not articles or is_stream):
        raise click.UsageError("--sync needs all articles of the site: files or folders")
    if options.force and not options.sync and not options.watch:
        raise click.UsageError("--force belongs to --sync or --watch")
    if (is_stream or options.watch) and (deletes or options.changed is not None):
        names = "--delete, --delete-from and --changed belong to a single update"
        raise click.UsageError(f"{names}; a stream and --watch print ids as they change")
    check_ids_file(options.changed, articles)


def _follow(live: LiveSite, report: Any, reading: dict[str, Any], options: _Options) -> None:
    from recommender.cli.stop_signals import stop_requested
    from recommender.cli.update_stream import LineOptions, follow_lines
    from recommender.readers import KEEPABLE

    keep = KEEPABLE if reading["keep"] == "all" else reading["keep"]
    skips, fields = options.on_error == "skip", reading["fields"]
    lines = LineOptions(reading["id"], keep, skips, options.delete_unpublished, fields)
    with stop_requested() as stop:
        follow_lines(_standard_input(), live, lines, report, stop)


def _standard_input() -> BinaryIO:
    """Return standard input as a file of its own: Python waits at exit for a thread that reads the usual one."""
    try:
        return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    except OSError:  # it is no file of the system
        return sys.stdin.buffer


def _watch(folder: str, live: LiveSite, report: Any, reading: dict[str, Any], options: _Options) -> None:
    from recommender.cli.stop_signals import stop_requested
    from recommender.cli.update_watch import FolderWatch
    from recommender.readers import read_articles

    def read() -> ArticleReader:
        return read_articles(folder, on_error="skip", **reading)

    watch = FolderWatch(Path(folder), read, live, report, force=options.force)
    with stop_requested() as stop:
        watch.run(stop, sync=options.sync)


def _once(
    articles: tuple[str, ...], live: LiveSite, report: Any, reading: dict[str, Any], options: _Options
) -> None:
    from recommender.cli.doubled_site import doubling_problems
    from recommender.cli.update_pages import check_pages
    from recommender.cli.update_records import check_records
    from recommender.readers import read_articles
    from recommender.readers.pages.page_folder import format_of
    from recommender.worker_processes import worker_processes

    ids = [*options.delete, *_ids_of(options.delete_from)]
    reader = read_articles(list(articles), on_error=options.on_error, **reading)
    try:
        with reader, worker_processes(options.n_jobs) as workers, workers.shared():
            given, pages = [], {}
            for article in reader:
                given.append(article)
                pages[article.article_id] = reader.place[0]
        with live.locked() as site:
            if not (options.sync and options.force):
                check_pages(site, reader, pages, articles)
            unpublished = {each: why for each, why in reader.unpublished.items() if each in site}
            if options.delete_unpublished:
                ids += unpublished
            if options.sync:
                ids += _missing(site, given, reader, options)
            else:
                records = [each for each in given if not format_of(pages[each.article_id])]
                check_records(site, records, ids, names_id=reading["id"] is not None)
                if problems := doubling_problems(site, given, ids):
                    raise InputError(problems)
            changes = live.update(given, list(dict.fromkeys(ids)))
    except InputError as error:
        error.add_note(f"{live.path}: nothing was changed")
        raise
    _print_messages(reader, options)
    report.changes(changes)
    report.unpublished({each: why for each, why in unpublished.items() if each not in set(ids)})
    if options.changed is not None:
        write_ids(options.changed, changes.lists)
    live.tidy()


def _missing(
    site: Recommender, given: Sequence[Article], reader: ArticleReader, options: _Options
) -> list[str]:
    """Return the articles of the site that are not given. Raise InputError if they are more than half of it."""
    there = {article.article_id for article in given}
    missing = [article_id for article_id in site if article_id not in there]
    if reader.n_rejected and missing:
        rows = plural(reader.n_rejected, "bad row")
        say(f"Warning: {rows} may be articles of the site, so --sync deletes nothing; mend them first")
        return []
    if 2 * len(missing) > len(site) and not options.force:
        problem = f"{len(missing):,} of {plural(len(site), 'article')} are not in ARTICLES"
        move = "check that these are all articles, read with the options of the build; --force deletes the others"
        raise InputError(Problem(problem, next_move=move))
    return missing


def _ids_of(file: Path | None) -> list[str]:
    if file is None:
        return []
    content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        got = f"byte 0x{content[error.start]:02x} at offset {error.start:,}"
        raise InputError(Problem("not UTF-8", got, "convert the file to UTF-8", str(file))) from error
    return [line.strip() for line in lines if line.strip()]


def _print_messages(reader: ArticleReader, options: _Options) -> None:
    for line in _messages(reader, options):
        say(line)


def _messages(reader: ArticleReader, options: _Options) -> Iterator[str]:
    yield from (f"Note: {note}" for note in reader.notes)
    yield from (f"Skipped: {problem}" for problem in reader.problems[:_SHOWN])
    if (more := reader.n_problems - _SHOWN) > 0:
        yield f"Skipped: and {more:,} more"
    if options.verbose:
        yield from left_out_lines(reader)
        yield from map(str, reader.warnings)
    else:
        yield from counted_line(reader.left_out)
