"""The indexes of this project."""

from __future__ import annotations

from typing import Any, ClassVar

from benchmarks.contenders.contract import Contender, Mode, Rows, Sweep, Task, Vectors

__all__ = ["Clustered", "Exact", "Graph"]


class Exact(Contender):
    """`ExactIndex`."""

    name = "ours-exact"
    package = "recommender"
    exact = True
    ours = True
    keeps_vectors = True

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Return a single point, as there are no settings."""
        return [Sweep({})]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Store the vectors; the first search makes their codes."""
        from recommender.index.exact import ExactIndex

        self._index: Any = ExactIndex(n_jobs=self.threads).fit(vectors)

    def search(self, queries: Vectors, k: int) -> Rows:
        """Search for all queries in one call."""
        rows: Rows = self._index.kneighbors(queries, k)[1]
        return rows

    def self_join(self, vectors: Vectors) -> Rows:
        """Run the self-join, as the build of a site does."""
        rows: Rows = self._index.kneighbors(n_neighbors=self.k)[1]
        return rows


class Clustered(Exact):
    """`ClusteredIndex`, whose one setting is the recall."""

    name = "ours-clustered"
    exact = False
    modes: ClassVar[tuple[Mode, ...]] = ("selfjoin",)
    warm_up_rows = 25_000  # it compares all pairs up to 20,000

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary the recall."""
        recalls = (0.8, 0.85, 0.9, 0.95, 0.98, 0.99) if task.full else (0.9, 0.95, 0.98)
        return [Sweep({"recall": recall}) for recall in recalls]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Store the vectors; everything else is part of the join."""
        from recommender.index.clustered import ClusteredIndex

        self._index = ClusteredIndex(n_jobs=self.threads, **build).fit(vectors)


class Graph(Exact):
    """`GraphIndex`, with varying links and beams."""

    name = "ours-graph"
    exact = False
    modes: ClassVar[tuple[Mode, ...]] = ("query",)
    warm_up_rows = 25_000  # it is built by the clustered join

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary links, the type of stored vectors, and beams."""
        beams = (
            (10, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 512)
            if task.full
            else (16, 20, 32, 48, 64, 128, 256)
        )
        links = (16, 32, 48) if task.full else (32,)
        builds = [{"n_links": n, "dtype": kept} for n in links for kept in ("float32", "float16")]
        return [Sweep(build, [{"beam": beam} for beam in beams]) for build in builds]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Build the graph."""
        from recommender.index.graph import GraphIndex

        self.keeps_vectors = (
            build.get("dtype") != "float16"
        )  # float16 vectors are a copy and part of the index
        self._index = GraphIndex(n_jobs=self.threads, **build).fit(vectors)

    def tune(self, **search: Any) -> None:
        """Set the beam of the next searches."""
        self._index.set_params(**search)
