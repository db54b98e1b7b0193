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

__all__ = ["existing_editors", "with_decisions", "with_existing_indexes"]


def _existing(output: Path) -> Recommender | None:
    """Return the artifact to be replaced, or None if there is none that this version can read."""
    from recommender.engine import Recommender

    try:
        return Recommender.load(output)
    except ArtifactError:
        return None


def existing_editors(output: Path, given: EditorRules | None) -> EditorRules | None:
    """Return the rules of a new build: those given, or else those of the artifact to be replaced.

    Decisions of the desk are kept in both cases.
    """
    existing = _existing(output)
    if existing is None or not (existing.editors.pins or existing.editors.blocks):
        return given
    if given is not None:
        return with_decisions(given, existing.editors, output)
    say(f"{_counted(existing.editors)} of {output} are kept; --editors replaces those that no desk made")
    return existing.editors


def with_decisions(given: EditorRules, existing: EditorRules, output: Path) -> EditorRules:
    """Return rules that are given together with the decisions of the desk among existing ones, which are stronger."""
    decided = existing.decided
    if decided.pins or decided.blocks:
        say(f"{_counted(decided)} of the desk are kept in {output}; the desk or its API withdraws them")
    return existing.with_given(given)


def _counted(rules: EditorRules) -> str:
    return f"{plural(len(rules.pins), 'pin')} and {plural(len(rules.blocks), 'block')}"


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
