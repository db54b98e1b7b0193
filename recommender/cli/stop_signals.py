"""Ctrl-C and SIGTERM as a request to end, for commands that run until they are told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["stop_requested"]


@contextmanager
def stop_requested() -> Iterator[threading.Event]:
    """Yield an event that the first Ctrl-C or SIGTERM sets. The second one ends the process as usual."""
    event = threading.Event()
    if threading.current_thread() is not threading.main_thread():  # signals reach the main thread alone
        yield event
        return
    names = (signal.SIGINT, signal.SIGTERM)
    before = {name: signal.getsignal(name) for name in names}

    def restore() -> None:
        for name, handler in before.items():
            signal.signal(name, handler)

    def stop(number: int, frame: FrameType | None) -> None:
        event.set()
        restore()

    for name in names:
        signal.signal(name, stop)
    try:
        yield event
    finally:
        restore()
