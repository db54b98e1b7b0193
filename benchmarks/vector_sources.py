"""Sources of vectors: encoded articles, a generator, or a file. Nothing is read before `Source.open`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import open_corpus
from benchmarks.hdf5 import read_hdf5
from benchmarks.machine import ROOT
from data.generate_vectors import PRESETS, generate
from recommender import read_articles
from recommender.errors import InputError, Problem

__all__ = ["Rows", "Source", "from_corpus", "from_file", "from_generator"]

_ENCODERS = (
    "recommender/text/*.py",
    "recommender/encoders/*.py",
)  # sources that determine the vectors of articles
_CHUNK = 65_536  # rows of a file read at a time
_UNIT = 1e-4  # tolerance of unit length


class Rows(NamedTuple):
    """Vectors that can be read once.

    Attributes
    ----------
    n, n_dimensions : int
        Shape of the vectors.
    chunks : iterator of ndarray of float32, shape (any, d)
        Unit rows.
    queries : ndarray of float32, shape (m, d), or None
        Unit rows, if the source has its own queries.
    changed : dict
        Changes to the vectors: ``n_zero_rows_left_out``, ``n_not_of_length_1``.
    """

    n: int
    n_dimensions: int
    chunks: Iterator[NDArray[np.float32]]
    queries: NDArray[np.float32] | None
    changed: dict[str, int]


class Source(NamedTuple):
    """A source of vectors: name in tables, facts (equal facts mean equal vectors), and a function that reads them."""

    name: str
    facts: dict[str, Any]
    open: Callable[[], Rows]


def from_corpus(path: Path) -> Source:
    """Return the dense vectors of the lexical encoder for the articles at `path`; InputError if there are none."""
    corpus = open_corpus(path)

    def encode() -> Rows:
        from recommender.encoders.lexical import LexicalEncoder
        from recommender.progress import no_progress
        from recommender.text import clean_articles

        texts = clean_articles(read_articles(corpus.articles), no_progress).clean
        return _unit_rows(LexicalEncoder().fit_transform(texts).dense)

    facts = {"from": "articles", **corpus.describe(), "encoder": "lexical", "code": _code(*_ENCODERS)}
    return Source(f"{corpus.name}-lsa", facts, encode)


def from_generator(n: int, n_dimensions: int, preset: str, seed: int) -> Source:
    """Return `n` vectors of `data.generate_vectors`."""
    asked = {"n": n, "n_dimensions": n_dimensions, "preset": preset, "seed": seed}
    code = _code("data/generate_vectors.py")
    rows = generate(n, n_dimensions, PRESETS[preset], seed)
    name = f"generated-{preset}-{n_dimensions}"
    return Source(
        name, {"from": "generator", **asked, "code": code}, lambda: Rows(n, n_dimensions, rows, None, {})
    )


def from_file(path: Path) -> Source:
    """Return the rows of a ``.npy``, or ``train`` and ``test`` of an ``.hdf5`` in the form of ann-benchmarks.

    Raises
    ------
    InputError
        If it is neither, here or when it is read.
    """
    if not path.is_file():
        raise _refusal(path, "no such file", "check the path")
    if path.suffix not in (".npy", ".hdf5"):
        raise _refusal(path, f"the ending {path.suffix!r}", "save the array with numpy.save")
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return Source(path.stem, {"from": "file", "sha256": digest}, lambda: _read(path))


def _read(path: Path) -> Rows:
    try:
        if path.suffix == ".npy":
            return _unit_rows(_checked(np.load(path, mmap_mode="r", allow_pickle=False)))
        train, test = (_checked(part) for part in read_hdf5(path))
        queries = np.concatenate(list(_unit_rows(test).chunks))
        return _unit_rows(train)._replace(queries=queries)
    except ValueError as error:
        raise _refusal(path, str(error), "save one array of floats, a row a vector") from error


def _unit_rows(matrix: NDArray[Any]) -> Rows:
    """Return the nonzero rows, scaled to unit length if necessary; `matrix` may be on disk."""

    def chunks() -> Iterator[NDArray[np.float32]]:
        for start in range(0, len(matrix), _CHUNK):
            yield np.asarray(matrix[start : start + _CHUNK], dtype=np.float32)

    lengths = np.concatenate([np.linalg.norm(chunk.astype(np.float64), axis=1) for chunk in chunks()])
    if not np.isfinite(lengths).all():
        raise ValueError(f"{np.count_nonzero(~np.isfinite(lengths)):,} rows hold NaN or infinity")
    used, off = lengths > 0, np.abs(lengths - 1) > _UNIT
    changed = {"n_zero_rows_left_out": int((~used).sum()), "n_not_of_length_1": int((used & off).sum())}

    def unit() -> Iterator[NDArray[np.float32]]:
        for number, chunk in enumerate(chunks()):
            part = slice(number * _CHUNK, number * _CHUNK + len(chunk))
            scale = np.where(used & off, lengths, 1)[part, None]
            yield (chunk / scale).astype(np.float32)[used[part]]

    return Rows(int(used.sum()), matrix.shape[1], unit(), None, changed)


def _checked(matrix: Any) -> Any:
    if len(matrix.shape) != 2 or 0 in matrix.shape or matrix.dtype.kind != "f":
        raise ValueError(f"{matrix.dtype} of shape {tuple(matrix.shape)}")
    return matrix


def _refusal(path: Path, got: str, move: str) -> InputError:
    wanted = "wanted vectors, a .npy of shape (n, d) or an .hdf5 of ann-benchmarks"
    return InputError(Problem(wanted, got, move, source=str(path)))


def _code(*patterns: str) -> str:
    """Return a digest of source files, so that vectors are made again after these change."""
    digest = hashlib.sha256()
    for file in sorted(file for pattern in patterns for file in ROOT.glob(pattern)):
        digest.update(file.read_bytes())
    return digest.hexdigest()
