"""A site with the articles of an update, before its lists are repaired."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.collection.record_checksums import unstored
from recommender.editors import EditorRules
from recommender.encoding import mention_rules
from recommender.lists.site import Site
from recommender.ranking.candidates_of_rows import Search, candidates_of_rows
from recommender.scoring.mentions import mentions_in
from recommender.updating.difference import Holding
from recommender.updating.growth import Step
from recommender.updating.list_holders import holding
from recommender.updating.merge import Merge
from recommender.updating.merged_collection import Lookups, Patches, merged_alone, merged_together
from recommender.updating.merged_index import merged_index
from recommender.updating.moved_lists import moved_lists
from recommender.updating.numbers import Numbers

__all__ = ["Incoming", "Joined", "Merging"]


class Incoming(NamedTuple):
    """What an update brings: new articles, rows of articles that go, pins and blocks of all metadata, and threads."""

    new: Collection
    removed: NDArray[np.int32]
    rules: EditorRules
    n_jobs: int | None


class Joined(NamedTuple):
    """A site with the articles of an update.

    Attributes
    ----------
    site : Site
        With the lists of before. New articles have none.
    step : Step
    patches : Patches
    numbers : ndarray of int32, shape (n,)
        The number of each row, see `UpdateRecord`.
    searches, holding : callables
        See `Difference`.
    """

    site: Site
    step: Step
    patches: Patches
    numbers: NDArray[np.int32]
    searches: tuple[Search, Search]
    holding: Holding


class Merging(NamedTuple):
    """A site whose arrays an update makes anew, in the order of the ids.

    Attributes
    ----------
    site : Site
    numbers : Numbers
    """

    site: Site
    numbers: Numbers

    def joined(self, incoming: Incoming) -> Joined:
        """Return the site with the articles of an update."""
        return _merged(self.site, self.numbers, incoming)


def _merged(site: Site, numbers: Numbers, incoming: Incoming) -> Joined:
    """Return a site with the articles of an update, in new arrays in the order of the ids."""
    new, old, model = incoming.new, site.collection, site.model
    merge = Merge.of(
        old.summaries.column("article_id"), incoming.removed, list(new.summaries.column("article_id"))
    )
    index = merged_index(site, new, merge)
    alone = merged_alone(old, new, merge)
    rules = mention_rules(model.lexical)
    lookups = Lookups(
        model.known.naming_of(alone.title_hashes),
        index.title_terms.held,
        lambda titles, own: mentions_in(titles, own, alone.sparse, rules, n_jobs=1),
        old.copy_index.holders,
        lambda index: old.copy_index.alike(index, old.copy_index.counts(len(old)), index.counts(len(new))),
    )
    collection, patches = merged_together(old, alone, new, model, (merge, lookups))
    lists, reserve = moved_lists(site, merge)
    merged = site.changed(
        collection=collection, index=index, lists=lists, reserve=reserve, metadata_rules=incoming.rules,
        verify=unstored,
    )  # fmt: skip
    after = merge.arrays(numbers.rows, numbers.next + np.arange(len(new), dtype=np.int32))
    searches = (
        partial(candidates_of_rows, site.collection, site.index, n_jobs=incoming.n_jobs),
        partial(candidates_of_rows, collection, index, n_jobs=incoming.n_jobs),
    )
    return Joined(merged, merge, patches, after, searches, holding)
