"""What a site keeps of each article beside its vectors, as columns that are read one entry at a time."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self, overload
from zlib import crc32

import numpy as np
import orjson
from numpy.typing import NDArray

from recommender.articles import Article, ArticleSummary
from recommender.collection.record_checksums import RecordChecksums, Verify, damaged, unstored
from recommender.collection.string_column import StringColumn
from recommender.errors import UnknownArticleError

__all__ = [
    "CARD", "NO_DATE", "OWN_FIELDS", "TEXT_COLUMNS", "SummaryTable", "microseconds", "spellings", "unknown_article",
]  # fmt: skip

OWN_FIELDS = ("section", "language", "url", "description", "image")
"""Fields of an article beside id, title, text and date. Any other field belongs to its metadata."""

TEXT_COLUMNS = ("article_id", "title", *OWN_FIELDS, "metadata")
"""Names of the columns of a `SummaryTable`."""

CARD = ("article_id", "title", "url", "description", "image")
"""Columns that are shown of an article in a list."""

NO_DATE = np.iinfo(np.int64).min
"""Stands for an unknown date."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SummaryChecksums(NamedTuple):
    """Checksums of the columns of `CARD` of each article, and of its whole summary."""

    cards: RecordChecksums
    summaries: RecordChecksums


@dataclass(frozen=True, eq=False)
class SummaryTable(Sequence[ArticleSummary]):
    """The summaries of all articles in the order of their rows, found by row or by id.

    Parameters
    ----------
    columns : mapping of str to StringColumn
        By the names of `TEXT_COLUMNS`; metadata as JSON. Read only where needed.
    published : ndarray of int64, shape (n,)
        Microseconds since 1970, `NO_DATE` where unknown.
    id_hashes : ndarray of uint64, shape (n,)
        Hashes of the ids, ascending.
    id_rows : ndarray of int32, shape (n,)
        The row of each hash.
    checksums : SummaryChecksums or None
        Of each article, if the arrays are read from files.
    verify : Verify
        Verifies the files of the arrays.
    """

    columns: Mapping[str, StringColumn]
    published: NDArray[np.int64]
    id_hashes: NDArray[np.uint64]
    id_rows: NDArray[np.int32]
    checksums: SummaryChecksums | None = None
    verify: Verify = unstored

    @classmethod
    def of(cls, articles: Sequence[Article | ArticleSummary]) -> Self:
        """Return the table of some articles."""
        columns = {
            name: StringColumn.of(_encoded(getattr(article, name)) for article in articles)
            for name in TEXT_COLUMNS
        }
        published = np.array([microseconds(article.published) for article in articles], dtype=np.int64)
        hashes = np.array([_hash(article.article_id) for article in articles], dtype=np.uint64)
        order = np.argsort(hashes, kind="stable")
        return cls(columns, published, hashes[order], order.astype(np.int32))

    def __len__(self) -> int:
        return int(self.published.shape[0])

    @overload
    def __getitem__(self, row: int) -> ArticleSummary: ...
    @overload
    def __getitem__(self, row: slice) -> list[ArticleSummary]: ...
    def __getitem__(self, row: int | slice) -> ArticleSummary | list[ArticleSummary]:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        row = range(len(self))[row]
        moment = int(self.published[row])
        spelling = {name: self.columns[name].bytes_at(row) for name in TEXT_COLUMNS}
        if self.checksums is not None:
            self.checksums.summaries.check([row], [_crc32(moment, spelling.values())])
        with _readable():
            text = {name: each.decode() for name, each in spelling.items()}
            return ArticleSummary(
                article_id=text["article_id"],
                title=text["title"],
                published=None if moment == NO_DATE else _EPOCH + timedelta(microseconds=moment),
                **{name: text[name] or None for name in OWN_FIELDS},
                metadata=_metadata(text["metadata"]),
            )

    @property
    def hashes(self) -> NDArray[np.uint64]:
        """The hash of each id, uint64 of shape (n,)."""
        found = np.empty(len(self), dtype=np.uint64)
        found[self.id_rows] = self.id_hashes
        return found

    def hash_place(self, row: int) -> int:
        """Return the place of a row's id among `id_hashes`."""
        place = int(np.searchsorted(self.id_hashes, _hash(self.columns["article_id"][row])))
        while self.id_rows[place] != row:  # equal hashes follow each other
            place += 1
        return place

    def column(self, name: str) -> StringColumn:
        """Return one text column by its field name, after a check of its files."""
        self.verify(f"articles_{name}_")
        return self.columns[name]

    def cards(self, rows: Sequence[int]) -> list[tuple[str, ...]]:
        """Return the columns of `CARD` of some articles, for each article one tuple.

        Raises
        ------
        ArtifactError
            If they are damaged.
        """
        with _readable():
            cards = list(zip(*(self.columns[name].take(rows) for name in CARD), strict=True))
        if self.checksums is not None:
            self.checksums.cards.check(rows, [crc32(b"".join(card)) for card in cards])
        with _readable():
            return [tuple(part.decode() for part in card) for card in cards]

    def computed_checksums(self) -> dict[str, NDArray[np.uint32]]:
        """Return the CRC-32 of the columns of `CARD` of each article, and those of its whole summary."""
        if self.checksums is not None:
            return {name: each.values for name, each in self.checksums._asdict().items()}
        cards = zip(*(self.columns[name].spellings() for name in CARD), strict=True)
        texts = zip(*(self.columns[name].spellings() for name in TEXT_COLUMNS), strict=True)
        summaries = map(_crc32, self.published.tolist(), texts)
        return {
            "cards": np.fromiter((crc32(b"".join(card)) for card in cards), np.uint32, len(self)),
            "summaries": np.fromiter(summaries, np.uint32, len(self)),
        }

    def values(self, name: str) -> Iterator[Any]:
        """Yield one field of every article, of `OWN_FIELDS` or of the metadata. A missing value is None."""
        if name in OWN_FIELDS:
            return (text or None for text in self.column(name))
        return (_metadata(text).get(name) for text in self.column("metadata"))

    def naming(self, keys: Sequence[str]) -> Iterator[ArticleSummary]:
        """Yield the summaries whose metadata may hold one of some keys: that of others is passed over as text."""
        marks = [f'"{key}"' for key in keys]
        for row, text in enumerate(self.column("metadata")):
            if any(mark in text for mark in marks):
                yield self[row]

    def row(self, article_id: str) -> int:
        """Return the row of an id, or of the same characters composed or decomposed.

        Takes a binary search.

        Raises
        ------
        UnknownArticleError
            If the site has no such article.
        """
        row = self.find(article_id)
        if row is None:
            raise unknown_article(article_id, len(self))
        return row

    def find(self, article_id: str) -> int | None:
        """Return the row of an id as `row` does, or None if the site has no such article."""
        for spelling in spellings(article_id):
            row = self.row_of(spelling)
            if row is not None:
                return row
        self.verify("articles_id_", "articles_article_id_")  # a damaged file would say the same
        return None

    def row_of(self, article_id: str) -> int | None:
        """Return the row of exactly this id, or None."""
        try:
            spelling = article_id.encode()
        except UnicodeEncodeError:  # half of a surrogate pair; ids that were read hold none
            return None
        wanted = _hash(article_id)
        at = int(np.searchsorted(self.id_hashes, wanted))
        while at < self.id_hashes.shape[0] and self.id_hashes[at] == wanted:
            row = int(self.id_rows[at])
            if 0 <= row < len(self) and self.columns["article_id"].bytes_at(row) == spelling:
                return row
            at += 1
        return None


