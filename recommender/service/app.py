"""The service as an ASGI app."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from recommender.compiling import tell_of_compiling
from recommender.service.article_routes import article_routes
from recommender.service.cache_headers import CacheHeaders
from recommender.service.change_routes import change_routes
from recommender.service.click_routes import ClickLog, click_routes
from recommender.service.comparing import Comparing
from recommender.service.comparison_routes import comparison_routes
from recommender.service.component_routes import component_routes
from recommender.service.component_script import ComponentScript
from recommender.service.decision_routes import decision_routes
from recommender.service.desk_routes import desk_routes
from recommender.service.front import NO_ROUTE, Front
from recommender.service.health_routes import health_routes, metric_routes
from recommender.service.list_routes import list_routes
from recommender.service.metric_families import ServiceMetrics
from recommender.service.problem_answers import add_problem_handlers
from recommender.service.rule_routes import rule_routes
from recommender.service.served_site import ServedSite
from recommender.service.service_description import describe, route_names
from recommender.service.service_log import ServiceLog
from recommender.service.service_settings import ServiceSettings
from recommender.service.service_tokens import Tokens
from recommender.service.shared_counters import SharedCounters
from recommender.service.supervisor import end_with_supervisor

__all__ = ["ROUTERS", "SETTINGS", "SITE", "create_app", "create_app_from_environment"]

SITE = "RECOMMENDER_SITE"
"""Name in the environment of the folder that `create_app_from_environment` serves."""

SETTINGS = "RECOMMENDER_SERVICE"
"""Name in the environment of its settings, `ServiceSettings.to_dict` as JSON."""

_SWITCH_S = (
    0.001  # for so long a draft that is made in a thread delays a list, and not for five times as long
)

ROUTERS = (
    list_routes, article_routes, change_routes, rule_routes, decision_routes, desk_routes, click_routes,
    comparison_routes, component_routes, health_routes, metric_routes,
)  # fmt: skip
"""The routes of the service, a router for each group. The first route that fits a path answers."""


def create_app(
    site: str | Path, settings: ServiceSettings | None = None, tokens: Tokens | None = None
) -> Front:
    """Return the service of a site as an ASGI app.

    Parameters
    ----------
    site : str or Path
        A folder that `recommender build` wrote.
    settings : ServiceSettings or None
    tokens : Tokens or None
        None takes them from the environment.

    Raises
    ------
    ArtifactError
        If there is no site.
    """
    settings = settings or ServiceSettings()
    tokens = Tokens.from_environment() if tokens is None else tokens
    log, headers = ServiceLog(settings.log), CacheHeaders(settings, is_private=bool(tokens.reading))
    tell_of_compiling(partial(log.message, "info"))
    served = ServedSite(Path(site), settings, headers, log)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await served.start(writes=bool(tokens.writing))
        watch = asyncio.create_task(end_with_supervisor())
        yield
        watch.cancel()
        await served.stop()
        log.flush()

    app = FastAPI(
        title="Related articles",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    add_problem_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    routes = [each for router in ROUTERS for each in router.routes]
    describe(app, tokens, routes)
    folder = None if settings.run_folder is None else Path(settings.run_folder)
    counters = SharedCounters([*route_names(app), NO_ROUTE], folder)
    for name, value in {
        "served": served, "log": log, "settings": settings, "tokens": tokens, "headers": headers,
        "metrics": ServiceMetrics(counters, served), "routes": routes,
        "clicks": ClickLog.of(settings), "comparing": Comparing.of(settings), "script": ComponentScript.of(settings),
    }.items():  # fmt: skip
        setattr(app.state, name, value)
    return Front(app, served, settings, tokens, counters, log)


def create_app_from_environment() -> Front:
    """Return the service that the environment describes, for servers that are given the name of a factory."""
    sys.setswitchinterval(_SWITCH_S)
    settings = ServiceSettings.from_dict(json.loads(os.environ.get(SETTINGS, "{}")))
    return create_app(os.environ[SITE], settings)
