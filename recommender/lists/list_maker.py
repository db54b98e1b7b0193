"""From ranked articles to the lists that are shown.

Floor, variety, caps, exposure, parts of series, fallback and pins come in this order. Eligibility and near copies come
before, while candidates are chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recommender.editors import placed
from recommender.lists.choosing_steps import choosing_steps
from recommender.lists.entry_sources import source_code
from recommender.lists.lists import Lists
from recommender.lists.opening import Ranked
from recommender.rules.eligibility import QueryColumns
from recommender.rules.neighbours import neighbouring_parts
from recommender.rules.site_rules import SiteRules
from recommender.scoring.queries import Queries
from recommender.scoring.scorer import Scorer

if TYPE_CHECKING:
    from recommender.exposure.exposure import Spread

__all__ = ["ListMaker", "spread_facts"]

_CHUNK = 64  # fallbacks that are checked at a time

Chosen = tuple[NDArray[np.int32], NDArray[np.float32]]
Members = Callable[[NDArray[Any], NDArray[Any]], NDArray[np.int32]]


@dataclass(frozen=True, eq=False)
class ListMaker:
    """Makes lists of ranked articles.

    Parameters
    ----------
    scorer : Scorer
    rules : SiteRules
    k : int
        Longest list.
    """

    scorer: Scorer
    rules: SiteRules
    k: int

    def of_site(self, ranked: Ranked) -> tuple[Lists, Spread | None]:
        """Return the lists of all articles, and how exposure was spread.

        `ranked` are articles whose scores reach `SiteRules.ranking_floor`.
        """
        collection, spread = self.scorer.collection, None
        chosen = self._chosen(ranked)
        if self.rules.policy.exposure is not None:
            spread = self._spread(chosen, ranked.rows)
            chosen = spread.rows, spread.scores
        return self._scored(chosen, np.arange(len(collection), dtype=np.int32)), spread

    def of_rows(self, ranked: Ranked, rows: NDArray[np.int32]) -> Lists:
        """Return the lists of some articles as `of_site` does where no exposure is spread."""
        return self._scored(self._chosen(ranked), rows)

    def _scored(self, chosen: Chosen, rows: NDArray[np.int32]) -> Lists:
        lists = self._finished(chosen, self.rules.eligibility.queries(rows))
        places, at = np.nonzero(lists.sources)
        if len(places):
            lists.scores[places, at] = self.scorer.articles(rows[places], lists.rows[places, at])
        return lists

    def of_query(self, ranked: Ranked, query: Queries, columns: QueryColumns) -> Lists:
        """Return the list of one query; exposure concerns all lists together and plays no part."""
        lists = self._finished(self._chosen(ranked), columns)
        (unscored,) = np.nonzero(lists.sources[0])
        if len(unscored):
            places = np.zeros(len(unscored), dtype=np.intp)
            lists.scores[0, unscored] = self.scorer.pairs(query, places, lists.rows[0, unscored])
        return lists

    def _chosen(self, ranked: Ranked) -> Chosen:
        rows, scores, opens, _ = ranked
        fits = opens[:, None] & (scores >= np.float32(self.rules.policy.floor))
        rows, scores = np.where(fits, rows, np.int32(-1)), np.where(fits, scores, np.float32(0))
        for step in choosing_steps(self.rules, self.scorer, self.k):
            rows, scores = step(rows, scores)
        return rows, scores

    def _spread(self, chosen: Chosen, near: NDArray[np.int32]) -> Spread:
        """Return lists with exposure spread. A group of near copies counts as one article: its representative."""
        from recommender.exposure.exposure import ExposureLimit, spread

        eligibility, collection = self.rules.eligibility, self.scorer.collection
        hosts = np.arange(len(collection), dtype=np.int32)
        columns, representative = eligibility.queries(hosts), eligibility.representative

        def members(hosts: NDArray[Any], others: NDArray[Any]) -> NDArray[np.int32]:
            return eligibility.first_allowed(columns, hosts, others)

        def score_pairs(hosts: NDArray[Any], others: NDArray[Any]) -> NDArray[np.float32]:
            shown = members(hosts, others)
            found = self.scorer.articles(hosts, np.where(shown < 0, others, shown))
            return np.where((shown >= 0) & (found > 0), found, np.float32(-np.inf))

        limit = ExposureLimit(float(self.rules.policy.exposure or 0), 1, score_pairs, near)
        eligible = eligibility.listable() & (representative == hosts)
        rows = np.where(chosen[0] < 0, np.int32(-1), representative[chosen[0]])
        found = spread(rows, chosen[1], self.k, eligible, collection.id_order, limit)
        return found._replace(rows=self._with_members(found.rows, chosen[0], members))

    def _with_members(
        self, lists: NDArray[np.int32], ranked: NDArray[np.int32], members: Members
    ) -> NDArray[np.int32]:
        """Return lists of representatives with the members that were ranked in each, or else the first allowed."""
        representative, copies = self.rules.eligibility.representative, self.rules.eligibility.copies
        hosts, places = np.nonzero((lists >= 0) & (copies.first[lists] >= 0))
        if not len(hosts):
            return lists
        shown = lists[hosts, places]
        mine = ranked[hosts]
        there = (mine >= 0) & (representative[mine] == shown[:, None])
        at = there.argmax(axis=1)
        listed = there[np.arange(len(hosts)), at]
        found = lists.copy()
        found[hosts, places] = mine[np.arange(len(hosts)), at]
        found[hosts[~listed], places[~listed]] = members(hosts[~listed], shown[~listed])
        return found

    def _finished(self, chosen: Chosen, columns: QueryColumns) -> Lists:
        rows, scores = chosen[0][:, : self.k], chosen[1][:, : self.k]
        if self.rules.chooses:
            rows, scores = self._sorted(rows, scores)
        lists = Lists.of(rows, scores, self.k, self.rules.policy.floor)
        self._put_series(lists, columns)
        self._fill(lists, columns)
        self._pin(lists, columns)  # last: a position counts in the list that is shown
        return lists

    def _sorted(self, rows: NDArray[np.int32], scores: NDArray[np.float32]) -> Chosen:
        """Entries stand by (-score, article id), whatever step chose them."""
        id_order = self.scorer.collection.id_order
        ids = np.append(id_order, len(id_order))[rows]  # -1 picks the last
        order = np.lexsort((ids, -scores, rows < 0), axis=1)
        return np.take_along_axis(rows, order, axis=1), np.take_along_axis(scores, order, axis=1)

    def _fill(self, lists: Lists, columns: QueryColumns) -> None:
        if not self.rules.policy.fallback:
            return
        for place in np.flatnonzero((lists.rows < 0).any(axis=1)).tolist():
            entries = [(row, *rest) for row, rest in lists.entries(place).items()]
            more = self._fallbacks(columns, place, [row for row, _, _ in entries])
            lists.write(place, entries + [(row, 0.0, source_code(source)) for row, source in more])

    def _fallbacks(self, columns: QueryColumns, place: int, taken: list[int]) -> list[tuple[int, str]]:
        """Return the rows that fill a list and their sources; fewer where no more are offered."""
        rules, found = self.rules, list[tuple[int, str]]()
        own = int(columns.rows[place])
        pinned = [row for _, row in rules.pins.get(own, ())]
        held = set(rules.groups(np.array([*taken, *pinned], dtype=np.int32), own).tolist())
        seen = set(taken)
        for source, offers in rules.fallback.offers(int(columns.section[place])):
            for start in range(0, len(offers), _CHUNK):
                if len(seen) >= self.k:
                    return found
                some = offers[start : start + _CHUNK]
                for row, group in self._allowed_offers(columns, place, some):
                    if group not in held and len(seen) < self.k:
                        held.add(group)
                        seen.add(row)
                        found.append((row, source))
        return found

    def _allowed_offers(
        self, columns: QueryColumns, place: int, offers: NDArray[np.integer[Any]]
    ) -> list[tuple[int, int]]:
        """Return the rows and groups of offers that may be in a list; of copies and versions the preferred, if one is."""
        eligibility, places = self.rules.eligibility, np.full(len(offers), place)
        first = eligibility.first_allowed(columns, places, offers)
        fine = first == offers
        if eligibility.copies.by_score:  # offers have no scores: each of one order may be the best
            order = eligibility.copies.order
            fine = (order[first] == order[offers]) & eligibility.allows(columns, places, offers)
        rows = offers[fine].astype(np.int32)
        return list(
            zip(rows.tolist(), self.rules.groups(rows, int(columns.rows[place])).tolist(), strict=True)
        )

    def _pin(self, lists: Lists, columns: QueryColumns) -> None:
        pins = self.rules.pins
        if not pins:
            return
        pinned = np.fromiter(pins, np.int32, len(pins))
        for place in np.flatnonzero(np.isin(columns.rows, pinned)).tolist():
            own = int(columns.rows[place])
            self._put(lists, place, pins[own], "pinned", own)

    def _put_series(self, lists: Lists, columns: QueryColumns) -> None:
        """Put the next and the previous part of a series first."""
        if self.rules.series is None:
            return
        parts = neighbouring_parts(self.rules.series, self.rules.eligibility, columns)
        for place in np.flatnonzero((parts >= 0).any(axis=1)).tolist():
            found = [row for row in parts[place].tolist() if row >= 0]
            own = int(columns.rows[place])
            groups = self.rules.groups(np.array(found, dtype=np.int32), own)
            here = found[: len(set(groups.tolist()))]  # two parts may be copies of each other
            self._put(lists, place, list(enumerate(here, start=1)), "series", own)

    def _put(self, lists: Lists, place: int, here: Sequence[tuple[int, int]], source: str, own: int) -> None:
        """Put articles at their positions in the list of `own`. Their near copies leave it."""
        rules, code = self.rules, source_code(source)
        held = rules.groups(np.array([row for _, row in here], dtype=np.int32), own)
        entries = lists.entries(place)
        rows = np.array(list(entries), dtype=np.int32)
        others = rows[~np.isin(rules.groups(rows, own), held)].tolist()
        shown = placed(others, here, self.k)
        lists.write(place, ((row, *((0.0, code) if put else entries[row])) for row, put in shown))


def spread_facts(spread: Spread | None) -> dict[str, Any] | None:
    """Return how exposure was spread as JSON can hold it."""
    return None if spread is None else {"before": spread.before._asdict(), "after": spread.after._asdict()}
