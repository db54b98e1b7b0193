"""`recommender export`: writes all lists in another format, or those that changed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from recommender.cli.options import artifact_argument, example, k_option, progress_options, why_option
from recommender.cli.terminal import Bars, plural, say
from recommender.export import FORMATS, ListsSince, export

__all__ = ["command"]


@click.command(
    "export",
    epilog=example(
        "recommender export site.rec --format jsonl -o lists.jsonl",
        "recommender export site.rec --format html -o lists.html --why",
        "recommender export site.rec --format csv -o - | head",
        "recommender export site.rec --format jsonl --since 41 -o changed.jsonl",
    ),
)
@artifact_argument
@click.option("--format", type=click.Choice(FORMATS), required=True, help="Format to write.")
@click.option(
    "-o", "--output", required=True, metavar="OUT", help="File or folder to write; - for standard output."
)
@click.option(
    "--since",
    type=click.IntRange(min=0),
    metavar="VERSION",
    help="Write only the lists that changed after this version, and name deleted articles (jsonl, parquet).",
)
@k_option
@why_option
@progress_options
def command(
    artifact: Path, format: str, output: str, progress: bool | None, since: int | None, **options: Any
) -> None:
    """Write all lists of a site in another format, or those that changed.

    json-dir writes a folder with one file per article, the other formats write one file. jsonl, csv and html
    can also be written to standard output. The output is replaced atomically if it is an earlier export of
    the same format; other files are never overwritten.

    The version of the site is printed. --since with it writes what has changed by then: with jsonl, a deleted
    article is {"article_id": ID, "deleted": true}; with parquet, its column "related" is null.
    """
    from recommender.engine import Recommender

    site, k = Recommender.load(artifact), options["k"]
    source = site if since is None else ListsSince(site, since)
    if k is not None and k > site.k:
        say(f"Warning: lists were built with up to {site.k} entries; build with -k {k} for longer ones")
    with Bars(progress) as bars:
        target = sys.stdout.buffer if output == "-" else output
        count = export(
            source,
            target,
            format,
            **options,
            progress=lambda lists: bars.over("exporting", lists, len(source)),
        )
    if isinstance(source, ListsSince) and source.deleted:
        written = f"{plural(count, 'list')} and {plural(len(source.deleted), 'deleted article')}"
    else:
        written = plural(count, "list")
    say(f"{written} written to {'standard output' if output == '-' else output}; version {site.version}")
