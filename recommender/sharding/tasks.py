"""The tasks of a sharded build. Each reads parts and returns what its own part holds.

A task is given names and settings, never arrays, and computes with the functions of a build in memory: an article is
encoded by the model alone, and articles are ranked in blocks of rows, which change no score.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.building import editors_of, fitted_model, open_encoders, ranking_of, unlisted, with_lists
from recommender.encoders.named import reopen_encoder
from recommender.encoding import encoded_alone, encoded_together
from recommender.lists.site import ListSettings, Site
from recommender.progress import no_progress
from recommender.ranking.candidate_search import Budget, candidates_near, joined_vectors
from recommender.ranking.candidates import AllArticles, Candidates
from recommender.ranking.candidates_of_rows import CandidateRows
from recommender.ranking.second_round import neighbours_of_neighbours
from recommender.ranking.site_ranking import SECOND_ROUND, SiteRanking
from recommender.ranking.site_sizes import is_large, is_small
from recommender.ranking.starved import ranked_anew
from recommender.rules.expiry import Expiry
from recommender.scoring.model import Model
from recommender.scoring.weights import Weights
from recommender.sharding.article_shards import Shards, articles_of, id_hash
from recommender.sharding.joined_collection import MappedArrays, joined_arrays
from recommender.sharding.part_file import Part
from recommender.sharding.work_folder import WorkFolder, open_work_folder
from recommender.store.layout import (
    collection_arrays,
    collection_of,
    model_of,
    model_parts,
    site_of,
    site_parts,
)
from recommender.text.cleaning import clean_articles
from recommender.text.spool import TextSpool

__all__ = [
    "Ranks", "encode_shard", "fit_model", "join_shards", "join_vectors", "list_articles", "rank_further", "rank_rows",
    "site_in",
]  # fmt: skip

_TEXTS_IN_MEMORY = 2**26  # bytes of clean texts; more lie in a temporary file


class Ranks(NamedTuple):
    """What articles are ranked by: the site without lists, the neighbours by vectors, and what has expired."""

    site: str
    near: str
    expiry: Expiry


class Rows(NamedTuple):
    """A run of rows."""

    start: int
    stop: int

    @property
    def numbers(self) -> NDArray[np.int32]:
        """The rows."""
        return np.arange(self.start, self.stop, dtype=np.int32)


Settings: TypeAlias = tuple[ListSettings, Weights, str | None]


def fit_model(folder: WorkFolder, n_jobs: int | None, shards: Shards, settings: Settings) -> Part:
    """Fit the model on the articles of the shards that its sample holds."""
    lists, weights, encoder = settings

    def sample() -> Iterator[Article]:
        for name in shards.names:
            for article in articles_of(folder.read(name)):
                if id_hash(article.article_id) <= shards.fit_bound:
                    yield article

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        encoders = open_encoders(encoder, lists.policy, n_jobs)
        model = fitted_model(sample(), lists, weights, encoders, n_jobs, no_progress)
    told = [str(each.message) for each in caught if issubclass(each.category, UserWarning)]
    arrays, facts = model_parts(model)
    return Part(arrays, facts | {"warnings": told})


def encode_shard(folder: WorkFolder, n_jobs: int | None, model_name: str, shard: str) -> Part:
    """Encode the articles of a shard one by one."""
    model = _model(folder.read(model_name))
    neural = None if model.neural is None else reopen_encoder(model.neural, None)
    cleaned = clean_articles(articles_of(folder.read(shard)), no_progress, model.texts)
    alone = encoded_alone(model, cleaned, neural, n_jobs, no_progress)
    return Part(collection_arrays(alone), {"labels": list(alone.labels), "trees": list(alone.trees.names)})


def join_shards(
    folder: WorkFolder,
    n_jobs: int | None,
    model_name: str,
    encoded: Sequence[str],
    settings: ListSettings,
    left_out: dict[str, int],
) -> Part:
    """Put the collections of all shards together, and find near copies and mentions among them."""
    model, parts, room = (
        _model(folder.read(model_name)),
        [folder.read(name) for name in encoded],
        MappedArrays(),
    )
    facts = parts[0].facts
    alone = collection_of(
        joined_arrays([part.arrays for part in parts], room), facts["labels"], facts["trees"]
    )
    texts = TextSpool(_TEXTS_IN_MEMORY)
    for row in range(len(alone)):
        title, body = alone.texts[row]
        texts.append(title, model.texts.clean(title, body))
    collection = encoded_together(model, alone, texts, n_jobs, no_progress)
    site = unlisted(model, collection, settings, left_out, n_jobs)
    arrays, facts = site_parts(site)
    return Part(_Kept(arrays, room), facts)


class _Kept(dict[str, NDArray[Any]]):
    """Arrays that keep the files alive which they lie in."""

    def __init__(self, arrays: dict[str, NDArray[Any]], room: MappedArrays) -> None:
        super().__init__(arrays)
        self.room = room


def join_vectors(folder: WorkFolder, n_jobs: int | None, site_name: str) -> Part:
    """Find the nearest of each article by each kind of vectors."""
    site = site_in(folder, site_name)
    if is_small(len(site.collection)):
        return Part({}, {})
    found = joined_vectors(site.collection, site.index, site.settings.n_candidates, n_jobs, no_progress)
    return Part({str(number): each for number, each in enumerate(found)}, {})


def rank_rows(folder: WorkFolder, n_jobs: int | None, ranks: Ranks, start: int, stop: int) -> Part:
    """Rank a run of articles among their candidates."""
    site, rows = site_in(folder, ranks.site), Rows(start, stop).numbers
    ranking = replace(_ranking(folder, ranks), n_jobs=n_jobs)
    ranker, floor = ranking.ranker, ranking.rules.ranking_floor
    candidates = _candidates(folder, ranks, site, rows, n_jobs)
    (nearest,) = ranker.nearest(candidates, [ranker.view(ranking.depth)], rows)
    best, scores = ranker.ranked(nearest, ranking.depth, floor, rows)
    arrays = {"rows": best, "scores": scores, "starved": nearest.starved}
    if is_large(len(site.collection)):
        arrays["nearest"] = nearest.rows
    return Part(arrays, {})


def _candidates(
    folder: WorkFolder, ranks: Ranks, site: Site, rows: NDArray[np.int32], n_jobs: int | None
) -> Candidates:
    collection, wanted = site.collection, site.settings.n_candidates
    if is_small(len(collection)):
        return AllArticles(np.arange(len(collection), dtype=np.int32))
    near = [array[rows[0] : rows[-1] + 1] for _, array in sorted(folder.read(ranks.near).arrays.items())]
    found = candidates_near(collection, site.index, rows, near, Budget.of(wanted, collection), n_jobs)
    return CandidateRows(rows, found)


def rank_further(
    folder: WorkFolder, n_jobs: int | None, ranks: Ranks, ranked: Sequence[str], start: int, stop: int
) -> Part:
    """Rank a run of articles among the neighbours of their neighbours as well."""
    rows = Rows(start, stop).numbers
    ranking = replace(_ranking(folder, ranks), n_jobs=n_jobs)
    ranker, depth, floor = ranking.ranker, ranking.depth, ranking.rules.ranking_floor
    parts = [folder.read(name).arrays for name in ranked]
    lists = np.concatenate([part["rows"] for part in parts])
    sizes = np.cumsum([0, *(len(part["rows"]) for part in parts)])
    own = parts[int(np.searchsorted(sizes, start, side="right")) - 1]
    groups = ranking.rules.groups(np.arange(len(lists), dtype=np.int32))
    more = neighbours_of_neighbours(lists, own["nearest"], groups, SECOND_ROUND, rows)
    (near,) = ranker.nearest(CandidateRows(rows, more), [ranker.view(depth)], rows)
    best, scores = ranker.merged((own["rows"], own["scores"]), ranker.ranked(near, depth, floor, rows))
    return Part({"rows": best, "scores": scores, "starved": own["starved"]}, {})


def list_articles(folder: WorkFolder, n_jobs: int | None, ranks: Ranks, ranked: Sequence[str]) -> Part:
    """Make the lists of all articles from their rankings."""
    site, ranking = site_in(folder, ranks.site), replace(_ranking(folder, ranks), n_jobs=n_jobs)
    parts = [folder.read(name).arrays for name in ranked]
    rows, scores, starving = (
        np.concatenate([part[name] for part in parts]) for name in ("rows", "scores", "starved")
    )
    starved = np.flatnonzero(starving).astype(np.int32)
    if len(starved) and not is_small(len(rows)):
        anew = ranked_anew(ranking.ranker, starved, ranking.depth, ranking.rules.ranking_floor)
        rows[starved], scores[starved] = anew
    listed = with_lists(site, ranking, (rows, scores), ranks.expiry, no_progress)
    arrays, facts = site_parts(listed)
    return Part({name: array for name, array in arrays.items() if name.startswith("lists_")}, facts)


def site_in(folder: WorkFolder, name: str) -> Site:
    """Return the site that a part holds, memory-mapped. A process keeps the last one."""
    return _site_in(folder.url, name)


@lru_cache(maxsize=1)
def _site_in(url: str, name: str) -> Site:
    part = open_work_folder(url).read(name)
    return site_of(part.arrays, part.facts)


def _ranking(folder: WorkFolder, ranks: Ranks) -> SiteRanking:
    return _ranking_in(folder.url, ranks)


@lru_cache(maxsize=1)
def _ranking_in(url: str, ranks: Ranks) -> SiteRanking:
    site = _site_in(url, ranks.site)
    return ranking_of(site, editors_of(site), ranks.expiry, 1)


def _model(part: Part) -> Model:
    return model_of(part.arrays, part.facts)
