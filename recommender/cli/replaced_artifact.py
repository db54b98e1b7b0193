"""Pins, blocks and tuned indexes that a build keeps from the artifact it replaces."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from recommender.cli.terminal import plural, say
from recommender.errors import ArtifactError

if TYPE_CHECKING:
    from recommender.editors import EditorRules
    from recommender.engine import Recommender

__all__ = ["existing_editors", "with_existing_indexes"]


def _existing(output: Path) -> Recommender | None:
    """Return the artifact to be replaced, or None if there is none that this version can read."""
    from recommender.engine import Recommender

    try:
        return Recommender.load(output)
    except ArtifactError:
        return None


def existing_editors(output: Path) -> EditorRules | None:
    """Return the pins and blocks of the artifact to be replaced, which a new build keeps."""
    existing = _existing(output)
    if existing is None and (output / "manifest.json").exists():
        say(
            f"Warning: {output} cannot be read by this version, so its pins and blocks, if it has any, "
            "are not kept; give them with --editors"
        )
    if existing is None or not (existing.editors.pins or existing.editors.blocks):
        return None
    n_pins, n_blocks = len(existing.editors.pins), len(existing.editors.blocks)
    say(
        f"{plural(n_pins, 'pin')} and {plural(n_blocks, 'block')} of {output} are kept; "
        "--editors replaces them"
    )
    return existing.editors


def with_existing_indexes(site: Recommender, output: Path) -> Recommender:
    """Return the site with the indexes of the artifact to be replaced, if tuned on the same vectors."""
    from recommender.tuning import keep_tuning

    existing = _existing(output)
    if existing is None or not existing.index.tuned:
        return site
    kept = keep_tuning(site, existing)
    if kept is None:
        again = shlex.join(["recommender", "tune", str(output)])
        say(
            f"Warning: {output} was tuned on different vectors, so indexes are chosen by size; "
            f"tune again: {again}"
        )
    return kept or site
