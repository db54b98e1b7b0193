"""One list made now: of an article by the settings of a call, or of a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Collection as Ids
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.lists.choosing_steps import choosing_depth
from recommender.lists.drafts import Draft, draft_query, wide_budget
from recommender.lists.list_maker import ListMaker
from recommender.lists.lists import Lists
from recommender.lists.opening import Ranking, opened
from recommender.lists.reserve import ranking_depth
from recommender.lists.site import Site, resolved
from recommender.ranking.candidate_search import Budget, candidates_of
from recommender.ranking.ranker import Ranker
from recommender.ranking.site_sizes import is_large, is_small
from recommender.ranking.top_k import IdOrder
from recommender.rules.eligibility import QueryColumns
from recommender.rules.policy import Policy
from recommender.rules.site_rules import SiteRules
from recommender.scoring.queries import Queries
from recommender.text.links import rows_linked_by

__all__ = ["article_list", "draft_list"]


class _Request(NamedTuple):
    """What a list is made by. `columns` returns the columns of the query under some rules."""

    query: Queries
    columns: Callable[[SiteRules], QueryColumns]
    rules: SiteRules
    k: int


def article_list(
    site: Site, row: int, k: int, settings: Mapping[str, Any], exclude: Ids[str]
) -> tuple[Lists, Queries]:
    """Return the list of an article, and the query that asked for it.

    `settings` of the call replace those of the policy. Articles of `exclude` and their near copies are left out.
    """
    site = site.at_present()
    rules = _rules(site, settings, exclude)
    rules = _with_fitting_pins(site, rules, rules.eligibility.queries(np.array([row])), settings)
    query = Queries.of_articles(site.collection, np.array([row]))
    n = len(site.collection)
    found = np.arange(n, dtype=np.int32)
    built = k <= site.settings.k  # such a list begins like the stored one, so its candidates are the same
    if not is_small(n, 0 if built else k):
        n_candidates = site.settings.n_candidates
        budget = Budget.of(n_candidates if built else max(n_candidates, 2 * k), site.collection)
        if is_large(n):
            budget = wide_budget(choosing_depth(rules, k))
        found = candidates_of(query, row, site.collection, site.index, budget)
    request = _Request(query, lambda rules: rules.eligibility.queries(np.array([row])), rules, k)
    return _made(site, request, found), query


def draft_list(
    site: Site, draft: Draft, k: int, settings: Mapping[str, Any], exclude: Ids[str]
) -> tuple[Lists, Queries]:
    """Return the list of a draft, and the query that asked for it."""
    site = site.at_present()
    rules = _rules(site, settings, exclude)
    if rules.policy.linked == "out":
        linked = rows_linked_by(draft.article, site.collection.link_names).tolist()
        rules = rules.showing([*_known_rows(site, exclude), *linked])
    depth = choosing_depth(rules, k)
    query, found = draft_query(site, draft.article, draft.text, draft.neural, depth, draft.language)
    written = _with_script(site, draft)
    request = _Request(query, lambda rules: rules.draft_columns(written, draft.language), rules, k)
    return _made(site, request, found), query


def _made(site: Site, request: _Request, found: NDArray[np.int32]) -> Lists:
    query, columns, rules, k = request
    depth = ranking_depth(
        site.rules, site.longest_list
    )  # as many as in a build decide whether a list is open

    def ranking(rules: SiteRules, depth: int) -> Ranking:
        ranker = Ranker(site.scorer, rules, IdOrder.of(site.collection.id_order, site.collection.by_id))
        return ranker.one(query, columns(rules), found[None], depth)

    rows, scores = ranking(rules, max(choosing_depth(rules, k), depth))
    ranked = opened(
        site.scorer, rules, (rows[:, :depth], scores[:, :depth]), query, lambda bare, _: ranking(bare, depth)
    )
    ranked = ranked._replace(rows=rows, scores=scores)
    return ListMaker(site.scorer, rules, k).of_query(ranked, query, columns(rules))


def _rules(site: Site, settings: Mapping[str, Any], exclude: Ids[str]) -> SiteRules:
    rules = site.rules
    if settings:
        editors = resolved(site.settings.editors.merged(site.metadata_rules), site.collection)
        policy = site.settings.policy.for_call(**settings)
        rules = SiteRules.of(policy, site.collection, editors, rules.fields, site.expiry.passed)
    shown = _known_rows(site, exclude)
    return rules.showing(shown) if shown else rules


def _known_rows(site: Site, ids: Ids[str]) -> list[int]:
    rows = (site.collection.summaries.find(article_id) for article_id in ids)
    return [row for row in rows if row is not None]


def _with_fitting_pins(
    site: Site, rules: SiteRules, columns: QueryColumns, settings: Mapping[str, Any]
) -> SiteRules:
    """Pins stand above the rules of the site, but not above the settings of a call."""
    row = int(columns.rows[0])
    pins = rules.pins.get(row)
    if not pins or not (settings or len(rules.eligibility.shown)):
        return rules
    open_policy = Policy(cross_language=True, copies="keep", recency="none", trees="all").for_call(**settings)
    alone = SiteRules.of(open_policy, site.collection, fields=rules.fields).eligibility
    alike = replace(alone.columns, alike=rules.eligibility.columns.alike)
    alone = replace(alone, shown=rules.eligibility.shown, columns=alike)
    others = np.array([other for _, other in pins], dtype=np.int32)
    own = alone.queries(columns.rows)
    fine = alone.allows(own, np.zeros(len(others), dtype=np.intp), others)
    kept = [pin for pin, stands in zip(pins, fine.tolist(), strict=True) if stands]
    return replace(rules, pins={row: kept} if kept else {})


def _with_script(site: Site, draft: Draft) -> Article:
    """Return a draft; one in Chinese with its script, if articles of the site say theirs."""
    from recommender.text.chinese_scripts import with_chinese_script

    names = site.model.languages
    is_chinese = "zh" in names and (len(names) == 1 or names.index("zh") == draft.language)
    if not is_chinese or not site.collection.variants.any():
        return draft.article
    return replace(draft.article, language=with_chinese_script(draft.article.language, draft.text))
