"""Vectors of words in many languages that lie near those of their translations, from one file.

The file is made by `models/multilingual`. It is mapped into memory, so processes share it. Words are found by the hash that
the tokenizer gives them. A word that the table does not have gets the vector of its longest beginning that the table has:
endings and compounds of many languages are read so.

The file: the bytes ``RECWORDS``, the length of the header as uint32, the header as JSON (see `_Header`), zeros up to a
multiple of 64, and the arrays, each padded to a multiple of 64: the keys as sorted uint64, the scales as float16, and the
codes, row by row, four dimensions a byte, the first in the lowest bits. A code names one of four levels, the best ones for
normally distributed numbers (Max 1960, table I), which are multiplied by the scale of the row. Numbers are little-endian.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.word_keys import WHOLE, language_seed, longest_known
from recommender.errors import ArtifactError
from recommender.text.characters import fold

__all__ = ["WordTable", "packaged_table", "write_word_table"]

_MAGIC = b"RECWORDS"
_LINE = 64
_LEVELS = np.array([-1.51, -0.4528, 0.4528, 1.51], dtype=np.float32)
_BOUNDS = np.array([-0.9816, 0.0, 0.9816], dtype=np.float32)
_IN_BYTE = np.array(
    [[_LEVELS[byte >> 2 * place & 3] for place in range(4)] for byte in range(256)], np.float32
)
_FILE = "words.table"
_PLACES = (Path(__file__).parent, Path(__file__).parents[2] / "models" / "multilingual")  # wheel, checkout


@dataclass(frozen=True)
class _Header:
    """What a file says of itself."""

    version: int
    rows: int
    dimensions: int
    languages: tuple[str, ...]  # those that have keys of their own
    sha256: str  # of the arrays


class WordTable:
    """A table of word vectors.

    Use `open`. Vectors are not of unit length: a word that says little of its text has a short one.

    Attributes
    ----------
    dimensions : int
    languages : tuple of str
        Primary subtags of the languages that the table was made for.
    fingerprint : str
        64 hexadecimal digits. Differs where a vector differs.

    Examples
    --------
    >>> table = WordTable.open()
    >>> water, _ = table.rows_of(["water"])
    >>> others, known = table.rows_of(["Wasser", "Schule", "Qqqqx"], "de")
    >>> known.tolist(), int((others @ water.T).argmax())
    ([True, True, False], 0)
    """

    def __init__(
        self, header: _Header, keys: NDArray[np.uint64], scales: NDArray[np.float16], codes: NDArray[np.uint8]
    ) -> None:
        self.dimensions = header.dimensions
        self.languages = header.languages
        self.fingerprint = header.sha256
        self._keys, self._scales, self._codes = keys, scales, codes

    def __len__(self) -> int:
        return len(self._keys)

    @classmethod
    def open(cls, path: str | Path | None = None) -> Self:
        """Map a table into memory and compare it with its checksum.

        Parameters
        ----------
        path : str, Path or None, default None
            None opens the table that is installed with the package.

        Raises
        ------
        ArtifactError
            If the file is missing, is not a table, or differs from its checksum.
        """
        file = packaged_table() if path is None else Path(path)
        try:
            with file.open("rb") as stream:
                data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # ValueError: an empty file cannot be mapped
            raise ArtifactError(f"{file}: expected a table of words, got {error}; {_NEXT_MOVE}") from error
        header, start = _read_header(data, file)
        found = hashlib.sha256(memoryview(data)[start:]).hexdigest()
        if found != header.sha256:
            raise ArtifactError(f"{file}: expected sha256 {header.sha256}, got {found}; {_NEXT_MOVE}")
        shapes: list[tuple[tuple[int, ...], Any]] = [
            ((header.rows,), "<u8"),
            ((header.rows,), "<f2"),
            ((header.rows, header.dimensions // 4), "u1"),
        ]
        arrays = []
        for shape, dtype in shapes:
            array = np.frombuffer(data, dtype, int(np.prod(shape)), start).reshape(shape)
            arrays.append(array)
            start += _padded(array.nbytes)
        return cls(header, *arrays)

    def rows_of(
        self, words: Sequence[str], language: str | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return the vectors of words, zero for unknown ones, and which are known.

        Parameters
        ----------
        words : sequence of str, length n
            Words as the tokenizer cuts them, in any case: pairs of characters in scripts without spaces.
        language : str or None, default None
            Primary subtag of the text that they are from. A table may have other vectors for the same spelling in another
            language. None, and languages without vectors of their own, take those of all languages.

        Returns
        -------
        vectors : ndarray of float32, shape (n, dimensions)
        known : ndarray of bool, shape (n,)
        """
        folded = [fold(word).encode() for word in words]
        offsets = np.zeros(len(folded) + 1, dtype=np.int64)
        np.cumsum([len(word) for word in folded], out=offsets[1:])
        rows, weights = self.find(np.frombuffer(b"".join(folded), dtype=np.uint8), offsets, language)
        return self.vectors(rows) * weights[:, None], rows >= 0

    def find(
        self, spelling: NDArray[np.uint8], offsets: NDArray[np.int64], language: str | None = None
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the row of each folded word, and the factor by which its vector counts.

        Parameters
        ----------
        spelling, offsets : ndarray of uint8, ndarray of int64, shape (n + 1,)
            Words in UTF-8, as a `Vocabulary` has them. A pair of words is unknown.
        language : str or None
            As in `rows_of`.

        Returns
        -------
        rows : ndarray of int32, shape (n,)
            -1 for unknown words.
        weights : ndarray of float32, shape (n,)
            1 for words that the table has, 0 for unknown ones, between for words of which it has the beginning.
        """
        seed = language_seed(language if language in self.languages else None)
        rows, shares = longest_known(spelling, offsets, self._keys, seed)
        return rows, np.where(shares == WHOLE, 1.0, shares).astype(np.float32)

    def vectors(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the vectors of rows, shape (n, dimensions), and zeros for -1."""
        if not len(self):
            return np.zeros((len(rows), self.dimensions), dtype=np.float32)
        scales = np.where(rows >= 0, self._scales[rows], np.float16(0)).astype(np.float32)
        return np.asarray(_IN_BYTE[self._codes[rows]].reshape(len(rows), self.dimensions) * scales[:, None])


_NEXT_MOVE = "install the package again, or give the path of another table"


@cache
def packaged_table() -> Path:
    """Return the file of the installed table."""
    return next((place / _FILE for place in _PLACES if (place / _FILE).is_file()), _PLACES[0] / _FILE)


def write_word_table(
    path: str | Path, keys: NDArray[np.uint64], vectors: NDArray[np.float32], languages: Sequence[str]
) -> str:
    """Write a table and return its checksum. The same input gives the same bytes.

    Parameters
    ----------
    path : str or Path
    keys : ndarray of uint64, shape (n,)
        Keys of words (see `word_keys`), none twice, in any order.
    vectors : ndarray of float32, shape (n, dimensions)
        Each is stored with 2 bits a dimension, a multiple of 4 of them.
    languages : sequence of str
        Those that have keys of their own.
    """
    order = np.argsort(keys)
    if len(np.unique(keys)) != len(keys):
        raise ValueError("keys must differ")
    vectors = vectors[order]
    if vectors.shape[1] % 4:
        raise ValueError(f"expected a multiple of 4 dimensions, got {vectors.shape[1]}")
    scales = np.sqrt((vectors * vectors).mean(axis=1)).astype("<f2")
    codes = np.digitize(vectors / np.where(scales > 0, scales, 1)[:, None], _BOUNDS).astype(np.uint8)
    packed = sum((codes[:, place::4] << 2 * place for place in range(4)), np.zeros_like(codes[:, ::4]))
    payload = b"".join(_line(array.tobytes()) for array in (keys[order].astype("<u8"), scales, packed))
    digest = hashlib.sha256(payload).hexdigest()
    facts = {
        "version": 1,
        "rows": len(keys),
        "dimensions": vectors.shape[1],
        "languages": list(languages),
        "sha256": digest,
    }
    header = json.dumps(facts).encode()
    Path(path).write_bytes(_line(_MAGIC + len(header).to_bytes(4, "little") + header) + payload)
    return digest


def _read_header(data: mmap.mmap, file: Path) -> tuple[_Header, int]:
    """Return the header and the byte at which the arrays begin."""
    begin = len(_MAGIC) + 4
    end = begin + int.from_bytes(data[len(_MAGIC) : begin], "little")
    try:
        if data[: len(_MAGIC)] != _MAGIC:
            raise ValueError("another kind of file")
        facts = json.loads(data[begin:end])
        if facts["version"] != 1:
            raise ValueError(f"version {facts['version']}")
        header = _Header(**{**facts, "languages": tuple(facts["languages"])})
        parts = (8 * header.rows, 2 * header.rows, header.dimensions // 4 * header.rows)
        if len(data) != _padded(end) + sum(map(_padded, parts)):
            raise ValueError(f"{len(data)} bytes")
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactError(
            f"{file}: expected a table of words of version 1, got {error}; {_NEXT_MOVE}"
        ) from error
    return header, _padded(end)


def _padded(size: int) -> int:
    return -(-size // _LINE) * _LINE


def _line(data: bytes) -> bytes:
    return data.ljust(_padded(len(data)), b"\0")