def spellings(article_id: str) -> Iterator[str]:
    """Yield an id as it was given, then composed and decomposed."""
    yield article_id
    if not article_id.isascii():
        yield unicodedata.normalize("NFC", article_id)
        yield unicodedata.normalize("NFD", article_id)


def unknown_article(article_id: str, n_articles: int) -> UnknownArticleError:
    """Return the error for an id that none of a site's articles has."""
    return UnknownArticleError(
        f"no article has the id {article_id!r} among the {n_articles:,} of this artifact; "
        "check the spelling, or build again if it is new"
    )


def microseconds(moment: datetime | None, default: int = NO_DATE) -> int:
    """Return a moment as microseconds since 1970, or `default` for None."""
    return default if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def _metadata(text: str) -> dict[str, Any]:
    """Return the metadata of an article from its JSON. Raises `ArtifactError`."""
    with _readable():
        found = orjson.loads(text) if text else {}
        if not isinstance(found, dict):
            raise ValueError(f"wanted metadata by their names, got {found!r:.60}")
        return found


@contextmanager
def _readable() -> Iterator[None]:
    """Turn what the summary of an article raises that is none into `ArtifactError`."""
    try:
        yield
    except (ValueError, IndexError, OverflowError) as error:
        raise damaged(f"a summary is none ({error})") from error


def _crc32(moment: int, texts: Iterable[bytes]) -> int:
    return crc32(b"".join((moment.to_bytes(8, "little", signed=True), *texts)))


def _encoded(value: str | Mapping[str, Any] | None) -> bytes:
    if isinstance(value, Mapping):
        return orjson.dumps(dict(value), default=str, option=orjson.OPT_NON_STR_KEYS) if value else b""
    return (value or "").encode()


def _hash(article_id: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(article_id.encode(), digest_size=8).digest(), "little"))
