"""`recommender backup`: copies an artifact into one file while it may be written."""

from __future__ import annotations

from pathlib import Path

import click

from recommender.cli.options import artifact_argument, example
from recommender.cli.terminal import say
from recommender.store.site_store import SiteStore

__all__ = ["command"]


@click.command("backup", epilog=example("recommender backup site.rec site.tar", "tar xf site.tar"))
@artifact_argument
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(artifact: Path, file: Path) -> None:
    """Copy an artifact, as it is at one moment, into the tar FILE, which `tar xf` turns into an artifact again.

    Updates may go on meanwhile. Every file is compared with its checksum. An older backup at FILE is replaced in
    one step; any other file there is left alone.
    """
    version = SiteStore(artifact).backup(file).version
    say(f"{file}: version {version} of {artifact}")
