"""Near copies, and versions of a page, in the order in which they may represent their group in a list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.rules.article_fields import ArticleFields
from recommender.rules.listed_once import kinds_of_trees
from recommender.rules.policy import Policy

__all__ = ["CopyGroups", "PageGroups", "tongues"]

_LANGUAGE = 40  # bits below the code of the language: script and region


class PageGroups(NamedTuple):
    """The groups of one page in whatever language, each of one group of copies or several.

    Attributes
    ----------
    first : ndarray of int32, shape (n,)
        Place of the first member of each row's page in `CopyGroups.members`, -1 for an article that is alone.
    tongue : ndarray of int64, shape (n,)
        See `tongues`.
    """

    first: NDArray[np.int32]
    tongue: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CopyGroups:
    """The groups of which a list holds one member: of near copies, and of the versions and translations of a page.

    Parameters
    ----------
    members : ndarray of int32, shape (c,)
        Rows that are not alone in their group or page, sorted by page, group, and within a group by preference. Of a page
        that group comes first whose first member is preferred.
    place : ndarray of int32, shape (n,)
        Place of each row in `members`, -1 for an article that is alone in its group and its page.
    first : ndarray of int32, shape (n,)
        Place of the first member of each row's group, -1 for an article that is alone in it.
    order : ndarray of int32, shape (n,)
        See `Trees.order`; 0 where trees play no part. The least stands for its group, whatever the scores.
    by_score : bool
        Whether of members of one order that with the best score in a list represents the group there. The preference
        then only settles ties. Otherwise the preferred member that the rules allow there does.
    pages : PageGroups or None
        Of a page in several languages the lists of other pages hold one: that in their language, then that which is in
        the language of its translation, of the newest version, that with the best score. None where they hold all.
    """

    members: NDArray[np.int32]
    place: NDArray[np.int32]
    first: NDArray[np.int32]
    order: NDArray[np.int32]
    by_score: bool
    pages: PageGroups | None = None

    @classmethod
    def of(
        cls,
        policy: Policy,
        collection: Collection,
        fields: ArticleFields,
        groups: NDArray[np.int32],
        pages: NDArray[np.int32] | None = None,
    ) -> Self:
        """Return the groups of a collection under a policy: `groups` of `listed_once`, and `pages` of `same_pages`."""
        n = len(collection)
        place, first = np.full(n, -1, dtype=np.int32), np.full(n, -1, dtype=np.int32)
        by_score = policy.copies == "best"
        whole = groups if pages is None else pages
        rows = _together(whole)
        divides = bool(kinds_of_trees(policy, collection) or (pages is not None and collection.trees.names))
        order = np.asarray(collection.trees.order) if divides else np.zeros(n, dtype=np.int32)
        if not len(rows):
            return cls(rows, place, first, order, by_score)
        members = rows[_preferred_first(policy, collection, fields, rows)]
        members = members[np.argsort(order[members], kind="stable")]
        _, best, codes = np.unique(groups[members], return_index=True, return_inverse=True)
        by_group: NDArray[np.intp] = best[codes]
        members = members[np.lexsort((by_group, whole[members]))]
        place[members] = np.arange(len(members))
        first[members] = np.where(_are_several(groups[members]), _starts(groups[members]), -1)
        if pages is None:
            return cls(members, place, first, order, by_score)
        of_page = np.full(n, -1, dtype=np.int32)
        of_page[members] = _starts(pages[members])
        variants = tuple(collection.variants.T) if len(collection.variants) else ()
        tongue = tongues(np.asarray(collection.languages), variants)
        return cls(members, place, first, order, by_score, PageGroups(of_page, tongue))

    def __bool__(self) -> bool:
        return len(self.members) > 0

    @cached_property
    def n_beside(self) -> int:
        """Members beside the one that each group or page lists, where scores decide which; 0 where they do not."""
        first = self.first if self.pages is None else self.pages.first
        if not self.by_score and self.pages is None:
            return 0
        return len(self.members) - len(np.unique(first[self.members]))

    def with_members(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return some rows and all members of their groups, ascending, each once."""
        firsts = self.first[rows]
        mates = np.isin(self.first[self.members], np.unique(firsts[firsts >= 0]))
        return np.union1d(rows, self.members[mates])

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
        members = self.members[self.first[self.members] >= 0]
        group = self.first[members]
        best_first = np.lexsort((np.arange(len(group)), ~listable[members], group))
        starts = np.unique(group, return_index=True)[1]
        of_group = dict(zip(group[starts].tolist(), members[best_first[starts]].tolist(), strict=True))
        found[members] = [of_group[each] for each in group.tolist()]
        return found


def tongues(
    languages: NDArray[np.integer[Any]], variants: tuple[NDArray[np.int32], ...]
) -> NDArray[np.int64]:
    """Return the languages of articles with their scripts and regions as numbers, int64 of shape (n,); -1 if unknown.

    The bits from the 40th on are the code of the language.
    """
    found = np.zeros(len(languages), dtype=np.int64)
    for each in variants:
        found = (found * 1_000_003 + each) & ((1 << _LANGUAGE) - 1)
    return np.where(languages < 0, -1, (languages.astype(np.int64) << _LANGUAGE) | found)


def _together(firsts: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the rows that are not alone in their group, ascending. `firsts` are the first rows of the groups of all."""
    others = np.flatnonzero(firsts != np.arange(len(firsts), dtype=np.int32)).astype(np.int32)
    return np.union1d(others, firsts[others])


def _are_several(groups: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return whether a number stands for more than one of some rows, for each of these."""
    _, codes, counts = np.unique(groups, return_inverse=True, return_counts=True)
    return np.asarray(counts[codes] > 1)


def _starts(groups: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return where each run of equal numbers starts, for each place."""
    changes = np.append(True, groups[1:] != groups[:-1])
    return np.maximum.accumulate(np.where(changes, np.arange(len(groups)), 0))


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
