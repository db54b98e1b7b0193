"""The text stage: raw bodies become plain text, and text that recurs all over a site is removed."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recommender.text.boilerplate import Boilerplate, find_boilerplate
    from recommender.text.cleaning import clean_articles
    from recommender.text.links import SiteLinks
    from recommender.text.normalise import plain_text
    from recommender.text.spool import TextSpool

__all__ = ["Boilerplate", "SiteLinks", "TextSpool", "clean_articles", "find_boilerplate", "plain_text"]

_MODULES = {
    "Boilerplate": "boilerplate", "find_boilerplate": "boilerplate", "clean_articles": "cleaning",
    "SiteLinks": "links", "plain_text": "normalise", "TextSpool": "spool",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: looking up lists needs no parser of HTML."""
    if name in _MODULES:
        from importlib import import_module

        return getattr(import_module(f"recommender.text.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
