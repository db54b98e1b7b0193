"""Near copies, and versions of a page, in the order in which they may represent their group in a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.rules.article_fields import ArticleFields
from recommender.rules.listed_once import kinds_of_trees
from recommender.rules.policy import Policy

__all__ = ["CopyGroups"]


@dataclass(frozen=True, eq=False)
class CopyGroups:
    """The groups of which a list holds one member: of near copies, and of the versions and translations of a page.

    Parameters
    ----------
    members : ndarray of int32, shape (c,)
        Rows that are not alone in their group, sorted by group and within a group by preference.
    place : ndarray of int32, shape (n,)
        Place of each row in `members`, -1 for an article that is alone.
    first : ndarray of int32, shape (n,)
        Place of the first member of each row's group, -1 for an article that is alone.
    order : ndarray of int32, shape (n,)
        See `Trees.order`; 0 where trees play no part. The least stands for its group, whatever the scores.
    by_score : bool
        Whether of members of one order that with the best score in a list represents the group there. The preference
        then only settles ties. Otherwise the preferred member that the rules allow there does.
    """

    members: NDArray[np.int32]
    place: NDArray[np.int32]
    first: NDArray[np.int32]
    order: NDArray[np.int32]
    by_score: bool

    @classmethod
    def of(
        cls, policy: Policy, collection: Collection, fields: ArticleFields, groups: NDArray[np.int32]
    ) -> Self:
        """Return the groups of a collection under a policy. `groups` are those of `listed_once`."""
        n = len(collection)
        place, first = np.full(n, -1, dtype=np.int32), np.full(n, -1, dtype=np.int32)
        by_score = policy.copies == "best"
        rows = np.flatnonzero(np.bincount(groups, minlength=n)[groups] > 1).astype(np.int32)
        divides = bool(kinds_of_trees(policy, collection))
        order = np.asarray(collection.trees.order) if divides else np.zeros(n, dtype=np.int32)
        if not len(rows):
            return cls(rows, place, first, order, by_score)
        members = rows[_preferred_first(policy, collection, fields, rows)]
        members = members[np.lexsort([order[members], groups[members]])]
        place[members] = np.arange(len(members))
        _, starts, sizes = np.unique(groups[members], return_index=True, return_counts=True)
        first[members] = np.repeat(starts, sizes)
        return cls(members, place, first, order, by_score)

    def __bool__(self) -> bool:
        return len(self.members) > 0

    def next_places(self, places: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the place of the next member of the same group, -1 behind the last, for each place in `members`."""
        following = np.minimum(places + 1, len(self.members) - 1)
        group = self.first[self.members]
        more = (following > places) & (group[following] == group[places])
        return np.where(more, following, np.int32(-1))

    def representatives(self, listable: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return the preferred listable member of each row's group, int32 of shape (n,).

        It is the first of all members where none is listable, and the row itself for an article that is alone.
        """
        found = np.arange(len(self.first), dtype=np.int32)
        if not self:
            return found
        group = self.first[self.members]
        best_first = np.lexsort((np.arange(len(group)), ~listable[self.members], group))
        starts = np.unique(group, return_index=True)[1]
        of_group = dict(zip(group[starts].tolist(), self.members[best_first[starts]].tolist(), strict=True))
        found[self.members] = [of_group[each] for each in group.tolist()]
        return found


def _preferred_first(
    policy: Policy, collection: Collection, fields: ArticleFields, rows: NDArray[np.int32]
) -> NDArray[np.intp]:
    """Return places in `rows`, sorted by preference. Where scores decide, the original settles ties."""
    from recommender.text.copy_preference import preference_order  # the package reads HTML: not for a look-up

    sections: NDArray[np.int32] | None = None
    wanted: list[int] = []
    if policy.copies == "sections":
        field = fields["section"]
        sections = field.first[rows]
        wanted = [field.codes[name] for name in policy.copy_sections if name in field.codes]
    return preference_order(
        np.zeros(len(rows), dtype=np.int32), "original" if policy.copies in ("best", "keep") else policy.copies,
        published=np.asarray(collection.summaries.published)[rows],
        lengths=np.asarray(collection.text_lengths)[rows].astype(np.int64),
        id_order=np.asarray(collection.id_order)[rows], sections=sections, preferred_sections=wanted,
    )  # fmt: skip
