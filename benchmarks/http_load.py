"""Requests over a number of kept connections, one after the other on each: rates, times and faults."""

from __future__ import annotations

import re
import select
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

__all__ = ["Load", "request_bytes", "run_load", "run_paced"]

_PATIENCE_S = 30.0
_SPUN_S = 0.002  # before a request is due this loop no longer sleeps: it would wake up a millisecond late
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_NO_DELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@dataclass
class Load:
    """What came of a load.

    Parameters
    ----------
    seconds : float
    times_s : list of float
        From request to answer, or from when the request was due.
    faults : dict
        Number of answers by status, other than 200 and 304, and of broken connections.
    """

    seconds: float = 0.0
    times_s: list[float] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times_s) / self.seconds if self.seconds else 0.0

    def percentile_ms(self, q: float) -> float:
        """Return a percentile of the times in milliseconds."""
        ordered = sorted(self.times_s)
        return 1e3 * ordered[min(len(ordered) - 1, int(q / 100 * len(ordered)))] if ordered else float("nan")

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON can hold them."""
        return {
            "requests": len(self.times_s), "seconds": self.seconds, "rate": self.rate, "faults": self.faults,
            "p50_ms": self.percentile_ms(50), "p99_ms": self.percentile_ms(99), "max_ms": self.percentile_ms(100),
        }  # fmt: skip


def request_bytes(path: str, *, method: str = "GET", body: bytes = b"", token: str = "") -> bytes:
    """Return a request of HTTP/1.1."""
    lines = [f"{method} {path} HTTP/1.1", "host: localhost"]
    lines += [f"authorization: Bearer {token}"] * bool(token)
    lines += ["content-type: application/json", f"content-length: {len(body)}"] * bool(body)
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), _PATIENCE_S)
        self.socket.setsockopt(*_NO_DELAY)
        self._buffer = b""
        self.began = 0.0

    def ask(self, request: bytes, began: float) -> None:
        self.began = began
        self.socket.sendall(request)

    def answer(self) -> int | None:
        """Return the status of an answer that is whole; None if more is to come. Raises OSError."""
        read = self.socket.recv(65_536)
        if not read:
            raise ConnectionError("closed")
        found = self._buffer + read if self._buffer else read
        end = found.find(b"\r\n\r\n") + 4
        if end < 4:
            self._buffer = found
            return None
        length = _LENGTH.search(found, 0, end)
        if length is not None and len(found) - end < int(length[1]):
            self._buffer = found
            return None
        self._buffer = b""
        return int(found[9:12])


def run_load(port: int, requests: Sequence[bytes], *, seconds: float, connections: int) -> Load:
    """Ask as fast as the answers come, on each connection the next request after the last answer, again from the first.

    The server shares its processors with this loop, which is kept short for that: an answer costs it about 15 microseconds.
    With so many connections that the server is never idle, times are those of a queue: about connections / rate.
    """
    load, nexts = Load(), cycle(requests)
    with select.epoll() as ready:
        opened = {each.socket.fileno(): each for each in (_Connection(port) for _ in range(connections))}
        start = time.perf_counter()
        for number, each in opened.items():
            ready.register(number, select.EPOLLIN)
            each.ask(next(nexts), start)
        while (now := time.perf_counter()) < start + seconds:
            for number, _ in ready.poll(1):
                each = opened[number]
                _take(each, load)
                if each.began == 0:
                    each.ask(next(nexts), time.perf_counter())
        load.seconds = now - start
        for each in opened.values():
            each.socket.close()
    return load


def run_paced(port: int, requests: Sequence[bytes], *, a_second: float, connections: int = 8) -> Load:
    """Ask at even intervals, whether or not answers have come. Times count from when a request was due."""
    load, start = Load(), time.perf_counter()
    due = [start + place / a_second for place in range(len(requests))]
    waiting = list(zip(due, requests, strict=True))[::-1]
    with selectors.DefaultSelector() as ready:
        free = [_Connection(port) for _ in range(connections)]
        for each in free:
            ready.register(each.socket, selectors.EVENT_READ, each)
        while waiting or len(free) < connections:
            while waiting and free and waiting[-1][0] <= time.perf_counter():
                free.pop().ask(waiting[-1][1], waiting.pop()[0])
            pause = max(waiting[-1][0] - time.perf_counter() - _SPUN_S, 0) if waiting and free else 1.0
            for key, _ in ready.select(pause):
                _take(key.data, load)
                if key.data.began == 0:
                    free.append(key.data)
            if time.perf_counter() > due[-1] + _PATIENCE_S:
                load.faults["unanswered"] = connections - len(free) + len(waiting)
                break
        load.seconds = time.perf_counter() - start
        for each in free:
            each.socket.close()
    return load


def _take(connection: _Connection, load: Load) -> None:
    """Read what came; `began` is 0 after a whole answer."""
    status = connection.answer()
    if status is None:
        return
    load.times_s.append(time.perf_counter() - connection.began)
    connection.began = 0.0
    if status not in (200, 304):
        load.faults[str(status)] = load.faults.get(str(status), 0) + 1
