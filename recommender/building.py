"""Builds a site: texts, vectors, model, candidates and lists of all articles."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np

from recommender.articles import Article
from recommender.collection.collection import Collection
from recommender.editors import Resolved, rules_of_metadata
from recommender.encoders.lexical import LexicalEncoder
from recommender.encoders.multilingual import MultilingualEncoder
from recommender.encoders.named import AnyEncoder, open_encoder
from recommender.encoding import Encoders, encoded, fitted
from recommender.errors import Problem
from recommender.lists.list_maker import ListMaker, spread_facts
from recommender.lists.lists import Lists
from recommender.lists.opening import opened
from recommender.lists.ranked_rows import ranked_rows
from recommender.lists.reserve import Reserve, ranking_depth
from recommender.lists.site import ListSettings, Site, resolved
from recommender.progress import Progress
from recommender.ranking.candidate_index import CandidateIndex
from recommender.ranking.candidates_of_rows import candidates_of_rows
from recommender.ranking.site_ranking import SiteRanking, site_candidates
from recommender.rules.expiry import Expiry, clock
from recommender.rules.policy import Policy
from recommender.rules.site_rules import SiteRules
from recommender.scoring.model import Model
from recommender.scoring.queries import Queries
from recommender.scoring.weights import Weights
from recommender.text import clean_articles

__all__ = ["build", "build_by_model", "list_again", "open_encoders"]

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


def build(
    articles: Iterable[Article],
    settings: ListSettings,
    weights: Weights,
    encoders: Encoders,
    n_jobs: int | None,
    progress: Progress,
) -> Site:
    """Return a site of articles, with a model that is fitted on them; see `Recommender.from_articles`."""
    _check(settings)
    cleaned = clean_articles(articles, progress)
    model, collection = fitted(cleaned, encoders, n_jobs, progress)
    site = _unlisted(articles, model.changed(weights=weights), collection, settings, n_jobs)
    site = _listed(site, n_jobs, progress, "fit")
    _warn_of_empty(site)
    return site


def build_by_model(
    articles: Iterable[Article],
    model: Model,
    settings: ListSettings,
    neural: AnyEncoder | None,
    n_jobs: int | None,
    progress: Progress,
) -> Site:
    """Return a site of articles by the model of another site, as it is."""
    _check(settings)
    cleaned = clean_articles(articles, progress, model.texts)
    collection = encoded(model, cleaned, neural, n_jobs, progress)
    site = _listed(_unlisted(articles, model, collection, settings, n_jobs), n_jobs, progress, "frozen")
    _warn_of_empty(site)
    return site


def _unlisted(
    articles: Iterable[Article],
    model: Model,
    collection: Collection,
    settings: ListSettings,
    n_jobs: int | None,
) -> Site:
    """Return a site whose lists are empty."""
    index = CandidateIndex.fit(collection, model.lexical.n_terms, model.thresholds, n_jobs)
    left_out = dict(getattr(articles, "left_out", {}))  # an ArticleReader counts what it does not yield
    empty = np.empty((len(collection), 0))
    lists = Lists.of(empty.astype(np.int32), empty.astype(np.float32), 1, 0.0)
    rules = rules_of_metadata(collection.summaries)
    return Site(model, collection, index, lists, settings, rules, None, left_out)


def list_again(
    site: Site, settings: ListSettings, model: Model, n_jobs: int | None, progress: Progress
) -> Site:
    """Return a site with lists made by other settings, or by other weights of its model."""
    _check(settings)
    return _listed(site.changed(settings=settings, model=model), n_jobs, progress, "calibrate")


def _listed(
    site: Site, n_jobs: int | None, progress: Progress, model: Literal["fit", "calibrate", "frozen"]
) -> Site:
    """Return the site with lists.

    To "fit" measures hubs and likelihood ratios first. To "calibrate" measures chance under the rules and weights,
    which a fit does as well. A "frozen" model stays as it is.
    """
    settings, n = site.settings, len(site.collection)
    k = min(settings.k, max(n, 1))  # longer rows would stay empty
    editors = resolved(settings.editors.merged(site.metadata_rules), site.collection)
    expiry = Expiry.at(site.collection.listed_until, clock(settings.policy))
    rules = SiteRules.of(settings.policy, site.collection, editors, passed=expiry.passed)
    _warn_of_editors(editors, rules, site.collection.summaries.column("article_id"))
    depth = ranking_depth(rules, k)
    candidates = site_candidates(site.collection, site.index, settings.n_candidates, n_jobs, progress)
    progress("ranking", 0, 2)
    ranking = SiteRanking(site.model, site.collection, rules, depth, n_jobs)
    nearest, by_default = ranking.nearest(candidates, fitting=model == "fit")
    if model == "fit":
        ranking = ranking.fitted(by_default)
    if model != "frozen":
        ranking = ranking.calibrated()
    progress("ranking", 1, 2)
    scorer = ranking.ranker.scorer
    search = partial(candidates_of_rows, ranking.collection, site.index, n_jobs=n_jobs)
    ranked = opened(
        scorer, rules, ranking.ranked(nearest),
        Queries.of_articles(ranking.collection, np.arange(n, dtype=np.int32)),
        lambda bare, places: ranked_rows(
            replace(ranking, rules=bare).ranker, search, places.astype(np.int32), depth
        ),
    )  # fmt: skip
    progress("ranking", 2, 2)
    progress("assembling", 0, 1)
    lists, spread = ListMaker(scorer, rules, k).of_site(ranked)
    progress("assembling", 1, 1)
    reach = spread_facts(spread)
    reserve = Reserve.of(ranked, k, rules)
    return site.changed(
        model=ranking.model, collection=ranking.collection, lists=lists, spread=reach, reserve=reserve,
        expiry=expiry,
    )  # fmt: skip


def _check(settings: ListSettings) -> None:
    if settings.k < 1 or settings.n_candidates < settings.k:
        raise ValueError(
            f"wanted 1 <= k <= n_candidates, got k={settings.k} and n_candidates={settings.n_candidates}"
        )


def _warn_of_empty(site: Site) -> None:
    if n_empty := site.n_without_usable_text:
        lists = "their lists are empty"
        if site.model.neural is not None:
            lists = "their lists depend on the model alone"
        warnings.warn(
            f"{n_empty:,} of {len(site.collection):,} articles share no word with another article; {lists}",
            stacklevel=4,
        )


def _warn_of_editors(editors: Resolved, rules: SiteRules, ids: Sequence[str]) -> None:
    unlisted = [
        Problem(
            f"the pin of {ids[row]!r} on {ids[page]!r} does not apply: it is unlisted, private or expired"
        )
        for page, pins in editors.pins.items()
        for _, row in pins
        if row not in [shown for _, shown in rules.pins.get(page, ())]
    ]
    problems = (*editors.unknown, *editors.notes, *unlisted)
    for problem in problems[:_SHOWN]:
        warnings.warn(str(problem), stacklevel=5)
    if len(problems) > _SHOWN:
        warnings.warn(f"... and {len(problems) - _SHOWN:,} more editors' rules have no effect", stacklevel=5)
