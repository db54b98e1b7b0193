"""Results of ``run quality`` as Markdown: means of all scorers, our lists against the best baselines, and the goals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.goals import BEST, BEST_LEXICAL, goals
from benchmarks.judging import PRIMARY
from benchmarks.ours import NEURAL, OURS, K
from benchmarks.results import Result, origin
from benchmarks.tables import markdown_table

__all__ = ["table"]


def table(results: Sequence[Result]) -> str:
    """Return the tables of all runs together, followed by the goals of each run."""
    parts = [_means(results), "Against the best baselines:\n", _against(results), "The goals:\n"]
    return "\n".join([*parts, "".join(f"- {line}\n" for result in results for line in _goals(result))])


def _sets(results: Sequence[Result]) -> Iterator[tuple[list[str], dict[str, Any], list[str]]]:
    """Yield corpus and variant, figures, and origin of each row."""
    for result in results:
        for variant in result["settings"]["variants"]:
            for name, figures in result["figures"].items():
                yield [name, variant], figures[variant], origin(result)


def _means(results: Sequence[Result]) -> str:
    found = [figures["means"] for _, figures, _ in _sets(results)]
    theirs = dict.fromkeys(name for means in found for name in means if name not in (OURS, NEURAL))
    scorers = [name for name in (OURS, NEURAL) if any(name in means for means in found)] + list(theirs)
    rows = []
    for label, figures, source in _sets(results):
        means = figures["means"]
        cells = [f"{means[name][PRIMARY]:.4f}" if name in means else "-" for name in scorers]
        rows.append([*label, f"{figures['n_articles']:,}", f"{figures['n_queries']:,}", *cells, *source])
    return markdown_table(["corpus", "text", "articles", "queries", *scorers, "commit", "started"], rows)


def _against(results: Sequence[Result]) -> str:
    header = ["corpus", "text", "lists", BEST_LEXICAL, "ratio", "difference, 95 % interval"]
    header += [BEST, "ratio", "difference, 95 % interval", f"{NEURAL} / {OURS}"]
    header += ["lost to all pairs", f"recall@{K} of all pairs", "commit", "started"]
    rows = []
    for label, figures, source in _sets(results):
        for name, rivals in figures["against"].items():
            cells = [*_rival(rivals[BEST_LEXICAL]), *_rival(rivals[BEST]), _ratio(rivals.get(OURS))]
            rows.append([*label, name, *cells, *_two_stage(figures["two_stage"].get(name)), *source])
    return markdown_table(header, rows)


def _rival(found: Mapping[str, Any]) -> list[str]:
    low, high = found["difference_interval_95"]
    return [found["name"], _ratio(found), f"{found['difference']:+.4f} [{low:+.4f}, {high:+.4f}]"]


def _ratio(found: Mapping[str, Any] | None) -> str:
    return "-" if found is None or found["relative"] is None else f"{1 + found['relative']:.3f}"


def _two_stage(found: Mapping[str, Any] | None) -> list[str]:
    if found is None:
        return ["-", "-"]
    loss, recall = found["loss"], found["recall"]
    lost = "-" if loss is None else f"{round(100 * loss, 2) + 0.0:.2f} %"  # + 0.0 turns minus zero into zero
    return [lost, "-" if recall is None else f"{recall:.4f}"]


def _goals(result: Result) -> Iterator[str]:
    for variant in result["settings"]["variants"]:
        for sentence in goals([figures[variant] for figures in result["figures"].values()]):
            yield f"{' '.join(origin(result))}, {variant}: {sentence}"
