"""From ranked articles to the lists that are shown: variety, caps, exposure, fallback, pins, in this order.

What may be in a list at all (`eligibility`), near copies and the floor come before, while articles are ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.assembly.eligibility import Askers, Eligibility
from recommender.assembly.fallback import Ladder, fill
from recommender.assembly.policy import RUNGS, Policy
from recommender.editors import placed

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from recommender.assembly.exposure import Spread
    from recommender.assembly.fields import Field

__all__ = ["RUNG_NAMES", "Assembly", "Lists", "ScorePairs"]

RUNG_NAMES = ("related", "pinned", *RUNGS, "orphan")
"""Where an entry comes from; stored as its place here."""

ScorePairs: TypeAlias = Callable[[NDArray[Any], NDArray[Any]], NDArray[np.float32]]

_DEPTH = 64  # ranked articles that variety, caps and exposure choose from


class Lists(NamedTuple):
    """Finished lists, padded with row -1, score 0 and rung 0."""

    rows: NDArray[np.int32]  # (m, k)
    scores: NDArray[np.float32]  # (m, k)
    rungs: NDArray[np.uint8]  # (m, k), places in RUNG_NAMES


@dataclass(frozen=True, eq=False)
class Assembly:
    """The rules of a site with what they look at.

    Parameters
    ----------
    policy : Policy
    eligibility : Eligibility
    pins : mapping of int to list of (int, int)
        Row to the positions and rows that editors pinned in its list.
    caps : mapping of str to Field
        Of each field that `Policy.caps` names.
    ladder : Ladder
    id_order : ndarray of int32, shape (n,)
    """

    policy: Policy
    eligibility: Eligibility
    pins: Mapping[int, list[tuple[int, int]]]
    caps: Mapping[str, Field]
    ladder: Ladder
    id_order: NDArray[np.int32]

    def depth(self, k: int) -> int:
        """Return how many ranked articles lists of k are made of."""
        return max(_DEPTH, 3 * k) if self.chooses else k

    @property
    def chooses(self) -> bool:
        """Whether others than the first k may be taken."""
        policy = self.policy
        return policy.diversity > 0 or bool(policy.caps) or policy.exposure is not None

    @property
    def ranking_floor(self) -> float:
        """Least score of what is ranked: orphans are offered to articles that they are near to, floor or no floor."""
        return self.policy.floor if self.policy.exposure is None else 0.0

    def assemble(
        self,
        rows: NDArray[np.int32],
        scores: NDArray[np.float32],
        k: int,
        score_pairs: ScorePairs,
        sparse: Callable[[], csr_matrix],
        chance: float,
        askers: Askers | None = None,
        allows: Callable[[NDArray[Any]], NDArray[np.bool_]] | None = None,
    ) -> tuple[Lists, Spread | None]:
        """Return the lists of all articles, or of those in `askers`, and what spreading them did.

        Parameters
        ----------
        rows, scores : ndarray of int32 and float32, shape (m, depth)
            Ranked articles that are eligible and reach `ranking_floor`, best first, padded with -1 and 0.
        k : int
        score_pairs : callable
            Places of lists and rows in, exact scores out: of entries that are not there for their score.
        sparse : callable
            Returns the sparse vectors; called only if variety is wanted.
        chance : float
        askers : Askers or None
            Whose lists these are; None for all articles of the site. Exposure is a matter of all lists.
        allows : callable or None
            Of one who asks: rows in, which may fill a short list out; None for what the rules of the site say.
        """
        policy, near = self.policy, rows
        fits = scores >= np.float32(policy.floor)
        rows, scores = np.where(fits, rows, -1), np.where(fits, scores, np.float32(0))
        if policy.diversity > 0:
            from recommender.assembly.diversity import diversified

            rows, scores = _taken(
                rows, scores, diversified(rows, scores, sparse(), k, policy.diversity, chance)
            )
        if policy.caps:
            from recommender.assembly.caps import capped

            caps = [(self.caps[name], most) for name, most in policy.caps.items()]
            rows, scores = _taken(rows, scores, capped(rows, k, caps))
        spread = None
        if policy.exposure is not None and askers is None:
            from recommender.assembly.exposure import spread as spread_over

            eligibility, everybody = self.eligibility, self.eligibility.site()

            def offered(hosts: NDArray[Any], others: NDArray[Any]) -> NDArray[np.float32]:
                found = score_pairs(hosts, others)
                fine = eligibility.allows(everybody, hosts, others) & (found > 0)
                return np.where(fine, found, np.float32(-np.inf))

            eligible = eligibility.listable()
            spread = spread_over(
                rows, scores, k, eligible, self.id_order,
                most=policy.exposure, at_least=1, score_pairs=offered, near=near,
            )  # fmt: skip
            rows, scores = spread.rows, spread.scores
        rows, scores = rows[:, :k].copy(), scores[:, :k].copy()
        if self.chooses:
            rows, scores = self._sorted(rows, scores)
        lists = Lists(rows, scores, np.zeros(rows.shape, dtype=np.uint8))
        lists.rungs[(rows >= 0) & (scores < np.float32(policy.floor))] = RUNG_NAMES.index("orphan")
        who = self.eligibility.site() if askers is None else askers
        self._fill(lists, who, allows)
        self._pin(lists, who)  # last, so that a position is a position in the list that is shown
        places, at = np.nonzero(lists.rungs)
        if len(places):
            lists.scores[places, at] = score_pairs(places, lists.rows[places, at])
        return lists, spread

    def _sorted(
        self, rows: NDArray[np.int32], scores: NDArray[np.float32]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Whatever chose the entries, they stand by (-score, article id)."""
        nobody = len(self.id_order)  # at the last place, which -1 points to
        ids = np.append(self.id_order, nobody)[rows]
        order = np.lexsort((ids, -scores, rows < 0), axis=1)
        return np.take_along_axis(rows, order, axis=1), np.take_along_axis(scores, order, axis=1)

    def _pin(self, lists: Lists, askers: Askers) -> None:
        if not self.pins:
            return
        pinned = np.fromiter(self.pins, np.int32, len(self.pins))
        for place in np.flatnonzero(np.isin(askers.rows, pinned)).tolist():
            pins = self.pins[int(askers.rows[place])]
            held = self._one_of_each(np.array([row for _, row in pins], dtype=np.int32))
            told = _told(lists, place)
            found = np.array(list(told), dtype=np.int32)
            others = found[~np.isin(self._one_of_each(found), held)].tolist()
            entries = placed(others, pins, lists.rows.shape[1])
            _write(lists, place, ((row, *((0.0, 1) if pin else told[row])) for row, pin in entries))

    def _fill(
        self, lists: Lists, askers: Askers, allows: Callable[[NDArray[Any]], NDArray[np.bool_]] | None
    ) -> None:
        if not self.policy.fallback:
            return
        k = lists.rows.shape[1]
        for place in np.flatnonzero((lists.rows < 0).any(axis=1)).tolist():
            told = _told(lists, place)
            pinned = [row for _, row in self.pins.get(int(askers.rows[place]), ())]
            held = self._one_of_each(np.array([*told, *pinned], dtype=np.int32))

            def fine(
                rows: NDArray[Any], place: int = place, held: NDArray[np.int32] = held
            ) -> NDArray[np.bool_]:
                allowed = self._allows_one(askers, place, rows) if allows is None else allows(rows)
                return allowed & ~np.isin(self._one_of_each(rows), held)

            more = fill(self.ladder, int(askers.section[place]), list(told), k, fine)
            entries = [(row, *rest) for row, rest in told.items()]
            _write(lists, place, entries + [(row, 0.0, RUNG_NAMES.index(rung)) for row, rung in more])

    def _one_of_each(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Return what may be in a list once only: the groups of near copies, or the rows where each is for itself."""
        return rows if self.policy.copies == "keep" else self.eligibility.columns.group[rows]

    def _allows_one(self, askers: Askers, place: int, rows: NDArray[Any]) -> NDArray[np.bool_]:
        return self.eligibility.allows(askers, np.full(len(rows), place), rows)


def _taken(
    rows: NDArray[np.int32], scores: NDArray[np.float32], order: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(scores, order, axis=1)


def _told(lists: Lists, place: int) -> dict[int, tuple[float, int]]:
    """Return the entries of a list: row to score and rung, in their order."""
    each = zip(
        lists.rows[place].tolist(), lists.scores[place].tolist(), lists.rungs[place].tolist(), strict=True
    )
    return {row: (score, rung) for row, score, rung in each if row >= 0}


def _write(lists: Lists, place: int, entries: Iterable[tuple[int, float, int]]) -> None:
    lists.rows[place], lists.scores[place], lists.rungs[place] = -1, 0, 0
    for at, (row, score, rung) in enumerate(entries):
        lists.rows[place, at], lists.scores[place, at], lists.rungs[place, at] = row, score, rung
