"""The walk of an update: encode what is new, merge, find the lists that may change, make these anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.collection.record_checksums import damaged
from recommender.editors import EditorRules
from recommender.encoding import encoded_alone
from recommender.lists.list_maker import ListMaker, spread_facts
from recommender.lists.lists import Lists
from recommender.lists.opening import opened
from recommender.lists.ranked_rows import Known, ranked_rows
from recommender.lists.reserve import Reserve, ranking_depth
from recommender.lists.site import Site
from recommender.progress import Progress
from recommender.ranking.ranker import Ranker
from recommender.ranking.top_k import IdOrder
from recommender.rules.expiry import Expiry, clock
from recommender.scoring.queries import Queries
from recommender.text.cleaning import clean_articles
from recommender.updating.affected import Affected, affected_lists
from recommender.updating.asked import asked_of, metadata_rules
from recommender.updating.changed_lists import Kept, changed_lists
from recommender.updating.changed_sets import changed_sets
from recommender.updating.changes import Changes
from recommender.updating.difference import Difference
from recommender.updating.merged_site import Incoming, Joined
from recommender.updating.numbers import Numbers
from recommender.updating.record import UpdateRecord, record_of
from recommender.updating.repaired_lists import repaired_lists

if TYPE_CHECKING:
    from recommender.encoders.named import AnyEncoder

__all__ = ["Asking", "Ground", "Updated", "updated"]

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
    written : ndarray of int32
        Rows whose lists were repaired or made anew.
    """

    site: Site
    numbers: NDArray[np.int32]
    changes: Changes
    record: UpdateRecord | None
    written: NDArray[np.int32]


class Asking(NamedTuple):
    """What an update is asked for: articles to add or edit, ids to delete, and other pins and blocks; None keeps these."""

    add: Sequence[Article]
    delete: Sequence[str]
    editors: EditorRules | None = None


class Ground(Protocol):
    """A site that is updated, and how new articles join it."""

    @property
    def site(self) -> Site: ...  # noqa: D102
    @property
    def numbers(self) -> Numbers: ...  # noqa: D102
    def joined(self, incoming: Incoming) -> Joined:
        """Return the site with the articles of an update, before its lists are repaired."""
        ...


def updated(
    ground: Ground, asking: Asking, encoder: AnyEncoder | None, n_jobs: int | None, progress: Progress
) -> Updated:
    """Return a site with articles added, edited and deleted, and what that changed; see `Recommender.update`."""
    site, numbers = ground.site, ground.numbers
    asked = asked_of(site, asking.add, asking.delete)
    settings = site.settings if asking.editors is None else replace(site.settings, editors=asking.editors)
    if not asked.changes and settings is site.settings:
        return Updated(site, numbers.rows, asked.changes, None, np.zeros(0, np.int32))
    cleaned = clean_articles(asked.articles, progress, site.model.texts, n_jobs)
    new = encoded_alone(site.model, cleaned, encoder, _jobs(n_jobs, len(asked.articles)), progress)
    rules = metadata_rules(site, asked, cleaned.summaries)
    joined = ground.joined(Incoming(new, asked.removed, rules, n_jobs))
    expiry = Expiry.at(joined.site.collection.listed_until, clock(site.settings.policy))
    joined = joined._replace(site=joined.site.changed(expiry=expiry, settings=settings))
    step, patches, merged = joined.step, joined.patches, joined.site
    translated = changed_sets(site.collection, merged.collection, step)
    order = IdOrder.of(merged.collection.id_order, merged.collection.by_id)
    ranker = Ranker(merged.scorer, merged.rules, order, n_jobs)
    affected = affected_lists(
        Difference(
            site, merged, step, patches.mentions.rows, joined.searches, joined.holding, ranker, translated
        )
    )
    may_differ = np.unique(np.concatenate([affected.holding, affected.rows, affected.remade, translated]))
    kept = Kept.of(site, merged, step, may_differ.astype(np.int32))
    result, rows = _repaired(joined, affected, ranker)
    rows = np.union1d(rows, translated).astype(np.int32)  # pages show translations beside their lists
    changes = replace(asked.changes, lists=changed_lists(site, result, step, kept, translated))
    came = numbers.rows[asked.removed], new, patches, translated
    record = record_of(site, result, came, rows, joined.numbers, changes)
    return Updated(result, joined.numbers, changes, record, rows)


def _repaired(joined: Joined, affected: Affected, ranker: Ranker) -> tuple[Site, NDArray[np.int32]]:
    """Return the site with its lists repaired, and the rows whose lists may differ."""
    site = joined.site
    repaired, starved = repaired_lists(site, affected)
    rows = np.union1d(affected.remade, starved).astype(np.int32)
    if not len(rows) and site.settings.policy.exposure is None:  # as after most deletions
        return site, repaired
    lists, reserve, spread = _remade(joined, rows, ranker, affected.known)
    if reserve.rows.shape[1] != site.reserve.rows.shape[1]:
        raise damaged("what follows its lists is not what its policy leaves")
    for ours, theirs in ((site.lists, lists), (site.reserve, reserve)):
        ours.rows[rows], ours.scores[rows] = theirs.rows, theirs.scores
    site.lists.sources[rows], site.reserve.bars[rows] = lists.sources, reserve.bars
    if spread != site.spread:
        site = site.changed(spread=spread)
    return site, np.union1d(repaired, rows).astype(np.int32)


def _remade(
    joined: Joined, rows: NDArray[np.int32], ranker: Ranker, known: Known | None
) -> tuple[Lists, Reserve, Mapping[str, Any] | None]:
    """Return the lists of some rows made as a build makes them, what follows them, and how exposure was spread."""
    site, search = joined.site, joined.searches[1]
    rules, k = site.rules, site.lists.rows.shape[1]
    depth = ranking_depth(rules, k)
    maker = ListMaker(site.scorer, rules, k)
    ranked = opened(
        site.scorer, rules, ranked_rows(ranker, search, rows, depth, known, site.lists.rows),
        Queries.of_articles(site.collection, rows),
        lambda bare, places: ranked_rows(replace(ranker, rules=bare), search, rows[places], depth),
    )  # fmt: skip
    reserve = Reserve.of(ranked, k, rules)
    if rules.policy.exposure is not None:
        lists, spread = maker.of_site(ranked)
        return lists, reserve, spread_facts(spread)
    return maker.of_rows(ranked, rows), reserve, None


def _jobs(n_jobs: int | None, n: int) -> int | None:
    """Return the threads for n articles: starting some takes longer than a few articles do."""
    return n_jobs if n > _FEW else 1
