"""Translations and editions for countries that the paths of pages name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from recommender.collection.counterparts import Counterparts, Pair
from recommender.collection.page_places import Place, before, may_name_a_language, shallow
from recommender.collection.tree_members import REST, Family, Judgement, Spot, tree_members
from recommender.text.close_languages import are_close
from recommender.text.language_tags import tag_as_written
from recommender.text.languages import primary_language

__all__ = ["Translation", "Tree", "language_spots", "translations_of"]

_COUNTRIES = {
    "at": "de-AT", "au": "en-AU", "br": "pt-BR", "cn": "zh-CN", "cz": "cs", "dk": "da", "ee": "et", "gb": "en-GB",
    "gr": "el", "ie": "en-IE", "jp": "ja", "kr": "ko", "mx": "es-MX", "nz": "en-NZ", "se": "sv", "tw": "zh-TW", "ua": "uk",
    "uk": "en-GB", "us": "en-US", "vn": "vi",
}  # fmt: skip
"""Countries that paths name in the place of a language."""

_LEAST = 3  # pages in the language that a tree names, where most others are in the main language of the site

_PURE = 0.9  # share of the pages of a tree in its language, from which on its name is beyond doubt

Tree: TypeAlias = tuple[Family, str]
"""Family and name of a tree."""


class Translation(NamedTuple):
    """The translation that a page belongs to.

    Attributes
    ----------
    name : str or None
        As in the path; `REST` for the translation whose paths name none. None if the page belongs to none.
    tag : str or None
        The language tag that the path names.
    bare : Place
        The place of the page without the name.
    area : Place
        The folder that holds the translation and those parallel to it.
    language : str
        Primary subtag of the translation, "" for none.
    counts : bool
        Whether the page is one of the translation. A page that was copied without being translated is none.
    family : tuple of str
        See `Spot`.
    """

    name: str | None
    tag: str | None
    bare: Place
    area: Place = ()
    language: str = ""
    counts: bool = True
    family: Family = ()


def translations_of(
    places: Sequence[Place], languages: Sequence[str], counterparts: Counterparts
) -> list[Translation]:
    """Return the translation of each page.

    Parameters
    ----------
    places : sequence of Place, length n
    languages : sequence of str, length n
        Primary subtags. Most pages of a translation must be in the language that it names, so counties and departments
        with names like those of languages are none. Pages in the main language of the site are not counted against it:
        they may wait for a translator.
    counterparts : Counterparts
        The texts of the pages. A code of two letters that names no language stands for a country, if there is a
        translation beside it with the same pages in the same language.

    Notes
    -----
    Translations whose pages have translated names have no page in common. Folders such as ``pt`` and ``pt-br`` are
    translations all the same where nearly all their pages are in the language that they name.
    """
    known = Counter(language for language in languages if language)
    main = min(known, key=lambda name: (-known[name], name), default="")
    named = _languages_named(places, languages)
    tags = {tree: _tag_meant(tree[1], counted, main) for tree, counted in named.items()}
    trees = {tree for tree, tag in tags.items() if tag or _is_code(tree[1])}
    if not trees:
        return [Translation(None, None, place) for place in places]  # as on most sites of one language
    spots = [list(language_spots(place, trees)) for place in places]
    areas = {spot.area for each in spots for spot in each if spot.page[-1] != "*"}
    spots = [[spot if spot.area in areas else spot._replace(area=()) for spot in each] for each in spots]
    counts = named | _languages_beside(spots, places, languages)
    usual = {tree: min(counted, key=lambda name: (-counted[name], name)) for tree, counted in counts.items()}
    language = usual | {tree: primary_language(tag) for tree, tag in tags.items() if tag}

    def by_names(family: Family, one: str, other: str) -> bool:
        return bool(tags[family, one] or tags.get((family, other)))

    def by_pages(family: Family, one: str, other: str, pairs: Sequence[Pair]) -> bool:
        sure = bool(tags[family, one] and (other == REST or tags[family, other]))
        if language[family, one] != language[family, other]:
            return sure
        same, differ = counterparts.agreement(pairs)
        return same > differ or (sure and other != REST)

    def is_sure(family: Family, name: str) -> bool:
        return bool(tags[family, name])

    def side_by_side(family: Family, names: Collection[str]) -> set[str]:
        pure = {name for name in names if _is_in_its_language(name, counts[family, name])}
        return pure if any("-" in name for name in pure) and len(pure) > 1 else set()

    members = tree_members(spots, places, Judgement(by_names, by_pages, is_sure, side_by_side))
    return [
        Translation(None, None, place)
        if spot is None
        else Translation(
            spot.name,
            tags.get((spot.family, spot.name)),
            spot.bare,
            spot.area,
            language[spot.family, spot.name],
            family=spot.family,
        )
        for spot, place in zip(members, places, strict=True)
    ]


def _tag_meant(name: str, counts: Mapping[str, int], main: str) -> str | None:
    """Return the tag that a name stands for if the pages of its tree are in that language, or None."""
    foreign = {language: n for language, n in counts.items() if language != main and n >= _LEAST}
    spoken = [
        min(some, key=lambda language: (-some[language], language)) for some in (counts, foreign) if some
    ]
    tags = [tag for tag in (name, _COUNTRIES.get(name)) if tag]
    return next(
        (tag_as_written(tag) for each in spoken for tag in tags if are_close(each, primary_language(tag))),
        None,
    )


def _is_in_its_language(name: str, counts: Mapping[str, int]) -> bool:
    """Return whether nearly all pages of a tree are in the language that its name is the tag of."""
    known = sum(n for language, n in counts.items() if language)
    spoken = sum(
        n for language, n in counts.items() if language and are_close(language, primary_language(name))
    )
    return known >= _LEAST and spoken >= _PURE * known


def _is_code(name: str) -> bool:
    return len(name) == 2


def language_spots(place: Place, trees: Container[Tree]) -> Iterator[Spot]:
    """Yield the segments that name one of some trees. They stand at the same place of all paths, or at the end of names."""
    for at, family, name in _named_trees(place):
        if (family, name) not in trees:
            continue
        rest = place[at + 1 :]
        folder = () if place[at].startswith(".") else before(place, at)
        yield Spot(family, name, (*place[:at], "*", *rest), (*before(place, at), *rest), folder)


def _named_trees(place: Place) -> Iterator[tuple[int, Family, str]]:
    for at, segment in shallow(place):
        name = segment.removeprefix(".")
        if may_name_a_language(name):
            family = "end" if segment.startswith(".") else str(at)
            yield at, (family,), name.replace("_", "-").lower()


def _languages_named(places: Sequence[Place], languages: Sequence[str]) -> dict[Tree, Counter[str]]:
    """Return how many pages of each tree that has a name are in each language."""
    counts: dict[Tree, Counter[str]] = defaultdict(Counter)
    for place, language in zip(places, languages, strict=True):
        for _, family, name in _named_trees(place):
            counts[family, name][language] += 1
    return counts


def _languages_beside(
    spots: Sequence[Sequence[Spot]], places: Sequence[Place], languages: Sequence[str]
) -> dict[Tree, Counter[str]]:
    """Return how many pages of each tree that has no name are in each language."""
    families = defaultdict(set)
    for spot in (spot for each in spots for spot in each):
        families[spot.bare].add(spot.family)
    counts: dict[Tree, Counter[str]] = defaultdict(Counter)
    for place, language in zip(places, languages, strict=True):
        for family in families.get(place, ()):
            counts[family, REST][language] += 1
    return counts
