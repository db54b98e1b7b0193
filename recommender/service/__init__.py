"""A site over HTTP: an ASGI app, for any server that speaks ASGI."""

from recommender.service.app import create_app, create_app_from_environment
from recommender.service.service_settings import ServiceSettings
from recommender.service.service_tokens import Tokens

__all__ = ["ServiceSettings", "Tokens", "create_app", "create_app_from_environment"]
