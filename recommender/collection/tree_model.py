"""The parallel trees that a site has: what tells the translation and the version of a page by its path alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Self

from recommender.articles import ArticleSummary
from recommender.collection.page_places import Place, before, places_of, shallow
from recommender.collection.translations import Translation, language_spots
from recommender.collection.tree_members import REST, Family, Page, Spot
from recommender.collection.trees import NO_TREES, TreeNames, Trees, numbered_trees
from recommender.collection.version_names import may_name_a_version, newest_first, numbered_name
from recommender.text.close_languages import are_close
from recommender.text.languages import primary_language

__all__ = ["TreeModel", "may_hold_versions", "version_spots"]


@dataclass(frozen=True)
class KnownTrees:
    """The names of trees, and the folders of pages that belong to one without a name.

    Parameters
    ----------
    names : mapping of (family, name) to (tag or None, language)
        Both are None and "" for versions.
    rest : mapping of folder to (area, family)
    """

    names: Mapping[tuple[Family, str], tuple[str | None, str]] = field(default_factory=dict)
    rest: Mapping[Page, tuple[Page, Family]] = field(default_factory=dict)

    def spot(self, spots: Iterator[Spot], path: Page) -> Spot | None:
        """Return the first spot that names a tree, or that of a page in the tree without a name."""
        found = next((spot for spot in spots if (spot.family, spot.name) in self.names), None)
        if found is None and path and path[:-1] in self.rest:
            area, family = self.rest[path[:-1]]
            return Spot(family, REST, path, path, area)
        return found

    def to_list(self) -> list[Any]:
        """Return the trees as JSON can hold them."""
        names = sorted((list(family), name, *meant) for (family, name), meant in self.names.items())
        rest = sorted(
            (list(folder), list(area), list(family)) for folder, (area, family) in self.rest.items()
        )
        return [list(map(list, names)), list(map(list, rest))]

    @classmethod
    def from_list(cls, values: Sequence[Any]) -> Self:
        """Return the trees from the output of `to_list`."""
        names, rest = values
        return cls(
            {(tuple(family), name): (tag, language) for family, name, tag, language in names},
            {tuple(folder): (tuple(area), tuple(family)) for folder, area, family in rest},
        )


@dataclass(frozen=True)
class TreeModel:
    """The parallel trees of a site.

    Parameters
    ----------
    field : str
        The field that holds the paths of pages, "" for a site without trees.
    translations, versions : KnownTrees
    order : TreeNames
        Names of all trees in the order in which they are shown and preferred.
    untranslated : frozenset of str
        Ids of pages that lie in a translation but were never translated.
    areas : frozenset of tuple of str
        The folders that hold translations.
    """

    field: str = ""
    translations: KnownTrees = KnownTrees()
    versions: KnownTrees = KnownTrees()
    order: TreeNames = TreeNames()  # noqa: RUF009 - a tuple
    untranslated: frozenset[str] = frozenset()
    areas: frozenset[Page] = frozenset()

    @classmethod
    def of(
        cls,
        field: str,
        translations: Sequence[Translation],
        versions: Sequence[Spot | None],
        untranslated: Sequence[str],
    ) -> Self:
        """Return the trees that the pages of a site belong to."""
        named = [each for each in translations if each.name is not None]
        sizes = Counter(each.name or REST for each in named)
        trees = {(each.area, each.name) for each in versions if each}
        return cls(
            field,
            KnownTrees(
                {(each.family, each.name or REST): (each.tag, each.language) for each in named},
                {each.bare[:-1]: (each.area, each.family) for each in named if each.name == REST},
            ),
            KnownTrees(
                {(each.family, each.name): (None, "") for each in versions if each},
                {each.bare[:-1]: (each.area, each.family) for each in versions if each and each.name == REST},
            ),
            TreeNames(
                tuple(sorted(sizes, key=lambda name: (name != REST, -sizes[name], name))),
                tuple(sorted(trees, key=lambda tree: (tree[0], newest_first(tree[1]), tree[1]))),
            ),
            frozenset(untranslated),
            frozenset(each.area for each in named),
        )

    def trees(
        self,
        summaries: Sequence[ArticleSummary],
        languages: Sequence[str],
        declared: Sequence[str | None] = (),
    ) -> tuple[Trees, list[str | None]]:
        """Return the trees of articles, and the language tag that its translation names for each.

        Each article is looked at by itself. `languages` are primary subtags, `declared` the tags that articles declare.
        """
        if not self.field:
            return NO_TREES, [None] * len(summaries)
        translations = [self._translation(place) for place in places_of(summaries, self.field)]
        declared = declared or [None] * len(summaries)
        rows = zip(translations, summaries, languages, declared, strict=True)
        translations = [
            each._replace(counts=not self._is_untranslated(each, summary, language, tag))
            for each, summary, language, tag in rows
        ]
        versions = [
            self.versions.spot(version_spots(path), path)
            for path in ((each.name or "", *each.bare) for each in translations)
        ]
        tags = [each.tag if each.counts else None for each in translations]
        return numbered_trees(self.order, translations, versions, languages), tags

    def _translation(self, place: Place) -> Translation:
        spots = (
            spot if spot.area in self.areas else spot._replace(area=())
            for spot in language_spots(place, self.translations.names)
        )
        spot = self.translations.spot(spots, place)
        if spot is None:
            return Translation(None, None, place)
        tag, language = self.translations.names.get((spot.family, spot.name), (None, ""))
        return Translation(spot.name, tag, spot.bare, spot.area, language, family=spot.family)

    def _is_untranslated(
        self, page: Translation, summary: ArticleSummary, language: str, declared: str | None
    ) -> bool:
        if page.name is None or not language or not page.language or are_close(language, page.language):
            return False
        return summary.article_id in self.untranslated or are_close(primary_language(declared), language)

    def to_dict(self) -> dict[str, Any]:
        """Return the model as JSON values for `from_dict`."""
        return {
            "field": self.field,
            "translations": self.translations.to_list(),
            "versions": self.versions.to_list(),
            "areas": sorted(map(list, self.areas)),
            "order": [
                list(self.order.translations),
                [[list(area), name] for area, name in self.order.versions],
            ],
            "untranslated": sorted(self.untranslated),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the model from the output of `to_dict`."""
        names, versions = data["order"]
        return cls(
            data["field"],
            KnownTrees.from_list(data["translations"]),
            KnownTrees.from_list(data["versions"]),
            TreeNames(tuple(names), tuple((tuple(area), name) for area, name in versions)),
            frozenset(data["untranslated"]),
            frozenset(map(tuple, data["areas"])),
        )


def version_spots(path: tuple[str, ...]) -> Iterator[Spot]:
    """Yield the segments that may name a version. The first of a path is the name of the translation."""
    translation, place = path[0], path[1:]
    for at, segment in shallow(place):
        if _may_be_a_tree(segment, at + 1 < len(place)):
            family, rest = before(place, at), place[at + 1 :]
            yield Spot(family, segment.lower(), (translation, *rest), (translation, *family, *rest), family)


def may_hold_versions(paths: Sequence[tuple[str, ...]], least: int) -> bool:
    """Return whether a name that may be that of a version occurs so often among the segments of `version_spots`."""
    places = [[segment.lower() for _, segment in shallow(path[1:])] for path in paths]
    counts = Counter(chain.from_iterable(places))
    often = [name for name, count in counts.items() if count >= least]
    if any(map(may_name_a_version, often)):
        return True
    numbered = [name for name in often if numbered_name(name) is not None]
    folders = Counter(chain.from_iterable(place[:-1] for place in places)) if numbered else counts
    return any(folders[name] >= least for name in numbered)


def _may_be_a_tree(segment: str, is_folder: bool) -> bool:
    return may_name_a_version(segment) or (is_folder and numbered_name(segment) is not None)
