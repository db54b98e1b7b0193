"""``run pages``: building a site from a folder of pages by one process, and by several that share the reading."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.processes import run_python
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, spread, write_result
from benchmarks.tables import markdown_table, spread_seconds

__all__ = ["command", "measure", "table"]

NAME = "pages"


def measure(folder: Path, *, n_processes: int, repeats: int) -> Result:
    """Measure whole commands ``recommender build FOLDER``, by one process and by several in turn."""
    result = new_result(NAME, 0, {"processes": n_processes, "repeats": repeats})
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    seconds: dict[int, list[float]] = {1: [], n_processes: []}
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as root:
        for _ in range(repeats):
            for n_jobs, taken in seconds.items():
                site = str(Path(root) / f"{n_jobs}.rec")
                build = ("build", str(folder), "-o", site, "--n-jobs", str(n_jobs), "-q", "--json")
                cost, output = run_python("-m", "recommender", *build)
                taken.append(cost.wall_s)
    one, several = seconds.values()
    figures: dict[str, Any] = {
        "n_articles": json.loads(output)["articles"],
        "bytes": sum(file.stat().st_size for file in files),
        "one_s": spread(one),
        "several_s": spread(several),
        "ratio": spread([more / alone for alone, more in zip(one, several, strict=True)]),
    }
    digest = hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files))
    described = {"name": folder.resolve().name, "n_files": len(files), "sha256": digest.hexdigest()}
    return result | {"corpus": described, "figures": figures}


def table(results: Sequence[Result]) -> str:
    """Return a table of the seconds of both ways and of their ratio."""
    header = ["folder", "files", "MB", "articles", "processes", "alone s", "shared s", "shared / alone"]
    return markdown_table([*header, "commit", "started"], map(_row, results))


def _row(result: Result) -> list[str]:
    figures, ratio = result["figures"], result["figures"]["ratio"]
    return [
        result["corpus"]["name"],
        f"{result['corpus']['n_files']:,}",
        f"{figures['bytes'] / 1e6:.1f}",
        f"{figures['n_articles']:,}",
        str(result["settings"]["processes"]),
        spread_seconds(figures["one_s"]),
        spread_seconds(figures["several_s"]),
        f"{ratio['median']:.2f} ({ratio['min']:.2f}-{ratio['max']:.2f})",
        *origin(result),
    ]


@click.command(NAME)
@click.option(
    "--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True,
    help="Folder of pages.",
)  # fmt: skip
@click.option(
    "--processes", type=click.IntRange(min=2), default=2, show_default=True, help="That share the reading."
)
@click.option(
    "--repeats", type=click.IntRange(min=1), default=3, show_default=True, help="Builds of each way."
)
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(folder: Path, processes: int, repeats: int, out: Path) -> None:
    """Build a site from a folder of pages by one process and by several, in turn, and compare the seconds."""
    result = measure(folder, n_processes=processes, repeats=repeats)
    path = write_result(out, result, folder.resolve().name)
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
