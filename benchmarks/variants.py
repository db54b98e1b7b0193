"""Variants of the text of articles: all of it, or what feeds often have."""

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
"""Maps the names of ``run quality --variant`` to functions from articles to articles with that text."""
