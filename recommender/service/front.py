"""What stands before the routes: request ids, logs and counts of all requests, limits of bodies, and lists as bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import HTTPException

from recommender.service.answers import Header, Reply, packed_anew, takes_gzip
from recommender.service.cross_origin import CrossOrigin
from recommender.service.prepared_lists import LIST_ROUTE
from recommender.service.problem_answers import PROBLEM_TYPE, problem_body
from recommender.service.service_log import ServiceLog
from recommender.service.shared_counters import SharedCounters

if TYPE_CHECKING:
    from recommender.service.served_site import ServedSite
    from recommender.service.service_settings import ServiceSettings
    from recommender.service.service_tokens import Tokens

__all__ = ["NO_ROUTE", "Front"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

NO_ROUTE = "none"
_ASCII = "".join(map(chr, range(128)))
_LONG = 2**16  # bytes, which are compressed in a thread: lists go on meanwhile
_FIXED: Header = (b"x-content-type-options", b"nosniff")


class Front:
    """An ASGI app before another one.

    The list of an article that is asked for without parameters is answered here, from prepared bytes, as its route would.

    Parameters
    ----------
    app : ASGI app
        The routes. Paths reach them percent-encoded.
    served : ServedSite
    settings : ServiceSettings
    tokens : Tokens
    counters : SharedCounters
    log : ServiceLog
    """

    def __init__(
        self, app: Callable[[Scope, Receive, Send], Awaitable[None]], served: ServedSite, settings: ServiceSettings,
        tokens: Tokens, counters: SharedCounters, log: ServiceLog,
    ) -> None:  # fmt: skip
        self._app, self._served, self._settings = app, served, settings
        self._tokens, self._counters, self._log = tokens, counters, log
        self._cross_origin = CrossOrigin(settings.cors)
        self._is_open = not tokens.reading
        self._compares = settings.compare is not None  # its route finds the policy whose turn it is

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        method: str = scope["method"]
        headers: dict[bytes, bytes] = dict(scope["headers"])
        encoded: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
        request_id = self._log.request_id(headers.get(b"x-request-id"))
        more = (b"x-request-id", request_id), _FIXED, *self._cross_origin.of(headers.get(b"origin"))
        lists = self._served.lists
        reply = None
        if (
            method == "GET"
            and not (scope["query_string"] or scope.get("root_path") or self._compares)
            and (self._is_open or self._tokens.may_read(headers.get(b"authorization", b"")))
        ):
            reply = lists.reply(encoded, headers)
        if reply is not None:
            route, status, n_bytes = LIST_ROUTE, reply.status, len(reply.body)
            all_headers = [*reply.headers, lists.version, *more]
            await send({"type": "http.response.start", "status": status, "headers": all_headers})
            await send({"type": "http.response.body", "body": reply.body})
        else:
            sent = _Sent(send, more, headers, is_head=method == "HEAD")
            limited = _Limited(receive, headers, self._settings)
            route = await self._routed(scope, limited, sent, encoded, headers)
            status, n_bytes = sent.status, sent.n_bytes
        seconds = perf_counter() - began
        self._counters.add(route, method, status, seconds)
        self._log.request((request_id, method, route, encoded, status, n_bytes, seconds))

    async def _routed(
        self, scope: Scope, receive: Receive, sent: _Sent, encoded: bytes, headers: dict[bytes, bytes]
    ) -> str:
        """Have the routes answer. Return the name of the route."""
        if scope["method"] == "OPTIONS" and (allowed := self._cross_origin.preflight(headers)) is not None:
            sent.more = tuple(each for each in sent.more if each not in allowed)
            await sent.reply(204, allowed)
            return NO_ROUTE
        inner = dict(scope)
        inner["path"] = _normal(encoded)
        inner["query_string"] = _percent_encoded(scope["query_string"])
        inner["method"] = "GET" if sent.is_head else scope["method"]
        await self._served.start()
        try:
            await self._app(inner, receive, sent)
        except Exception as error:  # nobody sees a traceback, and the log has it
            self._log.failure(str(sent.request_id), error)
            if not sent.status:
                body = problem_body(
                    500, f"the service failed; its log says why, at request {sent.request_id}"
                )
                await sent.reply(
                    500, [(b"content-type", PROBLEM_TYPE.encode()), (b"cache-control", b"no-store")], body
                )
        path = getattr(inner.get("route"), "path", None)
        name = NO_ROUTE if path is None else str(path).replace(":path}", "}")
        return name if name in self._counters.routes else NO_ROUTE


def _percent_encoded(query: bytes) -> bytes:
    """Return a query with letters beyond ASCII encoded, which curl and others send as they are.

    Examples
    --------
    >>> _percent_encoded("q=Überfahrt%20x".encode())
    b'q=%C3%9Cberfahrt%20x'
    """
    return query if query.isascii() else quote(query, safe=_ASCII).encode()


class _Sent:
    """Sends what the routes answer, with more headers, compressed if the client takes it, and keeps status and length."""

    def __init__(
        self, send: Send, more: tuple[Header, ...], headers: dict[bytes, bytes], *, is_head: bool
    ) -> None:
        self._send, self.more, self.is_head = send, more, is_head
        self._packs = takes_gzip(headers.get(b"accept-encoding", b""))
        self._start: Message | None = None
        self.status, self.n_bytes = 0, 0

    @property
    def request_id(self) -> str:
        return self.more[0][1].decode() if self.more else ""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":  # which is sent with the body
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            start, self._start = self._start, None
            headers = [*start.get("headers", ()), *self.more]
            reply = Reply(start["status"], headers, message.get("body", b""))
            if self._packs and not message.get("more_body", False):
                long = len(reply.body) > _LONG
                reply = await asyncio.to_thread(packed_anew, reply) if long else packed_anew(reply)
            self.status = reply.status
            await self._send({**start, "headers": reply.headers})
            await self._body({**message, "body": reply.body})
        elif message["type"] == "http.response.body":
            await self._body(message)
        else:
            await self._send(message)

    async def _body(self, message: Message) -> None:
        if self.is_head:
            message = {**message, "body": b""}
        self.n_bytes += len(message.get("body", b""))
        await self._send(message)

    async def reply(self, status: int, headers: list[Header], body: bytes = b"") -> None:
        length = [(b"content-length", b"%d" % len(body))] if status != 204 else []
        await self({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
        await self({"type": "http.response.body", "body": body})


class _Limited:
    """Receives the body of a request, of a length and in a time that the settings allow."""

    def __init__(self, receive: Receive, headers: dict[bytes, bytes], settings: ServiceSettings) -> None:
        self._receive, self._most, self._timeout_s = receive, settings.max_body_bytes, settings.timeout_s
        self._n_bytes, self._end = 0, perf_counter() + settings.timeout_s
        self._is_whole = False
        length = headers.get(b"content-length", b"")
        self._is_long = length.isdigit() and int(length[:20]) > self._most

    async def __call__(self) -> Message:
        if self._is_whole:  # what comes now is the end of the connection
            return await self._receive()
        if self._is_long:
            raise self._too_long()
        try:
            async with asyncio.timeout(max(self._end - perf_counter(), 0)):
                message = await self._receive()
        except TimeoutError as error:
            raise HTTPException(408, f"the body did not arrive within {self._timeout_s:g} seconds") from error
        if message["type"] == "http.request":
            self._n_bytes += len(message.get("body", b""))
            self._is_whole = not message.get("more_body", False)
            if self._n_bytes > self._most:
                raise self._too_long()
        return message

    def _too_long(self) -> HTTPException:
        return HTTPException(413, f"the body has more than {self._most:,} bytes; send less at once")


def _normal(encoded: bytes) -> str:
    """Return a path for the routes: still percent-encoded, but for letters, digits and ``-._~``, RFC 3986, 6.2.2.2.

    Examples
    --------
    >>> _normal(b"/v1/%61rticles/a%2Fb%25")
    '/v1/articles/a%2Fb%25'
    """
    text = quote(encoded, safe=_ASCII)
    if "%" not in text:
        return text
    first, *parts = text.split("%")
    found = [first]
    for part in parts:
        try:
            letter = chr(int(part[:2], 16)) if len(part) >= 2 and part[:2].isalnum() else ""
        except ValueError:
            letter = ""
        is_plain = letter.isascii() and (letter.isalnum() or letter in ("-", ".", "_", "~"))
        found.append(letter + part[2:] if is_plain else f"%{part}")
    return "".join(found)
