"""What the lists of labelled articles can be made of, before any weight, so that many weights can be tried quickly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from recommender.engine import Recommender
from recommender.listing import limits_of
from recommender.live import LiveLists
from recommender.progress import Progress
from recommender.ranking.all_lists import KEPT
from recommender.ranking.candidates import find_candidates
from recommender.ranking.content import content_scores
from recommender.ranking.limits import allowed, stand_in
from recommender.ranking.nearest import plans_of
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
    """

    rows: NDArray[np.int32]
    planes: NDArray[np.float32]
    logs: Mapping[str, NDArray[np.float32]]
    lean: NDArray[np.float32]
    has_neural: bool
    n_near: int = KEPT

    @classmethod
    def of(cls, site: Recommender, queries: NDArray[np.int32], n_jobs: int | None, tell: Progress) -> Self:
        """Return the pool of some rows of a site. Costs what finding the candidates of all articles does."""
        signals, opened = Signals.open(site.arrays, site.facts), Site.open(site.arrays, site.facts)
        plans = plans_of(site.facts)
        every = find_candidates(signals, site.facts["n_candidates"], n_jobs, tell, plans)
        candidates = _held_to_rules(every, queries, site)
        order = np.argsort(np.where(candidates < 0, len(site), opened.id_order[candidates]), axis=1)
        rows = np.ascontiguousarray(np.take_along_axis(candidates, order, axis=1))
        lean = leaning(np.diff(signals.sparse.indptr))[queries]

        def planes_of(start: int) -> NDArray[np.float32]:
            scratch, block = Scratch(signals), slice(start, start + _ROWS)
            each = zip(queries[block].tolist(), rows[block, None], strict=True)
            return np.concatenate([signals.planes(q, q + 1, row, scratch) for q, row in each], axis=1)

        blocks = [delayed(planes_of)(start) for start in range(0, len(queries), _ROWS)]
        planes = Parallel(n_jobs=n_jobs, prefer="threads")(blocks)
        context = opened.context
        pairs, places = np.nonzero(rows >= 0)
        mine, others = queries[pairs], rows[pairs, places]
        one = Weights(hub=1, time=1, section=1, tags=1)
        logs = {}
        for name, found in context.logs(context.attributes, mine, lean[pairs], others, one).items():
            logs[name] = np.zeros(rows.shape, dtype=np.float32)
            logs[name][pairs, places] = found
        near = max(KEPT, site.facts["k"])
        return cls(rows, np.concatenate(planes, axis=1), logs, lean, opened.has_neural, near)

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
        log = np.zeros_like(scores)
        for name, logs in self.logs.items():
            if weight := getattr(weights, name):
                log += np.float32(weight) * np.take_along_axis(logs, np.maximum(near, 0), axis=1)
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


def _held_to_rules(
    candidates: NDArray[np.int32], queries: NDArray[np.int32], site: Recommender
) -> NDArray[np.int32]:
    """Return the candidates that the site's policy and editors allow, and of near copies one."""
    limits = limits_of(LiveLists(site.arrays, site.facts, site.summaries).assembly, site.arrays, None)
    if limits.representative is not None:
        stand_in(candidates, limits.representative)
    return allowed(candidates[queries], queries, limits.allows)[0]
