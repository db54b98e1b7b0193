"""Requests of pages from other origins: CORS, as the Fetch standard has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recommender.service.answers import Header

__all__ = ["CrossOrigin"]

_METHODS = b"GET, HEAD, POST, PUT, DELETE"
_HEADERS = b"authorization, content-type, if-none-match, x-request-id"
_SHOWN = b"etag, recommender-version, retry-after, x-request-id"
_VARY: Header = (b"vary", b"origin")


class CrossOrigin:
    """What pages of other origins may ask.

    Parameters
    ----------
    origins : sequence of str
        Their origins, ``*`` for all, and none for none.
    """

    def __init__(self, origins: Sequence[str]) -> None:
        self._all = "*" in origins
        self._origins = {each.encode(): self._headers(each.encode()) for each in origins}
        self._of_none: tuple[Header, ...] = (_VARY,) if origins and not self._all else ()
        self._of_all = (self._headers(b"*")[0], self._headers(b"*")[1]) if self._all else ()

    @staticmethod
    def _headers(origin: bytes) -> tuple[Header, ...]:
        return (b"access-control-allow-origin", origin), (b"access-control-expose-headers", _SHOWN), _VARY

    def of(self, origin: bytes | None) -> tuple[Header, ...]:
        """Return the headers of the answer to a page."""
        if self._all:
            return self._of_all
        return self._origins.get(origin, self._of_none) if origin is not None else self._of_none

    def preflight(self, headers: Mapping[bytes, bytes]) -> list[Header] | None:
        """Return the headers of the answer to a question before a request. None if that is none, or is not allowed."""
        origin = headers.get(b"origin")
        if origin is None or b"access-control-request-method" not in headers:
            return None
        if not self._all and origin not in self._origins:
            return None
        return [
            *self.of(origin),
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", _HEADERS),
            (b"access-control-max-age", b"86400"),
        ]
