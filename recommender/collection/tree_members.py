"""Which pages belong to trees that hold the same pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple, TypeAlias

__all__ = ["REST", "Family", "Page", "Spot", "Tree", "tree_members"]

Family: TypeAlias = tuple[str, ...]
Page: TypeAlias = tuple[str, ...]
Tree: TypeAlias = tuple[Family, str]

REST = ""
"""Name of the tree of pages whose path names none, where such pages are parallel to others."""

_LEAST = 3  # pages that two trees have in common
_MOST = 200  # names at one place; more are no versions or languages


class Spot(NamedTuple):
    """A segment of a path that may name a tree.

    Attributes
    ----------
    family : tuple
        What the paths of parallel trees have in common.
    name : str
        Name of the tree among those of its family.
    page : tuple of str
        The page within its tree.
    bare : tuple of str
        The path of the same page in the tree without a name.
    """

    family: Family
    name: str
    page: Page
    bare: Page


def tree_members(
    spots: Sequence[Sequence[Spot]], paths: Sequence[Page], fit: Callable[[Family, str, str], bool]
) -> list[Tree | None]:
    """Return the tree of each page, or None.

    Two trees are parallel if they have at least three pages in common, at least half of those of the smaller one. A
    smaller tree joins them if half of its pages have a counterpart. The tree without a name holds the pages in the
    folders of those that have a counterpart.

    Parameters
    ----------
    spots : sequence of sequence of Spot, length n
        What may name the tree of each page, the first that does counts.
    paths : sequence of tuple of str, length n
    fit : callable
        Whether a family may have two names. The second may be `REST`.
    """
    if not any(spots):
        return [None] * len(paths)
    pages: dict[Family, dict[str, set[Page]]] = defaultdict(lambda: defaultdict(set))
    known = set(paths)
    for spot in (spot for each in spots for spot in each):
        pages[spot.family][spot.name].add(spot.page)
        if spot.bare in known:
            pages[spot.family][REST].add(spot.page)
    names = {
        family: _parallel(family, trees, fit) for family, trees in pages.items() if 1 < len(trees) <= _MOST
    }
    namers = [
        next((spot for spot in each if spot.name in names.get(spot.family, ())), None) for each in spots
    ]
    rest: dict[Page, Family] = {}
    for family, folder in sorted(
        {(each.family, each.bare[:-1]) for each in namers if each and each.bare in known}
    ):
        if REST in names[family]:
            rest[folder] = max(rest.get(folder, family), family, key=len)
    return [
        (namer.family, namer.name)
        if namer
        else (rest[path[:-1]], REST)
        if path[:-1] in rest and path
        else None
        for namer, path in zip(namers, paths, strict=True)
    ]


def _parallel(
    family: Family, trees: dict[str, set[Page]], fit: Callable[[Family, str, str], bool]
) -> set[str]:
    """Return the names of the trees of a family that are parallel to another."""
    found: set[str] = set()
    for other, one in combinations(sorted(trees), 2):  # the rest comes first
        smaller = len(trees[one]) if other == REST else min(len(trees[one]), len(trees[other]))
        common = len(trees[one] & trees[other])
        if common >= max(_LEAST, smaller / 2) and fit(family, one, other):
            found |= {one, other}
    if found:
        shared = set[Page]().union(*(trees[name] for name in found))
        found |= {
            name for name in sorted(trees.keys() - found - {REST})
            if 2 * len(trees[name] & shared) >= len(trees[name]) and any(fit(family, name, other) for other in found)
        }  # fmt: skip
    return found
