"""``run build``: the cost of building, opening and querying a site, each in a process of its own."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.corpora import Corpus, open_corpus
from benchmarks.ours import site_facts
from benchmarks.processes import Cost, as_columns, own_peak_rss_bytes, run_python, run_step
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, spread, write_result
from benchmarks.tables import markdown_table, megabytes, spread_seconds
from recommender import Recommender
from recommender.evaluation import evaluate, read_qrels, run_from_lists

__all__ = ["command", "measure", "table"]

NAME = "build"
MEASURES = ("nDCG(dcg='exp-log2')@10", "nDCG@10")
_WARM_UP = 200  # articles: enough for numba to compile and cache every kernel
_LOADS = 20
_QUESTIONS = 5
_RELATED = "import sys; from recommender.cli import main; sys.exit(main())"


def measure(corpus: Corpus, *, n_jobs: int, repeats: int, seed: int, check_jobs: bool = False) -> Result:
    """Measure builds of a corpus, and loading, queries, size and quality of the last one.

    Parameters
    ----------
    corpus : Corpus
    n_jobs : int
        Threads of the timed builds.
    repeats : int
        Timed builds, 1 or more, after an untimed one of 200 articles.
    seed : int
        Seed of the confidence intervals.
    check_jobs : bool
        Whether to also build with one thread and with two, and compare the lists byte for byte.

    Raises
    ------
    RecommenderError
        If a build fails, or the judgements are unusable.
    """
    settings: dict[str, Any] = {
        "n_jobs": n_jobs,
        "repeats": repeats,
        "warm_up_articles": _WARM_UP,
        "check_jobs": check_jobs,
    }
    result = new_result(NAME, seed, settings)
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        artifact = Path(folder) / "site.rec"
        _build(corpus, artifact, n_jobs, first=_WARM_UP)
        builds = [_build(corpus, artifact, n_jobs) for _ in range(repeats)]
        figures: dict[str, Any] = {"build": _cost_figures([cost for cost, _ in builds])}
        figures["build"]["stages_s"] = {
            stage: spread([output["stages_s"][stage] for _, output in builds])
            for stage in builds[0][1]["stages_s"]
        }
        figures["load_s"] = spread(run_step("load", artifact=str(artifact), repeats=_LOADS)[1])
        figures["related"] = _cost_figures(_ask(artifact))
        figures["artifact_bytes"] = sum(f.stat().st_size for f in artifact.rglob("*") if f.is_file())
        figures["rss_floor_bytes"] = own_peak_rss_bytes()
        site = Recommender.load(artifact)
        settings["site"] = site_facts(site)
        figures["n_articles"] = len(site)
        figures["quality"] = _quality(corpus, site, seed) if corpus.qrels is not None else None
        figures["lists_sha256"] = {str(n_jobs): _lists_sha256(site)}
        if check_jobs:
            figures["lists_sha256"] = _lists_by_jobs(corpus, artifact)
    return result | {"corpus": corpus.describe(), "figures": figures}


def _build(corpus: Corpus, artifact: Path, n_jobs: int, **settings: Any) -> tuple[Cost, dict[str, Any]]:
    return run_step("build", articles=str(corpus.articles), artifact=str(artifact), n_jobs=n_jobs, **settings)


def _ask(artifact: Path) -> list[Cost]:
    """Query the first article's list as the console script ``recommender related`` does."""
    first = next(iter(Recommender.load(artifact).related_all()), None)
    if first is None or first.article_id is None:
        return []
    question = ("-c", _RELATED, "related", str(artifact), first.article_id)
    return [run_python(*question)[0] for _ in range(_QUESTIONS)]


def _cost_figures(costs: list[Cost]) -> dict[str, Any]:
    return {field: spread(values) for field, values in as_columns(costs).items()} if costs else {}


