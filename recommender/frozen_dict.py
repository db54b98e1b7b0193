"""A dictionary that does not change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeVar

__all__ = ["FrozenDict"]

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A dictionary without methods that change it. It can be hashed, pickled, copied and written as JSON.

    Examples
    --------
    >>> settings = FrozenDict({"section": 2})
    >>> settings["section"], hash(settings) == hash(FrozenDict(section=2))
    (2, True)
    >>> settings["tags"] = 3
    Traceback (most recent call last):
    TypeError: a FrozenDict does not change; make a new one
    """

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a FrozenDict does not change; make a new one")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self))  # of the names alone: values such as lists have no hash

    def __reduce__(self) -> tuple[type[FrozenDict[K, V]], tuple[dict[K, V]]]:
        return type(self), (dict(self),)

    def __or__(self, other: Mapping[Any, Any]) -> FrozenDict[Any, Any]:
        return type(self)({**self, **other})

    def copy(self) -> FrozenDict[K, V]:
        """Return the same dictionary, which does not change."""
        return self

    def __copy__(self) -> FrozenDict[K, V]:
        return self

    @classmethod
    def fromkeys(cls, keys: Iterable[K], value: Any = None) -> FrozenDict[K, Any]:  # type: ignore[override]
        """Return a dictionary with one value for all keys."""
        return cls(dict.fromkeys(keys, value))
