"""What changed since a version."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from recommender.errors import ArtifactError
from recommender.service.guarded_routes import READING, Served, guarded_router
from recommender.service.problem_answers import ProblemError

__all__ = ["change_routes"]

change_routes = guarded_router()


@change_routes.get("/v1/changes", dependencies=[READING])
async def changes(served: Served, since: Annotated[int, Query(ge=0)]) -> dict[str, Any]:
    """Return the articles whose lists changed after a version, and those that were deleted."""
    try:
        return served.now.changes_since(since).to_dict()
    except ArtifactError as error:
        raise ProblemError(410, str(error)) from error
