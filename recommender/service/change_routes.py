"""What changed since a version."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import Query, Request, Response

from recommender.errors import ArtifactError
from recommender.service.answers import Answer, responded
from recommender.service.cache_headers import purge_keys, version_header
from recommender.service.guarded_routes import EDITING, Headers, Served, guarded_router
from recommender.service.list_models import ChangesOut
from recommender.service.problem_answers import ProblemError

__all__ = ["change_routes"]

change_routes = guarded_router()

_Since = Annotated[int, Query(ge=0, le=2**62, description="A version that an answer named.", examples=[1])]


@change_routes.get("/v1/changes", dependencies=[EDITING], response_model=ChangesOut)
async def get_changes(request: Request, served: Served, headers: Headers, since: _Since) -> Response:
    """Return the articles whose lists changed after a version, and those that were deleted.

    If that is not known, 404: a new base began, and all lists may have changed.
    """
    try:
        changes = served.now.changes_since(since)
    except ArtifactError as error:
        raise ProblemError(404, str(error)) from error
    content = changes.to_dict() | {"keys": purge_keys(changes.lists, changes.deleted)}
    return responded(
        request, Answer(orjson.dumps(content), headers.fresh()), (version_header(changes.version),)
    )
