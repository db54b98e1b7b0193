"""The candidates of labelled articles with their signals, before any weight, so that many weights can be tried quickly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from recommender.collection.summary_table import NO_DATE
from recommender.engine import Recommender
from recommender.lists.site import Site, resolved
from recommender.progress import Progress
from recommender.ranking.candidates import with_copies
from recommender.ranking.one_per_group import one_per_group
from recommender.ranking.ranker import Ranker
from recommender.ranking.site_ranking import site_candidates
from recommender.ranking.top_k import IdOrder, top_k
from recommender.ranking.views import best_by_content
from recommender.rules.age import dates_count
from recommender.rules.policy import Policy
from recommender.rules.site_rules import SiteRules
from recommender.scoring.queries import Queries
from recommender.scoring.scorer import Scorer
from recommender.scoring.weights import CONTENT, Weights

__all__ = ["Pool"]

_BLOCK = 64  # queries whose signals one thread computes at a time


@dataclass(frozen=True, eq=False)
class Pool:
    """The candidates of some articles and their signals.

    Parameters
    ----------
    site : Recommender
    rules : SiteRules
    queries : Queries
        The articles.
    rows : ndarray of int32, shape (q, c)
        Candidates of each article, those that a build scores too, in the order of the ids; -1 for none.
    signals_of : ndarray of float32, shape (4, q, c)
        See `content_signals`.
    logs : mapping of str to float32 array, shape (q, c)
        See `Adjustments.logs`, at weights of 1.
    ages : ndarray of float32, shape (q, c), or None
        See `age_logs`.
    """

    site: Recommender
    rules: SiteRules
    queries: Queries
    rows: NDArray[np.int32]
    signals_of: NDArray[np.float32]
    logs: Mapping[str, NDArray[np.float32]]
    ages: NDArray[np.float32] | None = None

    @classmethod
    def of(cls, site: Recommender, rows: NDArray[np.int32], n_jobs: int | None, progress: Progress) -> Self:
        """Return the pool of some rows of a site, for any mode of recency; see `under`.

        Takes as long as one candidate search over all articles.
        """
        collection, settings = site.collection, site.site.settings
        rules = _rules(site.site, site.policy.changed(recency="none"))
        found = site_candidates(collection, site.index, settings.n_candidates, n_jobs, progress)
        columns = rules.eligibility.queries(rows)
        some = with_copies(found.block(rows), columns, rules.eligibility)
        candidates, _ = rules.eligibility.allowed(columns, some)
        order = np.argsort(np.where(candidates < 0, len(site), collection.id_order[candidates]), axis=1)
        candidates = np.ascontiguousarray(np.take_along_axis(candidates, order, axis=1))
        scorer, queries = Scorer(site.model, collection), Queries.of_articles(collection, rows)

        def signals_of(start: int) -> NDArray[np.float32]:
            places = np.arange(start, min(start + _BLOCK, len(rows)))
            return scorer.signals(queries.take(places), candidates[places], scorer.scratch())

        blocks = [delayed(signals_of)(start) for start in range(0, len(rows), _BLOCK)]
        signals = np.concatenate(Parallel(n_jobs=n_jobs, prefer="threads")(blocks), axis=1)
        places, at = np.nonzero(candidates >= 0)
        one, logs = Weights(hub=1, time=1, section=1, tags=1, title=1), {}
        for name, each in scorer.logs(queries, places, candidates[places, at], one).items():
            logs[name] = np.zeros(candidates.shape, dtype=np.float32)
            logs[name][places, at] = each
        return cls(site, rules, queries, candidates, signals, logs)

    def under(self, policy: Policy) -> Self:
        """Return the pool under the recency of a policy."""
        rules = _rules(self.site.site, policy)
        rows, _ = rules.eligibility.allowed(rules.eligibility.queries(self.queries.rows), self.rows)
        signals = self.signals_of
        if (rows != self.rows).any():
            signals = signals.copy()
            signals[0][rows < 0] = -1  # as `content_signals` marks no candidate
        logs = {name: log for name, log in self.logs.items() if dates_count(policy.recency) or name != "time"}
        ages = None if rules.ages is None else rules.ages[rows]
        return replace(self, rules=rules, rows=rows, signals_of=signals, logs=logs, ages=ages)

    @property
    def dated(self) -> bool:
        """Whether articles of the site differ in their dates."""
        published = np.asarray(self.site.summaries.published)
        return len(np.unique(published[published != NO_DATE])) > 1

    @property
    def signals(self) -> tuple[str, ...]:
        """Names of the weights, besides that of words, that make a difference here."""
        differs = {name: bool(each.any()) for name, each in zip(CONTENT, self.signals_of, strict=True)}
        differs |= {name: bool(log.any()) for name, log in self.logs.items()}
        return tuple(name for name, does in differs.items() if does and name not in ("lexical", "language"))

    def best(self, weights: Weights, k: int) -> NDArray[np.int32]:
        """Return the places of the k best candidates of each article, best first, as a build ranks; -1 for none."""
        content = self._scorer.content(self.queries, self.signals_of, weights)
        view = Ranker(self._scorer, self.rules, self._ids).view(self.site.k)
        copies, places = self.rules.eligibility.copies, np.tile(self._ids.rows, (len(content), 1))
        columns = self.rules.eligibility.queries(self.queries.rows)
        firsts = one_per_group(content, self.rows, copies, columns)
        near, contents, _ = best_by_content(content, firsts, places, self._ids, view)
        there, chosen = np.maximum(near, 0), {}
        for name, log in self.logs.items():
            if weight := getattr(weights, name, 1.0):  # pairs of languages have no weight
                chosen[name] = np.float32(weight) * np.take_along_axis(log, there, axis=1)
        if self.ages is not None:
            chosen["age"] = np.take_along_axis(self.ages, there, axis=1)
        raw = self._scorer.raw(contents, chosen)
        raw[near < 0] = np.nan
        raw = one_per_group(raw, np.take_along_axis(self.rows, there, axis=1), copies, columns)
        return top_k(raw, near, self._ids, k)[0]

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(self.site.model, self.site.collection)

    @cached_property
    def _ids(self) -> IdOrder:
        return IdOrder.of(np.arange(self.rows.shape[1], dtype=np.int32))  # places are in the order of ids


def _rules(site: Site, policy: Policy) -> SiteRules:
    """Return a policy and the site's editors as rules."""
    editors = resolved(site.settings.editors.merged(site.metadata_rules), site.collection)
    return SiteRules.of(policy, site.collection, editors, passed=site.expiry.passed)
