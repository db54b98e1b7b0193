"""What an artifact keeps of each article, as columns that are read one entry at a time."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, overload

import numpy as np
import orjson
from numpy.typing import NDArray

from recommender.articles import Article, ArticleSummary
from recommender.errors import UnknownArticleError

__all__ = ["OWN_FIELDS", "StringColumn", "SummaryTable", "columns_of"]

OWN_FIELDS = ("section", "language", "url", "description", "image")
"""What articles may have beside an id, a title, a text and a date; any other field is of their metadata."""

_ROWS = 4_096  # entries of a column that are read at once
_TEXTS = ("article_id", "title", *OWN_FIELDS, "metadata")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_DATE = np.iinfo(np.int64).min


class StringColumn(Sequence[str]):
    """Texts in UTF-8, one after the other, and where each starts."""

    def __init__(self, spelling: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
        self.spelling = spelling
        self.offsets = offsets

    @classmethod
    def of(cls, texts: Iterable[bytes]) -> StringColumn:
        """Return a column of texts given as UTF-8."""
        texts = list(texts)
        offsets = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in texts], out=offsets[1:])
        return cls(np.frombuffer(b"".join(texts), dtype=np.uint8), offsets)

    def bytes_at(self, row: int) -> bytes:
        """Return one text as UTF-8."""
        start, end = self.offsets[row], self.offsets[row + 1]
        return self.spelling[start:end].tobytes()  # bytes() takes twice as long

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        return self.bytes_at(range(len(self))[row]).decode()

    def take(self, rows: Iterable[int]) -> list[str]:
        """Return the texts of some rows, 0 to n - 1; costs less than half of what they cost one by one."""
        spelling, offsets = self.spelling, self.offsets
        return [spelling[offsets[row] : offsets[row + 1]].tobytes().decode() for row in rows]

    def __iter__(self) -> Iterator[str]:
        """Yield all texts, read in long parts: an entry by itself costs as much as fifty so."""
        for start in range(0, len(self), _ROWS):
            offsets = self.offsets[start : start + _ROWS + 1]
            part = self.spelling[offsets[0] : offsets[-1]].tobytes()
            for begin, end in pairwise((offsets - offsets[0]).tolist()):
                yield part[begin:end].decode()

    def __len__(self) -> int:
        return int(self.offsets.shape[0]) - 1


class SummaryTable(Sequence[ArticleSummary]):
    """All summaries of a site in the order of the input, found by row or by id.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        As `columns_of` gives them; may be memory-mapped, and is read only where asked.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = arrays
        self._columns: dict[str, StringColumn] = {}

    def __len__(self) -> int:
        return int(self._arrays["published"].shape[0])

    @overload
    def __getitem__(self, row: int) -> ArticleSummary: ...
    @overload
    def __getitem__(self, row: slice) -> list[ArticleSummary]: ...
    def __getitem__(self, row: int | slice) -> ArticleSummary | list[ArticleSummary]:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        row = range(len(self))[row]
        seconds = int(self._arrays["published"][row])
        metadata = self.column("metadata").bytes_at(row)
        return ArticleSummary(
            article_id=self.column("article_id")[row],
            title=self.column("title")[row],
            published=None if seconds == _NO_DATE else _EPOCH + timedelta(microseconds=seconds),
            **{name: self.column(name)[row] or None for name in OWN_FIELDS},
            metadata=orjson.loads(metadata) if metadata else {},
        )

    def column(self, name: str) -> StringColumn:
        """Return one text column by its field name."""
        if name not in self._columns:
            self._columns[name] = StringColumn(
                self._arrays[f"{name}_spelling"], self._arrays[f"{name}_offsets"]
            )
        return self._columns[name]

    def values(self, name: str) -> Iterator[Any]:
        """Yield a field of `OWN_FIELDS` of every article, or an entry of its metadata; None where there is none."""
        if name in OWN_FIELDS:
            return (text or None for text in self.column(name))
        return (orjson.loads(text).get(name) if text else None for text in self.column("metadata"))

    def row(self, article_id: str) -> int:
        """Return the row of an id, or of the same characters composed or decomposed; costs a binary search.

        Raises
        ------
        UnknownArticleError
            If the site has no such article.
        """
        row = self._row(article_id)
        if row is None and not article_id.isascii():
            forms = (unicodedata.normalize(form, article_id) for form in ("NFC", "NFD"))
            row = next((found for form in forms if (found := self._row(form)) is not None), None)
        if row is None:
            raise UnknownArticleError(
                f"no article has the id {article_id!r} among the {len(self):,} of this artifact; "
                "check the spelling, or build again if it is new"
            )
        return row

    def _row(self, article_id: str) -> int | None:
        hashes = self._arrays["id_hashes"]
        wanted = _hash(article_id)
        at = int(np.searchsorted(hashes, wanted))
        while at < hashes.shape[0] and hashes[at] == wanted:
            row = int(self._arrays["id_rows"][at])
            if self.column("article_id")[row] == article_id:
                return row
            at += 1
        return None


def columns_of(articles: Sequence[Article | ArticleSummary]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a `SummaryTable`, and the order of the ids as `id_order`."""
    arrays: dict[str, NDArray[Any]] = {}
    for name in _TEXTS:
        column = StringColumn.of(_encoded(getattr(article, name)) for article in articles)
        arrays[f"{name}_spelling"], arrays[f"{name}_offsets"] = column.spelling, column.offsets
    arrays["published"] = np.array([_microseconds(article.published) for article in articles], dtype=np.int64)
    hashes = np.array([_hash(article.article_id) for article in articles], dtype=np.uint64)
    order = np.argsort(hashes, kind="stable")
    arrays["id_hashes"], arrays["id_rows"] = hashes[order], order.astype(np.int32)
    by_id = sorted(range(len(articles)), key=lambda row: articles[row].article_id)
    arrays["id_order"] = np.empty(len(articles), dtype=np.int32)
    arrays["id_order"][by_id] = np.arange(len(articles), dtype=np.int32)
    return arrays


def _encoded(value: str | Mapping[str, Any] | None) -> bytes:
    if isinstance(value, Mapping):
        return orjson.dumps(dict(value), default=str, option=orjson.OPT_NON_STR_KEYS) if value else b""
    return (value or "").encode()


def _microseconds(moment: datetime | None) -> int:
    return _NO_DATE if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def _hash(article_id: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(article_id.encode(), digest_size=8).digest(), "little"))
