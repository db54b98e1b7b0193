"""Translations that the paths of pages name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from recommender.collection.page_places import Place, before, may_name_a_language
from recommender.collection.tree_members import REST, Family, Spot, Tree, tree_members
from recommender.text.close_languages import are_close
from recommender.text.language_tags import tag_as_written
from recommender.text.languages import primary_language

__all__ = ["Translation", "translations_of"]

_COUNTRIES = {
    "br": "pt-BR", "cn": "zh-CN", "cz": "cs", "dk": "da", "ee": "et", "gb": "en-GB", "gr": "el", "jp": "ja", "kr": "ko",
    "se": "sv", "tw": "zh-TW", "ua": "uk", "uk": "en-GB", "us": "en-US", "vn": "vi",
}  # fmt: skip
"""Countries that paths name in the place of a language."""


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
    """

    name: str | None
    tag: str | None
    bare: Place


def translations_of(places: Sequence[Place], languages: Sequence[str]) -> list[Translation]:
    """Return the translation of each page.

    Parameters
    ----------
    places : sequence of Place, length n
    languages : sequence of str, length n
        Primary subtags. Most pages of a translation must be in the language that it names, so counties and departments
        with names like those of languages are none.
    """
    spots = [list(_language_spots(place)) for place in places]
    usual = _usual_languages(spots, places, languages)
    tags = {tree: _tag_meant(tree[1], language) for tree, language in usual.items() if tree[1] != REST}

    spots = [[spot for spot in each if tags[spot.family, spot.name]] for each in spots]

    def fit(family: Family, one: str, other: str) -> bool:
        return other != REST or usual[family, one] != usual[family, REST]

    found = []
    for each, place, tree in zip(spots, places, tree_members(spots, places, fit), strict=True):
        spot = next((spot for spot in each if (spot.family, spot.name) == tree), None)
        if spot is None:
            found.append(Translation(None if tree is None else REST, None, place))
        else:
            found.append(Translation(spot.name, tags[spot.family, spot.name], spot.bare))
    return found


def _tag_meant(name: str, language: str) -> str | None:
    """Return the tag that a name stands for if most of its pages are in `language`, or None."""
    tags = (name, _COUNTRIES.get(name))
    return next(
        (tag_as_written(tag) for tag in tags if tag and are_close(language, primary_language(tag))), None
    )


def _language_spots(place: Place) -> Iterator[Spot]:
    """Yield the segments that may name a language. They stand at the same place of all paths, or at the end of names."""
    for at, segment in enumerate(place):
        if may_name_a_language(segment.removeprefix(".")):
            family = ("end" if segment.startswith(".") else str(at),)
            name, rest = segment.removeprefix(".").replace("_", "-").lower(), place[at + 1 :]
            yield Spot(family, name, (*place[:at], "*", *rest), (*before(place, at), *rest))


def _usual_languages(
    spots: Sequence[Sequence[Spot]], places: Sequence[Place], languages: Sequence[str]
) -> dict[Tree, str]:
    """Return the language that most pages of each tree are in."""
    families = defaultdict(set)
    for spot in (spot for each in spots for spot in each):
        families[spot.bare].add(spot.family)
    counts: dict[Tree, Counter[str]] = defaultdict(Counter)
    for each, place, language in zip(spots, places, languages, strict=True):
        for spot in each:
            counts[spot.family, spot.name][language] += 1
        for family in families.get(place, ()):
            counts[family, REST][language] += 1
    return {tree: min(counted, key=lambda name: (-counted[name], name)) for tree, counted in counts.items()}
