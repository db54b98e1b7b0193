"""The newest state of a large site as its writer keeps it: what an update costs does not grow with the site."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.collection.record_checksums import unstored
from recommender.encoding import mention_rules
from recommender.index.growing_postings import GrowingPostings
from recommender.index.sparse_rows import SparseRows
from recommender.index.vector_search import VectorSearch
from recommender.lists.site import Site
from recommender.ranking.candidate_index import vectors_of
from recommender.ranking.candidate_search import Budget
from recommender.ranking.candidates_of_rows import CandidateRows, candidates_of_rows
from recommender.ranking.site_sizes import is_small
from recommender.scoring.mention_rows import MentionPairs
from recommender.scoring.mentions import TermTexts, mentions_by_terms, mentions_in
from recommender.scoring.title_terms import TitleTerms
from recommender.text.copy_index import CopyIndex
from recommender.updating.growing import Growing
from recommender.updating.growing_collection import GrowingCollection
from recommender.updating.growing_lists import GrowingLists
from recommender.updating.growth import Growth
from recommender.updating.list_holders import ListHolders
from recommender.updating.merged_collection import Lookups, merged_together
from recommender.updating.merged_index import growing_plan
from recommender.updating.merged_site import Incoming, Joined
from recommender.updating.numbers import Numbers
from recommender.updating.two_parts import TwoParts

__all__ = ["Living", "may_grow"]

_SMALL_PART = 500  # articles of the small parts of an index
_MANY = 16  # new articles from which on they join the large parts at once
_BEHIND, _BEHIND_SHARE = 4_000, 8  # texts behind an index of all texts: so many, or one in so many of these
_GONE = 0.125  # share of the rows whose articles are gone, from which on the arrays are made anew


def may_grow(site: Site, n_after: int) -> bool:
    """Return whether a site is changed in place: it is large, and no rule looks at all articles or lists together."""
    policy = site.settings.policy
    together = policy.exposure is not None or policy.series != "listed"
    return not is_small(n_after) and not together and site.lists.rows.shape[1] == site.settings.k


class _Found(NamedTuple):
    """What finds articles near others, as of one update. Rows of articles that are gone may be among what it finds."""

    postings: GrowingPostings
    searches: dict[str, VectorSearch]
    titles: TwoParts[TitleTerms]
    copies: TwoParts[CopyIndex]


class Living:
    """A site whose rows never move: new articles come behind, and one that is gone leaves a hole.

    Its arrays are shared with the states of before, which see their own rows alone, but for the lists: these are
    repaired in place. So a living site belongs to one writer, and nobody else reads its lists.

    Parameters
    ----------
    site : Site
        In the order of the ids.
    numbers : Numbers
    """

    def __init__(self, site: Site, numbers: Numbers) -> None:
        collection, index = site.collection, site.index
        self.numbers = numbers
        self.turn = 0  # counts updates, also those that fail
        self._there = np.ones(len(collection), dtype=np.bool_)
        self._collection = GrowingCollection(collection)
        self._bits = {kind: Growing(each.sketches.bits) for kind, each in index.searches.items()}
        self._lists = GrowingLists(site.lists, site.reserve)
        searches = {
            kind: VectorSearch(growing_plan(each.plan), each.sketches)
            for kind, each in index.searches.items()
        }
        self._found = _Found(
            GrowingPostings(index.postings, site.model.thresholds), searches,
            TwoParts(index.title_terms, _NO_TITLES), TwoParts(collection.copy_index, _NO_COPIES),
        )  # fmt: skip
        self._known = site.model.known.naming_of(collection.title_hashes)
        self._n_keys = collection.copy_index.counts(len(collection))
        self._rules = mention_rules(site.model.lexical)
        self._texts: TermTexts | None = None  # made at the second update
        self._n_small = 0
        lists, reserve = self._lists.grown(len(collection), 0)
        self._holders = ListHolders(lists, reserve)
        self.site = site.changed(lists=lists, reserve=reserve, verify=unstored)

    @property
    def n_articles(self) -> int:
        """The number of articles."""
        return int(np.count_nonzero(self._there))

    @property
    def is_sparse(self) -> bool:
        """Whether so many articles are gone that the arrays are better made anew."""
        return self.n_articles < (1 - _GONE) * len(self._there)

    def joined(self, incoming: Incoming) -> Joined:
        """Return the site with the articles of an update."""
        self.turn += 1
        site, new, n = self.site, incoming.new, len(self._there)
        there = np.concatenate([self._there, np.ones(len(new), dtype=np.bool_)])
        there[incoming.removed] = False
        added = np.arange(n, n + len(new), dtype=np.int32)
        growth = Growth(incoming.removed, added, there, n)
        before, were = self._found, self._there
        n_keys = self._n_keys, new.copy_index.counts(len(new))
        self._n_keys = np.concatenate(n_keys)
        alone = self._collection.grown(site.collection, new, growth)
        self._grow(new, growth)
        self._known = np.concatenate([self._known, site.model.known.naming_of(new.title_hashes)])
        lookups = Lookups(
            self._known,
            lambda columns: _those(self._found.titles.found(lambda each: each.held(columns)), there),
            lambda titles, own: self._naming(titles, own, alone.sparse, there),
            lambda keys: _those(before.copies.found(lambda each: each.holders(keys)), were),
            lambda index: _those(before.copies.found(lambda each: each.alike(index, *n_keys)), were),
        )
        collection, patches = merged_together(site.collection, alone, new, site.model, (growth, lookups))
        lists, reserve = self._lists.grown(n, len(new))
        after = site.changed(
            collection=collection, lists=lists, reserve=reserve, metadata_rules=incoming.rules
        )
        numbers = growth.arrays(self.numbers.rows, self.numbers.next + np.arange(len(new), dtype=np.int32))
        searches = (
            _Search(site.collection, before, were, incoming.n_jobs),
            _Search(collection, self._found, there, incoming.n_jobs),
        )
        self._there = there
        return Joined(after, growth, patches, numbers, searches, self._holders.of)

    def arrived(self, site: Site, numbers: NDArray[np.int32], written: NDArray[np.int32]) -> None:
        """Go on to the site after an update in which some lists were written."""
        self._holders.changed(written, site.lists, site.reserve)
        n_new = len(numbers) - len(self.numbers.rows)
        self.site, self.numbers = site, Numbers(numbers, self.numbers.next + n_new)

    def _grow(self, new: Collection, growth: Growth) -> None:
        """Add new articles to what finds articles near others."""
        found, n = self._found, growth.n_before
        searches = {}
        for kind, search in found.searches.items():
            theirs = search.sketches.of_others(vectors_of(new, kind))
            bits = self._bits[kind].grown(n, theirs.bits)
            searches[kind] = VectorSearch(search.plan, search.sketches._replace(bits=bits))
        found = _Found(
            found.postings.grown(new.sparse, growth.added), searches,
            found.titles.grown(TitleTerms.of(new.titles), growth.added, n),
            found.copies.grown(new.copy_index, growth.added, n),
        )  # fmt: skip
        self._n_small += len(new)
        if self._n_small > _SMALL_PART or len(new) > _MANY:
            moved = np.where(growth.there, np.arange(growth.n, dtype=np.int32), np.int32(-1))
            found = found._replace(
                postings=found.postings.as_one(moved),
                titles=found.titles.as_one(moved, _NO_TITLES),
                copies=found.copies.as_one(moved, _NO_COPIES),
            )
            self._n_small = 0
        self._found = found

    def _naming(
        self, titles: SparseRows, own: NDArray[np.int32], sparse: SparseRows, there: NDArray[np.bool_]
    ) -> MentionPairs:
        """Return the mentions of some titles in all articles."""
        if not titles.n_rows:
            return MentionPairs(own, own, np.zeros(0, np.float32))
        texts, n_rows = self._texts, sparse.n_rows
        if texts is None and self.turn == 1:  # a pass costs less than an index
            found = mentions_in(titles, own, sparse, self._rules, n_jobs=1)
        else:
            if texts is None or n_rows - texts.n > max(_BEHIND, texts.n // _BEHIND_SHARE):
                self._texts = texts = TermTexts.of_all(sparse, self._rules)
            found = mentions_by_terms(titles, own, texts, self._rules, n_jobs=1)
            if n_rows > texts.n:
                first = np.int32(texts.n)
                behind = sparse.take(np.arange(first, n_rows))
                new = mentions_in(titles, own - first, behind, self._rules, n_jobs=1)
                found = MentionPairs(
                    np.concatenate([found.titles, new.titles]),
                    np.concatenate([found.texts, new.texts + first]),
                    np.concatenate([found.shares, new.shares]),
                )
        kept = there[found.texts]
        return (
            found if kept.all() else MentionPairs(found.titles[kept], found.texts[kept], found.shares[kept])
        )


_NO_TITLES = TitleTerms(np.zeros(0, np.int32), np.zeros(0, np.int32))
_NO_COPIES = CopyIndex(np.zeros(0, np.uint64), np.zeros(0, np.int32))


def _those(rows: NDArray[np.int32], there: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the rows that hold an article."""
    return rows[there[rows]]


