"""What supervisors ask: is the process alive, is it ready, and its metrics."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from recommender.service.guarded_routes import READING, Served, guarded_router
from recommender.service.metric_families import ServiceMetrics
from recommender.service.problem_answers import ProblemError

__all__ = ["health_routes", "metric_routes"]

health_routes, metric_routes = APIRouter(), guarded_router()

_FRESH = {"cache-control": "no-store"}
_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Yes"}
}


@health_routes.get("/livez", response_class=Response, responses=_TEXT)
async def get_livez() -> Response:
    """Say that the process is alive."""
    return Response("alive\n", 200, _FRESH, "text/plain")


@health_routes.get("/readyz", response_class=Response, responses=_TEXT)
async def get_readyz(served: Served) -> Response:
    """Say whether the process answers without a delay, of the newest version."""
    if not served.is_ready:
        raise ProblemError(
            503,
            "not ready: the site is being read, or cannot be read; the log says which",
            {"retry-after": "1"},
        )
    return Response("ready\n", 200, _FRESH, "text/plain")


@metric_routes.get("/metrics", response_class=Response, responses=_TEXT, dependencies=[READING])
async def get_metrics(request: Request) -> Response:
    """Return the metrics of all processes of the service, for Prometheus."""
    metrics: ServiceMetrics = request.app.state.metrics
    text, content_type = metrics.text(request.headers.get("accept", ""))
    return Response(text, 200, {**_FRESH, "content-type": content_type})
