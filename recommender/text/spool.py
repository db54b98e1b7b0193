"""Temporary storage of a site's texts during a build: in memory for small sites, on disk for large ones."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from recommender.errors import RecommenderError

__all__ = ["TextSpool"]

_IN_MEMORY = 2**29  # bytes
_RUN = 2**21  # bytes


class TextSpool:
    """Pairs of title and body, appended once and iterated in order any number of times.

    Up to 512 MB of text stay in memory. More goes to an unnamed temporary file, which the system removes when
    the process ends.
    """

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115 - lives as long as self
        self._in_memory = in_memory
        self._lengths: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self._lengths)

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
        self._lengths.append((n_title, len(text) - n_title))

    def reordered(self, order: Sequence[int]) -> TextSpool:
        """Return a spool with the same texts in another order."""
        starts = [0, *accumulate(map(sum, self._lengths))]
        texts = type(self)(self._in_memory)
        for row in order:
            title, body = self._lengths[row]
            self._file.seek(starts[row])
            texts._write(self._file.read(title + body), title)
        self._file.seek(0, 2)
        return texts

    def __iter__(self) -> Iterator[tuple[str, str]]:
        place = 0
        for start in range(0, len(self._lengths), 256):
            lengths = self._lengths[start : start + 256]
            size = sum(map(sum, lengths))
            self._file.seek(place)
            block = self._file.read(size)
            self._file.seek(0, 2)
            place += size
            at = 0
            for title, body in lengths:
                yield block[at : at + title].decode(), block[at + title : at + title + body].decode()
                at += title + body

    def runs(self, rows: Iterable[int]) -> Iterator[list[tuple[int, str, str]]]:
        """Yield row, title and body of some texts, in lists of about two million bytes."""
        starts = [0, *accumulate(map(sum, self._lengths))]
        run: list[tuple[int, str, str]] = []
        size = 0
        for row in rows:
            title, body = self._lengths[row]
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
