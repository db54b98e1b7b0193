"""`recommender compare`: compares two policies by the clicks that the service logged."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from pathlib import Path

import click

from recommender.cli.options import example, json_option
from recommender.cli.terminal import plural, print_json, print_lines, say, table
from recommender.errors import InputError, Problem
from recommender.evaluation import ArmComparison, arm_counts, compare_arms

__all__ = ["command"]


@click.command(
    "compare",
    epilog=example(
        "recommender compare clicks",
        "recommender compare clicks --least 0.05 --json",
    ),
)
@click.argument("log", type=click.Path(path_type=Path))
@click.option("--comparison", "name", metavar="NAME", help="Comparison of the log.  [default: the newest]")
@click.option(
    "--least",
    type=click.FloatRange(0, min_open=True),
    default=0.1,
    show_default=True,
    metavar="SHARE",
    help="The smallest difference that matters: 0.1 is a tenth of the click rate.",
)
@json_option
def command(log: Path, name: str | None, least: float, as_json: bool) -> None:
    """Compare two policies by the lists that readers clicked in.

    LOG is the folder, or a file, that `serve --clicks` wrote while it served two policies with --compare. Policy a is
    that of the site, b the other. The interval holds at every look, so the comparison may be watched until it is decided.
    """
    if not log.exists():
        raise InputError(Problem("no such file or folder", "", "check the path", str(log)))
    counts = arm_counts(log)
    if not counts:
        next_move = "log clicks with recommender serve SITE --clicks FOLDER --compare POLICY"
        raise InputError(Problem("no lists of a comparison in the log", "", next_move, str(log)))
    name = name or next(reversed(counts))
    if name not in counts:
        raise click.BadParameter(f"the log has {', '.join(counts)}, got {name!r}", param_hint="--comparison")
    found = compare_arms(counts[name], least=least)
    if as_json:
        print_json({"comparison": name, **found.to_dict(), "comparisons": list(counts)})
        return
    if len(counts) > 1:
        say(f"the log has {plural(len(counts), 'comparison')}, the newest last: {', '.join(counts)}")
    print_lines(_lines(name, found))


def _lines(name: str, found: ArmComparison) -> Iterator[str]:
    yield from table(
        [("policy", "lists shown", "with a click", "click rate")]
        + [
            (label, f"{arm.shown:,}", f"{arm.clicked:,}", f"{arm.rate:.2%}" if arm.shown else "-")
            for label, arm in (("a", found.a), ("b", found.b))
        ]
    )
    yield ""
    yield f"comparison {name} of {plural(found.articles, 'article')}"
    if found.clicks_needed is None:
        missing = " and ".join(label for label, arm in (("a", found.a), ("b", found.b)) if not arm.shown)
        yield f"nothing is known yet: {missing} was not shown; an article changes its policy within two hours"
        return
    high = f"{found.interval.high:+.1%}" if found.interval.high < inf else "any"
    yield f"click rate of b against a: {found.relative:+.1%}, 95 % interval {found.interval.low:+.1%} to {high}"
    if found.better is not None:
        yield f"{found.better} is better"
    elif found.clicks_needed:
        yield (
            f"not decided: about {plural(found.clicks_needed, 'more click')} would show a difference of {found.least:.0%}"
        )
    else:
        yield f"not decided, and a difference of {found.least:.0%} or more would probably have shown"
