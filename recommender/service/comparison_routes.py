"""How two policies compare by the clicks in their lists, as it is now."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import Query, Request

from recommender.evaluation.arm_comparison import compare_arms
from recommender.evaluation.arm_counts import ArmCounts, ArmTally
from recommender.service.guarded_routes import READING, Served, guarded_router
from recommender.service.problem_answers import ProblemError

__all__ = ["ComparisonTally", "comparison_routes"]

comparison_routes = guarded_router()


class ComparisonTally:
    """The counts of a click log, which one request at a time brings up to date."""

    def __init__(self, tally: ArmTally) -> None:
        self._tally, self._lock = tally, asyncio.Lock()

    async def counts(self) -> dict[str, ArmCounts]:
        """Return the counts of each comparison, the newest last."""
        async with self._lock:
            return await asyncio.to_thread(self._read)

    def _read(self) -> dict[str, ArmCounts]:
        self._tally.read()
        return {name: self._tally.counts(name) for name in self._tally.comparisons}


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
    tally: ComparisonTally | None = request.app.state.tally
    if tally is None:
        raise ProblemError(404, "this service logs no clicks; start it with --clicks FOLDER")
    counts = await tally.counts()
    split = request.app.state.split
    running = None if split is None else split.name(served.now.policy)
    asked = name or running or next(reversed(counts), None)
    if asked is None or (asked not in counts and asked != running):
        raise ProblemError(404, f"there is no such comparison; the log has {', '.join(counts) or 'none'}")
    found: dict[str, Any] = {"comparison": asked, "is_running": asked == running}
    if split is not None and asked == running:
        own = served.now.policy.to_dict()
        found["policy"] = {key: value for key, value in split.policy.to_dict().items() if own[key] != value}
    return found | compare_arms(counts.get(asked, {}), least=least).to_dict() | {"comparisons": list(counts)}
