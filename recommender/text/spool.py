"""Temporary storage of a site's texts during a build: in memory for small sites, on disk for large ones."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from itertools import accumulate

from recommender.errors import RecommenderError

__all__ = ["TextSpool"]

_IN_MEMORY = 2**29  # bytes


class TextSpool:
    """Pairs of title and body, appended once and iterated in order any number of times.

    Up to 512 MB of text stay in memory. More goes to an unnamed temporary file, which the system removes when
    the process ends.
    """

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115 - lives as long as self
        self._lengths: list[tuple[int, int]] = []
        self._order: Sequence[int] | None = None

    def __len__(self) -> int:
        return len(self._lengths)

    def append(self, title: str, body: str) -> None:
        """Add one text at the end."""
        fields = title.encode(), body.encode()
        try:
            self._file.write(fields[0] + fields[1])
        except OSError as error:
            raise RecommenderError(
                f"texts cannot be written to the temporary folder {tempfile.gettempdir()} ({error.strerror}); "
                "free some space there or set TMPDIR to another folder"
            ) from error
        self._lengths.append((len(fields[0]), len(fields[1])))

    def reorder(self, order: Sequence[int]) -> None:
        """Read the texts appended so far in another order from now on."""
        self._order = order

    def __iter__(self) -> Iterator[tuple[str, str]]:
        if self._order is not None:
            yield from self._in_order(self._order)
            return
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

    def _in_order(self, order: Sequence[int]) -> Iterator[tuple[str, str]]:
        starts = [0, *accumulate(map(sum, self._lengths))]
        for row in order:
            title, body = self._lengths[row]
            self._file.seek(starts[row])
            text = self._file.read(title + body)
            self._file.seek(0, 2)
            yield text[:title].decode(), text[title:].decode()
