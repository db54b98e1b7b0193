"""The artifact that a build replaces: what the new one keeps of it, and what differs."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recommender.cli.rules import editors_of, policy_of
from recommender.cli.terminal import plural, say
from recommender.errors import ArtifactError, InputError, Problem
from recommender.rules.policy import Policy

if TYPE_CHECKING:
    from recommender.editors import EditorRules
    from recommender.engine import Recommender
    from recommender.updating.changes import Changes

__all__ = ["ReplacedArtifact", "say_replaced", "with_decisions"]


class ReplacedArtifact:
    """The artifact at a place where another one is to be written, if there is one.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        from recommender.engine import Recommender
        from recommender.store.left_rules import LeftRules

        self._path = path
        self._site: Recommender | None = None
        self._left: LeftRules | None = None
        self._refusal: ArtifactError | None = None
        try:
            self._site = Recommender.load(path)
            self._site.site  # noqa: B018, checks its files
        except ArtifactError as error:
            self._site = None
            if LeftRules.may_be_in(path):
                say(f"Warning: {error}")
                self._read_what_is_left()

    def _read_what_is_left(self) -> None:
        from recommender.store.left_rules import LeftRules

        try:
            self._left = LeftRules.of(self._path)
        except ArtifactError as error:
            self._refusal = error
            return
        if not self._left.is_whole:
            say(
                f"Warning: {self._path}: its pins, blocks and policy are kept as they can be read, and may not be all; "
                "look at them after the build or restore a backup"
            )

    def editors(self, options: Mapping[str, Any]) -> EditorRules | None:
        """Return the pins and blocks of the command line, or else those of the artifact.

        Decisions of the desk are kept in both cases.

        Raises
        ------
        ArtifactError
            If those of a damaged artifact cannot be read, and none are given.
        """
        given = editors_of(options)
        if self._refusal is not None:
            if given is None:
                raise ArtifactError(
                    f"{self._refusal}; nothing was built; restore a backup, give them with --editors FILE, or remove "
                    f"{self._path} to build without them"
                )
            say(f"Warning: {self._refusal}; those of --editors count, and decisions of a desk are lost")
        before = self._site or self._left
        if before is None:
            return given
        existing = before.editors
        if not (existing.pins or existing.blocks):
            return given
        if given is not None:
            return with_decisions(given, existing, self._path)
        say(f"{_counted(existing)} of {self._path} are kept; --editors replaces those that no desk made")
        return existing

    def policy(self, options: Mapping[str, Any]) -> Policy:
        """Return the policy of the command line. Settings that it does not give are those of the artifact."""
        replaced_site = self._site or self._left
        if replaced_site is None:
            return policy_of(options)
        before = replaced_site.policy
        policy = policy_of(options, before)
        was, now, usual = before.to_dict(), policy.to_dict(), Policy().to_dict()
        kept = [name for name, value in now.items() if value == was[name] != usual[name]]
        if kept:
            say(
                f"{', '.join(kept)}: kept from the policy of {self._path}; "
                "--default SETTING resets one, --policy FILE replaces them"
            )
        say_replaced(before, policy, self._path)
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

    def check_size(self, n_articles: int) -> None:
        """Raise InputError if a site has less than half as many articles as the one that it replaces.

        An export that failed is empty or cut off. It should not empty the lists of a site.
        """
        before = 0 if self._site is None else len(self._site)
        if 2 * n_articles < before:
            problem = f"{plural(n_articles, 'article')} instead of the {before:,} of {self._path}"
            move = "check that ARTICLES are all of them; --force replaces the site all the same"
            raise InputError(Problem(problem, next_move=move))

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


def say_replaced(before: Policy, policy: Policy, path: Path) -> None:
    """Tell which settings of a policy have other values than those that were given before."""
    was, now, usual = before.to_dict(), policy.to_dict(), Policy().to_dict()
    replaced = [f"{name} ({was[name]!r} before)" for name in now if now[name] != was[name] != usual[name]]
    if replaced:
        say(f"{', '.join(replaced)}: replaced in the policy of {path} by what was given")


def with_decisions(given: EditorRules, existing: EditorRules, path: Path) -> EditorRules:
    """Return rules that are given together with the decisions of the desk among existing ones, which are stronger."""
    decided = existing.decided
    if decided.pins or decided.blocks:
        say(f"{_counted(decided)} of the desk are kept in {path}; the desk or its API withdraws them")
    return existing.with_given(given)


def _counted(rules: EditorRules) -> str:
    return f"{plural(len(rules.pins), 'pin')} and {plural(len(rules.blocks), 'block')}"
