"""The trees of a site as numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.collection.translations import Translation
from recommender.collection.tree_members import REST, Family, Spot
from recommender.text.close_languages import are_close
from recommender.text.language_tags import tag_as_written

__all__ = ["NO_TREES", "TreeNames", "Trees", "numbered_trees"]

_MOST = 2**15 - 1  # trees of one kind whose order is told apart


class Trees(NamedTuple):
    """The translation and the version that each article belongs to.

    Attributes
    ----------
    names : tuple of str
        Names of all trees, translations first, then versions: of each family the newest first.
    members : ndarray of int32, shape (n, 2)
        Places in `names` of each article's translation and version, -1 for none. Without rows if there are no trees.
    families : ndarray of int64, shape (n, 2)
        The same number for articles of trees that are parallel to each other, -1 for none.
    pages : ndarray of int64, shape (n, 2)
        The same number for translations of a page, and for versions of a page; -1 for a page outside the trees.
    order : ndarray of int32, shape (n,)
        Of the versions and translations of a page the one with the least number stands for it; 0 outside the trees.
    """

    names: tuple[str, ...]
    members: NDArray[np.int32]
    families: NDArray[np.int64]
    pages: NDArray[np.int64]
    order: NDArray[np.int32]

    def counts(self) -> dict[str, int]:
        """Return the number of articles of each tree."""
        sizes = np.bincount(self.members[self.members >= 0], minlength=len(self.names))
        return dict(zip(self.names, sizes.tolist(), strict=True))


NO_TREES = Trees(
    (),
    np.zeros((0, 2), np.int32),
    np.zeros((0, 2), np.int64),
    np.zeros((0, 2), np.int64),
    np.zeros(0, np.int32),
)


class TreeNames(NamedTuple):
    """The trees of a site in their order.

    Attributes
    ----------
    translations : tuple of str
        That without a name first, then the largest first.
    versions : tuple of (folder, str)
        Folder and name; of each folder the newest first.
    """

    translations: tuple[str, ...] = ()
    versions: tuple[tuple[Family, str], ...] = ()


def numbered_trees(
    order: TreeNames,
    translations: Sequence[Translation],
    versions: Sequence[Spot | None],
    languages: Sequence[str],
) -> Trees:
    """Return the translations and versions of pages, and the languages that these are in, as numbers."""
    names, trees = order
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
            [-1 if each is None else codes.get(each.name or REST, -1) for each in kept],
            [-1 if each is None else version_codes.get((each.area, each.name), -1) for each in versions],
        ).astype(np.int32),
        _columns(
            [_number(None if each is None else each.area) for each in kept],
            [_number(None if each is None else each.area) for each in versions],
        ),
        _columns(
            [_number(None if each.name is None else (each.area, each.bare)) for each in translations],
            [_number(None if each is None else (each.area, each.bare)) for each in versions],
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
    found = []
    for each, version, language in zip(translations, versions, languages, strict=True):
        late = bool(each.language and language and not are_close(language, each.language))
        age = 0
        if version is not None and version.area in newest:
            age = version_codes.get((version.area, version.name), newest[version.area]) - newest[version.area]
        place = 0 if each.name is None else codes.get(each.name, len(codes))
        found.append((late << 30) + (min(age, _MOST) << 15) + min(place, _MOST))
    return np.array(found, np.int32)


def _columns(*columns: Sequence[int]) -> NDArray[np.int64]:
    return np.array(columns, np.int64).T.copy()


def _number(key: Hashable | None) -> int:
    """Return a number of 63 bits that is the same for equal keys, in every process; -1 for None."""
    if key is None:
        return -1
    digest = hashlib.blake2b(repr(key).encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1