def _quality(corpus: Corpus, site: Recommender, seed: int) -> dict[str, Any]:
    if corpus.qrels is None:
        raise ValueError("wanted a corpus with judgements")
    evaluation = evaluate(run_from_lists(site.related_all()), read_qrels(corpus.qrels), MEASURES)
    intervals = evaluation.intervals(seed=seed)
    return {
        "n_queries": len(evaluation.query_ids),
        "means": evaluation.means,
        "intervals_95": {measure: list(interval) for measure, interval in intervals.items()},
    }


def _lists_by_jobs(corpus: Corpus, artifact: Path) -> dict[str, str]:
    found = {}
    for n_jobs in (1, 2):
        _build(corpus, artifact, n_jobs)
        found[str(n_jobs)] = _lists_sha256(Recommender.load(artifact))
    return found


def _lists_sha256(site: Recommender) -> str:
    digest = hashlib.sha256()
    for array in (site.lists.rows, site.lists.scores, site.lists.sources):
        digest.update(array.tobytes())
    return digest.hexdigest()


def table(results: Sequence[Result]) -> str:
    """Return a table of runs, and one of the time of each stage of their builds."""
    header = ["corpus", "articles", "threads", "build s", "CPU s", "peak MB", "load ms", "related s"]
    header += [
        "artifact MB",
        "nDCG@10",
        "same lists with 1 and 2 threads",
        "machine load",
        "commit",
        "started",
    ]
    runs = markdown_table(header, [_row(result) for result in results])
    ways = sorted((r["figures"]["build"]["stages_s"] for r in results), key=len, reverse=True)
    stages = list(
        dict.fromkeys(stage for way in ways for stage in way)
    )  # in the order of the build with most stages
    times = ([r["corpus"]["name"], *_stage_cells(r, stages), origin(r)[1]] for r in results)
    return f"{runs}\nSeconds by stage:\n\n{markdown_table(['corpus', *stages, 'started'], times)}"


def _row(result: Result) -> list[str]:
    figures, build = result["figures"], result["figures"]["build"]
    related, quality = figures["related"], figures["quality"]
    return [
        result["corpus"]["name"],
        f"{figures['n_articles']:,}",
        str(result["settings"]["n_jobs"]),
        spread_seconds(build["wall_s"], digits=1),
        spread_seconds(build["cpu_s"], digits=1),
        megabytes(build["peak_rss_bytes"]["max"]),
        f"{figures['load_s']['median'] * 1000:.1f}",
        spread_seconds(related["wall_s"]) if related else "-",
        megabytes(figures["artifact_bytes"]),
        f"{quality['means'][MEASURES[0]]:.4f}" if quality else "-",
        _same_lists(figures["lists_sha256"]),
        f"{result['load_average_before'][0]:.1f}",
        *origin(result),
    ]


def _same_lists(digests: dict[str, str]) -> str:
    if len(digests) < 2:
        return "-"
    return "yes" if len(set(digests.values())) == 1 else "NO"


def _stage_cells(result: Result, stages: Sequence[str]) -> list[str]:
    seconds = result["figures"]["build"]["stages_s"]
    return [f"{seconds[stage]['median']:.2f}" if stage in seconds else "-" for stage in stages]


@click.command(NAME)
@click.option("--corpus", type=click.Path(path_type=Path), required=True, help="Folder or file of articles.")
@click.option("--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads.")
@click.option("--repeats", type=click.IntRange(min=1), default=3, show_default=True, help="Timed builds.")
@click.option("--check-jobs", is_flag=True, help="Also build with 1 and 2 threads and compare the lists.")
@click.option("--seed", default=0, show_default=True, help="Seed of the intervals.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(corpus: Path, n_jobs: int, repeats: int, check_jobs: bool, seed: int, out: Path) -> None:
    """Build a corpus in a process of its own; measure loading, queries, size and, with qrels, quality."""
    found = open_corpus(corpus)
    result = measure(found, n_jobs=n_jobs, repeats=repeats, seed=seed, check_jobs=check_jobs)
    path = write_result(out, result, found.name)
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
