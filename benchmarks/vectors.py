"""What an index is measured on: a set of vectors, and queries that are held out from it."""

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
    """Vectors to index and queries to ask, both memory-mapped.

    Parameters
    ----------
    name : str
        What tables and files call it, as ``generated-lsa-256``; the number of vectors is told apart.
    folder : Path
        Holds ``vectors.npy`` and ``queries.npy``, for other processes to map; the truth is kept beside them.
    vectors : ndarray of float32, shape (n, d)
        Unit rows.
    queries : ndarray of float32, shape (m, d)
        Unit rows, not among the vectors.
    facts : dict
        Name, sizes, seed, where they are from, what was done to them; no path. It goes into a result as it is.
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
        """Return the set that is kept in a folder."""
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
    """Return the set that one of three sources gives, from the cache where it was made before.

    Parameters
    ----------
    corpus : Path or None
        Articles: the dense vectors of the lexical encoder, LSA-256, but zero rows, of articles without usable text.
    generated : (int, int) or None
        Vectors to generate, held-out queries not counted, and their dimensions.
    vectors : Path or None
        A ``.npy`` of shape (n, d), or an ``.hdf5`` as ann-benchmarks has them, with queries of its own. Zero rows are
        left out, and others made of length 1.
    like : {"lsa", "sentence"} or None
        What generated vectors resemble; None is "lsa" up to 256 dimensions and "sentence" above.
    n_queries : int
        Rows held out, drawn at random; at most a tenth of all.
    seed : int
        Of the draw and of the generator.
    cache : Path
        Folder of sets, each in a folder named by what it was made of.

    Raises
    ------
    click.UsageError
        If not exactly one source is given.
    InputError
        If it cannot be read.
    """
    if sum(given is not None for given in (corpus, generated, vectors)) != 1:
        raise click.UsageError("wanted one of --corpus PATH, --generated N,D and --vectors FILE")
    if generated is not None:
        n, n_dimensions = generated
        preset = like or ("lsa" if n_dimensions <= 256 else "sentence")
        n_queries = min(n_queries, n // 9)  # a tenth of all, these included
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
    """Write a set aside, a chunk at a time, and swap it in whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        facts = _write(aside, source, n_queries, seed)
        for change, count in facts["changed"].items():
            if count:
                click.echo(f"{source.name}: {change} {count:,}", err=True)
        (aside / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        if not folder.is_dir():  # another process may have been first
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
    """Add the options that name a set of vectors to a command, which hands them as they are to `open_vectors`."""
    path = click.Path(path_type=Path)
    for option in (
        click.option("--seed", default=0, show_default=True, help="Of what is generated and held out."),
        click.option(
            "--queries", "n_queries", type=click.IntRange(min=0), default=2000, show_default=True,
            help="Vectors held out as queries, at most a tenth.",
        ),
        click.option("--like", type=click.Choice(sorted(PRESETS)), help="What generated vectors resemble."),
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
