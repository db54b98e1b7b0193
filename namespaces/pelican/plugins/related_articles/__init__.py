"""Related articles under every article. Pelican loads its plugins from this namespace."""

from recommender.plugins.pelican_plugin import register

__all__ = ["register"]
