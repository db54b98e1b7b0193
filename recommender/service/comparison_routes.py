"""How two policies compare by the clicks in their lists, as it is now."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from recommender.evaluation.arm_comparison import compare_arms
from recommender.service.answers import Answer, responded
from recommender.service.click_routes import click_log
from recommender.service.comparing import Comparing
from recommender.service.guarded_routes import READING, Headers, Served, guarded_router
from recommender.service.problem_answers import ProblemError
from recommender.service.service_description import described_problems

__all__ = ["comparison_routes"]

comparison_routes = guarded_router()


class _ArmOut(BaseModel):
    shown: int = Field(description="Lists that readers had on their screens.")
    clicked: int = Field(description="Those in which they clicked.")
    rate: float | None


class _ComparisonOut(BaseModel):
    """Two policies compared. What is not known yet is null."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "comparison": "06721b4f", "is_running": True, "policy": {"diversity": 0.5},
                    "arms": {
                        "a": {"shown": 6_000, "clicked": 240, "rate": 0.04},
                        "b": {"shown": 6_000, "clicked": 300, "rate": 0.05},
                    },
                    "articles": 700, "difference": 0.01, "relative": 0.25, "low": -0.05, "high": 0.64, "least": 0.1,
                    "clicks_needed": 6_200, "better": None, "comparisons": ["06721b4f"],
                }
            ]
        }
    )  # fmt: skip

    comparison: str
    is_running: bool
    policy: dict[str, Any] = Field(
        {}, description="How the policy b of the comparison that runs differs from a."
    )
    arms: dict[str, _ArmOut]
    articles: int
    difference: float | None = Field(description="Click rate of b less that of a.")
    relative: float | None = Field(description="The same as a share of the rate of a.")
    low: float = Field(description="The interval of `relative`, which holds at every look.")
    high: float | None
    least: float
    clicks_needed: int | None = Field(
        description="Clicks that are missing before the least difference would show."
    )
    better: str | None = Field(description="The policy with the higher rate, once the interval excludes 0.")
    comparisons: list[str] = Field(description="Those of the log, the newest last.")


@comparison_routes.get(
    "/v1/comparison", dependencies=[READING], response_model=_ComparisonOut,
    responses=described_problems({404: "The service logs no clicks, or the log has no such comparison"}),
)  # fmt: skip
async def comparison(
    request: Request,
    served: Served,
    headers: Headers,
    name: Annotated[
        str | None,
        Query(
            pattern="^[0-9a-f]{8}$",
            description="A comparison of the log. That which runs, if left out.",
            examples=["06721b4f"],
        ),
    ] = None,
    least: Annotated[
        float,
        Query(gt=0, le=100, description="The smallest difference that matters, as a share.", examples=[0.1]),
    ] = 0.1,
) -> Response:
    """Return the click rates of two policies, their difference with its interval, and how many clicks are missing.

    `better` is the policy with the higher rate once the interval excludes 0. The interval holds at every look.
    """
    counts = await click_log(request).counts()
    comparing: Comparing | None = request.app.state.comparing
    running = None if comparing is None else comparing.split.name(served.now.policy)
    asked = name or running or next(reversed(counts), None)
    if asked is None or (asked not in counts and asked != running):
        raise ProblemError(404, f"there is no such comparison; the log has {', '.join(counts) or 'none'}")
    found: dict[str, Any] = {"comparison": asked, "is_running": asked == running}
    if comparing is not None and asked == running:
        own, other = (each.to_dict() for each in (served.now.policy, comparing.split.policy))
        found["policy"] = {key: value for key, value in other.items() if own[key] != value}
    found |= compare_arms(counts.get(asked, {}), least=least).to_dict() | {"comparisons": list(counts)}
    return responded(request, Answer(orjson.dumps(found), headers.fresh()))
