"""The artifact that a build replaces: what the new one keeps of it, and what differs."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recommender.cli.rules import editors_of, policy_of
from recommender.cli.terminal import plural, say
from recommender.errors import ArtifactError
from recommender.rules.policy import Policy

if TYPE_CHECKING:
    from recommender.editors import EditorRules
    from recommender.engine import Recommender
    from recommender.updating.changes import Changes

__all__ = ["ReplacedArtifact"]


class ReplacedArtifact:
    """The artifact at a place where another one is to be written, if there is one.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        from recommender.engine import Recommender
        from recommender.store.manifest import Manifest

        self._path = path
        self._site: Recommender | None = None
        try:
            self._site = Recommender.load(path)
            self._site.site  # noqa: B018, checks its files
        except ArtifactError as error:
            self._site = None
            if Manifest.is_at(path):
                say(f"Warning: {error}\n{path}: its pins, blocks and policy are not kept")

    def editors(self, options: Mapping[str, Any]) -> EditorRules | None:
        """Return the pins and blocks of the command line, or else those of the artifact."""
        given = editors_of(options)
        if given is not None or self._site is None:
            return given
        existing = self._site.editors
        if not (existing.pins or existing.blocks):
            return None
        n_pins, n_blocks = len(existing.pins), len(existing.blocks)
        say(
            f"{plural(n_pins, 'pin')} and {plural(n_blocks, 'block')} of {self._path} are kept; "
            "--editors replaces them"
        )
        return existing

    def policy(self, options: Mapping[str, Any]) -> Policy:
        """Return the policy of the command line. Settings that it does not give are those of the artifact."""
        if self._site is None:
            return policy_of(options)
        before = self._site.policy
        policy = policy_of(options, before)
        was, now, usual = before.to_dict(), policy.to_dict(), Policy().to_dict()
        kept = [name for name, value in now.items() if value == was[name] != usual[name]]
        if kept:
            say(
                f"{', '.join(kept)}: kept from the policy of {self._path}; "
                "--default SETTING resets one, --policy FILE replaces them"
            )
        replaced = [f"{name} ({was[name]!r} before)" for name in now if now[name] != was[name] != usual[name]]
        if replaced:
            say(f"{', '.join(replaced)}: replaced in the policy of {self._path} by what was given")
        return policy

    def with_indexes(self, site: Recommender) -> Recommender:
        """Return the new site with the indexes of the artifact, if these were tuned on the same vectors."""
        if self._site is None or not self._site.index.tuned:
            return site
        from recommender.tuning import keep_tuning

        kept = keep_tuning(site, self._site)
        if kept is None:
            again = shlex.join(["recommender", "tune", str(self._path)])
            say(
                f"Warning: {self._path} was tuned on different vectors, so indexes are chosen by size; "
                f"tune again: {again}"
            )
        return kept or site

    def changes(self, site: Recommender) -> Changes | None:
        """Return what differs in the new site, as `site_changes` does. None if there is no artifact."""
        if self._site is None:
            return None
        from recommender.site_changes import site_changes

        changes = site_changes(self._site, site)
        if changes.added and changes.deleted and not changes.edited and not changes.unchanged:
            say(
                f"Warning: no article has an id that {self._path} had, so that pins, links and statistics of before "
                "name none; was it built with other options, such as --id?"
            )
        return changes
