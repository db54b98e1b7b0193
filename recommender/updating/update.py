"""The walk of an update: encode what is new, merge, find the lists that may change, make these anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.collection.record_checksums import unstored
from recommender.encoders.named import DenseEncoder
from recommender.encoding import encoded_alone
from recommender.lists.list_maker import ListMaker, spread_facts
from recommender.lists.lists import Lists
from recommender.lists.opening import opened
from recommender.lists.ranked_rows import ranked_rows
from recommender.lists.reserve import Reserve, ranking_depth
from recommender.lists.site import Site
from recommender.progress import Progress
from recommender.ranking.ranker import Ranker
from recommender.ranking.top_k import IdOrder
from recommender.rules.expiry import Expiry, clock
from recommender.scoring.queries import Queries
from recommender.text.cleaning import clean_articles
from recommender.updating.affected import Affected, Difference, affected_lists
from recommender.updating.asked import asked_of, metadata_rules
from recommender.updating.changed_lists import changed_lists
from recommender.updating.changes import Changes
from recommender.updating.merge import Merge
from recommender.updating.merged_collection import merged_collection
from recommender.updating.merged_index import merged_index
from recommender.updating.moved_lists import moved_lists
from recommender.updating.numbers import Numbers
from recommender.updating.record import UpdateRecord, record_of
from recommender.updating.repaired_lists import repaired_lists

__all__ = ["Asking", "Updated", "updated"]

_FEW = 200  # articles that one thread encodes or ranks sooner than several


class Updated(NamedTuple):
    """A site after an update.

    Attributes
    ----------
    site : Site
    numbers : ndarray of int32, shape (n,)
        The number of each article, see `UpdateRecord`.
    changes : Changes
    record : UpdateRecord or None
        None if nothing changed.
    """

    site: Site
    numbers: NDArray[np.int32]
    changes: Changes
    record: UpdateRecord | None


class Asking(NamedTuple):
    """What an update is asked for: articles to add or edit, and ids to delete."""

    add: Sequence[Article]
    delete: Sequence[str]


def updated(
    site: Site, numbers: Numbers, asking: Asking, encoder: DenseEncoder | None, n_jobs: int | None, progress: Progress
) -> Updated:  # fmt: skip
    """Return a site with articles added, edited and deleted, and what that changed; see `Recommender.update`."""
    asked = asked_of(site, asking.add, asking.delete)
    if not asked.changes:
        return Updated(site, numbers.rows, asked.changes, None)
    cleaned = clean_articles(asked.articles, progress, model=site.model.texts)
    new = encoded_alone(site.model, cleaned, encoder, _jobs(n_jobs, len(asked.articles)), progress)
    ids = site.collection.summaries.column("article_id")
    merge = Merge.of(ids, asked.removed, list(new.summaries.column("article_id")))
    index = merged_index(site, new, merge)
    collection, patches = merged_collection(site.collection, new, site.model, merge, index.title_terms)
    lists, reserve = moved_lists(site, merge)
    merged = site.changed(
        collection=collection,
        index=index,
        lists=lists,
        reserve=reserve,
        metadata_rules=metadata_rules(site, asked, cleaned.summaries),
        expiry=Expiry.at(collection.listed_until, clock(site.settings.policy)),
        verify=unstored,
    )
    affected = affected_lists(Difference(site, merged, merge, patches.mentions.rows))
    result, rows = _repaired(merged, affected, n_jobs)
    changes = replace(asked.changes, lists=changed_lists(site, result, merge, rows))
    after = merge.arrays(numbers.rows, numbers.next + np.arange(len(new), dtype=np.int32))
    record = record_of(site, result, (numbers.rows[asked.removed], new, patches), rows, after, changes)
    return Updated(result, after, changes, record)


def _repaired(site: Site, affected: Affected, n_jobs: int | None) -> tuple[Site, NDArray[np.int32]]:
    """Return the site with its lists repaired, and the rows whose lists may differ."""
    repaired, starved = repaired_lists(site, affected)
    rows = np.union1d(affected.remade, starved).astype(np.int32)
    lists, reserve, spread = _remade(site, rows, n_jobs)
    for ours, theirs in ((site.lists, lists), (site.reserve, reserve)):
        ours.rows[rows], ours.scores[rows] = theirs.rows, theirs.scores
    site.lists.sources[rows], site.reserve.bars[rows] = lists.sources, reserve.bars
    return site.changed(spread=spread), np.union1d(repaired, rows).astype(np.int32)


def _remade(
    site: Site, rows: NDArray[np.int32], n_jobs: int | None
) -> tuple[Lists, Reserve, Mapping[str, Any] | None]:
    """Return the lists of some rows made as a build makes them, what follows them, and how exposure was spread."""
    settings, rules = site.settings, site.rules
    k = site.lists.rows.shape[1]
    depth = ranking_depth(rules, k)
    maker = ListMaker(site.scorer, rules, k)
    ranker = Ranker(site.scorer, rules, IdOrder.of(site.collection.id_order), _jobs(n_jobs, len(rows)))
    ranked = ranked_rows(ranker, site.index, rows, depth)
    queries = Queries.of_articles(site.collection, rows)
    opening = opened(
        site.scorer, rules, ranked, queries,
        lambda bare, places: ranked_rows(replace(ranker, rules=bare), site.index, rows[places], depth),
    )  # fmt: skip
    reserve = Reserve.of(opening, k, rules)
    if settings.policy.exposure is not None:
        lists, spread = maker.of_site(opening)
        return lists, reserve, spread_facts(spread)
    return maker.of_rows(opening, rows), reserve, None


def _jobs(n_jobs: int | None, n: int) -> int | None:
    """Return the threads for n articles: starting some takes longer than a few articles do."""
    return n_jobs if n > _FEW else 1
