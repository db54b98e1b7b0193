"""Tables of trials and joins, and the reason of a choice, as text."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

from recommender.tuning.joins import Join
from recommender.tuning.targets import Measured, Targets
from recommender.tuning.trials import Trial

__all__ = ["join_table", "trial_table", "why_chosen", "why_none"]

_SHOWN = 0.05  # seconds; shorter build times are not shown
_SLACK = 1.1  # factor on measured times, for a target that this machine meets on other days too


def trial_table(trials: Sequence[Trial], chosen: Trial | None, targets: Targets) -> list[tuple[str, ...]]:
    """Return a table of trials, heading first; a trial with fresh queries has a second row."""
    table: list[tuple[str, ...]] = [("index", "recall", "p50 ms", "p99 ms", "MB", "build s", "")]
    for trial in trials:
        build = f"{trial.build_s:.1f}" if trial.build_s >= _SHOWN else ""
        missed = _missed(trial, targets)
        verdict = "" if trial.checked else missed + ("" if trial.picked else ", not tried")
        table.append((str(trial.plan), *_cells(trial.picked), f"{trial.mb:,.1f}", build, verdict))
        if trial.checked:
            verdict = "chosen" if trial is chosen else missed or "meets all"
            table.append(("  on fresh queries", *_cells(trial.checked), "", "", verdict))
    return table


def join_table(joins: Sequence[Join], chosen: Join) -> list[tuple[str, ...]]:
    """Return a table of joins, heading first."""
    table: list[tuple[str, ...]] = [("all lists", "recall", "s", "")]
    for join in joins:
        notes = ["chosen"] if join is chosen else []
        notes += [f"predicted from {join.predicted_from:,}"] if join.predicted_from else []
        table.append((str(join), f"{join.recall:.4f}", f"{join.seconds:.2f}", ", ".join(notes)))
    return table


def why_chosen(trial: Trial, targets: Targets, k: int) -> str:
    """Return the reason for the chosen index."""
    measured = trial.measured
    if measured is None or not measured.n_queries:
        return f"{trial.plan}: no article has such vectors, so nothing was measured"
    within = f"{measured.p99_ms:.3g} ms at the 99th percentile, within the target of {targets.p99_ms:g} ms"
    if trial.plan.exact:
        return f"{trial.plan} answers queries exactly and takes {within}; no approximate index is needed"
    return (
        f"{trial.plan} is the first that meets all targets: on fresh queries it finds {measured.recall:.4f} "
        f"(± {measured.recall_error:.4f}) of the {k} nearest, and takes {within}; exact indexes do not meet them"
    )


def why_none(trial: Trial, targets: Targets, k: int) -> str:
    """Return the reason why no index is chosen, with targets that the nearest trial meets."""
    measured = trial.measured
    failures, options = [], []
    missed = trial.missed(targets)
    if measured is not None and "recall" in missed:
        failures.append(f"finds {measured.recall:.4f} of the {k} nearest (target {targets.recall:g})")
        options.append(f"--recall {floor(1000 * (measured.recall - measured.recall_error)) / 1000:g}")
    if measured is not None and "p99" in missed:
        times = f"{missed['p99']:.3g} times"
        failures.append(
            f"takes {measured.p99_ms:.3g} ms at the 99th percentile, {times} the target of {targets.p99_ms:g}"
        )
        options.append(f"--p99-ms {_rounded_up(_SLACK * measured.p99_ms):g}")
    if "ram" in missed:
        failures.append(f"reads {trial.mb:,.1f} MB (target {targets.ram_mb:g})")
        options.append(f"--ram-mb {_rounded_up(trial.mb):g}")
    return f"no index meets all targets; the nearest is {trial.plan}: it {' and '.join(failures)}; try {' '.join(options)}"


def _missed(trial: Trial, targets: Targets) -> str:
    texts = {"recall": "recall too low", "p99": "too slow", "ram": "too large"}
    return ", ".join(texts[target] for target in trial.missed(targets))


def _cells(measured: Measured | None) -> tuple[str, str, str]:
    if measured is None or not measured.n_queries:
        return "", "", ""
    recall = f"{measured.recall:.4f} ± {measured.recall_error:.4f}"
    return recall, f"{measured.p50_ms:.3f}", f"{measured.p99_ms:.3f}"


def _rounded_up(number: float) -> float:
    """Return a number with two digits that is no smaller.

    Examples
    --------
    >>> _rounded_up(1.234), _rounded_up(56.1), _rounded_up(0.9)
    (1.3, 57.0, 0.9)
    """
    step = 10.0 ** (floor(log10(number)) - 1)
    return round(ceil(number / step - 1e-9) * step, 12)
