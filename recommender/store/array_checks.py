"""Arrays of somebody else: none is used before its dtype, its shape and its values are those of its rule.

Checksums tell that an artifact is what somebody wrote. They do not tell that he wrote a site: compiled code follows the
rows and columns that it reads, and one beyond the end would end the process or be read from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.store.array_rules import RULES, ArrayRule

__all__ = ["CheckedArrays"]

_FIRST_MOMENT, _LAST_MOMENT = (
    -62_135_596_800_000_000,
    253_402_300_799_999_999,
)  # microseconds: years 1 to 9999
_OTHER_LANGUAGES = 1_000  # code from which on a language is none of the model's
_BLOCK = 2**20


class CheckedArrays(Mapping[str, NDArray[Any]]):
    """Arrays by name, of which the dtypes and shapes are checked at once, and the values by `check`.

    Parameters
    ----------
    arrays : mapping of str to ndarray
    sizes : mapping of str to int
        Dimensions that are known, by the names in `RULES`.
    rules : mapping of str to ArrayRule

    Raises
    ------
    ValueError
        If the dtype or the shape of an array is not that of its rule.
    """

    def __init__(
        self,
        arrays: Mapping[str, NDArray[Any]],
        sizes: Mapping[str, int],
        rules: Mapping[str, ArrayRule] = RULES,
    ) -> None:
        self._arrays = {name: arrays[name] for name in arrays if name in rules}
        self._rules = rules
        self.sizes = dict(sizes)
        self._checked: set[str] = set()
        self._done: set[tuple[str, ...]] = set()
        for name, array in self._arrays.items():
            rule = rules[name]
            if str(array.dtype) not in rule.dtype.split("|") or not self._fits(array.shape, rule.shape):
                wanted = f"{rule.dtype} of shape ({', '.join(rule.shape)})"
                raise ValueError(f"{name}: wanted {wanted}, got {array.dtype} of shape {array.shape}")

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def check(self, *groups: str) -> list[str]:
        """Check the values of arrays whose names begin so, or of all, and return their names. Each is read once.

        Raises
        ------
        ValueError
            If a value is not allowed by the rule of its array.
        """
        if groups in self._done:
            return []
        begin = groups or ("",)
        names = [name for name in self._arrays if name.startswith(begin) and name not in self._checked]
        for name in names:
            values = self._rules[name].values
            if values and not self._allowed(self._arrays[name], values):
                raise ValueError(f"{name}: holds values that are none of {values}")
        self._checked.update(names)
        self._done.add(groups)
        return names

    def _fits(self, shape: tuple[int, ...], names: tuple[str, ...]) -> bool:
        return len(shape) == len(names) and all(map(self._is_size, shape, names))

    def _is_size(self, size: int, name: str) -> bool:
        """Return whether a dimension has the size that it has elsewhere. What is first seen counts."""
        if name.isdigit():
            return size == int(name)
        if name.endswith("?"):
            return size == 0 or self._is_size(size, name[:-1])
        if name.startswith("64*"):
            return size % 64 == 0 and size // 64 == self._size(name[3:], size // 64)
        more = int(name.endswith("+1"))
        return size >= more and size - more == self._size(name.removesuffix("+1"), size - more)

    def _size(self, name: str, found: int) -> int:
        return self.sizes.setdefault(name, found)

    def _allowed(self, array: NDArray[Any], values: str) -> bool:
        kind, _, of = values.partition(":")
        if ".." in values:
            least, _, end = values.partition("..")
            return _within(array, int(least), self.sizes[end] - 1 if end else None)
        if of:
            return _KINDS[kind](array, self.sizes[of])
        return _KINDS[kind](array, len(array))


def _within(array: NDArray[Any], least: int, most: int | None) -> bool:
    flat = array.reshape(-1)
    for start in range(0, len(flat), _BLOCK):
        part = flat[start : start + _BLOCK]
        if part.min() < least or (most is not None and part.max() > most):
            return False
    return True


def _are_finite(array: NDArray[Any], _: int) -> bool:
    flat = array.reshape(-1)
    parts = (flat[start : start + _BLOCK] for start in range(0, len(flat), _BLOCK))
    return all(bool(np.isfinite(part.min()) and np.isfinite(part.max())) for part in parts)


def _are_positive(array: NDArray[Any], n: int) -> bool:
    flat = array.reshape(-1)
    parts = (flat[start : start + _BLOCK] for start in range(0, len(flat), _BLOCK))
    return all(bool(part.min() > 0 and np.isfinite(part.max())) for part in parts)


def _begin_with_a_unit(array: NDArray[Any], n: int) -> bool:
    limits = np.finfo(np.float32)
    return bool(limits.tiny <= array[0] <= limits.max) and _are_finite(array, n)


def _are_runs(starts: NDArray[Any], end: int) -> bool:
    return bool(starts[0] == 0 and starts[-1] == end and (starts[1:] >= starts[:-1]).all())


def _is_permutation(array: NDArray[Any], n: int) -> bool:
    if not _within(array, 0, n - 1):
        return False
    seen = np.zeros(n, dtype=np.bool_)
    seen[array] = True
    return bool(seen.all())


def _are_moments(array: NDArray[Any], _: int) -> bool:
    ends = np.iinfo(np.int64)
    inside = (array >= _FIRST_MOMENT) & (array <= _LAST_MOMENT)
    return bool((inside | (array == ends.min) | (array == ends.max)).all())


def _are_codes(array: NDArray[Any], n_languages: int) -> bool:
    return bool(((array >= -1) & ((array < n_languages) | (array >= _OTHER_LANGUAGES))).all())


def _is_table(table: NDArray[Any], n_terms: int) -> bool:
    """Return whether a search in a hash table ends: its length is a power of 2, and a slot is free."""
    n = len(table)
    return n > 0 and n & (n - 1) == 0 and _within(table, -1, n_terms - 1) and bool(table.min() == -1)


_KINDS: dict[str, Callable[[NDArray[Any], int], bool]] = {
    "finite": _are_finite, "positive": _are_positive, "unit": _begin_with_a_unit, "runs": _are_runs,
    "permutation": _is_permutation, "moment": _are_moments, "codes": _are_codes, "table": _is_table,
}  # fmt: skip
