"""The trees of a site as numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.collection.translations import Translation
from recommender.collection.tree_members import REST, Family, Spot
from recommender.collection.version_names import newest_first
from recommender.text.close_languages import are_close
from recommender.text.language_tags import tag_as_written

__all__ = ["NO_TREES", "Trees", "numbered_trees"]


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


def numbered_trees(
    translations: Sequence[Translation], versions: Sequence[Spot | None], languages: Sequence[str]
) -> Trees:
    """Return the translations and versions of pages, and the languages that these are in, as numbers."""
    sizes = Counter(each.name for each in translations if each.name is not None)
    names = sorted(sizes, key=lambda name: (name != REST, -sizes[name], name))
    trees = sorted(
        {(each.area, each.name) for each in versions if each},
        key=lambda tree: (tree[0], newest_first(tree[1]), tree[1]),
    )
    codes = {name: code for code, name in enumerate(names)}
    version_codes = {tree: len(names) + code for code, tree in enumerate(trees)}
    kept = [each if each.name is not None and each.counts else None for each in translations]
    shown = [tag_as_written(name) or "no language in the path" for name in names]
    shown += [
        "/".join((*area, name)) if name else f"{'/'.join(area)}/ without a version" for area, name in trees
    ]
    return Trees(
        tuple(shown),
        _columns(
            [-1 if each is None else codes[each.name or REST] for each in kept],
            [-1 if each is None else version_codes[each.area, each.name] for each in versions],
        ),
        _columns(
            _numbered(None if each is None else each.area for each in kept),
            _numbered(None if each is None else each.area for each in versions),
        ),
        _columns(
            _numbered(None if each.name is None else (each.area, each.bare) for each in translations),
            _numbered(None if each is None else (each.area, each.bare) for each in versions),
        ),
        _order(translations, versions, languages, codes, version_codes),
    )


def _order(
    translations: Sequence[Translation],
    versions: Sequence[Spot | None],
    languages: Sequence[str],
    codes: Mapping[str, int],
    version_codes: Mapping[tuple[Family, str], int],
) -> NDArray[np.int32]:
    """Return the order of pages: first those in the language of their translation, then by version and translation."""
    newest = {area: code for (area, _), code in reversed(list(version_codes.items()))}
    keys = []
    for each, version, language in zip(translations, versions, languages, strict=True):
        late = bool(each.language and language and not are_close(language, each.language))
        age = 0 if version is None else version_codes[version.area, version.name] - newest[version.area]
        keys.append((late, age, 0 if each.name is None else codes[each.name]))
    ranks = {key: rank for rank, key in enumerate(sorted({(False, 0, 0), *keys}))}
    return np.array([ranks[key] for key in keys], np.int32)


def _columns(*columns: Sequence[int]) -> NDArray[np.int32]:
    return np.array(columns, np.int32).T.copy()


def _numbered(keys: Iterable[Hashable]) -> list[int]:
    """Return the same number for equal keys, in the order of their first occurrence; -1 for None."""
    numbers: dict[Hashable, int] = {}
    return [-1 if key is None else numbers.setdefault(key, len(numbers)) for key in keys]
