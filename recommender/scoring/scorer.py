"""The one scorer: builds, single lists, drafts, fits and explanations all score here.

``signals -> content -> raw -> score``: signals are weighted and added, the sum is multiplied by the exponential of the
adjustments, and the raw score is calibrated. Everything is computed in float32, in an order that depends on the two
articles alone: a pair has the same score, bit for bit, in a block of any size.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property
from threading import local
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.rules.age import dates_count
from recommender.rules.site_rules import SiteRules
from recommender.scoring.adjustments import Adjustments
from recommender.scoring.calibration import calibrated
from recommender.scoring.gathered_vectors import GatheredVectors
from recommender.scoring.language_pairs import LanguagePairs
from recommender.scoring.mention_strength import mention_worth
from recommender.scoring.model import Model
from recommender.scoring.queries import Queries, Vectors
from recommender.scoring.weights import CONTENT, Weights, content_weights

if TYPE_CHECKING:
    from recommender.scoring.signals import Scratch

__all__ = ["Scorer"]

_QUERIES = 256  # scored at a time
_DENSE = CONTENT.index("dense")


class Scorer:
    """Scores pairs of a query and an article of the site.

    Parameters
    ----------
    model : Model
    collection : Collection
    rules : SiteRules or None
        Their policy decides whether dates and ages count. None means that dates count and ages do not.
    """

    def __init__(self, model: Model, collection: Collection, rules: SiteRules | None = None) -> None:
        self.model = model
        self.collection = collection
        self._threads = local()
        self._gathered: GatheredVectors | None = None
        dated = rules is None or dates_count(rules.policy.recency)
        self.weights = model.weights if dated else replace(model.weights, time=0.0)
        self.adjustments = Adjustments(
            collection.hubs, model.mean_hub, collection.attributes, model.log_ratios,
            None if rules is None else rules.ages,
            LanguagePairs(collection.languages, model.language_logs) if model.crosses else None,
        )  # fmt: skip

    def among(self, rows: NDArray[np.int32]) -> Scorer:
        """Return a scorer with the vectors of some articles copied together, which takes no others as candidates.

        The scores are the same, bit for bit. `rows` ascend, each once. Takes a pass over the vectors of the site.
        """
        found = copy(self)
        found._threads, found._gathered = local(), GatheredVectors.of(self._vectors, rows)
        return found

    @cached_property
    def _vectors(self) -> Vectors:
        return Vectors.of(self.collection)

    @property
    def reads_texts(self) -> bool:
        """Whether there are neural vectors of whole texts, not of sums of words."""
        return self.collection.has_neural and not self.model.sums_words

    def scratch(self) -> Scratch:
        """Return the working memory of this thread."""
        from recommender.scoring.signals import Scratch  # compiled: look-ups of stored lists do without

        if not hasattr(self._threads, "scratch"):
            vectors = self._vectors if self._gathered is None else self._gathered.vectors
            self._threads.scratch = Scratch.of(vectors, self.model.lexical.n_terms)
        scratch: Scratch = self._threads.scratch
        return scratch

    def signals(
        self, queries: Queries, candidates: NDArray[np.int32], scratch: Scratch
    ) -> NDArray[np.float32]:
        """Return the signals of content, float32 of shape (5, m, c); see `content_signals`."""
        from recommender.scoring.signals import Cosines, content_signals

        model = self.model
        cosines = Cosines(model.mean_cosine, model.crosses)
        here = self._gathered
        if here is None:
            return content_signals(queries.vectors, self._vectors, candidates, cosines, scratch)
        places = here.places[candidates]
        return content_signals(here.of_queries(queries.vectors), here.vectors, places, cosines, scratch)

    def factors(self, queries: Queries, weights: Weights | None = None) -> NDArray[np.float32]:
        """Return the weights of the signals of content of each query, shape (5, m)."""
        return content_weights(
            self.weights if weights is None else weights,
            queries.shortness,
            reads_texts=self.reads_texts,
            sums_words=self.model.sums_words,
            brevity=self.model.lexical.brevity,
        )

    def content(
        self, queries: Queries, signals: NDArray[np.float32], weights: Weights | None = None
    ) -> NDArray[np.float32]:
        """Return content scores, shape (m, c). No candidate and nothing in common give NaN.

        The last signal, mentions, goes by the sum of the others: see `mention_worth`.
        """
        weights = self.weights if weights is None else weights
        factors = self.factors(queries, weights)
        content = signals[0] * factors[0][:, None]
        for signal in range(1, len(CONTENT) - 1):
            content += signals[signal] * factors[signal][:, None]
        content += mention_worth(signals[-1], content) * factors[-1][:, None]
        in_common = (signals[0] > 0) | (
            (signals[0] == 0) & ((signals[2] > 0) | (signals[3] * weights.across > 0))
        )
        return np.where(in_common, content, np.float32(np.nan))

    def logs(
        self,
        queries: Queries,
        places: NDArray[np.integer[Any]],
        others: NDArray[np.integer[Any]],
        weights: Weights | None = None,
    ) -> dict[str, NDArray[np.float32]]:
        """Return the adjustments of pairs by name; see `Adjustments.logs`."""
        return self.adjustments.logs(queries, places, others, self.weights if weights is None else weights)

    def raw(
        self, content: NDArray[np.float32], logs: Mapping[str, NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """Return raw scores from the content scores and the adjustments of pairs."""
        return content * np.exp(sum(logs.values(), np.zeros(1, np.float32)))

    def calibrated(self, raw: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return scores, 0 to 1."""
        return np.asarray(calibrated(raw, self.model.chance))

    def raw_pairs(
        self,
        queries: Queries,
        places: NDArray[np.integer[Any]],
        others: NDArray[np.integer[Any]],
        *,
        corroborated: bool = False,
    ) -> NDArray[np.float32]:
        """Return the raw scores of pairs, shape (p,); 0 for pairs with nothing in common.

        `places` are places in the block of queries. Where `corroborated`, the cosine of the vectors that are made of
        words counts as far as the shared terms corroborate each other: one shared term says nothing of a subject.
        """
        if len(places) <= _QUERIES and np.array_equal(places, np.arange(len(queries))):  # one pair of each
            candidates = np.asarray(others, dtype=np.int32)[:, None]
            content = self._contents(queries, candidates, corroborated=corroborated)[:, 0]
            return self.raw(content, self.logs(queries, places, others))
        own, which, counts = np.unique(places, return_inverse=True, return_counts=True)
        order = np.argsort(which, kind="stable")
        rank = np.arange(len(others)) - np.repeat(np.cumsum(counts) - counts, counts)
        content = np.zeros(len(others), dtype=np.float32)
        ends = np.append(0, np.cumsum(counts))
        for start in range(0, len(own), _QUERIES):
            block = slice(start, min(start + _QUERIES, len(own)))
            first, last = int(ends[block.start]), int(ends[block.stop])
            pairs, ranks = order[first:last], rank[first:last]
            candidates = np.full((block.stop - start, int(counts[block].max())), -1, dtype=np.int32)
            candidates[which[pairs] - start, ranks] = others[pairs]
            found = self._contents(queries.take(own[block]), candidates, corroborated=corroborated)
            content[pairs] = found[which[pairs] - start, ranks]
        return self.raw(content, self.logs(queries, places, others))

    def _contents(
        self, queries: Queries, candidates: NDArray[np.int32], *, corroborated: bool
    ) -> NDArray[np.float32]:
        """Return content scores, 0 where there is nothing in common, shape (m, c); see `raw_pairs`."""
        scratch = self.scratch()
        signals = self.signals(queries, candidates, scratch)
        if corroborated:
            from recommender.scoring.corroboration import corroboration

            rows = queries.vectors.sparse, self._vectors.sparse
            signals[_DENSE] *= corroboration(*rows, candidates, scratch.spread)
        found = self.content(queries, signals)
        found[np.isnan(found)] = 0
        return found

    def pairs(
        self,
        queries: Queries,
        places: NDArray[np.integer[Any]],
        others: NDArray[np.integer[Any]],
        *,
        corroborated: bool = False,
    ) -> NDArray[np.float32]:
        """Return the scores of pairs, 0 to 1, shape (p,); 0 for pairs with nothing in common. See `raw_pairs`."""
        return self.calibrated(self.raw_pairs(queries, places, others, corroborated=corroborated))

    def articles(
        self, rows: NDArray[np.integer[Any]], others: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """Return the scores of pairs of articles: rows of the list's article and of the listed article, shape (p,)."""
        own, places = np.unique(rows, return_inverse=True)
        return self.pairs(Queries.of_articles(self.collection, own), places, others)

    def into(self, row: int, hosts: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the scores of one article in the lists of others, shape (p,), to six digits.

        They are those of `articles`, in less time: the signals of content of two articles are the same in both directions,
        but for the order in which their common terms are added.
        """
        one = Queries.of_articles(self.collection, np.array([row]))
        signals = self.signals(one, hosts[None], self.scratch())[:, 0]
        others = np.full(len(hosts), row, dtype=np.int32)
        least = np.full(len(hosts), -np.inf, dtype=np.float32)
        return self.reversed(signals, (hosts, others), least)[1]

    def reversed(
        self,
        signals: NDArray[np.float32],
        pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
        least: NDArray[np.float32],
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return the scores of articles in the lists of others from signals of the other direction, to six digits.

        Parameters
        ----------
        signals : ndarray of float32, shape (5, p)
            Of the listed articles as queries.
        pairs : tuple of ndarray of int32, shape (p,)
            Rows of the list's article and of the listed article.
        least : ndarray of float32, shape (p,)
            Pairs that cannot reach this score are left out.

        Returns
        -------
        places : ndarray of int, shape (q,)
            The pairs that may reach their score, ascending.
        scores : ndarray of float32, shape (q,)
        """
        hosts, others = pairs
        content = self.content(Queries.with_lengths(self.collection, hosts), signals[:, :, None])[:, 0]
        content = np.nan_to_num(content)
        most = self.calibrated(content * np.exp(self.adjustments.most(others, self.weights)))
        places = np.flatnonzero(most >= least)
        queries = Queries.with_lengths(self.collection, hosts[places])
        logs = self.logs(queries, np.arange(len(places)), others[places])
        return places, self.calibrated(self.raw(content[places], logs))
