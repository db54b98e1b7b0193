"""Builds a site: texts, vectors, model, candidates and lists of all articles."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article, ArticleSummary
from recommender.collection.collection import Collection, Links
from recommender.collection.labels import LABEL_FIELDS, LabelVocabulary, labels_of
from recommender.collection.summary_table import SummaryTable
from recommender.editors import Resolved, rules_of_metadata
from recommender.encoders.lexical import LexicalEncoder
from recommender.encoders.lexical_model import LexicalModel
from recommender.encoders.named import DenseEncoder, describe, open_encoder
from recommender.index.postings import fit_thresholds
from recommender.index.sparse_rows import SparseRows
from recommender.lists.choosing_steps import choosing_depth
from recommender.lists.list_maker import ListMaker
from recommender.lists.lists import Lists
from recommender.lists.site import ListSettings, Site, resolved
from recommender.progress import Progress, ProgressIterable
from recommender.ranking.candidate_index import CandidateIndex
from recommender.ranking.site_ranking import SiteRanking, site_candidates
from recommender.rules.site_rules import SiteRules
from recommender.scoring.mentions import find_mentions
from recommender.scoring.model import Model
from recommender.scoring.random_pairs import mean_cosine
from recommender.scoring.weights import Weights
from recommender.text import Boilerplate, SiteLinks, TextSpool, clean_articles
from recommender.text.declared_languages import believed_languages
from recommender.text.languages import detect_languages
from recommender.text.near_copies import NearCopies, find_near_copies

__all__ = ["Encoders", "build", "list_again", "open_encoders"]

_SHOWN = 20  # notes about editors' rules that are spelled out


class Encoders(NamedTuple):
    """The encoder of words, and the one whose vectors are added, if any."""

    lexical: LexicalEncoder
    neural: DenseEncoder | None = None


class _Texts(NamedTuple):
    """Articles as the text stage leaves them, in the order of their ids."""

    summaries: Sequence[ArticleSummary]
    texts: TextSpool
    boilerplate: Boilerplate
    links: Links


def open_encoders(encoder: LexicalEncoder | DenseEncoder | str | None, n_jobs: int | None) -> Encoders:
    """Return the encoders of a site; see `Recommender.from_articles`."""
    if encoder is None or encoder == "lexical":
        return Encoders(LexicalEncoder(n_jobs=n_jobs))
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
    """Return a site of articles; see `Recommender.from_articles`."""
    _check(settings)
    cleaned = _cleaned(articles, progress)
    model, collection = _encoded(cleaned, encoders, n_jobs, progress)
    index = CandidateIndex.fit(collection, model.lexical.n_terms, model.thresholds, n_jobs)
    left_out = dict(getattr(articles, "left_out", {}))  # an ArticleReader counts what it does not yield
    empty = np.empty((len(collection), 0))
    site = Site(
        model.changed(weights=weights), collection, index,
        Lists.of(empty.astype(np.int32), empty.astype(np.float32), 1, 0.0), settings,
        rules_of_metadata(cleaned.summaries), None, left_out,
    )  # fmt: skip
    site = _listed(site, n_jobs, progress, fitting=True)
    _warn_of_empty(site)
    return site


def list_again(
    site: Site, settings: ListSettings, model: Model, n_jobs: int | None, progress: Progress
) -> Site:
    """Return a site with lists made by other settings, or by other weights of its model."""
    _check(settings)
    return _listed(site.changed(settings=settings, model=model), n_jobs, progress, fitting=False)


def _listed(site: Site, n_jobs: int | None, progress: Progress, *, fitting: bool) -> Site:
    """Return the site with lists; `fitting` measures hubs and likelihood ratios first."""
    settings, n = site.settings, len(site.collection)
    k = min(settings.k, max(n, 1))  # longer rows would stay empty
    editors = resolved(settings.editors.merged(site.metadata_rules), site.collection)
    _warn_of_editors(editors)
    rules = SiteRules.of(settings.policy, site.collection, editors)
    depth = choosing_depth(rules, k)
    candidates = site_candidates(site.collection, site.index, rules, settings.n_candidates, n_jobs, progress)
    progress("ranking", 0, 2)
    ranking = SiteRanking(site.model, site.collection, rules, depth, n_jobs)
    nearest, by_default = ranking.nearest(candidates, fitting=fitting)
    if fitting:
        ranking = ranking.fitted(by_default)
    ranking = ranking.calibrated()
    progress("ranking", 1, 2)
    ranked = ranking.ranked(nearest, candidates)
    progress("ranking", 2, 2)
    progress("assembling", 0, 1)
    lists, spread = ListMaker(ranking.ranker.scorer, rules, k).of_site(ranked)
    progress("assembling", 1, 1)
    reach = None if spread is None else {"before": spread.before._asdict(), "after": spread.after._asdict()}
    return site.changed(model=ranking.model, collection=ranking.collection, lists=lists, spread=reach)


def _check(settings: ListSettings) -> None:
    if settings.k < 1 or settings.n_candidates < settings.k:
        raise ValueError(
            f"wanted 1 <= k <= n_candidates, got k={settings.k} and n_candidates={settings.n_candidates}"
        )


def _cleaned(articles: Iterable[Article], progress: Progress) -> _Texts:
    links = SiteLinks()
    summaries, texts, boilerplate = clean_articles(articles, progress, links)
    arrays = links.to_arrays()
    rows = Links(arrays["links_indptr"].astype(np.int64), arrays["links_indices"].astype(np.int32))
    return _Texts(summaries, texts, boilerplate, rows)


def _encoded(
    cleaned: _Texts, encoders: Encoders, n_jobs: int | None, progress: Progress
) -> tuple[Model, Collection]:
    """Return what is learned from the texts alone, and the collection that it makes of them, without hubs."""
    languages, codes, summaries = _languages(cleaned.summaries, cleaned.texts, n_jobs)
    copies, lengths = _copies(cleaned.texts, n_jobs, progress)
    lexical, n = encoders.lexical, len(summaries)
    vectors = lexical.fit_transform(ProgressIterable(cleaned.texts, "encoding", progress, passes=3))
    neural = np.zeros((n, 0), dtype=np.float32)
    if encoders.neural is not None:
        neural = encoders.neural.fit_transform(
            ProgressIterable(cleaned.texts, "encoding with the model", progress)
        )
    sparse, titles = SparseRows.of(vectors.sparse), SparseRows.of(vectors.titles)
    learned = LexicalModel(lexical.to_arrays(), lexical.settings(), lexical.fingerprint())
    mentions = find_mentions(titles, sparse, learned.n_terms, n_jobs=n_jobs)
    labels = {field: [labels_of(summary, field) for summary in summaries] for field in LABEL_FIELDS}
    vocabularies = {field: LabelVocabulary.of(sets) for field, sets in labels.items()}
    id_order = np.arange(n, dtype=np.int32)
    model = Model(
        learned, cleaned.boilerplate, None if encoders.neural is None else describe(encoders.neural),
        tuple(languages), vocabularies, fit_thresholds(sparse, learned.n_terms),
        mean_cosine=mean_cosine(neural, id_order),
    )  # fmt: skip
    collection = Collection(
        SummaryTable.of(summaries), id_order, codes, lengths, copies, sparse, titles, vectors.dense, neural,
        mentions.strengths, mentions.n_naming, np.zeros(n, dtype=np.float32),
        {field: vocabularies[field].rows(sets) for field, sets in labels.items()}, cleaned.links,
    )  # fmt: skip
    return model, collection


def _languages(
    summaries: Sequence[ArticleSummary], texts: TextSpool, n_jobs: int | None
) -> tuple[list[str], NDArray[np.int16], list[ArticleSummary]]:
    """Return the languages of a site, the place of each article's in them (-1 if unknown), and completed summaries."""
    given = believed_languages(summaries, texts, n_jobs=n_jobs)
    found = detect_languages(given, texts, n_jobs=n_jobs)
    names = sorted(set(found) - {""})
    code = {name: place for place, name in enumerate(names)} | {"": -1}
    completed = [
        each if tag else replace(each, language=name or None)
        for each, tag, name in zip(summaries, given, found, strict=True)
    ]
    return names, np.array([code[each] for each in found], dtype=np.int16), completed


def _copies(texts: TextSpool, n_jobs: int | None, progress: Progress) -> tuple[NearCopies, NDArray[np.int32]]:
    """Return the near copies of a site, and the length of each text."""
    lengths: list[int] = []

    def bodies() -> Iterator[str]:
        for title, body in ProgressIterable(texts, "finding copies", progress):
            lengths.append(len(title) + len(body))
            yield body

    copies = find_near_copies(bodies(), n_jobs=n_jobs)
    return copies, np.array(lengths, dtype=np.int32)


def _warn_of_empty(site: Site) -> None:
    if n_empty := site.n_without_usable_text:
        lists = "their lists are empty"
        if site.model.neural is not None:
            lists = "their lists depend on the model alone"
        warnings.warn(
            f"{n_empty:,} of {len(site.collection):,} articles share no word with another article; {lists}",
            stacklevel=4,
        )


def _warn_of_editors(editors: Resolved) -> None:
    problems = (*editors.unknown, *editors.notes)
    for problem in problems[:_SHOWN]:
        warnings.warn(str(problem), stacklevel=5)
    if len(problems) > _SHOWN:
        warnings.warn(f"... and {len(problems) - _SHOWN:,} more editors' rules have no effect", stacklevel=5)
