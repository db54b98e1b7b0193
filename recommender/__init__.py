"""Related-article lists for a whole site: encode, find neighbours, rank, keep."""

from recommender.articles import Article, ArticleSummary
from recommender.engine import Recommender
from recommender.errors import (
    ArtifactError,
    InputError,
    MissingExtraError,
    RecommenderError,
    UnknownArticleError,
)
from recommender.ranking.related import RelatedArticle, RelatedList, SharedTerm
from recommender.ranking.weights import Weights
from recommender.readers import read_articles

__all__ = [
    "Article",
    "ArticleSummary",
    "ArtifactError",
    "InputError",
    "MissingExtraError",
    "Recommender",
    "RecommenderError",
    "RelatedArticle",
    "RelatedList",
    "SharedTerm",
    "UnknownArticleError",
    "Weights",
    "read_articles",
]
