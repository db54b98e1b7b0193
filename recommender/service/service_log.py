"""The log of the service: one line of JSON for each request and message."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from itertools import count
from os import urandom
from typing import Any

import orjson

__all__ = ["LOGGING", "Handled", "LineFormatter", "ServiceLog"]

_MOST_WAITING = 256  # requests whose lines are made and written at once
_LONGEST_S = 0.5
_LONGEST_ID = 64
_ID_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
_PROBES = frozenset(
    {"/livez", "/readyz"}
)  # an answer of theirs is never an error: the service may be starting
_REQUEST = (
    b'{"time":%.3f,"level":"%b","request_id":"%b","method":%b,"route":%b,"path":%b,"status":%d,"bytes":%d,'
    b'"duration_ms":%.3f}\n'
)  # a quarter of the time that a dictionary takes

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


Handled = tuple[bytes, str, str, bytes, int, int, float]
"""A request that was answered: its id, method, route, path, status, number of bytes, and seconds."""


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
        self._waiting: list[tuple[float, Handled]] = []
        self._written = 0.0
        self._process, self._numbers = urandom(6).hex().encode(), count(1)

    def request_id(self, given: bytes | None) -> bytes:
        """Return the id that a request came with, if it is one, or else a new one."""
        if given and len(given) <= _LONGEST_ID and _ID_LETTERS.issuperset(given):
            return given
        return b"%b-%x" % (self._process, next(self._numbers))

    def request(self, handled: Handled) -> None:
        """Log a request."""
        if handled[4] < self._least or (handled[2] in _PROBES and self._least):
            return
        now = time.time()
        self._waiting.append((now, handled))
        if len(self._waiting) >= _MOST_WAITING or now - self._written > _LONGEST_S:
            self.flush()

    def message(self, level: str, text: str, **more: Any) -> None:
        """Log a message at once."""
        content = {"time": round(time.time(), 3), "level": level, "message": text, **more}
        self._write([*self._lines(), _line(content)])

    def failure(self, request_id: str, error: BaseException) -> None:
        """Log an error that nobody expected, with its traceback."""
        lines = "".join(traceback.format_exception(error))
        self.message("error", f"{type(error).__name__}: {error}", request_id=request_id, traceback=lines)

    def flush(self) -> None:
        """Write what was collected."""
        self._write(self._lines())

    def _lines(self) -> list[bytes]:
        waiting, self._waiting, self._written = self._waiting, [], time.time()
        return [
            _REQUEST % (at, _level(route, status), request_id, orjson.dumps(method), orjson.dumps(route),
                        orjson.dumps(path.decode("latin-1")), status, n_bytes, seconds * 1e3)
            for at, (request_id, method, route, path, status, n_bytes, seconds) in waiting
        ]  # fmt: skip

    def _write(self, lines: list[bytes]) -> None:
        if lines:
            sys.stderr.write(b"".join(lines).decode())
            sys.stderr.flush()


def _level(route: str, status: int) -> bytes:
    return b"error" if status >= 500 and route not in _PROBES else b"info"


def _line(content: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # half of a surrogate pair
        plain = {name: ascii(each) if isinstance(each, str) else each for name, each in content.items()}
        return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)
