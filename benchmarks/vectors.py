"""Sets of vectors on which indexes are measured, with held-out queries."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import click
import numpy as np
from numpy.lib.format import write_array_header_1_0
from numpy.typing import NDArray

from benchmarks.machine import ROOT
from benchmarks.vector_sources import Source, from_corpus, from_file, from_generator
from data.generate_vectors import PRESETS

__all__ = ["CACHE", "VectorSet", "open_vectors", "vectors_options"]

CACHE = ROOT / "build" / "vectors-bench"


@dataclass(frozen=True, slots=True)
class VectorSet:
    """Vectors to index, and queries; both memory-mapped.

    Parameters
    ----------
    name : str
        Name in tables and files, as ``generated-lsa-256``, without the number of vectors.
    folder : Path
        Holds ``vectors.npy`` and ``queries.npy``, which other processes map, and the exact neighbours.
    vectors : ndarray of float32, shape (n, d)
        Unit rows.
    queries : ndarray of float32, shape (m, d)
        Unit rows, not among the vectors.
    facts : dict
        Name, sizes, seed, source and changes, but no path; part of a result.
    """

    name: str
    folder: Path
    vectors: NDArray[np.float32]
    queries: NDArray[np.float32]
    facts: dict[str, Any]

    @property
    def vectors_path(self) -> Path:
        """The file of the vectors."""
        return self.folder / "vectors.npy"

    @property
    def queries_path(self) -> Path:
        """The file of the queries."""
        return self.folder / "queries.npy"

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the set stored in a folder."""
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        vectors, queries = (np.load(folder / f"{part}.npy", mmap_mode="r") for part in ("vectors", "queries"))
        return cls(facts["name"], folder, vectors, queries, facts)


def open_vectors(
    *,
    corpus: Path | None = None,
    generated: tuple[int, int] | None = None,
    vectors: Path | None = None,
    like: str | None = None,
    n_queries: int = 2000,
    seed: int = 0,
    cache: Path = CACHE,
) -> VectorSet:
    """Return the set from one of three sources, or from the cache if it was made before.

    Parameters
    ----------
    corpus : Path or None
        Articles, encoded to the dense vectors of the lexical encoder, LSA-256. Zero rows, of articles without usable
        text, are left out.
    generated : (int, int) or None
        Number of vectors to generate, without queries, and dimensions.
    vectors : Path or None
        A ``.npy`` of shape (n, d), or an ``.hdf5`` in the form of ann-benchmarks, with its own queries. Zero rows are
        left out, and other rows are scaled to unit length.
    like : {"lsa", "sentence"} or None
        Kind of vectors that generated ones resemble; None for "lsa" up to 256 dimensions and "sentence" above.
    n_queries : int
        Number of held-out rows, drawn at random; at most a tenth of all.
    seed : int
        Seed of the draw and of the generator.
    cache : Path
        Folder of sets, each in a subfolder named by a hash of its source.

    Raises
    ------
    click.UsageError
        If not exactly one source is given.
    InputError
        If the source cannot be read.
    """
    if sum(given is not None for given in (corpus, generated, vectors)) != 1:
        raise click.UsageError("wanted one of --corpus PATH, --generated N,D and --vectors FILE")
    if generated is not None:
        n, n_dimensions = generated
        preset = like or ("lsa" if n_dimensions <= 256 else "sentence")
        n_queries = min(n_queries, n // 9)  # a tenth of all, including the queries
        source = from_generator(n + n_queries, n_dimensions, preset, seed)
    elif corpus is not None:
        source = from_corpus(corpus)
    elif vectors is not None:
        source = from_file(vectors)
    key = json.dumps([source.facts, n_queries, seed], sort_keys=True)
    folder = cache / hashlib.sha256(key.encode()).hexdigest()[:32]
    if not folder.is_dir():
        _make(folder, source, n_queries, seed)
    return VectorSet.load(folder)


def _make(folder: Path, source: Source, n_queries: int, seed: int) -> None:
    """Write a set to a temporary folder in chunks, then rename it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        facts = _write(aside, source, n_queries, seed)
        for change, count in facts["changed"].items():
            if count:
                click.echo(f"{source.name}: {change} {count:,}", err=True)
        (aside / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        if not folder.is_dir():  # another process may have written it meanwhile
            aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write(folder: Path, source: Source, n_queries: int, seed: int) -> dict[str, Any]:
    rows = source.open()
    n_held = 0 if rows.queries is not None else min(n_queries, rows.n // 10)
    held = np.zeros(rows.n, dtype=bool)
    held[np.random.default_rng(seed).choice(rows.n, n_held, replace=False)] = True
    shape = (rows.n - n_held, rows.n_dimensions)
    queries, start = [], 0
    with (folder / "vectors.npy").open("wb") as file:
        write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
        for chunk in rows.chunks:
            asked = held[start : start + len(chunk)]
            file.write(chunk[~asked].tobytes())
            queries.append(chunk[asked])
            start += len(chunk)
    own = np.concatenate(queries) if rows.queries is None else rows.queries
    np.save(folder / "queries.npy", own)
    sizes = {"n": shape[0], "n_dimensions": shape[1], "n_queries": len(own), "seed": seed}
    return {"name": source.name, **sizes, "source": source.facts, "changed": rows.changed}


def vectors_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name a set of vectors to a command, which passes them to `open_vectors`."""
    path = click.Path(path_type=Path)
    for option in (
        click.option("--seed", default=0, show_default=True, help="Seed of the generator and of held-out queries."),
        click.option(
            "--queries", "n_queries", type=click.IntRange(min=0), default=2000, show_default=True,
            help="Vectors held out as queries, at most a tenth.",
        ),
        click.option("--like", type=click.Choice(sorted(PRESETS)), help="Kind of vectors that generated ones resemble."),
        click.option("--vectors", type=path, help="A .npy, or an .hdf5 of ann-benchmarks."),
        click.option("--generated", type=_Shape(), metavar="N,D", help="N vectors of D dimensions."),
        click.option("--corpus", type=path, help="Articles, encoded to LSA-256."),
    ):  # fmt: skip
        command = option(command)
    return command


class _Shape(click.ParamType[tuple[int, int]]):
    name = "N,D"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        try:
            n, n_dimensions = (int(part.replace("_", "")) for part in str(value).split(","))
        except ValueError:
            n = n_dimensions = 0
        if min(n, n_dimensions) < 1:
            self.fail(f"wanted vectors and dimensions, as 600000,256, got {value!r}", param, ctx)
        return n, n_dimensions
