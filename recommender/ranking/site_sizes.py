"""What counts as a small and as a large site."""

from __future__ import annotations

__all__ = ["LARGE_SITE", "SMALL_SITE", "is_large", "is_small"]

SMALL_SITE = 2_048
"""Articles of a site up to which everything is scored against everything."""

LARGE_SITE = 50_000
"""Articles from which on candidates miss more than one in a hundred of the best: a build takes a second round, and a
single query more candidates."""


def is_small(n_articles: int, k: int = 0) -> bool:
    """Return whether every article is a candidate for a list of k, because they are few or few for such a k."""
    return n_articles <= max(SMALL_SITE, 20 * k)


def is_large(n_articles: int) -> bool:
    """Return whether the candidates of a first round are too few."""
    return n_articles > LARGE_SITE
