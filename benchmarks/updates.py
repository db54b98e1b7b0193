"""``run updates``: the cost of edits of a built site, and whether its lists are those of a build with the same model."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks.corpora import Corpus, open_corpus
from benchmarks.edits import Edits
from benchmarks.ours import K, build_site, site_facts
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table
from benchmarks.two_stage import agreement, chosen, exhaustive_lists, stored_lists
from recommender import Recommender, read_articles

__all__ = ["command", "measure", "table"]

NAME = "updates"
_WARM_UP = 3  # edits before the timed ones: the first update of a process compiles
_OPENINGS = 9
_IO = Path("/proc/self/io")


def measure(corpus: Corpus, *, settings: dict[str, int | None], n_jobs: int, seed: int) -> Result:
    """Measure edits of a site that was built from a part of a corpus, saved and opened again.

    Parameters
    ----------
    corpus : Corpus
    settings : dict
        ``articles`` of the site, None for nine in ten; ``edits`` one by one; ``batches`` of up to ``batch_size`` edits
        and a third of the site; ``compared`` lists of which the recall is measured.
    n_jobs : int
        Threads.
    seed : int
        Seed of the articles, the edits and the compared lists.
    """
    result = new_result(NAME, seed, {"k": K, "n_jobs": n_jobs, **settings, "warm_up_edits": _WARM_UP})
    articles = list(read_articles(corpus.articles))
    n_articles = settings["articles"] or max(1, round(0.9 * len(articles)))
    edits = Edits(articles, min(n_articles, len(articles)), seed)
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        path = Path(folder) / "site.rec"
        build_site(edits.articles, n_jobs).save(path)
        site = Recommender.load(path)
        figures: dict[str, Any] = {"n_articles": len(site), "site": site_facts(site)}
        figures["recall"] = {"before": _recall(site, settings["compared"] or 0, n_jobs, seed)}
        sizes = {"built": _bytes_of(path)}
        for _ in range(_WARM_UP):
            _apply(site, path, edits, n_jobs)
        figures["single"] = [_apply(site, path, edits, n_jobs) for _ in range(settings["edits"] or 0)]
        size = max(1, min(settings["batch_size"] or 1, len(site) // 3))
        figures["batches"] = [
            _apply(site, path, edits, n_jobs, size) for _ in range(settings["batches"] or 0)
        ]
        sizes["after"] = _bytes_of(path)
        figures["opening"] = {"updates": site.n_updates, "cpu_s": [_opening(path) for _ in range(_OPENINGS)]}
        start = time.perf_counter()
        site.compact()
        figures["compact_s"] = time.perf_counter() - start
        sizes["compacted"] = _bytes_of(path)
        reopened = Recommender.load(path)
        figures["recall"]["after"] = _recall(reopened, settings["compared"] or 0, n_jobs, seed)
        fresh = Recommender.from_articles(edits.articles, k=K, model=site.model, n_jobs=n_jobs)
        figures["recall"]["fresh"] = _recall(fresh, settings["compared"] or 0, n_jobs, seed)
        figures["lists"] = _compared(site, reopened, fresh)
        fresh.save(Path(folder) / "fresh.rec")
        sizes["fresh"] = _bytes_of(Path(folder) / "fresh.rec")
    return result | {"corpus": corpus.describe(), "figures": figures | {"store_bytes": sizes}}


def _apply(site: Recommender, path: Path, edits: Edits, n_jobs: int, n_edits: int = 1) -> dict[str, Any]:
    """Apply and save the next edits in one update; return its cost."""
    change, written = edits.change(n_edits), _written()
    start, cpu = time.perf_counter(), time.process_time()
    changes = site.update(change.add, change.delete, n_jobs=n_jobs)
    updated = time.perf_counter()
    site.save(path)
    saved = time.perf_counter()
    return {
        "edits": len(change.add) + len(change.delete),
        "lists_changed": len(changes.lists),
        "update_s": updated - start,
        "save_s": saved - updated,
        "cpu_s": time.process_time() - cpu,
        "written_bytes": None if written is None else (_written() or 0) - written,
    }


def _opening(path: Path) -> float:
    """Return the processor seconds that opening a site takes."""
    cpu = time.process_time()
    Recommender.load(path)
    return time.process_time() - cpu


def _compared(site: Recommender, reopened: Recommender, fresh: Recommender) -> dict[str, Any]:
    """Compare the lists of an updated site with those after opening it again, and with a build by its model."""
    here, again, wanted = (stored_lists(each, list(each)) for each in (site, reopened, fresh))
    return {
        "n": len(wanted),
        "equal": sum(here.get(each) == ranked for each, ranked in wanted.items()) / max(1, len(wanted)),
        "entries_in_common": agreement(here, wanted, 0)["recall"],
        "same_articles": here.keys() == wanted.keys(),
        "same_after_opening": here == again,
        "dangling": sum(other not in wanted for ranked in again.values() for other, _ in ranked),
    }


def _recall(site: Recommender, n_compared: int, n_jobs: int, seed: int) -> dict[str, Any]:
    asked = chosen(site.summaries.column("article_id"), n_compared, seed)
    return agreement(stored_lists(site, asked), exhaustive_lists(site, asked, n_jobs), seed)


def _written() -> int | None:
    """Return the bytes that this process wrote to files so far. None where the system does not count them."""
    if not _IO.exists():
        return None
    counts = dict(line.split(": ") for line in _IO.read_text().splitlines())
    return int(counts["wchar"])


def _bytes_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def table(results: Sequence[Result]) -> str:
    """Return a table of the cost of edits, and one of the lists after them."""
    header = [
        "corpus",
        "articles",
        "edits",
        "median ms",
        "p90 ms",
        "of them saving",
        "processor ms",
        "kB an edit",
        "lists changed",
    ]
    header += [
        "batches",
        "edits a second",
        "a second of processor",
        "kB an edit in batches",
        "store MB",
        "after",
        "compacted",
        "built anew",
    ]
    header += ["updates", "opening ms", "compaction s", "machine load", "commit", "started"]
    costs = markdown_table(header, [_cost_row(result) for result in results])
    header = [
        "corpus",
        "lists",
        "equal to a build",
        "entries in common",
        "same after opening",
        "dangling ids",
    ]
    header += [f"recall@{K} before", f"recall@{K} after", "built anew", "commit", "started"]
    return f"{costs}\nThe lists after these edits:\n\n{markdown_table(header, map(_list_row, results))}"


def _cost_row(result: Result) -> list[str]:
    figures, sizes = result["figures"], result["figures"]["store_bytes"]
    single, batches, opening = figures["single"], figures["batches"], figures.get("opening", {})
    rates = [each["edits"] / (each["update_s"] + each["save_s"]) for each in batches]
    return [
        result["corpus"]["name"],
        f"{figures['n_articles']:,}",
        f"{len(single):,}",
        *(_percentile([1e3 * (each["update_s"] + each["save_s"]) for each in single], q) for q in (50, 90)),
        _percentile([1e3 * each["save_s"] for each in single], 50),
        _percentile([1e3 * each["cpu_s"] for each in single if "cpu_s" in each], 50),
        _percentile(_kilobytes(single), 50),
        _percentile([each["lists_changed"] for each in single], 50),
        f"{len(batches)} of {max((each['edits'] for each in batches), default=0):,}",
        f"{np.median(rates):,.0f}" if rates else "-",
        _percentile([each["edits"] / each["cpu_s"] for each in batches if "cpu_s" in each], 50),
        _percentile(_kilobytes(batches), 50),
        *(f"{sizes[name] / 1e6:,.1f}" for name in ("built", "after", "compacted", "fresh")),
        str(opening.get("updates", "-")),
        _percentile([1e3 * each for each in opening.get("cpu_s", ())], 50),
        f"{figures['compact_s']:.1f}",
        f"{result['load_average_before'][0]:.1f}",
        *origin(result),
    ]


def _kilobytes(costs: Sequence[dict[str, Any]]) -> list[float]:
    """Return the kilobytes written per edit."""
    counted = [each for each in costs if each["written_bytes"] is not None and each["edits"]]
    return [each["written_bytes"] / each["edits"] / 1e3 for each in counted]


def _percentile(values: Sequence[float], q: float) -> str:
    return f"{np.percentile(values, q):,.1f}" if len(values) else "-"


def _list_row(result: Result) -> list[str]:
    lists, recall = result["figures"]["lists"], result["figures"]["recall"]
    found = (recall.get(name, {}).get("recall") for name in ("before", "after", "fresh"))
    return [
        result["corpus"]["name"],
        f"{lists['n']:,}",
        f"{100 * lists['equal']:.2f} %",
        f"{100 * lists['entries_in_common']:.2f} %",
        "yes" if lists["same_after_opening"] and lists["same_articles"] else "NO",
        f"{lists['dangling']:,}",
        *("-" if each is None else f"{each:.4f}" for each in found),
        *origin(result),
    ]


@click.command(NAME)
@click.option("--corpus", type=click.Path(path_type=Path), required=True, help="Folder or file of articles.")
@click.option("--articles", type=click.IntRange(min=1), help="Articles of the site.  [default: nine in ten]")
@click.option(
    "--edits", type=click.IntRange(min=0), default=1_000, show_default=True, help="Edits one by one."
)
@click.option(
    "--batches", type=click.IntRange(min=0), default=3, show_default=True, help="Batches of edits after them."
)
@click.option(
    "--batch-size", type=click.IntRange(min=1), default=1_000, show_default=True,
    help="Edits of a batch, at most a third of the site.",
)  # fmt: skip
@click.option(
    "--compared", type=click.IntRange(min=1), default=200, show_default=True,
    help="Lists that are compared with scoring every article.",
)  # fmt: skip
@click.option("--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads.")
@click.option("--seed", default=0, show_default=True, help="Seed of the articles, edits and compared lists.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(corpus: Path, n_jobs: int, seed: int, out: Path, **settings: int | None) -> None:
    """Edit a built site one by one and in batches; measure the cost, and compare its lists with a build by its model."""
    found = open_corpus(corpus)
    result = measure(found, settings=settings, n_jobs=n_jobs, seed=seed)
    path = write_result(out, result, found.name)
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
