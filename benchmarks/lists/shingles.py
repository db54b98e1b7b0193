"""Near copies found independently of the engine: words by a regex, sets of shingles as rows of a sparse matrix."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

__all__ = ["AT_LEAST", "Copies", "find_copies"]

AT_LEAST = 0.8
_WORDS = 5
_BLOCK = 512  # rows multiplied at a time
_SPACELESS = "\u3041-\u30ff\u3400-\u9fff"  # kana and Han: each character is a word
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")


class Copies(NamedTuple):
    """Articles that share most of their shingles.

    Attributes
    ----------
    pairs : csr_matrix of float64, shape (n, n)
        Jaccard similarities of near copies, symmetric; no entry for other pairs.
    groups : ndarray of int32, shape (n,)
        Number of the connected component of each article.
    """

    pairs: Any
    groups: NDArray[np.int32]

    def sizes(self) -> list[int]:
        """Return the sizes of the groups of two or more, the largest first."""
        counts = np.bincount(self.groups)
        return sorted(counts[counts > 1].tolist(), reverse=True)


def find_copies(bodies: Iterable[str], at_least: float = AT_LEAST) -> Copies:
    """Return all pairs whose shingles of five words have a Jaccard similarity of at least `at_least`."""
    sets = _sets(bodies)
    sizes = np.diff(sets.indptr)
    often = np.asarray(sets.sum(axis=0)).ravel() > 1  # shingles of a single article are in no intersection
    shared = sets[:, np.flatnonzero(often)]
    across = shared.T.tocsr()
    rows, columns, values = [], [], []
    for start in range(0, len(sizes), _BLOCK):
        both = (shared[start : start + _BLOCK] @ across).tocoo()
        one, other = both.row + start, both.col
        jaccard = both.data / (sizes[one] + sizes[other] - both.data)
        alike = (jaccard >= at_least) & (one != other)
        rows.append(one[alike])
        columns.append(other[alike])
        values.append(jaccard[alike])
    n = len(sizes)
    found = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
    pairs = csr_matrix(found, shape=(n, n))
    return Copies(pairs, connected_components(pairs, directed=False)[1])


def _sets(bodies: Iterable[str]) -> Any:
    columns: dict[tuple[str, ...], int] = {}
    indices: list[int] = []
    ends = [0]
    for body in bodies:
        words = _WORD.findall(unicodedata.normalize("NFKC", body).casefold())
        shingles = {tuple(words[at : at + _WORDS]) for at in range(len(words) - _WORDS + 1)}
        indices += [columns.setdefault(shingle, len(columns)) for shingle in shingles]
        ends.append(len(indices))
    ones = np.ones(len(indices), dtype=np.int32)
    return csr_matrix((ones, indices, ends), shape=(len(ends) - 1, max(len(columns), 1)))
