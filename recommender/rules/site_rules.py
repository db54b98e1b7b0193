"""A policy and editors' rules made ready for one site, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.collection.collection import Collection
from recommender.collection.series import Series
from recommender.collection.summary_table import microseconds
from recommender.editors import Resolved
from recommender.rules.age import age_logs, half_lives_of
from recommender.rules.article_fields import ArticleFields, Field, values_of
from recommender.rules.copy_groups import CopyGroups
from recommender.rules.eligibility import Columns, Eligibility, QueryColumns
from recommender.rules.fallback import FallbackOrder
from recommender.rules.listed_once import alike, kinds_of_trees, listed_once, one_language, same_pages
from recommender.rules.policy import Policy
from recommender.text.language_tags import variants_of

__all__ = ["SiteRules"]

_SECTION = "section"


@dataclass(frozen=True, eq=False)
class SiteRules:
    """The rules of one site.

    Parameters
    ----------
    policy : Policy
    eligibility : Eligibility
    pins : mapping of int to list of (int, int)
        Row to the positions and rows that editors pinned in its list. A pin shows no article that is unlisted.
    caps : mapping of str to Field
        The fields that `Policy.caps` names.
    fallback : FallbackOrder
    ages : ndarray of float32, shape (n,), or None
        See `age_logs`. None means that ages play no part.
    fields : ArticleFields
    series : Series or None
        The series whose parts come first. None means that series play no part.
    """

    policy: Policy
    eligibility: Eligibility
    pins: Mapping[int, list[tuple[int, int]]]
    caps: Mapping[str, Field]
    fallback: FallbackOrder
    ages: NDArray[np.float32] | None
    fields: ArticleFields
    series: Series | None = None

    @classmethod
    def of(
        cls,
        policy: Policy,
        collection: Collection,
        editors: Resolved | None = None,
        fields: ArticleFields | None = None,
        passed: int | None = None,
    ) -> Self:
        """Return the rules of a policy and of editors for a collection.

        `fields` saves reading them again. What may be listed until `passed` or less is in no list, see `Expiry`; with
        None that plays no part.
        """
        editors = editors or Resolved()
        fields = fields or ArticleFields(collection.summaries)
        published, n = collection.summaries.published, len(collection)
        section = fields[_SECTION].first if _sections_matter(policy) else np.full(n, -1, dtype=np.int32)
        groups = listed_once(policy, collection)
        pages = same_pages(policy, collection)
        same_text = alike(policy, collection) if policy.copies == "keep" else groups
        columns = Columns(
            published, collection.languages, groups, same_text, section, _fits(policy, fields, n),
            tuple(fields[name].first for name in policy.same),
            tuple(collection.variants.T) if collection.variants.any() else (),
            _trees(policy, collection), _listed(collection.listed_until, passed),
            pages if policy.translations == "apart" else None,
            _linked(collection, same_text) if policy.linked == "out" else None,
            pages if one_language(policy) else None,
        )  # fmt: skip
        copies = CopyGroups.of(policy, collection, fields, groups, columns.page)
        eligibility = Eligibility(policy, columns, copies, editors.hidden, editors.blocked)
        wants_popular = "popular" in policy.fallback
        popularity = fields.numbers(policy.popularity) if wants_popular else np.full(n, np.nan)
        fallback = FallbackOrder(policy.fallback, published, section, popularity, collection.id_order)
        caps = {name: fields[name] for name in policy.caps}
        ages = _ages(policy, collection, fields)
        pins = _shown_pins(editors.pins, columns.listed)
        series = collection.series if policy.series == "first" and len(collection.series.rows) else None
        return cls(policy, eligibility, pins, caps, fallback, ages, fields, series)

    @property
    def chooses(self) -> bool:
        """Whether lists may hold others than the first k of the ranking."""
        policy = self.policy
        rotates = policy.rotation is not None
        return policy.diversity > 0 or bool(policy.caps) or policy.exposure is not None or rotates

    @property
    def placed(self) -> NDArray[np.int32]:
        """Rows whose lists hold pins or parts of their series, ascending."""
        pinned = np.fromiter(self.pins, np.int32, len(self.pins))
        return pinned if self.series is None else np.union1d(pinned, self.series.rows)

    @property
    def ranking_floor(self) -> float:
        """Least score of a ranked article. With exposure it is 0: orphans may be shown below the floor."""
        return self.policy.floor if self.policy.exposure is None else 0.0

    def groups(self, rows: NDArray[np.int32], own: int) -> NDArray[np.int32]:
        """Return what the list of `own` may hold once, for each row: see `listed_once` and `same_pages`.

        Of its own page it may hold each translation. `own` is -1 for a draft.
        """
        group, page = self.eligibility.columns.group, self.eligibility.columns.page
        if page is None:
            return group[rows]
        mine = page[rows] == (page[own] if own >= 0 else -1)
        return np.where(mine, len(page) + group[rows], page[rows])

    def showing(self, rows: Iterable[int]) -> Self:
        """Return the rules for a page that shows some articles already: they and their near copies are not listed."""
        shown = np.unique(self.eligibility.columns.alike[np.array(list(rows), dtype=np.intp)])
        return replace(self, eligibility=replace(self.eligibility, shown=shown))

    def draft_columns(self, draft: Article, language: int) -> QueryColumns:
        """Return the columns of a draft. `language` is the code of its language, -1 where unknown."""

        def code(name: str) -> NDArray[np.int32]:
            known = [self.fields[name].codes.get(value, -2) for value in values_of(draft, name)[:1]]
            return np.array(known or [-1], dtype=np.int32)

        section = code(_SECTION) if _sections_matter(self.policy) else np.array([-1], dtype=np.int32)
        none = np.array([-1], dtype=np.int32)
        published = np.array([microseconds(draft.published)])
        same = tuple(map(code, self.policy.same))
        variants = tuple(variants_of([draft.language]).T)[: len(self.eligibility.columns.variants)]
        trees = tuple((none.astype(np.int64), none) for _ in self.eligibility.columns.trees)
        return QueryColumns(none, published, np.array([language]), none, section, same, variants, trees)


def _ages(policy: Policy, collection: Collection, fields: ArticleFields) -> NDArray[np.float32] | None:
    if policy.recency != "latest":
        return None
    half_lives = np.full(len(collection), policy.half_life)
    if policy.half_lives:
        field = fields[_SECTION]
        by_code = {field.codes[name]: days for name, days in policy.half_lives.items() if name in field.codes}
        half_lives = half_lives_of(field.first, by_code, policy.half_life)
    now = None if policy.now is None else microseconds(policy.now)
    return age_logs(np.asarray(collection.summaries.published), half_lives, now)


def _listed(until: NDArray[np.int64], passed: int | None) -> NDArray[np.bool_] | None:
    listed = None if passed is None else np.asarray(until > passed)
    return None if listed is None or listed.all() else listed


def _linked(collection: Collection, same_text: NDArray[np.int32]) -> NDArray[np.int64] | None:
    """Return the pairs of articles and what their texts link to, see `Columns.linked`."""
    indptr, indices = collection.links
    sources = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    pairs = np.unique(sources * len(collection) + same_text[indices])
    return pairs if len(pairs) else None


def _shown_pins(
    pins: Mapping[int, list[tuple[int, int]]], listed: NDArray[np.bool_] | None
) -> Mapping[int, list[tuple[int, int]]]:
    """Return the pins of articles that may be in a list."""
    if listed is None or not pins:
        return pins
    shown = {page: [pin for pin in each if listed[pin[1]]] for page, each in pins.items()}
    return {page: each for page, each in shown.items() if each}


def _trees(policy: Policy, collection: Collection) -> tuple[tuple[NDArray[np.int64], NDArray[np.int32]], ...]:
    """Return families and trees of the translations and of the versions, where they divide the site."""
    trees = collection.trees
    return tuple(
        (trees.families[:, kind], trees.members[:, kind]) for kind in kinds_of_trees(policy, collection)
    )


def _sections_matter(policy: Policy) -> bool:
    return _SECTION in policy.fallback or policy.copies == "sections"


def _fits(policy: Policy, fields: ArticleFields, n: int) -> NDArray[np.bool_]:
    fits = np.ones(n, dtype=np.bool_)
    for name, wanted in policy.where.items():
        fits &= fields[name].has_one_of(wanted)
    for name, unwanted in policy.where_not.items():
        fits &= ~fields[name].has_one_of(unwanted)
    return fits
