"""`recommender export`: writes all lists in another format."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from recommender.cli.options import artifact_argument, example, k_option, progress_options, why_option
from recommender.cli.terminal import Bars, plural, say
from recommender.export import FORMATS, export

__all__ = ["command"]


@click.command(
    "export",
    epilog=example(
        "recommender export site.rec --format jsonl -o lists.jsonl",
        "recommender export site.rec --format html -o lists.html --why",
        "recommender export site.rec --format csv -o - | head",
    ),
)
@artifact_argument
@click.option("--format", type=click.Choice(FORMATS), required=True, help="Format to write.")
@click.option(
    "-o", "--output", required=True, metavar="OUT", help="File or folder to write; - for standard output."
)
@k_option
@why_option
@progress_options
def command(
    artifact: Path, format: str, output: str, k: int | None, why: bool, progress: bool | None
) -> None:
    """Write all lists of a site in another format.

    json-dir writes a folder with one file per article, the other formats write one file. jsonl, csv and html
    can also be written to standard output. The output is replaced atomically if it is an earlier export of
    the same format; other files are never overwritten.
    """
    from recommender.engine import Recommender

    site = Recommender.load(artifact)
    if k is not None and k > site.k:
        say(f"Warning: lists were built with up to {site.k} entries; build with -k {k} for longer ones")
    with Bars(progress) as bars:
        target = sys.stdout.buffer if output == "-" else output
        count = export(
            site,
            target,
            format,
            k=k,
            why=why,
            progress=lambda lists: bars.over("exporting", lists, len(site)),
        )
    say(f"{plural(count, 'list')} written to {'standard output' if output == '-' else output}")
