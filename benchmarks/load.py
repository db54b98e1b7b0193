"""``run load``: latency and memory of readers of an artifact: opening, lists and drafts, each in its own process."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.corpora import Corpus, open_corpus
from benchmarks.processes import run_step
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, spread, write_result
from benchmarks.tables import markdown_table, megabytes

__all__ = ["command", "measure", "table"]

NAME = "load"
_PERCENTILES = ("p50", "p95", "p99", "p100")
_SECONDS = ("open_s", "first_s", "first_again_s")
_LISTS: dict[str, dict[str, Any]] = {
    "lists": {},
    "lists of the same section": {"same": ["section"]},
    "lists within 30 days": {"within_days": 30},
}
_BYTES = ("rss_bytes", "own_bytes")


def measure(corpus: Corpus, *, n_asked: int, n_jobs: int, repeats: int, seed: int) -> Result:
    """Measure readers of an artifact built from a corpus without some of its articles, which serve as drafts.

    Parameters
    ----------
    corpus : Corpus
    n_asked : int
        Number of list look-ups and of drafts, up to a tenth of the corpus; 1 or more.
    n_jobs : int
        Threads of the build. Readers use one.
    repeats : int
        Processes of each kind, 1 or more.
    seed : int
        Seed of the choice of lists.
    """
    result = new_result(NAME, seed, {"n_asked": n_asked, "n_jobs": n_jobs, "repeats": repeats})
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        artifact, drafts = str(Path(folder) / "site.rec"), str(Path(folder) / "drafts.jsonl")
        _, built = run_step(
            "build_without_drafts", articles=str(corpus.articles), artifact=artifact, drafts=drafts,
            n_drafts=n_asked, n_jobs=n_jobs,
        )  # fmt: skip
        asking = {"artifact": artifact, "drafts": drafts, "n": n_asked}
        looking = {"artifact": artifact, "n": n_asked, "seed": seed}
        steps: dict[str, tuple[str, dict[str, Any]]] = {
            **{name: ("look_up", looking | {"rules": rules}) for name, rules in _LISTS.items()},
            "drafts": ("ask_drafts", asking | {"carried": False}),
            "drafts with date, section and tags": ("ask_drafts", asking | {"carried": True}),
        }
        run_step("ask_drafts", **asking, carried=True)  # untimed: the first one on a machine compiles
        figures: dict[str, Any] = {
            reader: _figures([run_step(step, **settings)[1] for _ in range(repeats)])
            for reader, (step, settings) in steps.items()
        }
        size = sum(f.stat().st_size for f in Path(artifact).rglob("*") if f.is_file())
    figures = {**built, "artifact_bytes": size, "readers": figures}
    return result | {"corpus": corpus.describe(), "figures": figures}


def _figures(runs: list[dict[str, Any]]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        name: spread([run[name] for run in runs]) for name in (*_SECONDS, *_BYTES) if name in runs[0]
    }
    return figures | {"ms": {name: spread([run["ms"][name] for run in runs]) for name in _PERCENTILES}}


def table(results: Sequence[Result]) -> str:
    """Return a table with a row for each kind of reader of each run."""
    header = [
        "corpus, reader",
        "articles",
        "open ms",
        "first ms",
        "first, loaded again",
        "p50 ms",
        "p95",
        "p99",
    ]
    header += ["largest", "RSS MB", "not of files", "machine load", "commit", "started"]
    rows = (
        _row(reader, each, result)
        for result in results
        for reader, each in result["figures"]["readers"].items()
    )
    return markdown_table(header, rows)


def _row(reader: str, figures: dict[str, Any], result: Result) -> list[str]:
    seconds = (f"{1000 * figures[name]['median']:.1f}" if name in figures else "-" for name in _SECONDS)
    return [
        f"{result['corpus']['name']}, {reader}",
        f"{result['figures']['n_articles']:,}",
        *seconds,
        *(_milliseconds(figures["ms"][name]) for name in _PERCENTILES),
        *(megabytes(figures[name]["max"]) for name in _BYTES),
        f"{result['load_average_before'][0]:.1f}",
        *origin(result),
    ]


def _milliseconds(values: dict[str, Any]) -> str:
    ends = f" ({values['min']:.2f}-{values['max']:.2f})" if len(values["raw"]) > 1 else ""
    return f"{values['median']:.2f}{ends}"


@click.command(NAME)
@click.option("--corpus", type=click.Path(path_type=Path), required=True, help="Folder or file of articles.")
@click.option(
    "--asked", "n_asked", type=click.IntRange(min=1), default=2_000, show_default=True,
    help="Number of look-ups and of drafts.",
)  # fmt: skip
@click.option(
    "--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads of the build."
)
@click.option(
    "--repeats", type=click.IntRange(min=1), default=3, show_default=True, help="Processes of each kind."
)
@click.option("--seed", default=0, show_default=True, help="Seed of the choice of lists.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(corpus: Path, n_asked: int, n_jobs: int, repeats: int, seed: int, out: Path) -> None:
    """Build a corpus without some articles; measure opening, look-ups, and those articles as drafts."""
    found = open_corpus(corpus)
    result = measure(found, n_asked=n_asked, n_jobs=n_jobs, repeats=repeats, seed=seed)
    path = write_result(out, result, found.name)
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
