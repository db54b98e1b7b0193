"""The description of the service for other programs: OpenAPI, with its errors and what leads to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from recommender.service.described_limits import tell_large_limits
from recommender.service.guarded_routes import EDITING
from recommender.service.problem_answers import PROBLEM_TYPE
from recommender.service.service_tokens import Tokens

__all__ = ["describe", "described_problems", "route_names"]

_TEXT = """Lists of related articles. Ids in paths are percent-encoded: `news/7` is `news%2F7`.

Answers name the version of the site they are made of in `Recommender-Version`. Lists may be cached: they have an `ETag`,
and a `Surrogate-Key` by which a write says that they are out of date. Errors are problems of RFC 9457."""

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wanted, what came, and what to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {"detail": {"type": "string"}, "at": {"type": "string"}},
            },
        },
    },
    "examples": [
        {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no article has the id 'a'"}
    ],
}
_REASONS = {
    400: "The request cannot be read", 401: "A token is wanted", 403: "The service takes no writes",
    404: "There is no such article or version", 408: "The body did not arrive in time",
    409: "Somebody else writes, so ask again, or the request contradicts itself",
    413: "The request is too large", 422: "The request is not valid",
    503: "The service is busy or not ready; ask again",
}  # fmt: skip
_POSTED_WRITES = ("/v1/articles", "/v1/decisions/{number}/undo")
_BODY, _READ, _WRITE = (400, 408, 413), (422, 503), (401, 403, 409)
_TOO_LONG = ("400", "414", "431")  # as uvicorn, Granian and proxies say it


def described_problems(reasons: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """Return how a route describes errors that other routes do not have, by their status."""
    return {status: _problem(reason) for status, reason in reasons.items()}


def route_names(app: FastAPI) -> list[str]:
    """Return the paths of all routes, as they are described."""
    return list(app.openapi()["paths"])


def describe(app: FastAPI, tokens: Tokens, routes: Sequence[BaseRoute]) -> None:
    """Make `app.openapi` the description of the service, which says where tokens are wanted."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app, tokens, _of_editors(routes))
        return app.openapi_schema

    setattr(app, "openapi", openapi)  # noqa: B010, as FastAPI has it


def _described(app: FastAPI, tokens: Tokens, of_editors: set[tuple[str, str]]) -> dict[str, Any]:
    found = get_openapi(title=app.title, version=app.version, description=_TEXT, routes=app.routes)
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path, method, operation in _operations(found):
        is_write = method in ("put", "delete") or path in _POSTED_WRITES
        is_closed = bool(tokens.reading or (tokens.writing and (path, method.upper()) in of_editors))
        for status in _errors_of(path, operation, is_write=is_write, is_closed=is_closed):
            operation["responses"][str(status)] = _problem(_REASONS[status])
        for of_server in _TOO_LONG:
            operation["responses"].setdefault(
                of_server,
                {"description": "Path, query or headers are too long: of the server, without a problem"},
            )
        if not is_write and not is_closed:
            operation.pop("security", None)
        operation["operationId"] = operation["operationId"].partition("_v1")[0]
        if path.startswith("/v1/articles/") and method == "put":
            _link(operation)
    tell_large_limits(found)
    return found


def _of_editors(routes: Sequence[BaseRoute]) -> set[tuple[str, str]]:
    """Return paths and methods that want a token as soon as there is one, see `guarded_routes.EDITING`."""
    closed = [each for each in routes if isinstance(each, APIRoute) and EDITING in each.dependencies]
    return {(each.path_format, method) for each in closed for method in each.methods or ()}


def _problem(reason: str) -> dict[str, Any]:
    return {
        "description": reason,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _errors_of(path: str, operation: dict[str, Any], *, is_write: bool, is_closed: bool) -> set[int]:
    """Return the statuses of errors that an operation may answer."""
    found = {503}
    if operation.get("parameters") or "requestBody" in operation:
        found |= {*_READ}
    if "requestBody" in operation:
        found |= {*_BODY}
    if is_write:
        found |= {*_WRITE}
    if is_closed and "security" in operation:
        found.add(401)
    if "{" in path or path in ("/v1/articles", "/v1/changes"):
        found.add(404)
    return found


def _link(operation: dict[str, Any]) -> None:
    """Say what can be asked of an article that was put."""
    of_id = {"article_id": "$request.path.article_id"}
    for status in ("200", "201"):
        operation["responses"][status]["links"] = {
            "list": {"operationId": "get_related", "parameters": of_id},
            "edit": {"operationId": "put_article", "parameters": of_id},
            "deletion": {"operationId": "delete_article", "parameters": of_id},
            "changes": {"operationId": "get_changes", "parameters": {"since": "$response.body#/version"}},
        }
