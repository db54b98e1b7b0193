"""The ranking of all articles of a site.

On a large site there is a second round, whose candidates are the neighbours of neighbours of the first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.progress import Progress, no_progress
from recommender.ranking.candidate_index import CandidateIndex
from recommender.ranking.candidate_search import find_candidates
from recommender.ranking.candidates import AllArticles, CandidateMatrix, Candidates
from recommender.ranking.nearest import Nearest
from recommender.ranking.ranker import Ranker
from recommender.ranking.second_round import SECOND_ROUND, LeftOut, neighbours_of_neighbours
from recommender.ranking.site_sizes import is_large, is_small
from recommender.ranking.starved import ranked_anew
from recommender.ranking.top_k import IdOrder
from recommender.rules.policy import Policy
from recommender.rules.site_rules import SiteRules
from recommender.scoring.adjustments import HUB_NEIGHBOURS, hub_levels, scattered_from
from recommender.scoring.calibration import chance_level, opening_level, without_nearest
from recommender.scoring.language_pairs import language_logs
from recommender.scoring.likelihood_ratios import N_NEAREST, log_ratios
from recommender.scoring.model import Model
from recommender.scoring.queries import Queries
from recommender.scoring.scatter import scatter
from recommender.scoring.scorer import Scorer
from recommender.scoring.weights import CONTENT, Weights

__all__ = ["SiteRanking", "site_candidates"]

# hubs and ratios are measured under these rules alone
_OPEN = Policy(cross_language=True, copies="original", trees="all")
_QUERIES, _OTHERS = 1_000, 200  # random pairs whose scores chance is read off, at most
_ACROSS = 0.25**3  # what one in fifty pairs of unrelated articles in two languages reaches on a typical site
_NO_LOGS = np.zeros((0, 0), np.float32)
_CORROBORATED = 250  # queries of these whose pairs say what opens a list


def site_candidates(
    collection: Collection,
    index: CandidateIndex,
    n_candidates: int,
    n_jobs: int | None,
    progress: Progress,
) -> Candidates:
    """Return the candidates of all articles: everything on a small site, else those of `find_candidates`."""
    if is_small(len(collection)):
        progress("finding neighbours", 1, 1)
        return AllArticles(np.arange(len(collection), dtype=np.int32))
    return CandidateMatrix(find_candidates(collection, index, n_candidates, n_jobs, progress))


@dataclass(frozen=True, eq=False)
class SiteRanking:
    """Ranks all articles of a site.

    Parameters
    ----------
    model : Model
    collection : Collection
    rules : SiteRules
    depth : int
        Ranked articles of each list.
    n_jobs : int or None
    progress : callable
        See `Ranker`.
    """

    model: Model
    collection: Collection
    rules: SiteRules
    depth: int
    n_jobs: int | None = None
    progress: Progress = no_progress

    @property
    def ranker(self) -> Ranker:
        """The ranker of the model as it is now."""
        scorer = Scorer(self.model, self.collection, self.rules)
        return Ranker(scorer, self.rules, IdOrder.of(self.collection.id_order), self.n_jobs, self.progress)

    def nearest(self, candidates: Candidates, *, fitting: bool) -> tuple[Nearest, Nearest]:
        """Return the nearest by content under the rules, and for `fitting` without rules by the default weights."""
        ranker = self.ranker
        view = ranker.view(self.depth)
        if not fitting:
            return (ranker.nearest(candidates, [view])[0],) * 2
        by_words = Weights(across=0.0) if self.model.crosses else Weights()  # hubs are of one language
        open_rules = SiteRules.of(_OPEN, self.collection, fields=self.rules.fields)
        by_default = replace(ranker, rules=open_rules).view(self.depth)._replace(weights=by_words)
        alike = not by_default.eligibility.copies and not view.eligibility.restricts
        if alike and _same_content(view.weights, by_default.weights):
            found = ranker.nearest(candidates, [view])
        else:
            n_kept = min(N_NEAREST, len(self.collection))
            found = ranker.nearest(candidates, [view, by_default._replace(n_kept=n_kept, n_copies=0)])
        return found[0], found[-1].first(min(N_NEAREST, view.n_kept))

    def fitted(self, nearest: Nearest) -> SiteRanking:
        """Return the ranking with hubs and likelihood ratios measured on the nearest by the default weights.

        By other weights they would move with every fit, and no longer suit the weights that were fitted.
        """
        collection = self.collection
        rows, contents = nearest.rows[:, :HUB_NEIGHBOURS], nearest.contents[:, :HUB_NEIGHBOURS]
        near = np.maximum(contents.sum(axis=1) / HUB_NEIGHBOURS, 0).astype(np.float32)
        mean = float(np.float32(near.mean(dtype=np.float64))) if len(collection) else 0.0
        least = scattered_from(collection.sparse.lengths) * np.float32(mean)
        apart = scatter(collection.sparse, collection.dense, rows, float(least.min(initial=1)), self.n_jobs)
        collection = replace(collection, hubs=hub_levels(near, apart, least))
        known = self.model.log_ratios  # those that the texts alone decide
        others = {name: each for name, each in collection.attributes.items() if name not in known}
        ratios = dict(known) | log_ratios(others, nearest.rows, collection.by_id)
        summaries = collection.summaries
        by_hash = summaries.id_rows
        known_articles = self.model.known.with_articles(
            summaries.id_hashes, collection.hubs[by_hash], collection.digests[by_hash]
        )
        model = self.model.changed(mean_hub=mean, log_ratios=ratios, known=known_articles)
        return replace(self, collection=collection, model=model)

    def calibrated(self) -> SiteRanking:
        """Return the ranking with the chance level and the opening of its weights and rules.

        They are measured on pairs that are not neighbours.
        """
        model, n = self.model.changed(language_logs=_NO_LOGS), len(self.collection)
        scorer = Scorer(model, self.collection, self.rules)
        brevity = model.lexical.brevity
        chance = chance_level(_random_scores(scorer, _QUERIES)[0], n, brevity)
        corroborated, _ = _random_scores(scorer, _CORROBORATED, corroborated=True)
        read = brevity if scorer.reads_texts else 0.0
        opening = opening_level(corroborated, self._n_together(), chance, read)
        logs = _NO_LOGS
        if model.crosses:
            scores, pairs = _random_scores(scorer, _QUERIES, across=True)
            levels = chance, model.weights.across * _ACROSS
            logs = language_logs(scores, pairs, len(model.languages), levels, n)
        return replace(self, model=model.changed(chance=chance, opening=opening, language_logs=logs))

    def _n_together(self) -> int:
        """Return among how many articles a list chooses at most: those of the most frequent language, or all."""
        codes = self.rules.eligibility.columns.language
        if self.rules.policy.cross_language or not len(codes):
            return len(codes)
        counts = np.bincount(codes + 1)
        return int(counts[1:].max(initial=0) + counts[0])

    def ranked(self, nearest: Nearest) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return rows and scores of the best of each article, shape (n, depth) both."""
        ranker, floor = self.ranker, self.rules.ranking_floor
        view = ranker.view(self.depth)
        nearest = ranker.with_mates(nearest, view)
        rows, scores = ranker.ranked(nearest, self.depth, floor)
        if is_large(len(rows)):
            groups = self.rules.eligibility.columns.group
            more = neighbours_of_neighbours(
                rows, LeftOut(nearest.rows, groups), SECOND_ROUND, n_jobs=self.n_jobs
            )
            further = replace(ranker, round_name=" further")
            (near,) = further.nearest(CandidateMatrix(more), [view])
            more_ranked = further.ranked(near, self.depth, floor)
            rows, scores = ranker.merged((rows, scores), more_ranked, np.arange(len(rows), dtype=np.int32))
        starved = np.flatnonzero(nearest.starved).astype(np.int32)
        if len(starved) and not is_small(len(rows)):
            again = replace(ranker, progress=no_progress)
            rows[starved], scores[starved] = ranked_anew(again, starved, self.depth, floor)
        return rows, scores


