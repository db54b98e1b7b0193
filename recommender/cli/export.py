"""``recommender export``: all lists, in the form that a site reads."""

from __future__ import annotations

from pathlib import Path

import click

from recommender.cli.console import SITE, progress_of, quiet_option

__all__ = ["export"]

_FORMATS = ("jsonl", "json-dir", "csv", "parquet", "sqlite", "html")


@click.command()
@click.argument("site", type=SITE)
@click.option(
    "--format", "output_format", type=click.Choice(_FORMATS), required=True, help="Form of the lists."
)
@click.option(
    "-o", "--output", required=True, help="File or folder to write; - is standard output (jsonl, csv, html)."
)
@click.option("-k", type=click.IntRange(min=1), help="Longest list.  [default: as long as was built]")
@click.option("--why", is_flag=True, help="Add the reasons; think before you publish them.")
@quiet_option
def export(site: Path, output_format: str, output: str, k: int | None, why: bool, quiet: bool) -> None:
    r"""Write all lists for a site to read, or as a page to look at.

    An earlier export at OUTPUT is replaced whole; anything else there is refused.

    \b
    recommender export site.rec --format jsonl -o lists.jsonl
    recommender export site.rec --format html --why -o lists.html
    """
    from recommender.engine import Recommender
    from recommender.export import export as export_lists

    recommender = Recommender.load(site)
    progress = progress_of(quiet, "exporting", len(recommender))
    n_lists = export_lists(recommender, output, output_format, k=k, why=why, progress=progress)
    if output != "-":
        click.echo(f"{output}: {n_lists:,} lists")
