"""Large arrays, which lie in files where a build is to stay within some memory.

Within `bounded_memory` a new large array is a temporary file that is memory-mapped, and a process that exceeds its share
lets go of the pages of such files. The system keeps them as long as it has room, and writes them out when it has not. So
what a process holds is bounded, and no computation changes.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ROWS_AT_A_TIME",
    "bounded_memory",
    "large_array",
    "large_copy",
    "let_go",
    "mapped",
    "rows_of",
    "take_room",
]

ROWS_AT_A_TIME = 512
"""Rows that are copied in one step. Another thread can let go of mapped pages in between, and the system maps sixteen
pages for each row."""

_LARGE = 2**20  # bytes from which on an array lies in a file
_LOOK = 0.005  # seconds between two looks at the memory of the process
_FILLED = 0.95  # of what a process may hold, from where on it lets go
_WORTH = 2**25  # bytes of mapped pages from which on letting go is worth the faults that follow
_LOCK = threading.Lock()
_MAPPED = WeakSet[mmap.mmap]()
_BOUNDS = list[
    int
]()  # of all callers within `bounded_memory`; threads of a process share what holds for the process


def large_array(shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """Return a new array of zeros. Within `bounded_memory` it lies in a file if it has 1 MB or more.

    Either way memory is taken as the array is written to, and not before. Room on the disk is taken at once: where a file
    cannot grow, the system ends a process that writes to its mapping.

    Raises
    ------
    OSError
        If there is no room for the file. It names the folder.
    """
    n_bytes = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    if not _BOUNDS or n_bytes < _LARGE:
        return np.zeros(shape, dtype)
    try:
        with tempfile.TemporaryFile(
            prefix="recommender-array-"
        ) as file:  # the mapping outlives the name and the file
            take_room(file.fileno(), n_bytes)
            content = mapped(mmap.mmap(file.fileno(), n_bytes))
    except OSError as error:
        what = f"no room for an array of {n_bytes / 1e9:,.1f} GB ({error.strerror or error})"
        move = "make room there, or name another folder in TMPDIR"
        raise OSError(f"{tempfile.gettempdir()}: {what}; {move}") from error
    return np.frombuffer(content, dtype).reshape(shape)


def take_room(file: int, n_bytes: int) -> None:
    """Give an open file its size and its room on the disk. Raises OSError if there is none."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, n_bytes)
    else:
        os.truncate(file, n_bytes)


def large_copy(array: NDArray[Any]) -> NDArray[Any]:
    """Return a copy of an array, as `large_array` makes one."""
    copy = large_array(array.shape, array.dtype)
    copy[...] = array
    return copy


def rows_of(array: NDArray[Any], rows: NDArray[np.integer[Any]]) -> NDArray[Any]:
    """Return a copy of some rows of an array that may be memory-mapped, some rows at a time."""
    if len(rows) <= ROWS_AT_A_TIME:
        return np.asarray(array[rows])
    found = large_array((len(rows), *array.shape[1:]), array.dtype)
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        here = slice(start, start + ROWS_AT_A_TIME)
        found[here] = array[rows[here]]
    return found


def mapped(content: mmap.mmap) -> mmap.mmap:
    """Return a mapping of a file whose pages this process may let go of."""
    with _LOCK:
        _MAPPED.add(content)
    return content


def let_go() -> None:
    """Take the pages of all mapped files out of this process. What was written to them is kept."""
    if hasattr(mmap, "MADV_DONTNEED"):
        with _LOCK:
            contents = list(_MAPPED)
        for content in contents:
            with suppress(ValueError, OSError):  # closed meanwhile
                content.madvise(mmap.MADV_DONTNEED)


@contextmanager
def bounded_memory(most: int | None) -> Iterator[None]:
    """Keep large arrays in files, and let go of pages whenever the process holds more than `most` bytes.

    None changes nothing. Where the system does not say what a process holds, it lets go of pages by itself.
    """
    if most is None:
        yield
        return
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(most, ended), daemon=True)
    _BOUNDS.append(most)
    watch.start()
    try:
        yield
    finally:
        ended.set()
        watch.join()
        _BOUNDS.remove(most)
        let_go()


def _watch(most: int, ended: threading.Event) -> None:
    place, page = Path("/proc/self/statm"), os.sysconf("SC_PAGE_SIZE")
    if not place.exists():
        return
    let_go()
    code = page * int(place.read_text(encoding="ascii").split()[2])  # libraries, whose pages stay
    while not ended.wait(_LOOK):
        _, resident, of_files, *_ = map(int, place.read_text(encoding="ascii").split())
        if resident * page > _FILLED * most and of_files * page > code + _WORTH:
            let_go()
