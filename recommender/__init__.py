"""Related-article lists for a whole site."""

from typing import TYPE_CHECKING, Any

import recommender.code_cache  # noqa: F401  before anything is compiled
from recommender.articles import Article, ArticleSummary
from recommender.editors.rules import EditorRules
from recommender.engine import Recommender
from recommender.errors import (
    ArtifactError,
    BusyError,
    InputError,
    MissingExtraError,
    RecommenderError,
    UnknownArticleError,
)
from recommender.explanations.absence import Absence
from recommender.links.suggestions import LinkSuggestion, LinkSuggestions
from recommender.lists.related import RelatedArticle, RelatedList, SharedTerm, TranslatedArticle
from recommender.rules.policy import Policy
from recommender.scoring.weights import Weights
from recommender.updating.changes import Changes, ListChanges
from recommender.updating.drift import Drift

if TYPE_CHECKING:
    from recommender.editors import read_editor_rules
    from recommender.readers import read_articles

__version__ = "0.1.0"

__all__ = [
    "Absence",
    "Article",
    "ArticleSummary",
    "ArtifactError",
    "BusyError",
    "Changes",
    "Drift",
    "EditorRules",
    "InputError",
    "LinkSuggestion",
    "LinkSuggestions",
    "ListChanges",
    "MissingExtraError",
    "Policy",
    "Recommender",
    "RecommenderError",
    "RelatedArticle",
    "RelatedList",
    "SharedTerm",
    "TranslatedArticle",
    "UnknownArticleError",
    "Weights",
    "__version__",
    "read_articles",
    "read_editor_rules",
]


def __getattr__(name: str) -> Any:
    """Import the readers when they are first used: looking up a list does not need them."""
    if name == "read_articles":
        from recommender.readers import read_articles

        return read_articles
    if name == "read_editor_rules":
        from recommender.editors import read_editor_rules

        return read_editor_rules
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
