"""What the lists of labelled articles can be made of, before any weight, so that many weights can be tried quickly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from recommender.assembly.opening import Fields, ages_of, open_assembly
from recommender.assembly.policy import Policy
from recommender.engine import Recommender
from recommender.listing import limits_of
from recommender.live import LiveLists
from recommender.progress import Progress
from recommender.ranking.all_lists import KEPT
from recommender.ranking.candidates import find_candidates
from recommender.ranking.content import content_scores
from recommender.ranking.limits import Limits, allowed, stand_in
from recommender.ranking.nearest import plans_of
from recommender.ranking.recency import NO_DATE, weights_for
from recommender.ranking.signals import Scratch, Signals
from recommender.ranking.site import Site
from recommender.ranking.top import keep_top
from recommender.ranking.weights import CONTENT, Weights, leaning

__all__ = ["Pool"]

_ROWS = 128  # queries read at a time by one thread


@dataclass(frozen=True, eq=False)
class Pool:
    """The candidates of some articles and how each signal sees them.

    Parameters
    ----------
    site : Recommender
    queries : ndarray of int32, shape (q,)
        Rows of the articles.
    rows : ndarray of int32, shape (q, c)
        Candidates of each article, those that a build scores too, ordered by id; -1 for none.
    planes : ndarray of float32, shape (4, q, c)
        See `Signals.planes`.
    logs : mapping of str to float32 array, shape (q, c)
        See `Context.logs`, at weights of 1.
    lean : ndarray of float32, shape (q,)
        See `leaning`.
    has_neural : bool
    n_near : int
        Best by content that are ranked with the rest, see `rank_all`.
    ages : ndarray of float32, shape (q, c), or None
        Log of what age does to a score, see `age_logs`.
    """

    site: Recommender
    queries: NDArray[np.int32]
    rows: NDArray[np.int32]
    planes: NDArray[np.float32]
    logs: Mapping[str, NDArray[np.float32]]
    lean: NDArray[np.float32]
    has_neural: bool
    n_near: int = KEPT
    ages: NDArray[np.float32] | None = None

    @classmethod
    def of(cls, site: Recommender, queries: NDArray[np.int32], n_jobs: int | None, tell: Progress) -> Self:
        """Return the pool of some rows of a site, whatever dates do there: see `under`.

        Costs what finding the candidates of all articles does.
        """
        signals, opened = Signals.open(site.arrays, site.facts), Site.open(site.arrays, site.facts)
        plans = plans_of(site.facts)
        every = find_candidates(signals, site.facts["n_candidates"], n_jobs, tell, plans)
        limits = _limits(site, site.policy.changed(recency="none"))
        if limits.representative is not None:
            stand_in(every, limits.representative)
        candidates = allowed(every[queries], queries, limits.allows)[0]
        order = np.argsort(np.where(candidates < 0, len(site), opened.id_order[candidates]), axis=1)
        rows = np.ascontiguousarray(np.take_along_axis(candidates, order, axis=1))
        lean = leaning(np.diff(signals.sparse.indptr))[queries]

        def planes_of(start: int) -> NDArray[np.float32]:
            scratch, block = Scratch(signals), slice(start, start + _ROWS)
            each = zip(queries[block].tolist(), rows[block, None], strict=True)
            return np.concatenate([signals.planes(q, q + 1, row, scratch) for q, row in each], axis=1)

        blocks = [delayed(planes_of)(start) for start in range(0, len(queries), _ROWS)]
        planes = Parallel(n_jobs=n_jobs, prefer="threads")(blocks)
        context = replace(opened.context, ages=None)
        pairs, places = np.nonzero(rows >= 0)
        mine, others = queries[pairs], rows[pairs, places]
        one = Weights(hub=1, time=1, section=1, tags=1)
        logs = {}
        for name, found in context.logs(context.attributes, mine, lean[pairs], others, one).items():
            logs[name] = np.zeros(rows.shape, dtype=np.float32)
            logs[name][pairs, places] = found
        near = max(KEPT, site.facts["k"])
        every_plane = np.concatenate(planes, axis=1)
        return cls(site, queries, rows, every_plane, logs, lean, opened.has_neural, near)

    def under(self, policy: Policy) -> Self:
        """Return the pool when dates do what a policy says."""
        limits = _limits(self.site, policy)
        rows, _ = allowed(self.rows, self.queries, limits.allows)
        planes = self.planes
        if (rows != self.rows).any():
            planes = planes.copy()
            planes[0][rows < 0] = -1  # as `Signals.planes` has it where there is nobody
        counts = weights_for(Weights(), policy.recency).time > 0
        logs = {name: log for name, log in self.logs.items() if counts or name != "time"}
        ages = None if limits.ages is None else limits.ages[rows]
        return replace(self, rows=rows, planes=planes, logs=logs, ages=ages)

    @property
    def dated(self) -> bool:
        """Whether articles of the site differ in their dates."""
        published = np.asarray(self.site.arrays["published"])
        return len(np.unique(published[published != NO_DATE])) > 1

    @property
    def signals(self) -> tuple[str, ...]:
        """Names of the weights, besides that of words, that make a difference here."""
        told = {name: plane.any() for name, plane in zip(CONTENT, self.planes, strict=True)}
        told |= {name: log.any() for name, log in self.logs.items()}
        return tuple(name for name, any_ in told.items() if any_ and name != "lexical")

    def best(self, weights: Weights, k: int) -> NDArray[np.int32]:
        """Return the places of the k best candidates of each article, best first, as `rank_all` ranks; -1 for none."""
        content = content_scores(self.planes, self.lean, weights, has_neural=self.has_neural)
        near, scores = self._top(content, np.tile(self._places, (len(content), 1)), self.n_near)
        log, there = np.zeros_like(scores), np.maximum(near, 0)
        for name, logs in self.logs.items():
            if weight := getattr(weights, name):
                log += np.float32(weight) * np.take_along_axis(logs, there, axis=1)
        if self.ages is not None:
            log += np.take_along_axis(self.ages, there, axis=1)
        scores *= np.exp(log)
        scores[near < 0] = np.nan
        return self._top(scores, near, k)[0]

    @property
    def _places(self) -> NDArray[np.int32]:
        return np.arange(self.rows.shape[1], dtype=np.int32)

    def _top(
        self, scores: NDArray[np.float32], places: NDArray[np.int32], k: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        top = np.full((len(scores), k), -1, dtype=np.int32)
        kept = np.zeros(top.shape, dtype=np.float32)
        keep_top(scores, places, self._places, self._places, kept, top)  # places are in the order of ids
        return top, kept


def _limits(site: Recommender, policy: Policy) -> Limits:
    """Return what a policy and the site's editors mean for its ranking."""
    fields, said = Fields(site.summaries), LiveLists(site.arrays, site.facts, site.summaries).editors
    assembly = open_assembly(policy, site.arrays, fields, said)
    return limits_of(assembly, site.arrays, ages_of(policy, site.arrays, fields))
