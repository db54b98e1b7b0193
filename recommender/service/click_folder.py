"""The log of clicks: a folder with a file of JSON Lines for each day, which several processes append to."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, date, datetime, timedelta
from errno import ENOSPC
from pathlib import Path

from recommender.errors import BusyError

if sys.platform != "win32":
    import fcntl

__all__ = ["ClickFolder"]

_NAME = "clicks-{}.jsonl"
_CHUNK = 64 * 2**10  # read at a time to find the end of the last whole line
_TRIES, _PAUSE_S = 100, 0.002  # a lock is held for microseconds, unless its holder was stopped


class ClickFolder:
    """Appends rows to the file of the day, in UTC.

    A row has no time, no address and nothing else that tells one reader from another. Rows that are appended together
    stand together, whole or not at all: an append holds a lock, and first cuts off what a crash or a full disk left
    of a line. Files are named by their days, so nothing is renamed while others write.

    Parameters
    ----------
    path : Path
        Made if it does not exist.
    most_bytes : int
        Most bytes of one day, of all processes together.
    days : int
        How many days are kept, 1 or more.
    """

    def __init__(self, path: Path, most_bytes: int = 256 * 2**20, days: int = 90) -> None:
        self._path, self._most_bytes, self._days = path, most_bytes, days
        path.mkdir(parents=True, exist_ok=True)

    def append(self, rows: bytes, today: date | None = None) -> bool:
        """Append whole lines. Return False, and write nothing, if the day has no room for them.

        Raises
        ------
        OSError
            If the disk is full or refuses. Nothing of the rows remains.
        BusyError
            If another process holds the lock for .2 s, which it does when it was stopped.
        """
        today = today or datetime.now(UTC).date()
        file = self._opened(today)
        try:
            self._lock(file)
            size = _whole_size(file)
            if size + len(rows) > self._most_bytes:
                return False
            written = os.write(file, rows)
            if written < len(rows):
                os.ftruncate(file, size)
                raise OSError(ENOSPC, os.strerror(ENOSPC))
        finally:
            os.close(file)  # which releases the lock
        if size == 0:
            self._remove_old(today)
        return True

    def _opened(self, today: date) -> int:
        path, flags = self._path / _NAME.format(today), os.O_RDWR | os.O_CREAT | os.O_APPEND
        try:
            return os.open(path, flags, 0o640)
        except FileNotFoundError:  # the folder was moved away
            self._path.mkdir(parents=True, exist_ok=True)
            return os.open(path, flags, 0o640)

    def _lock(self, file: int) -> None:
        if sys.platform == "win32":  # there is one process
            return
        for _ in range(_TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_PAUSE_S)
            else:
                return
        raise BusyError(f"{self._path}: another process holds the lock of the click log; end it if it hangs")

    def _remove_old(self, today: date) -> None:
        last = _NAME.format(today - timedelta(days=self._days))
        for each in self._path.glob(_NAME.format("????-??-??")):
            if each.name <= last:
                each.unlink(missing_ok=True)


def _whole_size(file: int) -> int:
    """Return the size of a file of whole lines. A last line without an end is cut off."""
    size = end = os.fstat(file).st_size
    while end:
        start = max(0, end - (1 if end == size else _CHUNK))
        os.lseek(file, start, os.SEEK_SET)
        at = os.read(file, end - start).rfind(b"\n")
        if at >= 0:
            end = start + at + 1
            break
        end = start
    if end < size:
        os.ftruncate(file, end)
    return end
