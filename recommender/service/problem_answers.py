"""Errors as ``application/problem+json``, RFC 9457."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from recommender.errors import ArtifactError, BusyError, InputError, UnknownArticleError

__all__ = ["PROBLEM_TYPE", "ProblemError", "add_problem_handlers", "problem_body"]

PROBLEM_TYPE = "application/problem+json"
_RETRY_S = "1"
_NO_ROUTE = "no request has this path; /openapi.json describes all, and the desk is at /desk/"
_WRITES, _ARTICLE = ("PUT", "DELETE"), "/v1/articles/"
_LONGEST_MOVE = 1_000
_MOST_ERRORS = 100  # that an answer names


class ProblemError(Exception):
    """An error with a status, which becomes the answer.

    Parameters
    ----------
    status : int
    detail : str
        What was wanted, what came, and the next move.
    headers : mapping of str to str, optional
    errors : list, optional
        Each single fault as an object with `detail` and `at`.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        errors: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.errors = status, detail, dict(headers or {}), errors


def problem_body(status: int, detail: str, errors: list[dict[str, Any]] | None = None) -> bytes:
    """Return the body of a problem."""
    title = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Error"
    found: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": _encodable(detail),
    }
    if errors is not None:
        found["errors"] = errors[:_MOST_ERRORS]
        if len(errors) > _MOST_ERRORS:
            found["detail"] += f"; there are {len(errors):,}, and {_MOST_ERRORS} are named"
    return orjson.dumps(found)


def add_problem_handlers(app: FastAPI) -> None:
    """Make every expected error of an app a problem."""

    def answer(error: ProblemError) -> Response:
        headers = {"cache-control": "no-store"} | error.headers
        return Response(
            problem_body(error.status, error.detail, error.errors), error.status, headers, PROBLEM_TYPE
        )

    async def problem(request: Request, error: Exception) -> Response:
        found = _problem_of(error)
        found.detail = _next_move(request, error, found)
        path = str(request.app.state.served.path)  # nobody's business
        found.detail = found.detail.removeprefix(f"{path}: ").replace(path, "SITE")
        return answer(found)

    async def failure(request: Request, error: Exception) -> Response:
        return answer(ProblemError(500, "the service failed; its log says why, by the id of this request"))

    app.add_exception_handler(Exception, failure)
    for kind in (
        ProblemError, HTTPException, RequestValidationError, UnknownArticleError, InputError, BusyError, ArtifactError,
    ):  # fmt: skip
        app.add_exception_handler(kind, problem)


def _next_move(request: Request, error: Exception, found: ProblemError) -> str:
    """Return the detail of a problem, with what the request itself says of the next move."""
    path, method = request.scope["path"], request.method
    match found.status:
        case 405:
            allowed = ", ".join(_methods(request))
            found.headers["allow"] = allowed
            return f"this path takes {allowed}, got {method}"
        case 404 if isinstance(error, HTTPException) and method in _WRITES and path.startswith(_ARTICLE):
            encoded = quote(unquote(path[len(_ARTICLE) :]), safe="")
            if "%2F" in encoded and len(encoded) < _LONGEST_MOVE:
                return f"slashes of an id are encoded where it is written; send {method} {_ARTICLE}{encoded}"
        case 422 if isinstance(error, RequestValidationError) and _has_no_object(error):
            kind = request.headers.get("content-type", "none")
            if "json" not in kind:
                return f"wanted a body with Content-Type: application/json, got {_encodable(kind[:100])}"
    return found.detail


def _has_no_object(error: RequestValidationError) -> bool:
    return any(
        each["type"] == "model_attributes_type" and tuple(each["loc"]) == ("body",) for each in error.errors()
    )


def _methods(request: Request) -> list[str]:
    """Return the methods of all routes that fit the path of a request."""
    routes: list[APIRoute] = request.app.state.routes
    fitting = [each.methods or set() for each in routes if each.path_regex.match(request.scope["path"])]
    return sorted({method for methods in fitting for method in methods})


def _problem_of(error: Exception) -> ProblemError:
    match error:
        case ProblemError():
            return error
        case RequestValidationError():
            return ProblemError(
                422, "the request is not valid; see errors", errors=list(map(_fault, error.errors()))
            )
        case HTTPException(status_code=404):
            return ProblemError(404, _NO_ROUTE, error.headers)
        case HTTPException():
            return ProblemError(error.status_code, error.detail, error.headers)
        case UnknownArticleError():
            return ProblemError(404, str(error))
        case InputError():
            errors = [{"detail": _encodable(str(each))} for each in error.problems]
            return ProblemError(422, "the request cannot be carried out; see errors", errors=errors)
        case BusyError():
            return ProblemError(409, str(error), {"retry-after": _RETRY_S})
        case _:
            return ProblemError(503, str(error), {"retry-after": _RETRY_S})


def _fault(error: Mapping[str, Any]) -> dict[str, Any]:
    """Return one fault of a request, without the value that came: it may be long."""
    is_unknown = error["type"] == "extra_forbidden"
    message = "no such name; /openapi.json has all" if is_unknown else str(error["msg"])
    if error["type"] == "model_attributes_type":  # in words of ours: those of pydantic are about Python
        message = "wanted an object as JSON; /openapi.json has examples"
    return {
        "detail": _encodable(message),
        "at": ".".join(_encodable(str(each)) for each in error["loc"]),
    }


def _encodable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()
