"""What of each article is read: all of it, or what a feed often has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from recommender import Article

__all__ = ["VARIANTS"]

_LEDE = 400  # characters


def _whole(articles: Sequence[Article]) -> list[Article]:
    return list(articles)


def _headline_and_lede(articles: Sequence[Article]) -> list[Article]:
    return [replace(article, body=article.body[:_LEDE]) for article in articles]


VARIANTS: dict[str, Callable[[Sequence[Article]], list[Article]]] = {
    "whole": _whole,
    "headline-and-lede": _headline_and_lede,
}
"""By name, as ``run quality --variant`` takes it: articles in, the same articles with what is read of them out."""
