"""Which pages belong to trees that hold the same pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from recommender.collection.counterparts import Pair
from recommender.collection.version_names import in_number_order

__all__ = ["LEAST_PAGES", "REST", "Family", "Judgement", "Page", "Spot", "tree_members"]

Family: TypeAlias = tuple[str, ...]
Page: TypeAlias = tuple[str, ...]

REST = ""
"""Name of the tree of pages whose path names none, where such pages are parallel to others."""

LEAST_PAGES = 3
"""Pages that two trees have in common."""

_NEAR = 10  # trees with names next to its own that a tree is compared with


class Spot(NamedTuple):
    """A segment of a path that may name a tree.

    Attributes
    ----------
    family : tuple
        What the paths of trees that are compared have in common.
    name : str
        Name of the tree among those of its family.
    page : tuple of str
        The page within its tree.
    bare : tuple of str
        The path of the same page in the tree without a name.
    area : tuple of str
        The folder that holds the tree and those parallel to it.
    """

    family: Family
    name: str
    page: Page
    bare: Page
    area: Page


class Judgement(NamedTuple):
    """What decides about two trees of a family that have pages in common. The second may be `REST`.

    Attributes
    ----------
    by_names : callable
        Whether a family may have two names.
    by_pages : callable
        Whether the pages of two trees are the same, by pairs of rows of the same page.
    is_sure : callable
        Whether a name says what it is, so that a tree with other pages may join its family.
    side_by_side : callable
        The names of a family that say what they are beyond doubt, so that no pages need be in common.
    """

    by_names: Callable[[Family, str, str], bool]
    by_pages: Callable[[Family, str, str, Sequence[Pair]], bool]
    is_sure: Callable[[Family, str], bool]
    side_by_side: Callable[[Family, Collection[str]], set[str]] = lambda *_: set()


def tree_members(
    spots: Sequence[Sequence[Spot]], paths: Sequence[Page], judgement: Judgement
) -> list[Spot | None]:
    """Return the spot that names the tree of each page, or None. The name may be `REST`.

    Two trees are parallel if they have at least three pages in common, at least half of those of the smaller one, and
    if the judgement agrees, or without any if their names are beyond doubt. A smaller tree joins them if half of its
    pages have a counterpart, and one with three pages if its name is sure. The tree without a name holds the pages in
    the folders of those that have a counterpart.

    Parameters
    ----------
    spots : sequence of sequence of Spot, length n
        What may name the tree of each page, the first that does counts.
    paths : sequence of tuple of str, length n
    judgement : Judgement

    Notes
    -----
    Each tree is compared with the largest of its family, with that without a name, and with the ten that follow it in
    the order of names.
    """
    sizes = Counter((spot.family, spot.name) for each in spots for spot in each)
    large = {family for (family, _), size in sizes.items() if size >= LEAST_PAGES}
    spots = [[spot for spot in each if spot.family in large] for each in spots]  # others hold no trees
    if not any(spots):
        return [None] * len(paths)
    row_of = {path: row for row, path in reversed(list(enumerate(paths)))}
    families: dict[Family, dict[str, dict[Page, int]]] = defaultdict(lambda: defaultdict(dict))
    for row, each in enumerate(spots):
        for spot in each:
            families[spot.family][spot.name].setdefault(spot.page, row)
            if spot.bare in row_of:
                families[spot.family][REST][spot.page] = row_of[spot.bare]
    names = {family: _parallel(family, trees, judgement) for family, trees in families.items()}
    namers = [next((spot for spot in each if spot.name in names[spot.family]), None) for each in spots]
    rest: dict[Page, tuple[Page, Family]] = {}
    for namer in namers:
        if namer and namer.bare in row_of and REST in names[namer.family]:
            folder, here = namer.bare[:-1], (namer.area, namer.family)
            rest[folder] = max(rest.get(folder, here), here, key=lambda each: (len(each[0]), each))
    return [
        namer or (_without_name(path, *rest[path[:-1]]) if path and path[:-1] in rest else None)
        for namer, path in zip(namers, paths, strict=True)
    ]


def _without_name(path: Page, area: Page, family: Family) -> Spot:
    return Spot(family, REST, path, path, area)


def _parallel(family: Family, trees: Mapping[str, Mapping[Page, int]], judgement: Judgement) -> set[str]:
    """Return the names of the trees of a family that are parallel to another."""
    found = judgement.side_by_side(family, trees.keys() - {REST})
    for one, other in _compared(trees):
        smaller = len(trees[one]) if other == REST else min(len(trees[one]), len(trees[other]))
        common = trees[one].keys() & trees[other].keys()
        if {one, other} <= found or len(common) < max(LEAST_PAGES, smaller / 2):
            continue
        pairs = [(trees[one][page], trees[other][page]) for page in sorted(common)]
        if judgement.by_names(family, one, other) and judgement.by_pages(family, one, other, pairs):
            found |= {one, other}
    return found | _joining(family, trees, judgement, found)


def _joining(
    family: Family, trees: Mapping[str, Mapping[Page, int]], judgement: Judgement, found: set[str]
) -> set[str]:
    """Return the names of trees that join those that were found: by their name, or as half of their pages are in them."""
    if not found:
        return found
    shared = set[Page]().union(*(trees[name] for name in found))
    joining: set[str] = set()
    for name in trees.keys() - found - {REST}:
        pages = trees[name].keys()
        if len(pages) >= LEAST_PAGES and judgement.is_sure(family, name):
            joining.add(name)
            continue
        others = [other for other in found if judgement.by_names(family, name, other)]
        if others and 2 * len(pages & shared) >= len(pages):
            partner = max(others, key=lambda other: (len(pages & trees[other].keys()), other))
            common = sorted(pages & trees[partner].keys())
            pairs = [(trees[name][page], trees[partner][page]) for page in common]
            if judgement.by_pages(family, name, partner, pairs):
                joining.add(name)
    return joining


def _compared(trees: Mapping[str, Mapping[Page, int]]) -> Iterator[tuple[str, str]]:
    """Yield the names of two trees that are compared, each pair once; those with enough pages to have some in common."""
    names = sorted(trees.keys() - {REST}, key=lambda name: (in_number_order(name), name))
    largest = max(names, key=lambda name: (len(trees[name]), name))
    for at, name in enumerate(names):
        if len(trees[name]) < LEAST_PAGES:
            continue
        near = names[at + 1 : at + 1 + _NEAR]
        hubs = [largest] if largest not in (name, *near) else []
        rest = [REST] if REST in trees else []
        yield from ((name, other) for other in [*near, *hubs, *rest] if len(trees[other]) >= LEAST_PAGES)
