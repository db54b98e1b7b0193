"""The command line: ``run MEASUREMENT`` and ``compare`` write one JSON file per run, ``report`` shows them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from benchmarks import query, selfjoin
from benchmarks.export import export
from benchmarks.generated_articles import command as generate_articles
from benchmarks.measurements import MEASUREMENTS
from benchmarks.plots import plot
from benchmarks.process_tree import command as memory
from benchmarks.report import report
from benchmarks.results import DEFAULT_FOLDER, read_results
from recommender import RecommenderError


@click.group(context_settings={"max_content_width": 110})
def benchmarks() -> None:
    """Measure the engine and show the results."""


@benchmarks.group()
def run() -> None:
    """Run a measurement: figures go to standard output, all raw values to a JSON file."""


for measurement in MEASUREMENTS.values():
    run.add_command(measurement.command)


@benchmarks.group()
def compare() -> None:
    """Measure our indexes and those of other libraries in one run, on the same vectors with the same threads."""


for each in (selfjoin.compare, query.compare):
    compare.add_command(each)


benchmarks.add_command(export)
benchmarks.add_command(generate_articles)
benchmarks.add_command(memory)


@benchmarks.command("report")
@click.argument("folder", type=click.Path(path_type=Path), default=DEFAULT_FOLDER)
@click.option(
    "--plots", type=click.Path(path_type=Path), help="Folder for plots of the comparisons, SVG and PNG."
)
def show(folder: Path, plots: Path | None) -> None:
    """Print the results in FOLDER as Markdown tables. The same files give the same tables and plots."""
    results = read_results(folder)
    click.echo(report(results), nl=False)
    for file in plot(results, plots) if plots else ():
        click.echo(f"written to {file}", err=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0, or 1 for unusable data, or 2 for wrong usage."""
    try:
        benchmarks.main(arguments, prog_name="python -m benchmarks", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    except RecommenderError as error:
        click.echo(f"error: {error}", err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
