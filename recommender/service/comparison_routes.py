"""How two policies compare by the clicks in their lists, as it is now."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request

from recommender.evaluation.arm_comparison import compare_arms
from recommender.service.click_routes import ClickLog
from recommender.service.comparing import Comparing
from recommender.service.guarded_routes import READING, Served, guarded_router
from recommender.service.problem_answers import ProblemError

__all__ = ["comparison_routes"]

comparison_routes = guarded_router()


@comparison_routes.get("/v1/comparison", dependencies=[READING])
async def comparison(
    request: Request,
    served: Served,
    name: Annotated[
        str | None,
        Query(pattern="^[0-9a-f]{8}$", description="A comparison of the log. That which runs, if left out."),
    ] = None,
    least: Annotated[
        float, Query(gt=0, le=100, description="The smallest difference that matters, as a share.")
    ] = 0.1,
) -> dict[str, Any]:
    """Return the click rates of two policies, their difference with its interval, and how many clicks are missing.

    `better` is the policy with the higher rate once the interval excludes 0. The interval holds at every look.
    """
    log: ClickLog | None = request.app.state.clicks
    if log is None:
        raise ProblemError(404, "this service logs no clicks; start it with --clicks FOLDER")
    counts = await log.counts()
    comparing: Comparing | None = request.app.state.comparing
    running = None if comparing is None else comparing.split.name(served.now.policy)
    asked = name or running or next(reversed(counts), None)
    if asked is None or (asked not in counts and asked != running):
        raise ProblemError(404, f"there is no such comparison; the log has {', '.join(counts) or 'none'}")
    found: dict[str, Any] = {"comparison": asked, "is_running": asked == running}
    if comparing is not None and asked == running:
        own, other = (each.to_dict() for each in (served.now.policy, comparing.split.policy))
        found["policy"] = {key: value for key, value in other.items() if own[key] != value}
    return found | compare_arms(counts.get(asked, {}), least=least).to_dict() | {"comparisons": list(counts)}
