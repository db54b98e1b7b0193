"""Parallel trees of a site: versions of a documentation and translations, recognised by the paths of pages.

Trees are parallel if they hold the same pages: ``v1/install`` and ``v2/install``, ``de/guide/quay`` and
``guide/quay``. See `tree_members` for how many pages they must have in common, and `Counterparts` for what makes two
pages the same. So folders of years, numbered chapters and sections with the name of a language are no trees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.articles import ArticleSummary
from recommender.collection.counterparts import Counterparts, Pair
from recommender.collection.page_places import before, places_of, shallow
from recommender.collection.translations import Translation, translations_of
from recommender.collection.tree_members import REST, Family, Judgement, Spot, tree_members
from recommender.collection.untranslated import untranslated_pages
from recommender.collection.version_names import (
    is_version,
    is_version_word,
    may_name_a_version,
    newest_first,
    says_it_is_a_version,
)
from recommender.text.close_languages import are_close
from recommender.text.language_tags import tag_as_written

__all__ = ["NO_TREES", "Trees", "parallel_trees"]


class Trees(NamedTuple):
    """The translation and the version that each article belongs to.

    Attributes
    ----------
    names : tuple of str
        Names of all trees, translations first, then versions: of each family the newest first.
    members : ndarray of int32, shape (n, 2)
        Places in `names` of each article's translation and version, -1 for none. Without rows if there are no trees.
    families : ndarray of int32, shape (n, 2)
        The same number for articles of trees that are parallel to each other, -1 for none.
    pages : ndarray of int32, shape (n, 2)
        The same number for translations of a page, and for versions of a page; -1 for a page outside the trees.
    order : ndarray of int32, shape (n,)
        Of the versions and translations of a page the one with the least number stands for it; 0 outside the trees.
    """

    names: tuple[str, ...]
    members: NDArray[np.int32]
    families: NDArray[np.int32]
    pages: NDArray[np.int32]
    order: NDArray[np.int32]

    def counts(self) -> dict[str, int]:
        """Return the number of articles of each tree."""
        sizes = np.bincount(self.members[self.members >= 0], minlength=len(self.names))
        return dict(zip(self.names, sizes.tolist(), strict=True))


NO_TREES = Trees(
    (),
    np.zeros((0, 2), np.int32),
    np.zeros((0, 2), np.int32),
    np.zeros((0, 2), np.int32),
    np.zeros(0, np.int32),
)


def parallel_trees(
    summaries: Sequence[ArticleSummary],
    languages: Sequence[str],
    declared: Sequence[str | None] = (),
    counterparts: Counterparts | None = None,
) -> tuple[Trees, list[str | None]]:
    """Return the parallel trees of a site, and the language tag that its translation names for each article.

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
            original = untranslated_pages(translations, languages, declared, counterparts)
            tags = [None if left else each.tag for each, left in zip(translations, original, strict=True)]
            behind = [
                left or bool(each.language and language and not are_close(language, each.language))
                for each, left, language in zip(translations, original, languages, strict=True)
            ]
            return _trees(translations, versions, original, behind), tags
    return NO_TREES, [None] * len(summaries)


def _versions(translations: Sequence[Translation], counterparts: Counterparts) -> list[Spot | None]:
    """Return the spot that names the version of each page. Translations of a page count as one page."""

    def by_names(_: Family, one: str, other: str) -> bool:
        return any(is_version(name) or is_version_word(name) for name in (one, other))

    def by_pages(_: Family, one: str, other: str, pairs: Sequence[Pair]) -> bool:
        if says_it_is_a_version(one) or says_it_is_a_version(other):
            return True
        same, differ = counterparts.agreement(pairs)
        return same > differ or (same == differ and (is_version(one) or is_version(other)))

    def is_sure(_: Family, name: str) -> bool:
        return says_it_is_a_version(name)

    paths = [(each.name or "", *each.bare) for each in translations]
    spots = [list(_version_spots(path)) for path in paths]
    families = {spot.family for each in spots for spot in each if by_names(spot.family, spot.name, REST)}
    spots = [[spot for spot in each if spot.family in families] for each in spots]
    return tree_members(spots, paths, Judgement(by_names, by_pages, is_sure))


def _version_spots(path: tuple[str, ...]) -> Iterator[Spot]:
    translation, place = path[0], path[1:]
    for at, segment in shallow(place):
        if may_name_a_version(segment):
            family, rest = before(place, at), place[at + 1 :]
            yield Spot(family, segment.lower(), rest, (translation, *family, *rest), family)


def _trees(
    translations: Sequence[Translation],
    versions: Sequence[Spot | None],
    original: Sequence[bool],
    behind: Sequence[bool],
) -> Trees:
    """Return trees as numbers. `original` are pages of no translation, `behind` those that stand for others last."""
    sizes = Counter(each.name for each in translations if each.name is not None)
    names = sorted(sizes, key=lambda name: (name != REST, -sizes[name], name))
    trees = sorted(
        {(each.area, each.name) for each in versions if each},
        key=lambda tree: (tree[0], newest_first(tree[1]), tree[1]),
    )
    place_of = {name: place for place, name in enumerate(names)}
    version_places = {tree: place for place, tree in enumerate(trees)}
    first_of_family = {area: version_places[area, name] for area, name in reversed(trees)}
    kept = [
        None if left or each.name is None else each for each, left in zip(translations, original, strict=True)
    ]
    of_translations = [-1 if each is None else place_of[each.name or REST] for each in kept]
    of_versions = [-1 if each is None else version_places[each.area, each.name] for each in versions]
    places = [
        (
            late,
            0 if version is None else place - first_of_family[version.area],
            0 if each.name is None else place_of[each.name],
        )
        for late, version, place, each in zip(behind, versions, of_versions, translations, strict=True)
    ]
    ranks = {key: rank for rank, key in enumerate(sorted({(False, 0, 0), *places}))}
    shown = [tag_as_written(name) or "no language in the path" for name in names]
    shown += [
        "/".join((*area, name)) if name else f"{'/'.join(area)}/ without a version" for area, name in trees
    ]
    return Trees(
        tuple(shown),
        _columns(of_translations, [place if place < 0 else place + len(names) for place in of_versions]),
        _columns(
            _numbered(None if each is None else each.area for each in kept),
            _numbered(None if each is None else each.area for each in versions),
        ),
        _columns(
            _numbered(None if each.name is None else (each.area, each.bare) for each in translations),
            _numbered(None if each is None else (each.area, each.bare) for each in versions),
        ),
        np.array([ranks[key] for key in places], np.int32),
    )


def _columns(*columns: Sequence[int]) -> NDArray[np.int32]:
    return np.array(columns, np.int32).T.copy()


def _numbered(keys: Iterable[Hashable]) -> list[int]:
    """Return the same number for equal keys, in the order of their first occurrence; -1 for None."""
    numbers: dict[Hashable, int] = {}
    return [-1 if key is None else numbers.setdefault(key, len(numbers)) for key in keys]
