"""A site over HTTP: an ASGI app, for any server that speaks ASGI."""

from typing import TYPE_CHECKING, Any

from recommender.service.service_settings import ServiceSettings
from recommender.service.service_tokens import Tokens

if TYPE_CHECKING:
    from recommender.service.app import create_app, create_app_from_environment

__all__ = ["ServiceSettings", "Tokens", "create_app", "create_app_from_environment"]


def __getattr__(name: str) -> Any:
    """Import the app when it is first used: the writer does without its framework."""
    if name in ("create_app", "create_app_from_environment"):
        from recommender.service import app

        return getattr(app, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