def _same_content(one: Weights, other: Weights) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in CONTENT)


def _random_scores(
    scorer: Scorer, n_queries: int, *, corroborated: bool = False, across: bool = False, seed: int = 0
) -> tuple[NDArray[np.float32], tuple[NDArray[np.int16], NDArray[np.int16]]]:
    """Return the raw scores of random pairs that are not neighbours, up to 200 of each query, and their languages.

    Both articles are in one language, or where `across` in two known ones. Pairs with nothing in common have 0.
    """
    collection = scorer.collection
    n, by_id, language = len(collection), collection.by_id, np.asarray(collection.languages)
    random = np.random.default_rng(seed)
    rows = by_id[np.sort(random.permutation(n)[:n_queries])]
    others: NDArray[Any] = by_id[random.integers(0, max(n, 1), (len(rows), min(n, _OTHERS)))]
    known, here = len(scorer.model.languages), language[rows][:, None]
    alike = language[others] == here
    wanted = alike & (others != rows[:, None])
    if across:
        wanted = ~alike & (language[others] >= 0) & (here >= 0) & (language[others] < known) & (here < known)
    places, at = np.nonzero(wanted)
    queries = Queries.of_articles(collection, rows)
    scores = scorer.raw_pairs(queries, places, others[places, at], corroborated=corroborated)
    n_nearest = round(HUB_NEIGHBOURS * others.shape[1] / max(n, 1))
    kept = without_nearest(scores, places, n_nearest)
    return scores[kept], (language[rows[places[kept]]], language[others[places, at][kept]])
