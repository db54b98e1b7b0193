"""`recommender export`: writes all lists in another format, or those that changed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from recommender.cli.options import artifact_argument, example, k_option, progress_options, why_option
from recommender.cli.sink_export import SINKS, export_into, opened_sink
from recommender.cli.terminal import Bars, plural, say
from recommender.export import FORMATS, KeyedLists, LinkedLists, ListSource, ListsSince, export
from recommender.export.sink_plan import VECTORS

__all__ = ["command"]


@click.command(
    "export",
    epilog=example(
        "recommender export site.rec --format jsonl -o lists.jsonl",
        "recommender export site.rec --format json -k 5 -o data/related.json",
        "recommender export site.rec --format html -o lists.html --why",
        "recommender export site.rec --format csv -o - | head",
        "recommender export site.rec --format jsonl --since 41 -o changed.jsonl",
        "recommender export site.rec --format postgres -o postgresql://user@host/database",
    ),
)
@artifact_argument
@click.option("--format", type=click.Choice(FORMATS + SINKS), required=True, help="Format to write.")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help="File or folder to write; - for standard output. With postgres, a connection string  "
    "[default: DATABASE_URL, or PGHOST and the like]; with qdrant, an address or a folder  [default: QDRANT_URL].",
)
@click.option(
    "--since",
    type=click.IntRange(min=0),
    metavar="VERSION",
    help="Write only the lists that changed after this version, and name deleted articles (jsonl, parquet, "
    "wp-cli).",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="FIELD",
    help="Field under which json has each list: id, url, or a field of the metadata such as post_id. Can be repeated.  "
    "[default: id]",
)
@click.option(
    "--links",
    is_flag=True,
    help="Show links for the text of each article, as `recommender links` does (html).",
)
@click.option(
    "--name",
    metavar="NAME",
    help="Schema of postgres or collection of qdrant  [default: recommender], or what the tables of sqlite-vec begin "
    "with.",
)
@click.option(
    "--vectors",
    type=click.Choice(VECTORS),
    help="Vectors to write to a database: of the model if the site has them or else of its words, one of these, or none."
    "  [default: auto]",
)
@click.option("--whole", is_flag=True, help="Write everything to a database, whatever it holds.")
@k_option
@why_option
@progress_options
def command(
    artifact: Path,
    format: str,
    output: str | None,
    progress: bool | None,
    since: int | None,
    **options: Any,
) -> None:
    """Write all lists of a site in another format, or those that changed.

    json is a data file for site generators: an object from the id of each article to its list, without
    scores. json-dir writes a folder with one file per article. wp-cli is a file that `wp eval-file` runs on a
    WordPress site. jsonl, json, csv, html and wp-cli can also be written to standard output. The output is
    replaced atomically if it is an earlier export of the same format; other files are never overwritten.
    A file with the same content stays as it is.

    The version of the site is printed. --since with it writes what has changed by then: with jsonl, a deleted
    article is {"article_id": ID, "deleted": true}; with parquet, its column "related" is null; with wp-cli, its
    meta field is removed.

    postgres, sqlite-vec and qdrant are databases with lists, articles and vectors. They know their version: only what
    changed since then is written, in one step.
    """
    from recommender.engine import Recommender

    _check_options(format, options | {"since": since})
    to_sink = {name: options.pop(name) for name in ("name", "vectors", "whole")}
    if format in SINKS:
        sink = opened_sink(format, output, to_sink["name"])
        with Bars(progress) as bars:
            vectors = to_sink["vectors"] or "auto"
            export_into(Recommender.load(artifact), sink, options["k"], vectors, to_sink["whole"], bars)
        return
    if output is None:
        raise click.UsageError("Missing option '-o' / '--output'.")
    site, k, keys = Recommender.load(artifact), options["k"], options.pop("keys")
    if keys and since is not None:
        raise click.UsageError("--key and --since exclude each other")
    if options["links"] and format != "html":
        raise click.UsageError(
            "--links belongs to --format html; recommender links --json writes them as JSON"
        )
    source: ListSource = site if since is None else ListsSince(site, since)
    source = KeyedLists(source, tuple(dict.fromkeys(keys))) if keys else source
    source = LinkedLists(site) if options.pop("links") else source
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


def _check_options(format: str, options: dict[str, Any]) -> None:
    """Reject options of databases with files, and the other way."""
    others = ("since", "keys", "links", "why") if format in SINKS else ("name", "vectors", "whole")
    for name in others:
        if options[name] not in (None, False, ()):
            option = "--key" if name == "keys" else f"--{name}"
            move = "leave it out" if format in SINKS else f"it belongs to {', '.join(SINKS)}"
            raise click.UsageError(f"--format {format} does not take {option}; {move}")
