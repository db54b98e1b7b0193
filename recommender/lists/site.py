"""A built site as one typed object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from recommender.collection.collection import Collection
from recommender.collection.record_checksums import Verify, unstored
from recommender.editors import EditorRules, Resolved, resolve
from recommender.lists.lists import Lists
from recommender.lists.reserve import Reserve
from recommender.ranking.candidate_index import CandidateIndex
from recommender.rules.expiry import Expiry, clock
from recommender.rules.policy import Policy
from recommender.rules.site_rules import SiteRules
from recommender.scoring.model import Model
from recommender.scoring.scorer import Scorer

__all__ = ["LARGEST_K", "ListSettings", "Site", "resolved"]

LARGEST_K = 2**31 - 1
"""Of `k` and `n_candidates`: an artifact stores no larger ones."""


@dataclass(frozen=True)
class ListSettings:
    """What lists are made by, beside the model.

    Parameters
    ----------
    k : int
        Longest list.
    policy : Policy
    editors : EditorRules
        Pins and blocks that were given.
    n_candidates : int
        Articles scored exactly for each list, on a site of more than 2,048 articles.
    """

    k: int = 10
    policy: Policy = field(default_factory=Policy)
    editors: EditorRules = field(default_factory=EditorRules)
    n_candidates: int = 200


@dataclass(frozen=True, eq=False)
class Site:
    """Everything that a built site holds.

    Parameters
    ----------
    model : Model
    collection : Collection
    index : CandidateIndex
    lists : Lists
    settings : ListSettings
    metadata_rules : EditorRules
        Pins and blocks in the metadata of articles.
    spread : mapping or None
        How far lists reached ``before`` and ``after`` exposure was spread.
    left_out : mapping of str to int
        Articles that were left out while reading, by reason.
    reserve : Reserve
        What follows each list.
    verify : Verify
        Verifies the files of the arrays. Whatever computes with arrays calls it before; a look-up of a stored list
        checks the records that it reads.
    expiry : Expiry
        Which articles had expired when the lists were made.
    """

    model: Model
    collection: Collection
    index: CandidateIndex
    lists: Lists
    settings: ListSettings
    metadata_rules: EditorRules = field(default_factory=EditorRules)
    spread: Mapping[str, Any] | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    reserve: Reserve = field(default_factory=lambda: Reserve.empty(0))
    verify: Verify = unstored
    expiry: Expiry = field(default_factory=Expiry)

    @cached_property
    def rules(self) -> SiteRules:
        """The rules that the lists were made by."""
        self.verify()
        editors = resolved(self.settings.editors.merged(self.metadata_rules), self.collection)
        return SiteRules.of(self.settings.policy, self.collection, editors, passed=self.expiry.passed)

    @cached_property
    def scorer(self) -> Scorer:
        """The scorer of the site."""
        self.verify()
        return Scorer(self.model, self.collection, self.rules)

    @property
    def longest_list(self) -> int:
        """How many entries a stored list may have, at least 1: no more than there are articles, whatever k is."""
        return min(self.settings.k, max(len(self.collection), 1))

    @property
    def n_without_usable_text(self) -> int:
        """The number of articles that share no word with another article."""
        return int((self.collection.sparse.lengths == 0).sum())

    def detached(self) -> Self:
        """Return the site without the files that it was read from, so that it can be pickled and copied."""
        summaries = replace(self.collection.summaries, checksums=None, verify=unstored)
        collection = replace(self.collection, summaries=summaries)
        return replace(
            self, collection=collection, lists=replace(self.lists, checksums=None), verify=unstored
        )

    def at_present(self) -> Self:
        """Return the site as its rules are now: what has expired since the lists were made may be in none."""
        moment = clock(self.settings.policy)
        if not self.expiry.is_over(moment):
            return self
        return self.changed(expiry=Expiry.at(self.collection.listed_until, moment))

    def changed(self, **changes: Any) -> Self:
        """Return a site with some fields changed."""
        return replace(self, **changes)


def resolved(rules: EditorRules, collection: Collection) -> Resolved:
    """Return editors' rules as rows of a collection."""
    if not rules.pins and not rules.blocks:
        return Resolved()
    return resolve(rules, collection.summaries.find)
