"""The commands ``compare`` and ``run`` for both modes; `tables` makes the table of results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.compare.tables import table
from benchmarks.contenders.contract import Contender, Mode
from benchmarks.contenders.registry import CONTENDERS
from benchmarks.results import DEFAULT_FOLDER, new_result, write_result
from benchmarks.vectors import open_vectors, vectors_options
from recommender.errors import InputError, Problem

__all__ = ["compare_command", "run_command"]


def run_command(mode: Mode, text: str) -> click.Command:
    """Return the command that measures only our indexes."""
    ours = [name for name, contender in CONTENDERS.items() if contender.ours and mode in contender.modes]
    return _command(mode, text, ours)


def compare_command(mode: Mode, text: str) -> click.Command:
    """Return the command that measures all contenders, or the named ones."""
    able = [name for name, contender in CONTENDERS.items() if mode in contender.modes]
    choice = click.option(
        "--contender",
        "names",
        type=click.Choice(able),
        multiple=True,
        help="Measure only this one; may be repeated.",
    )
    return choice(_command(mode, text, able))


def _command(mode: Mode, text: str, default: Sequence[str]) -> click.Command:
    def command(out: Path, names: Sequence[str] = (), **options: Any) -> None:
        _measure(mode, names or default, out, **options)

    decorated: Callable[..., Any] = command
    for option in (
        click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True),
        click.option(
            "--limit-s", type=click.FloatRange(min=1), default=600, show_default=True,
            help="Largest time of a point in seconds, with set-up.",
        ),
        click.option("--full", is_flag=True, help="Sweep the large grids."),
        click.option("--threads", type=click.IntRange(min=1), default=2, show_default=True),
        click.option("--repeats", type=click.IntRange(min=1), default=3, show_default=True, help="Rounds."),
        click.option("-k", type=click.IntRange(1, 100), default=10, show_default=True, help="Neighbours."),
        vectors_options,
    ):  # fmt: skip
        decorated = option(decorated)
    return click.command(mode, help=text)(decorated)


def _measure(
    mode: Mode, names: Sequence[str], out: Path, *, k: int, repeats: int, threads: int, full: bool,
    limit_s: float, **source: Any,
) -> None:  # fmt: skip
    from benchmarks.compare.rounds import Plan, measure  # imports scikit-learn and numba

    contenders = [CONTENDERS[name] for name in names]
    missing = {each.name: line for each in contenders if (line := each.missing())}
    here = [each for each in contenders if each.name not in missing]
    for name, line in missing.items():
        click.echo(f"{name} is not installed; run: {line}", err=True)
    if not here:
        raise InputError(Problem("wanted a contender", "none that is installed", "run the lines above"))
    vectors = open_vectors(**source)
    plan = Plan(mode, k, threads, repeats, full, limit_s)
    settings = {**plan._asdict(), "contenders": list(names), "versions": _versions(here)}
    result = new_result(mode, source["seed"], settings) | {"vectors": vectors.facts}
    result["figures"] = measure(plan, vectors, here, lambda line: click.echo(line, err=True))
    result["figures"]["not_installed"] = missing
    path = write_result(out, result, f"{vectors.name}-{len(vectors.vectors)}")
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)


def _versions(contenders: Sequence[type[Contender]]) -> dict[str, str | None]:
    return {contender.package: contender.version() for contender in contenders}
