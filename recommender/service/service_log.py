"""The log of the service: one line of JSON for each request and message."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from itertools import count
from os import urandom
from typing import Any, NamedTuple

import orjson

__all__ = ["LOGGING", "Handled", "LineFormatter", "ServiceLog"]

_MOST_BYTES = 64 * 2**10  # that wait for the next write
_LONGEST_S = 0.5
_LONGEST_ID = 64
_ID_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "recommender.service.service_log.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"_granian": {"level": "WARNING", "handlers": ["stderr"], "propagate": False}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
}
"""How servers log, for `logging.config.dictConfig`."""


class LineFormatter(logging.Formatter):
    """Makes a line of JSON of what a library logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        content = {"time": round(record.created, 3), "level": record.levelname.lower(), "logger": record.name}
        content["message"] = record.getMessage()
        if record.exc_info:
            content["traceback"] = self.formatException(record.exc_info)
        return json.dumps(content)


class Handled(NamedTuple):
    """A request that was answered."""

    request_id: str
    method: str
    route: str
    path: str
    status: int
    n_bytes: int
    seconds: float


class ServiceLog:
    """Writes lines to standard error. Those of requests are collected, for half a second at most.

    Addresses of clients, queries and tokens are in none.

    Parameters
    ----------
    logged : str
        Which requests: one of `service_settings.LOGGED`.
    """

    def __init__(self, logged: str = "all") -> None:
        self._least = {"all": 0, "errors": 500, "none": 1_000}[logged]
        self._lines: list[bytes] = []
        self._n_bytes, self._written = 0, 0.0
        self._process, self._numbers = urandom(6).hex(), count(1)

    def request_id(self, given: bytes | None) -> bytes:
        """Return the id that a request came with, if it is one, or else a new one."""
        if given and len(given) <= _LONGEST_ID and _ID_LETTERS.issuperset(given):
            return given
        return f"{self._process}-{next(self._numbers):x}".encode()

    def request(self, handled: Handled) -> None:
        """Log a request."""
        if handled.status < self._least:
            return
        now = time.time()
        self._add(
            {
                "time": round(now, 3), "level": "error" if handled.status >= 500 else "info",
                "request_id": handled.request_id, "method": handled.method, "route": handled.route,
                "path": handled.path, "status": handled.status, "bytes": handled.n_bytes,
                "duration_ms": round(handled.seconds * 1e3, 3),
            }
        )  # fmt: skip
        if self._n_bytes > _MOST_BYTES or now - self._written > _LONGEST_S:
            self.flush()

    def message(self, level: str, text: str, **more: Any) -> None:
        """Log a message at once."""
        self._add({"time": round(time.time(), 3), "level": level, "message": text, **more})
        self.flush()

    def failure(self, request_id: str, error: BaseException) -> None:
        """Log an error that nobody expected, with its traceback."""
        lines = "".join(traceback.format_exception(error))
        self.message("error", f"{type(error).__name__}: {error}", request_id=request_id, traceback=lines)

    def flush(self) -> None:
        """Write what was collected."""
        lines, self._lines, self._n_bytes, self._written = self._lines, [], 0, time.time()
        if lines:
            sys.stderr.write(b"".join(lines).decode())
            sys.stderr.flush()

    def _add(self, content: dict[str, Any]) -> None:
        try:
            line = orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
        except TypeError:  # half of a surrogate pair
            plain = {name: ascii(each) if isinstance(each, str) else each for name, each in content.items()}
            line = orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)
        self._lines.append(line)
        self._n_bytes += len(line)
