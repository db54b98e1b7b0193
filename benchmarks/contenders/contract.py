"""The interface of a compared library."""

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
    """Task of a grid: a mode, `n` vectors of `d` dimensions, lists of `k`, and whether the grid is large."""

    mode: Mode
    n: int
    d: int
    k: int
    full: bool = False


class Sweep(NamedTuple):
    """Settings of one index, and of the searches to try on it, fastest first."""

    build: Settings
    searches: Sequence[Settings] = ({},)


class Contender(ABC):
    """A library's index, for unit vectors and their inner products.

    Parameters
    ----------
    mode : {"selfjoin", "query"}
        All lists at once, or one query at a time.
    k : int
        Number of neighbours.
    threads : int
        Number of threads.

    Attributes
    ----------
    name : str
        Name in tables and for ``--contender``.
    package : str
        The distribution to install.
    exact : bool
        Whether it promises every true neighbour.
    ours : bool
        Whether it belongs to this project; others are compared with it.
    modes : tuple
        Supported modes.
    keeps_vectors : bool
        Whether its index refers to the given vectors, which then count as part of its size.
    warm_up_rows : int
        Number of vectors of a warm-up that compiles everything.
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
        """Return the command that installs it; None if it is installed."""
        return None if cls.version() else f"pip install {cls.package}"

    @classmethod
    @abstractmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Return the grid; the number and order of sweeps must not depend on `n`."""

    @abstractmethod
    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Build the index of float32 unit rows, shape (n, d)."""

    def tune(self, **search: Any) -> None:  # noqa: B027 - an index need not have such settings
        """Set the settings of the next searches."""

    @abstractmethod
    def search(self, queries: Vectors, k: int) -> Rows:
        """Return the neighbours of many queries on all threads, shape (m, k), padded with -1."""

    def self_join(self, vectors: Vectors) -> Rows:
        """Return the neighbours of all fitted vectors, without the vector itself, shape (n, k).

        By default every vector is a query for one neighbour more.
        """
        return without_itself(self.search(vectors, self.k + 1))

    def query(self, vector: Vectors) -> Rows:
        """Return the neighbours of one vector, shape (at most k,)."""
        found: Rows = self.search(vector[None], self.k)[0]
        return found


def without_itself(rows: Rows) -> Rows:
    """Return each list without its own row, or without its last entry if that row is not in it.

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
