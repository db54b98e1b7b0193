"""Temporary storage of a site's texts during a build: in memory for small sites, on disk for large ones."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import add
from typing import Protocol

from recommender.errors import RecommenderError

__all__ = ["SomeTexts", "TextSpool"]

_IN_MEMORY = 2**29  # bytes
_RUN = 2**21  # bytes


class SomeTexts(Protocol):
    """Clean title and body of each article, of which some are read."""

    def __len__(self) -> int: ...

    def titles(self, rows: Iterable[int]) -> Iterator[str]:
        """Yield the titles of some articles."""
        ...

    def runs(self, rows: Iterable[int]) -> Iterator[list[tuple[int, str, str]]]:
        """Yield row, title and body of some articles, in lists of about two million bytes."""
        ...


class TextSpool:
    """Pairs of title and body, appended once and iterated in order any number of times.

    Up to 512 MB of text stay in memory. More goes to an unnamed temporary file, which the system removes when
    the process ends.
    """

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115 - lives as long as self
        self._in_memory = in_memory
        self._titles, self._bodies = array("q"), array("q")  # bytes of each

    def __len__(self) -> int:
        return len(self._titles)

    def append(self, title: str, body: str) -> None:
        """Add one text at the end."""
        fields = title.encode(), body.encode()
        self._write(fields[0] + fields[1], len(fields[0]))

    def _write(self, text: bytes, n_title: int) -> None:
        try:
            self._file.write(text)
        except OSError as error:
            raise RecommenderError(
                f"texts cannot be written to the temporary folder {tempfile.gettempdir()} ({error.strerror}); "
                "free some space there or set TMPDIR to another folder"
            ) from error
        self._titles.append(n_title)
        self._bodies.append(len(text) - n_title)

    def _starts(self) -> array[int]:
        """Return where each text starts."""
        return array("q", accumulate(map(add, self._titles, self._bodies), initial=0))

    def reordered(self, order: Sequence[int]) -> TextSpool:
        """Return a spool with the same texts in another order."""
        starts = self._starts()
        texts = type(self)(self._in_memory)
        for row in order:
            title, body = self._titles[row], self._bodies[row]
            self._file.seek(starts[row])
            texts._write(self._file.read(title + body), title)
        self._file.seek(0, 2)
        return texts

    def __iter__(self) -> Iterator[tuple[str, str]]:
        place = 0
        for start in range(0, len(self), 256):
            some = slice(start, start + 256)
            lengths = list(zip(self._titles[some], self._bodies[some], strict=True))
            size = sum(map(sum, lengths))
            self._file.seek(place)
            block = self._file.read(size)
            self._file.seek(0, 2)
            place += size
            at = 0
            for title, body in lengths:
                yield block[at : at + title].decode(), block[at + title : at + title + body].decode()
                at += title + body

    def titles(self, rows: Iterable[int]) -> Iterator[str]:
        """Yield the titles of some texts."""
        starts = self._starts()
        for row in rows:
            self._file.seek(starts[row])
            title = self._file.read(self._titles[row])
            self._file.seek(0, 2)
            yield title.decode()

    def runs(self, rows: Iterable[int]) -> Iterator[list[tuple[int, str, str]]]:
        """Yield row, title and body of some texts, in lists of about two million bytes."""
        starts = self._starts()
        run: list[tuple[int, str, str]] = []
        size = 0
        for row in rows:
            title, body = self._titles[row], self._bodies[row]
            self._file.seek(starts[row])
            text = self._file.read(title + body)
            run.append((row, text[:title].decode(), text[title:].decode()))
            size += len(text)
            if size >= _RUN:
                self._file.seek(0, 2)
                yield run
                run, size = [], 0
        self._file.seek(0, 2)
        if run:
            yield run
