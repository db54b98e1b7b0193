"""Builds a site: texts, vectors, model, candidates and lists of all articles."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.collection.collection import Collection
from recommender.collector_pause import paused_collector
from recommender.editors import METADATA_KEYS, Resolved, rules_of_metadata
from recommender.encoders.lexical import LexicalEncoder
from recommender.encoders.multilingual import MultilingualEncoder
from recommender.encoders.named import AnyEncoder, open_encoder
from recommender.encoding import Encoders, encoded, fitted
from recommender.index.postings import N_POSTINGS, fit_thresholds
from recommender.lists.list_maker import ListMaker, spread_facts
from recommender.lists.lists import Lists
from recommender.lists.opening import Ranked, Ranking, opened, unfiltered
from recommender.lists.ranked_rows import ranked_rows
from recommender.lists.reserve import Reserve, ranking_depth
from recommender.lists.site import LARGEST_K, ListSettings, Site, resolved
from recommender.progress import Progress
from recommender.ranking.candidate_index import CandidateIndex
from recommender.ranking.candidates_of_rows import candidates_of_rows
from recommender.ranking.nearest import Nearest
from recommender.ranking.site_ranking import SiteRanking, site_candidates
from recommender.rules.expiry import Expiry, clock
from recommender.rules.idle_rules import idle_rules
from recommender.rules.policy import Policy
from recommender.rules.site_rules import SiteRules
from recommender.scoring.model import Model
from recommender.scoring.queries import Queries
from recommender.scoring.weights import Weights
from recommender.text import clean_articles

__all__ = [
    "build", "build_by_model", "check_settings", "editors_of", "fitted_ranking", "list_again", "listed_apart",
    "lists_of_rows", "model_of_sample", "open_encoders", "ranking_of", "unlisted", "warn_of_editors", "warn_of_empty",
    "with_lists",
]  # fmt: skip

_SHOWN = 20  # notes about editors' rules that are spelled out


def open_encoders(
    encoder: LexicalEncoder | AnyEncoder | str | None, policy: Policy, n_jobs: int | None
) -> Encoders:
    """Return the encoders of a site; see `Recommender.from_articles`."""
    if encoder is None or encoder == "lexical":
        across = MultilingualEncoder() if encoder is None and policy.cross_language else None
        return Encoders(LexicalEncoder(n_jobs=n_jobs), across=across)
    if isinstance(encoder, LexicalEncoder):
        return Encoders(encoder)
    neural = open_encoder(encoder, n_jobs=n_jobs) if isinstance(encoder, str) else encoder
    return Encoders(LexicalEncoder(n_jobs=n_jobs), neural)


@paused_collector()
def build(
    articles: Iterable[Article],
    settings: ListSettings,
    weights: Weights,
    encoders: Encoders,
    n_jobs: int | None,
    progress: Progress,
) -> Site:
    """Return a site of articles, with a model that is fitted on them; see `Recommender.from_articles`."""
    check_settings(settings)
    site = _learned(articles, settings, weights, encoders, n_jobs, progress)
    site = _listed(site, n_jobs, progress, "fit")
    warn_of_empty(site)
    return site


@paused_collector()
def fitted_ranking(
    articles: Iterable[Article],
    settings: ListSettings,
    weights: Weights,
    encoders: Encoders,
    n_jobs: int | None,
    progress: Progress,
) -> SiteRanking:
    """Return the articles with the model that `build` fits on them."""
    check_settings(settings)
    site = _learned(articles, settings, weights, encoders, n_jobs, progress)
    ranking = ranking_of(site, editors_of(site), _expiry(site), n_jobs)
    return _ranked(site, ranking, progress, "fit")[0]


def model_of_sample(sample: SiteRanking, n_articles: int) -> Model:
    """Return the model of a sample, by which a term of the site of so many articles lists as many as by its own model.

    By the thresholds of the sample a term would list as many times more as the site is larger, and each search would
    take so many times longer.
    """
    model, n = sample.model, len(sample.collection)
    if n >= n_articles:
        return model
    n_postings = max(1, round(N_POSTINGS * n / n_articles))
    sparse = sample.collection.sparse
    return model.changed(thresholds=fit_thresholds(sparse, model.lexical.n_terms, n_postings))


@paused_collector()
def build_by_model(
    articles: Iterable[Article],
    model: Model,
    settings: ListSettings,
    neural: AnyEncoder | None,
    n_jobs: int | None,
    progress: Progress,
) -> Site:
    """Return a site of articles by the model of another site, as it is."""
    check_settings(settings)
    cleaned = clean_articles(articles, progress, model.texts, n_jobs)
    collection = encoded(model, cleaned, neural, n_jobs, progress)
    site = _listed(
        unlisted(model, collection, settings, _left_out(articles), n_jobs), n_jobs, progress, "frozen"
    )
    warn_of_empty(site)
    return site


def _learned(
    articles: Iterable[Article],
    settings: ListSettings,
    weights: Weights,
    encoders: Encoders,
    n_jobs: int | None,
    progress: Progress,
) -> Site:
    """Return a site without lists, and with what is learned from the texts alone."""
    cleaned = clean_articles(articles, progress, n_jobs=n_jobs)
    model, collection = fitted(cleaned, encoders, n_jobs, progress)
    return unlisted(model.changed(weights=weights), collection, settings, _left_out(articles), n_jobs)


def _left_out(articles: Iterable[Article]) -> dict[str, int]:
    return dict(getattr(articles, "left_out", {}))  # an ArticleReader counts what it does not yield


def unlisted(
    model: Model,
    collection: Collection,
    settings: ListSettings,
    left_out: Mapping[str, int],
    n_jobs: int | None,
) -> Site:
    """Return a site whose lists are empty."""
    index = CandidateIndex.fit(collection, model.lexical.n_terms, model.thresholds, n_jobs)
    empty = np.empty((len(collection), 0))
    lists = Lists.of(empty.astype(np.int32), empty.astype(np.float32), 1, 0.0)
    rules = rules_of_metadata(collection.summaries.naming(METADATA_KEYS))
    return Site(model, collection, index, lists, settings, rules, None, left_out)


def list_again(
    site: Site, settings: ListSettings, model: Model, n_jobs: int | None, progress: Progress
) -> Site:
    """Return a site with lists made by other settings, or by other weights of its model."""
    check_settings(settings)
    return _listed(site.changed(settings=settings, model=model), n_jobs, progress, "calibrate")


_Fit = Literal["fit", "calibrate", "frozen"]


def _listed(site: Site, n_jobs: int | None, progress: Progress, model: _Fit) -> Site:
    """Return the site with lists by a model that is fitted, calibrated or left as it is, see `_ranked`."""
    editors, expiry = editors_of(site), _expiry(site)
    ranking = ranking_of(site, editors, expiry, n_jobs)
    warn_of_editors(editors, ranking.rules, site.collection.summaries.column("article_id"))
    ranking, nearest = _ranked(site, ranking, progress, model)
    ranked = ranking.ranked(nearest)
    return with_lists(site, ranking, ranked, expiry, progress)


def editors_of(site: Site) -> Resolved:
    """Return the rules of editors of a site and those in the metadata of its articles, by rows."""
    return resolved(site.settings.editors.merged(site.metadata_rules), site.collection)


def _expiry(site: Site) -> Expiry:
    return Expiry.at(site.collection.listed_until, clock(site.settings.policy))


def ranking_of(site: Site, editors: Resolved, expiry: Expiry, n_jobs: int | None) -> SiteRanking:
    """Return what ranks the articles of a site for its lists."""
    policy, collection = site.settings.policy, site.collection
    rules = SiteRules.of(policy, collection, editors, passed=expiry.passed)
    return SiteRanking(site.model, collection, rules, ranking_depth(rules, site.longest_list), n_jobs)


def _ranked(site: Site, ranking: SiteRanking, progress: Progress, model: _Fit) -> tuple[SiteRanking, Nearest]:
    """Return the ranking by the model as it is wanted, and the nearest of each article.

    To "fit" measures hubs and likelihood ratios first. To "calibrate" measures chance under the rules and weights,
    which a fit does as well. A "frozen" model stays as it is.
    """
    n_jobs = ranking.n_jobs
    candidates = site_candidates(site.collection, site.index, site.settings.n_candidates, n_jobs, progress)
    ranking = replace(ranking, progress=progress)
    nearest, by_default = ranking.nearest(candidates, fitting=model == "fit")
    if model == "fit":
        ranking = ranking.fitted(by_default)
    if model != "frozen":
        ranking = ranking.calibrated()
    return ranking, nearest


def with_lists(site: Site, ranking: SiteRanking, best: Ranking, expiry: Expiry, progress: Progress) -> Site:
    """Return the site with lists of the best of each article."""
    ranked = _opened(site, ranking, best, np.arange(len(ranking.collection), dtype=np.int32))
    progress("assembling", 0, 1)
    k, rules = site.longest_list, ranking.rules
    lists, spread = ListMaker(ranking.ranker.scorer, rules, k).of_site(ranked)
    progress("assembling", 1, 1)
    reserve = Reserve.of(ranked, k, rules)
    return site.changed(
        model=ranking.model, collection=ranking.collection, lists=lists, spread=spread_facts(spread),
        reserve=reserve, expiry=expiry,
    )  # fmt: skip


def listed_apart(rules: SiteRules) -> bool:
    """Return whether the list of an article does not depend on those of others, nor on which are made together."""
    return rules.policy.exposure is None and unfiltered(rules) is rules


def lists_of_rows(
    site: Site, ranking: SiteRanking, best: Ranking, rows: NDArray[np.int32]
) -> tuple[Lists, Reserve]:
    """Return the lists of some articles, of which the best are given, where they are `listed_apart`."""
    ranked, k = _opened(site, ranking, best, rows), site.longest_list
    lists = ListMaker(ranking.ranker.scorer, ranking.rules, k).of_rows(ranked, rows)
    return lists, Reserve.of(ranked, k, ranking.rules)


def _opened(site: Site, ranking: SiteRanking, best: Ranking, rows: NDArray[np.int32]) -> Ranked:
    collection, depth = ranking.collection, ranking.depth
    search = partial(candidates_of_rows, collection, site.index, n_jobs=ranking.n_jobs)
    return opened(
        ranking.ranker.scorer, ranking.rules, best, Queries.of_articles(collection, rows),
        lambda bare, places: ranked_rows(replace(ranking, rules=bare).ranker, search, rows[places], depth),
    )  # fmt: skip


def check_settings(settings: ListSettings) -> None:
    """Raise ValueError if settings contradict each other."""
    if not 1 <= settings.k <= settings.n_candidates <= LARGEST_K:
        raise ValueError(
            f"wanted 1 <= k <= n_candidates <= {LARGEST_K:,}, got k={settings.k} and n_candidates={settings.n_candidates}"
        )


def warn_of_empty(site: Site) -> None:
    """Warn of articles without usable text."""
    if n_empty := site.n_without_usable_text:
        lists = "their lists are empty"
        if site.model.neural is not None:
            lists = "their lists depend on the model alone"
        warnings.warn(
            f"{n_empty:,} of {len(site.collection):,} articles share no word with another article; {lists}",
            stacklevel=4,
        )


def warn_of_editors(editors: Resolved, rules: SiteRules, ids: Sequence[str]) -> None:
    """Warn of the rules of editors and of the policy that have no effect."""
    problems = idle_rules(editors, rules, ids)
    for problem in problems[:_SHOWN]:
        warnings.warn(str(problem), stacklevel=5)
    if len(problems) > _SHOWN:
        warnings.warn(f"... and {len(problems) - _SHOWN:,} more rules have no effect", stacklevel=5)
