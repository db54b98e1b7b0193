"""`recommender relist`: recomputes the lists of an artifact with other rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from recommender.cli.options import artifact_argument, example, json_option, n_jobs_option, progress_options
from recommender.cli.replaced_artifact import say_replaced, with_decisions
from recommender.cli.rules import editors_of, policy_of, policy_options
from recommender.cli.terminal import Bars, plural, print_json, print_lines
from recommender.cli.update_report import check_ids_file, write_ids
from recommender.engine import Recommender

__all__ = ["command"]


@click.command(
    "relist",
    epilog=example(
        "recommender relist site.rec --diversity 0.3 --fallback section",
        "recommender relist site.rec --editors pins.yaml --changed purge.txt",
        "recommender relist site.rec --policy policy.yaml -o trial.rec",
    ),
)
@artifact_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Artifact to write.  [default: ARTIFACT]"
)
@click.option(
    "--changed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the ids of the articles whose lists show something else to this file, one a line.",
)
@policy_options
@n_jobs_option
@json_option
@progress_options
def command(artifact: Path, output: Path | None, changed: Path | None, **options: Any) -> None:
    """Recompute all lists with other rules, pins and blocks.

    Settings that are not given keep their values in the artifact. --policy replaces all settings.
    """
    from recommender.site_changes import shown_anew
    from recommender.store.artifact_folder import check_place

    check_ids_file(changed, ())
    n_jobs, as_json, progress = (options.pop(name) for name in ("n_jobs", "as_json", "progress"))
    output = output or artifact
    before = Recommender.load(artifact)
    check_place(output)
    policy, given = policy_of(options, before.policy), editors_of(options)
    say_replaced(before.policy, policy, output)
    editors = None if given is None else with_decisions(given, before.editors, output)
    with Bars(progress) as bars:
        after = before.relisted(policy=policy, editors=editors, n_jobs=n_jobs, progress=bars)
    shown = () if changed is None else shown_anew(before, after, after)  # before its files are replaced
    after.save(output)
    if changed is not None:
        write_ids(changed, shown)
    rows = before.lists.rows, after.lists.rows
    n_changed = int((rows[0] != rows[1]).any(axis=1).sum())
    facts = {
        "artifact": str(output),
        "articles": len(after),
        "changed": n_changed,
        "entries": after.lists.counts(),
        "spread": after.site.spread,
        "policy": policy.to_dict(),
    }
    if as_json:
        print_json(facts)
        return
    entries = ", ".join(f"{n:,} {name}" for name, n in after.lists.counts().items() if n)
    lines = [f"{plural(n_changed, 'list')} of {len(after):,} changed; entries: {entries or 'none'}"]
    if spread := after.site.spread:
        old, new = spread["before"], spread["after"]
        lines.append(
            f"articles in no list: {old['orphans']:,} before spreading, {new['orphans']:,} after; "
            f"most lists of one article: {old['max_in_degree']:,} before, {new['max_in_degree']:,} after "
            f"(mean {new['mean_in_degree']:.1f})"
        )
    print_lines([*lines, f"written to {output}"])
