"""What a library has to say and do to be measured."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["MODES", "Contender", "Mode", "Rows", "Settings", "Sweep", "Task", "Vectors", "without_itself"]

Mode: TypeAlias = Literal["selfjoin", "query"]
MODES: tuple[Mode, ...] = ("selfjoin", "query")
Settings: TypeAlias = dict[str, Any]
Vectors: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.integer[Any]]


class Task(NamedTuple):
    """What a grid is laid out for: a mode, `n` vectors of `d` dimensions, lists of `k`, and whether it may be large."""

    mode: Mode
    n: int
    d: int
    k: int
    full: bool = False


class Sweep(NamedTuple):
    """One index to build, and the searches to try on it, the cheapest first."""

    build: Settings
    searches: Sequence[Settings] = ({},)


class Contender(ABC):
    """A library's index, for unit vectors and their inner products.

    Parameters
    ----------
    mode : {"selfjoin", "query"}
        What it will be asked: all lists at once, or one query at a time.
    k : int
        Neighbours that will be asked for.
    threads : int
        Threads it may use.

    Attributes
    ----------
    name : str
        What tables and ``--contender`` call it.
    package : str
        The distribution to install.
    exact : bool
        Whether it promises every true neighbour.
    ours : bool
        Whether the others are compared with it.
    modes : tuple
        What it can do.
    keeps_vectors : bool
        Whether its index refers to the vectors it was given, which are then part of what it needs.
    warm_up_rows : int
        Vectors that make everything compile that is compiled when first used.
    """

    name: ClassVar[str]
    package: ClassVar[str]
    exact: ClassVar[bool] = False
    ours: ClassVar[bool] = False
    modes: ClassVar[tuple[Mode, ...]] = MODES
    keeps_vectors: bool = False
    warm_up_rows: ClassVar[int] = 4096

    def __init__(self, mode: Mode, k: int, threads: int) -> None:
        self.mode = mode
        self.k = k
        self.threads = threads

    @classmethod
    def version(cls) -> str | None:
        """Return the installed version, or None."""
        try:
            return version(cls.package)
        except PackageNotFoundError:
            return None

    @classmethod
    def missing(cls) -> str | None:
        """Return how to install it, or None where it is."""
        return None if cls.version() else f"pip install {cls.package}"

    @classmethod
    @abstractmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Return the grid; as many sweeps, in one order, whatever `n` is."""

    @abstractmethod
    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Build the index of float32 unit rows, shape (n, d)."""

    def tune(self, **search: Any) -> None:  # noqa: B027 - an index need not have such settings
        """Set what the next searches are done with."""

    @abstractmethod
    def search(self, queries: Vectors, k: int) -> Rows:
        """Return the rows of the neighbours of many queries at once, on all threads, shape (m, k); -1 for none."""

    def self_join(self, vectors: Vectors) -> Rows:
        """Return the neighbours of all vectors, which are those fitted, without themselves, shape (n, k).

        A library that has no such call gets every vector as a query, for one neighbour more.
        """
        return without_itself(self.search(vectors, self.k + 1))

    def query(self, vector: Vectors) -> Rows:
        """Return the neighbours of one vector, shape (at most k,)."""
        found: Rows = self.search(vector[None], self.k)[0]
        return found


def without_itself(rows: Rows) -> Rows:
    """Return each list without the row it is the list of, or without its last where that is not in it.

    Examples
    --------
    >>> without_itself(np.array([[0, 2], [2, 0], [0, 2]])).tolist()
    [[2], [2], [0]]
    """
    n, width = rows.shape
    itself = rows == np.arange(n)[:, None]
    dropped = np.where(itself.any(axis=1), itself.argmax(axis=1), width - 1)
    others: Rows = rows[np.arange(width) != dropped[:, None]].reshape(n, width - 1)
    return others
