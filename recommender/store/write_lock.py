"""One writer at a time, by a lock of the operating system on a file that stays.

The kernel releases the lock when its holder ends, however it ends. Threads exclude each other too. A forked child holds
nothing: it closes the descriptor that it inherited, which leaves the lock with its parent.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import ArtifactError, BusyError

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


__all__ = ["LOCK_FILE", "holds_lock", "open_locked", "write_lock"]

LOCK_FILE = "write.lock"
"""Name of the file in an artifact that writers lock. While a process writes, it holds its id."""

_FAR = 2**30  # Windows locks a byte, one that nobody reads
_PAUSE_S = 0.02


@dataclass
class _Held:
    descriptor: int
    thread: int
    depth: int = 1


_held: dict[Path, _Held] = {}


def _forget() -> None:
    for held in _held.values():
        with suppress(OSError):
            os.close(held.descriptor)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


@contextmanager
def write_lock(folder: Path, wait_s: float = 0) -> Iterator[None]:
    """Hold the lock of an artifact's folder, which must exist. The thread that holds it may take it again.

    Parameters
    ----------
    folder : Path
    wait_s : float, default 0
        Seconds to wait for another writer.

    Raises
    ------
    BusyError
        If another process or thread holds it.
    ArtifactError
        If the folder cannot be written.
    """
    key = folder.resolve()
    held = _held.get(key)
    if held is not None and held.thread == threading.get_ident():
        held.depth += 1
    else:
        descriptor = open_locked(folder / LOCK_FILE, wait_s)
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        held = _held[key] = _Held(descriptor, threading.get_ident())
    try:
        yield
    finally:
        held.depth -= 1
        if not held.depth and _held.get(key) is held:  # a forked child has forgotten it
            del _held[key]
            with suppress(OSError):
                os.ftruncate(held.descriptor, 0)
            os.close(held.descriptor)


def holds_lock(folder: Path) -> bool:
    """Return whether this thread holds the lock of a folder."""
    held = _held.get(folder.resolve())
    return held is not None and held.thread == threading.get_ident()


def open_locked(file: Path, wait_s: float = 0) -> int:
    """Open a file for reading and writing, made if it is missing, with its lock. Closing it releases the lock.

    Raises
    ------
    BusyError, ArtifactError
        As `write_lock`.
    """
    end = time.monotonic() + wait_s
    while True:
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        except OSError as error:
            raise ArtifactError(
                f"{file}: cannot be written ({error.strerror}); change the permissions or choose another place"
            ) from error
        try:
            _try_lock(descriptor)
            if os.path.samestat(os.fstat(descriptor), file.stat()):
                return descriptor
        except FileNotFoundError:
            pass  # the former holder removed the file, see below
        except (BlockingIOError, PermissionError) as error:
            if time.monotonic() >= end:
                raise _busy(file, _close_read(descriptor)) from error
            time.sleep(_PAUSE_S)
        except OSError as error:
            os.close(descriptor)
            raise ArtifactError(
                f"{file}: cannot be locked ({error.strerror}); put the artifact on a file system with locks"
            ) from error
        with suppress(OSError):
            os.close(descriptor)  # another file has the name now, or it is held: try again


def _close_read(descriptor: int) -> str:
    """Return what the lock's holder wrote, and close the file."""
    try:
        return os.read(descriptor, 20).decode("ascii", "replace").strip()
    except OSError:
        return ""
    finally:
        os.close(descriptor)


def _busy(file: Path, holder: str) -> BusyError:
    who = f"process {holder}" if holder.isdigit() else "another process"
    if holder == str(os.getpid()):
        who = "another thread of this process"
    return BusyError(f"{file.parent}: is being written by {who}; try again when it has ended")
