"""Routes that need a token, the site that they read, and the ids in their paths."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

from fastapi import APIRouter, Depends, Path, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from pydantic import AfterValidator
from starlette.requests import ClientDisconnect

from recommender.service.answers import headers_of
from recommender.service.cache_headers import CacheHeaders
from recommender.service.problem_answers import ProblemError
from recommender.service.served_site import ServedSite
from recommender.service.service_settings import PUBLIC_FILTERS, ServiceSettings
from recommender.service.service_tokens import WRITE, Tokens

__all__ = [
    "EDITING", "READING", "WRITING", "ArticleId", "Headers", "Served", "Settings", "check_filters", "guarded_router",
]  # fmt: skip

_BEARER = HTTPBearer(auto_error=False, description="`Authorization: Bearer TOKEN`")


async def _check_reading(request: Request) -> None:
    if not _tokens(request).may_read(_authorization(request)):
        raise _unauthorized(request, "read")


async def _check_editing(request: Request) -> None:
    if not _tokens(request).may_edit(_authorization(request)):
        raise _unauthorized(request, "write, or one to read,")


def check_filters(request: Request, names: Iterable[str]) -> None:
    """Raise `ProblemError` for a field that only those who bear a token may filter by.

    Who filters by a field learns its values, article by article, also where no list shows them.
    """
    closed = sorted({*names} - {*PUBLIC_FILTERS, *_settings_of(request).filters})
    if closed and not _tokens(request).may_edit(_authorization(request)):
        detail = f"filtering by {', '.join(map(ascii, closed))} wants a token; serve with --filter FIELD to allow it to all"
        raise ProblemError(403, detail)


async def _check_writing(request: Request) -> None:
    tokens = _tokens(request)
    if not tokens.writing:
        raise ProblemError(403, f"this service takes no writes; set {WRITE} where it runs")
    if not tokens.may_write(_authorization(request)):
        raise _unauthorized(request, "write")


def _unauthorized(request: Request, what: str) -> ProblemError:
    came = "another one came" if _authorization(request) else "none came"
    detail = f"a token to {what} is wanted, and {came}; send Authorization: Bearer TOKEN"
    return ProblemError(401, detail, {"www-authenticate": "Bearer"})


def _tokens(request: Request) -> Tokens:
    tokens: Tokens = request.app.state.tokens
    return tokens


def _authorization(request: Request) -> bytes:
    return headers_of(request).get(b"authorization", b"")


_CHECKS = {_check_reading, _check_editing, _check_writing}

READING = Depends(_check_reading)
"""The dependency of a route that needs the token to read, where one is set."""

EDITING = Depends(_check_editing)
"""The dependency of a route that shows what editors alone should see. It needs a token where any is set."""

WRITING = Depends(_check_writing)
"""The dependency of a route that needs the token to write."""


class _GuardedRoute(APIRoute):
    """A route whose token is checked before its body is read. An answer has its time, unless it is that of a write."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        checks = [each.dependency for each in self.dependencies if each.dependency in _CHECKS]

        async def guarded(request: Request) -> Response:
            for check in checks:
                await check(request)
            if _check_writing in checks:  # a write that has begun is not given up
                return await handle(request)
            if self.body_field is not None:
                await _read_body(request)  # which has a time of its own
            timeout_s = _settings_of(request).timeout_s
            try:
                async with asyncio.timeout(timeout_s):
                    return await handle(request)
            except TimeoutError as error:
                detail = f"no answer within {timeout_s:g} seconds; ask again, or for less"
                raise ProblemError(503, detail, {"retry-after": "1"}) from error

        return guarded


async def _read_body(request: Request) -> None:
    try:
        await request.body()
    except ClientDisconnect as error:
        raise ProblemError(400, "the connection was closed before the whole body came") from error


def guarded_router() -> APIRouter:
    """Return a router for routes with `READING`, `EDITING` or `WRITING` among their dependencies."""
    return APIRouter(route_class=_GuardedRoute, dependencies=[Security(_BEARER)])


def _settings_of(request: Request) -> ServiceSettings:
    settings: ServiceSettings = request.app.state.settings
    return settings


# FastAPI calls what is no coroutine in a thread, which takes longer than the whole of a request does


async def _served(request: Request) -> ServedSite:
    served: ServedSite = request.app.state.served
    return served


async def _settings(request: Request) -> ServiceSettings:
    return _settings_of(request)


async def _headers(request: Request) -> CacheHeaders:
    headers: CacheHeaders = request.app.state.headers
    return headers


Headers = Annotated[CacheHeaders, Depends(_headers)]
"""The parameter of a route that holds the headers of its answers for caches."""

Served = Annotated[ServedSite, Depends(_served)]
"""The parameter of a route that holds the site."""

Settings = Annotated[ServiceSettings, Depends(_settings)]
"""The parameter of a route that holds the settings of the service."""


def _decoded(encoded: str) -> str:
    """Return an id of a path. Paths reach the routes percent-encoded, so that an id may hold slashes.

    Bytes that are not UTF-8 become surrogates, which no article has in its id.
    """
    return unquote_to_bytes(encoded).decode(errors="surrogateescape")


ArticleId = Annotated[
    str,
    Path(description="The id of an article, percent-encoded", examples=["rain-in-may"]),
    AfterValidator(_decoded),
]
"""The parameter of a route that holds an id of its path, such as ``{article_id:path}``."""
