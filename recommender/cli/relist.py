"""`recommender relist`: the lists of a built site made anew by other rules, without its articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from recommender.cli.options import artifact_argument, example, json_option, progress_options
from recommender.cli.rules import editors_of, policy_of, policy_options
from recommender.cli.terminal import Bars, plural, print_json, print_lines
from recommender.engine import Recommender

__all__ = ["command"]


@click.command(
    "relist",
    epilog=example(
        "recommender relist site.rec --diversity 0.3 --fallback section",
        "recommender relist site.rec --editors pins.yaml",
        "recommender relist site.rec --policy policy.yaml -o trial.rec",
    ),
)
@artifact_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Artifact to write.  [default: ARTIFACT]"
)
@policy_options
@click.option("--n-jobs", type=int, default=-1, metavar="N", help="Threads.  [default: one a core]")
@json_option
@progress_options
def command(
    artifact: Path, output: Path | None, n_jobs: int, as_json: bool, progress: bool | None, **options: Any
) -> None:
    """Make all lists anew by other rules, pins and blocks.

    What is not said stays as the artifact has it, but --policy replaces all settings.
    """
    from recommender.artifact.folder import check_place

    output = output or artifact
    before = Recommender.load(artifact)
    check_place(output)
    policy, editors = policy_of(options, before.policy), editors_of(options)
    with Bars(progress) as bars:
        after = before.relisted(policy=policy, editors=editors, n_jobs=n_jobs, progress=bars)
    after.save(output)
    rows = before.arrays["list_rows"], after.arrays["list_rows"]
    n_changed = int((rows[0] != rows[1]).any(axis=1).sum())
    facts = {
        "artifact": str(output),
        "articles": len(after),
        "changed": n_changed,
        "entries": after.facts["rungs"],
        "spread": after.facts["spread"],
        "policy": policy.to_json(),
    }
    if as_json:
        print_json(facts)
        return
    entries = ", ".join(f"{n:,} {name}" for name, n in after.facts["rungs"].items() if n)
    lines = [f"{plural(n_changed, 'list')} of {len(after):,} changed; entries: {entries or 'none'}"]
    if spread := after.facts["spread"]:
        was, now = spread["before"], spread["after"]
        lines.append(
            f"articles in no list: {was['orphans']:,} before spreading, {now['orphans']:,} after; most lists of one: "
            f"{was['max_in_degree']:,}, {now['max_in_degree']:,} (the mean is {now['mean_in_degree']:.1f})"
        )
    print_lines([*lines, f"written to {output}"])
