"""The script of the web component."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from recommender.service.answers import Answer, responded
from recommender.service.component_script import ComponentScript
from recommender.service.problem_answers import ProblemError

__all__ = ["component_routes"]

_FOR_EVER = b"public, max-age=31536000, immutable"
_FOR_AN_HOUR = b"public, max-age=3600, stale-while-revalidate=86400"

component_routes = APIRouter()


_SCRIPT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The script", "content": {"text/javascript": {}}}
}


@component_routes.get("/related.js", response_class=Response, responses=_SCRIPT)
async def newest_script(request: Request) -> Response:
    """Return the script of the web component. It may be kept for an hour."""
    return _answered(request, _FOR_AN_HOUR)


@component_routes.get("/related-{digest}.js", response_class=Response, responses=_SCRIPT)
async def one_script(
    request: Request, digest: Annotated[str, Path(examples=["0123456789abcdef"])]
) -> Response:
    """Return the script with this digest, which may be kept for ever. Of an older one, the newest for an hour."""
    if len(digest) != 16 or not set(digest) <= set("0123456789abcdef"):
        raise ProblemError(404, "there is no such script; there is /related.js")
    script: ComponentScript = request.app.state.script
    return _answered(request, _FOR_EVER if digest == script.digest else _FOR_AN_HOUR)


def _answered(request: Request, kept: bytes) -> Response:
    script: ComponentScript = request.app.state.script
    headers = (b"cache-control", kept), (b"cross-origin-resource-policy", b"cross-origin")
    return responded(request, Answer(script.content, headers, b"text/javascript; charset=utf-8"))
