"""The service as an ASGI app."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from recommender.service.change_routes import change_routes
from recommender.service.decision_routes import decision_routes
from recommender.service.desk_routes import desk_routes
from recommender.service.problem_answers import add_problem_handlers
from recommender.service.rule_routes import rule_routes
from recommender.service.served_site import ServedSite
from recommender.service.service_settings import ServiceSettings
from recommender.service.service_tokens import Tokens

__all__ = ["ROUTERS", "SETTINGS", "SITE", "create_app", "create_app_from_environment"]

SITE = "RECOMMENDER_SITE"
"""Name in the environment of the folder that `create_app_from_environment` serves."""

SETTINGS = "RECOMMENDER_SERVICE"
"""Name in the environment of its settings, `ServiceSettings.to_dict` as JSON."""

ROUTERS = (change_routes, rule_routes, decision_routes, desk_routes)
"""The routes of the service, a router for each group."""


def create_app(
    site: str | Path, settings: ServiceSettings | None = None, tokens: Tokens | None = None
) -> FastAPI:
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
    served = ServedSite(Path(site), settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await served.start()
        yield
        await served.stop()

    app = FastAPI(title="Related articles", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.served, app.state.settings = served, settings
    app.state.tokens = Tokens.from_environment() if tokens is None else tokens
    add_problem_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    return app


def create_app_from_environment() -> FastAPI:
    """Return the service that the environment describes, for servers that are given the name of a factory."""
    settings = ServiceSettings.from_dict(json.loads(os.environ.get(SETTINGS, "{}")))
    return create_app(os.environ[SITE], settings)
