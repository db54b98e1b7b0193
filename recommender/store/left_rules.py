"""What can be read of the pins, blocks and policy of an artifact that cannot be opened: damaged, or of another schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from recommender.editors import EditorRules
from recommender.errors import ArtifactError, InputError
from recommender.rules.policy import Policy
from recommender.rules.policy_settings import tidied
from recommender.store.journal import Journal
from recommender.store.manifest import MANIFEST, OWN_NAME, Manifest, facts_checksum
from recommender.store.update_rows import Position

__all__ = ["LeftRules"]


@dataclass(frozen=True)
class LeftRules:
    """Rules that were read of what is left.

    Attributes
    ----------
    editors : EditorRules
        Those that were given, and those of the desk.
    policy : Policy
        Settings that this version does not know have their defaults.
    is_whole : bool
        Whether the checksums of all that was read are right, so that no rule is missing or changed.
    """

    editors: EditorRules
    policy: Policy
    is_whole: bool

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read what is left of an artifact.

        Raises
        ------
        ArtifactError
            If nothing of its rules can be read.
        """
        try:
            content = json.loads((path / MANIFEST).read_bytes())
            facts, (heads, is_whole) = content["facts"], _heads(path, content)
            given = [facts["editors"].get("file", facts["editors"]), *(head["editors"] for head in heads)]
            policy = Policy(**tidied(facts["policy"])[0])
            is_whole = is_whole and content["base"] == facts_checksum(content)
            return cls(EditorRules.from_dict(given[-1]), policy, is_whole)
        except (
            OSError,
            ValueError,
            RecursionError,
            KeyError,
            TypeError,
            AttributeError,
            InputError,
        ) as error:
            raise ArtifactError(
                f"{path / MANIFEST}: its pins, blocks and policy cannot be read ({error!r:.80})"
            ) from error

    @staticmethod
    def may_be_in(path: Path) -> bool:
        """Return whether a folder holds what may have rules: a manifest, readable or not, or updates."""
        return Manifest.is_at(path) or (path.is_dir() and any(map(_may_have_rules, path.iterdir())))


def _may_have_rules(file: Path) -> bool:
    return file.name == MANIFEST or (file.name.endswith(".sqlite") and bool(OWN_NAME.fullmatch(file.name)))


def _heads(path: Path, content: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], bool]:
    """Return the heads of updates that changed rules, oldest first, and whether all updates were read."""
    name = content["journal"]
    if name is None:
        return [], True
    if not OWN_NAME.fullmatch(name):
        return [], False
    journal = Journal(path / name, Position(content["version"], content["base"]))
    rows, is_whole = journal.remains()
    heads = [head for facts in rows for head in facts["heads"] if "editors" in head]
    return heads, is_whole
