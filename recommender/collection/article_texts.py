"""The plain texts of articles, compressed one by one.

Near copies of later articles are compared with them, and in-text links are suggested in them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from itertools import chain, islice, repeat
from typing import Any, Self

import numpy as np
import orjson
from numpy.typing import NDArray

from recommender.collection.record_checksums import damaged
from recommender.collection.string_column import StringColumn, text_of

__all__ = ["ArticleTexts"]

_LEVEL = 1  # 2 % larger than the default level, in a third of the time
_LONGEST = 2**30  # bytes of an unpacked text; a longer one is a bomb
_TITLE = 256  # bytes that are unpacked at a time where the title is all that is wanted
_BLOCK = 1_024  # texts that a thread takes at a time
_SEPARATOR = b"\x00"  # plain texts do not hold it


class ArticleTexts(Sequence[tuple[str, str]]):
    """Titles and bodies.

    Parameters
    ----------
    column : StringColumn
        Title and body of each article with a separator between, compressed by zlib. If parts of the body are set apart, a
        further separator and their places as JSON follow, see `set_apart`.
    """

    def __init__(self, column: StringColumn) -> None:
        self.column = column

    @classmethod
    def of(
        cls, texts: Iterable[tuple[str, str]], apart: Iterable[list[int]] = (), n_jobs: int | None = 1
    ) -> Self:
        """Return texts compressed, with the places of what is set apart in each, if any."""
        from recommender.index.threads import mapped  # look-ups do without joblib

        records = zip(texts, chain(apart, repeat([])), strict=False)
        blocks = iter(lambda: list(islice(records, _BLOCK)), [])
        return cls(StringColumn.of(chain.from_iterable(mapped(_compressed, blocks, n_jobs))))

    def __len__(self) -> int:
        return len(self.column)

    def __getitem__(self, row):  # type: ignore[no-untyped-def]
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        title, body, *_ = self._parts(row)
        return text_of(title), text_of(body)

    def title(self, row: int) -> str:
        """Return the title of one text. Little more than the title is unpacked."""
        packed, unpacking, start = self.column.bytes_at(range(len(self))[row]), zlib.decompressobj(), b""
        try:
            while _SEPARATOR not in start and len(start) < _LONGEST and not unpacking.eof:
                start += unpacking.decompress(unpacking.unconsumed_tail or packed, _TITLE)
        except zlib.error as error:
            raise damaged(f"a text cannot be unpacked ({error})") from error
        title, separator, _ = start.partition(_SEPARATOR)
        if not separator:
            raise damaged("a text is cut, longer than any, or has no title")
        return text_of(title)

    def set_apart(self, row: int) -> list[int]:
        """Return start and end of each part of an article's body that is set apart; see `text.set_apart`."""
        _, _, *places = self._parts(row)
        try:
            found: list[int] = orjson.loads(places[0]) if places else []
        except ValueError as error:
            raise damaged(f"places in a text are none ({error})") from error
        return found

    def _parts(self, row: int) -> list[bytes]:
        packed = self.column.bytes_at(range(len(self))[row])
        try:
            unpacking = zlib.decompressobj()
            parts = unpacking.decompress(packed, _LONGEST).split(_SEPARATOR, 2)
        except zlib.error as error:
            raise damaged(f"a text cannot be unpacked ({error})") from error
        if not unpacking.eof or len(parts) < 2:
            raise damaged("a text is cut, longer than any, or has no title")
        return parts

    def take(self, rows: NDArray[np.integer[Any]]) -> Self:
        """Return the texts of some rows."""
        return type(self)(self.column.at(rows))


def _compressed(texts: Iterable[tuple[tuple[str, str], list[int]]]) -> list[bytes]:
    records = (
        _SEPARATOR.join((title.encode(), body.encode(), *map(orjson.dumps, filter(None, [places]))))
        for (title, body), places in texts
    )
    return [zlib.compress(record, _LEVEL) for record in records]
