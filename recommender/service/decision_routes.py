"""The decisions of editors over HTTP: who changed which rule when, and undone again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel

from recommender.editors import revision_of
from recommender.service.guarded_routes import EDITING, WRITING, Served, guarded_router
from recommender.service.rule_models import Decisions, DecisionShown, Outcome
from recommender.service.rule_routes import CHANGES, FRESH, By, outcome_of

__all__ = ["decision_routes"]

decision_routes = guarded_router()


class _Undoing(BaseModel):
    by: By


@decision_routes.get("/v1/decisions", dependencies=[EDITING, FRESH])
async def get_decisions(
    served: Served,
    offset: Annotated[int, Query(ge=0, le=2**53, examples=[0])] = 0,
    limit: Annotated[int, Query(ge=1, le=200, examples=[50])] = 50,
) -> Decisions:
    """Return who changed which pin or block, the latest first. The site keeps the latest 200."""
    editors = served.now.editors
    log = editors.log[::-1]
    return Decisions(
        revision=revision_of(editors), total=len(log),
        decisions=[DecisionShown.of(each) for each in log[offset : offset + limit]],
    )  # fmt: skip


@decision_routes.post("/v1/decisions/{number}/undo", dependencies=[WRITING], responses=CHANGES)
async def post_undo(
    served: Served, number: Annotated[int, Path(ge=1, le=2**53, examples=[3])], body: _Undoing
) -> Outcome:
    """Undo a decision. Undoing is a decision itself, which can be undone."""
    return await outcome_of(served, {"does": "undo", "number": number, "by": body.by})