class _Search:
    """Finds the candidates of articles, and keeps them: an article may be asked for twice in an update."""

    def __init__(
        self, collection: Collection, found: _Found, there: NDArray[np.bool_], n_jobs: int | None
    ) -> None:
        self._collection, self._found, self._there = collection, found, there
        self._n_jobs = n_jobs
        self._kept: dict[Budget, CandidateRows] = {}

    def __call__(self, rows: NDArray[np.int32], budget: Budget) -> CandidateRows:
        kept = self._kept.get(budget)
        if kept is None:
            self._kept[budget] = kept = self._searched(rows, budget)
        new = np.setdiff1d(rows, kept.rows).astype(np.int32)
        if len(new):
            self._kept[budget] = kept = kept.joined(self._searched(new, budget))
        return kept

    def _searched(self, rows: NDArray[np.int32], budget: Budget) -> CandidateRows:
        """Return the candidates of articles. More are searched, as there are rows without articles."""
        there = self._there
        share = len(there) / max(1, int(np.count_nonzero(there)))
        wide = Budget(int(share * budget.by_terms), int(share * budget.by_vectors), budget.query_terms)
        near = candidates_of_rows(self._collection, self._found, rows, wide, self._n_jobs)
        kept = (near.candidates >= 0) & there[near.candidates]
        return replace(near, candidates=np.where(kept, near.candidates, np.int32(-1)))
