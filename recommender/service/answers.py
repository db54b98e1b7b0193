"""Answers that caches may keep: their ETag, their compressed form, and the answer to a conditional request."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple, Self

from fastapi import Request, Response

__all__ = [
    "Answer",
    "Header",
    "PackedAnswer",
    "Reply",
    "headers_of",
    "packed_anew",
    "responded",
    "takes_gzip",
]

Header = tuple[bytes, bytes]

_SHORTEST_PACKED = 500  # bytes
_LEVEL, _GZIP = 6, 31  # the latter is how zlib names the format
_JSON = b"application/json"
_VARY = (b"vary", b"accept-encoding")
_PACKED = (b"content-encoding", b"gzip")


class Reply(NamedTuple):
    """What is sent: status, headers and body."""

    status: int
    headers: list[Header]
    body: bytes


class PackedAnswer(NamedTuple):
    """What an answer can be made of again, in a fourth of its memory: its tag and its compressed body."""

    tag: bytes
    body: bytes

    @property
    def n_bytes(self) -> int:
        """About what it takes in memory."""
        return len(self.body) + 250


class Answer:
    """A document that caches may keep.

    Its ETag is made of its bytes: it differs between two versions of a site only where the document does.

    Parameters
    ----------
    body : bytes
    headers : tuple of (bytes, bytes)
        Such as ``cache-control``.
    kind : bytes
        Media type.
    """

    __slots__ = ("_kind", "_packed", "_plain", "_tag", "headers")

    def __init__(self, body: bytes, headers: tuple[Header, ...], kind: bytes = _JSON) -> None:
        self._set(body, headers, kind, blake2b(body, digest_size=12).hexdigest().encode())

    def _set(self, body: bytes, headers: tuple[Header, ...], kind: bytes, tag: bytes) -> None:
        self.headers, self._kind, self._tag = headers, (b"content-type", kind), tag
        self._plain = self._reply(body, b'"%b"' % self._tag)
        self._packed = self._plain if len(body) < _SHORTEST_PACKED else None

    @classmethod
    def unpacked(cls, packed: PackedAnswer, headers: tuple[Header, ...]) -> Self:
        """Return the answer, of JSON, that was packed. `headers` are those that it had."""
        found = cls.__new__(cls)
        body = zlib.decompress(packed.body, _GZIP)
        found._set(body, headers, _JSON, packed.tag)
        if len(body) >= _SHORTEST_PACKED:
            found._packed = found._as_packed(packed.body)
        return found

    def packed(self) -> PackedAnswer:
        """Return what the answer can be made of again."""
        return PackedAnswer(self._tag, gzip.compress(self._plain.body, _LEVEL, mtime=0))

    @property
    def n_bytes(self) -> int:
        """About what the answer takes in memory, its compressed form included: most clients ask for that."""
        return len(self._plain.body) * 4 // 3 + 1_200

    def reply(self, headers: Mapping[bytes, bytes]) -> Reply:
        """Return the reply to a request with these headers. The lists of headers are shared: they are not changed."""
        accepted = headers.get(b"accept-encoding")
        found = self._plain
        if accepted is not None and takes_gzip(accepted):
            found = self._packed or self._pack()
        wanted = headers.get(b"if-none-match")
        if wanted is not None and _has_tag(wanted, self._tag):
            kept = [
                each
                for each in found.headers
                if each not in (self._kind, _PACKED) and each[0] != b"content-length"
            ]
            return Reply(304, kept, b"")
        return found

    def _pack(self) -> Reply:
        self._packed = found = self._as_packed(self.packed().body)
        return found

    def _as_packed(self, body: bytes) -> Reply:
        found = self._reply(body, b'"%b-gzip"' % self._tag)
        found.headers.append(_PACKED)
        return found

    def _reply(self, body: bytes, tag: bytes) -> Reply:
        length = (b"content-length", b"%d" % len(body))
        return Reply(200, [self._kind, length, (b"etag", tag), _VARY, *self.headers], body)


def headers_of(request: Request) -> dict[bytes, bytes]:
    """Return the headers of a request by name. Of several with one name it is the last."""
    return dict(request.scope["headers"])


def responded(request: Request, answer: Answer, more: tuple[Header, ...] = ()) -> Response:
    """Return an answer as the response to a request."""
    reply = answer.reply(headers_of(request))
    response = Response(reply.body, reply.status)
    response.raw_headers = [*reply.headers, *more]
    return response


def packed_anew(reply: Reply) -> Reply:
    """Return a reply compressed, unless it is short, or has an ETag: such a one is an `Answer`, which has both forms."""
    names = {name for name, _ in reply.headers}
    if len(reply.body) < _SHORTEST_PACKED or names & {b"etag", b"content-encoding"}:
        return reply
    body = gzip.compress(reply.body, _LEVEL, mtime=0)
    kept = [each for each in reply.headers if each[0] != b"content-length"]
    return Reply(reply.status, [*kept, (b"content-length", b"%d" % len(body)), _PACKED, _VARY], body)


@lru_cache(256)
def takes_gzip(accepted: bytes) -> bool:
    """Return whether a header ``Accept-Encoding`` allows gzip.

    Examples
    --------
    >>> [takes_gzip(each) for each in (b"gzip, br", b"br;q=1.0, *;q=.1", b"gzip;q=0, *", b"identity", b"gzip;q=x")]
    [True, True, False, False, False]
    """
    qualities: dict[bytes, float] = {}
    for each in accepted.lower().split(b","):
        name, _, parameter = each.partition(b";")
        try:
            quality = float(parameter.partition(b"=")[2] or 1) if parameter else 1.0
        except ValueError:
            quality = 0.0
        qualities[name.strip()] = quality
    return qualities.get(b"gzip", qualities.get(b"x-gzip", qualities.get(b"*", 0.0))) > 0


def _has_tag(wanted: bytes, tag: bytes) -> bool:
    """Return whether a header ``If-None-Match`` names a document, compressed or not.

    Examples
    --------
    >>> [_has_tag(each, b"ab") for each in (b'"ab"', b'W/"x", W/"ab-gzip"', b"*", b'"abc"', b"ab")]
    [True, True, True, False, False]
    """
    for each in wanted.split(b","):
        one = each.strip().removeprefix(b"W/")
        if one == b"*" or one in (b'"%b"' % tag, b'"%b-gzip"' % tag):
            return True
    return False
