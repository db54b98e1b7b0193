"""Parallel trees of a site: versions of a documentation and translations, recognised by the paths of pages.

Trees are parallel if they hold the same pages: ``v1/install`` and ``v2/install``, ``de/guide/quay`` and
``guide/quay``. See `tree_members` for how many pages they must have in common, and `Counterparts` for what makes two
pages the same. So folders of years, numbered chapters and sections with the name of a language are no trees.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import chain, pairwise

from recommender.articles import ArticleSummary
from recommender.collection.counterparts import Counterparts, Pair
from recommender.collection.page_places import places_of
from recommender.collection.translations import Translation, translations_of
from recommender.collection.tree_members import LEAST_PAGES, Family, Judgement, Spot, tree_members
from recommender.collection.tree_model import TreeModel, may_hold_versions, version_spots
from recommender.collection.trees import Trees
from recommender.collection.untranslated import untranslated_pages
from recommender.collection.version_names import (
    are_numbered_alike,
    in_number_order,
    is_version,
    is_version_word,
    says_it_is_a_version,
)

__all__ = ["fit_trees", "parallel_trees"]

_MANY = 8  # pages that folders of one name with two numbers have in common
_CLEARLY = 3  # times as many pairs of pages say the same as do not


def parallel_trees(
    summaries: Sequence[ArticleSummary],
    languages: Sequence[str],
    declared: Sequence[str | None] = (),
    counterparts: Counterparts | None = None,
) -> tuple[Trees, list[str | None]]:
    """Return the parallel trees of a site, and the language tag that its translation names for each article.

    See `fit_trees`.
    """
    return fit_trees(summaries, languages, declared, counterparts).trees(summaries, languages, declared)


def fit_trees(
    summaries: Sequence[ArticleSummary],
    languages: Sequence[str],
    declared: Sequence[str | None] = (),
    counterparts: Counterparts | None = None,
) -> TreeModel:
    """Return the parallel trees that a site has.

    The URLs of the articles are read, or else their ids.

    Parameters
    ----------
    summaries : sequence of ArticleSummary, length n
    languages : sequence of str, length n
        Primary subtags, see `translations_of`.
    declared : sequence of (str or None), length n, optional
        The tags that articles declare.
    counterparts : Counterparts, optional
        The texts of the articles.

    Notes
    -----
    Linear in the number of articles, about 50 microseconds each.
    """
    counterparts = counterparts or Counterparts()
    for field in ("url", "article_id"):
        translations = translations_of(places_of(summaries, field), languages, counterparts)
        versions = _versions(translations, counterparts)
        if any(each.name is not None for each in translations) or any(versions):
            untranslated = untranslated_pages(translations, languages, declared, counterparts)
            left = [each.article_id for each, wrong in zip(summaries, untranslated, strict=True) if wrong]
            return TreeModel.of(field, translations, versions, left)
    return TreeModel()


def _may_be_versions(names: Collection[str]) -> bool:
    """Return whether one of the names of a family says that it is a version, or two are one name with two numbers."""
    if any(is_version(name) or is_version_word(name) for name in names):
        return True
    ordered = sorted(names, key=in_number_order)
    return any(are_numbered_alike(one, other) for one, other in pairwise(ordered))


def _versions(translations: Sequence[Translation], counterparts: Counterparts) -> list[Spot | None]:
    """Return the spot that names the version of each page."""

    def by_names(_: Family, one: str, other: str) -> bool:
        return any(is_version(name) or is_version_word(name) for name in (one, other)) or are_numbered_alike(
            one, other
        )

    def by_pages(_: Family, one: str, other: str, pairs: Sequence[Pair]) -> bool:
        if says_it_is_a_version(one) or says_it_is_a_version(other):
            return True
        same, differ = counterparts.agreement(pairs)
        if are_numbered_alike(one, other):  # the name alone says little
            return len(pairs) >= _MANY and same >= _CLEARLY * max(differ, 1)
        return same > differ or (same == differ and (is_version(one) or is_version(other)))

    def is_sure(_: Family, name: str) -> bool:
        return says_it_is_a_version(name)

    paths = [(each.name or "", *each.bare) for each in translations]
    if not may_hold_versions(paths, LEAST_PAGES):
        return [None] * len(paths)  # as where no name is a version but the numbers of articles
    spots = [list(version_spots(path)) for path in paths]
    names: dict[Family, set[str]] = defaultdict(set)
    for spot in chain.from_iterable(spots):
        names[spot.family].add(spot.name)
    families = {family for family, known in names.items() if _may_be_versions(known)}
    spots = [[spot for spot in each if spot.family in families] for each in spots]
    return tree_members(spots, paths, Judgement(by_names, by_pages, is_sure))
