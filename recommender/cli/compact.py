"""`recommender compact`: makes the updates of a site part of its base."""

from __future__ import annotations

from pathlib import Path

import click

from recommender.cli.options import artifact_argument, example
from recommender.cli.terminal import plural, say
from recommender.store.site_store import SiteStore

__all__ = ["command"]


@click.command("compact", epilog=example("recommender compact site.rec"))
@artifact_argument
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=0,
    metavar="SECONDS",
    help="How long to wait for another writer.  [default: 0]",
)
def command(artifact: Path, wait: float) -> None:
    """Make the updates of a site part of its base. Version, lists and everything else stay the same.

    Opening a site takes longer with each update. `recommender update` compacts by itself from time to time.
    Readers go on meanwhile.
    """
    from recommender.engine import Recommender

    store = SiteStore(artifact)
    with store.lock(wait):
        site = Recommender.load(artifact)
        before = sum(store.sizes(store.open()))
        n_updates = site.compact()
        after = sum(store.sizes(store.open()))
    if n_updates:
        done = f"{plural(n_updates, 'update')} made part of the base"
        say(
            f"{artifact}: version {site.version}, {done}; {before / 1e6:,.1f} MB before, {after / 1e6:,.1f} now"
        )
    else:
        say(f"{artifact}: version {site.version} has no updates; nothing to do")
