"""What the desk shows of one article: its list, where it is shown, its rules, and reasons."""

from __future__ import annotations

from typing import Any

from recommender.collection.summary_table import unknown_article
from recommender.editors import revision_of
from recommender.engine import Recommender
from recommender.service.desk_index import DeskIndex
from recommender.service.rule_models import RuleShown

__all__ = ["article_shown", "reasons_shown"]

_SHOWN_UNDER = 100


def article_shown(index: DeskIndex, site: Recommender, article_id: str) -> dict[str, Any]:
    """Return the list of an article with its cards, where the article is shown, and the rules that name it.

    Raises
    ------
    UnknownArticleError
        If the site has no such article.
    """
    articles = index.articles
    if article_id not in articles.row_of:
        raise unknown_article(article_id, len(articles.ids))
    found, rules = site[article_id], site.editors
    row = articles.row_of[article_id]
    entries = [articles.row_of[each] for each in found.article_ids]
    under = index.holders(article_id)
    own = [each for each in rules.by_strength() if article_id in each.ids]
    named = {each for rule in own for each in rule.ids}
    titles = {each: articles.titles[articles.row_of[each]] for each in named if each in articles.row_of}
    return {
        "article": index.cards([row])[0] | {"url": articles.urls[row]},
        "related": [
            card
            | {"score": round(entry.score, 4), "source": entry.source, "description": entry.description or ""}
            for card, entry in zip(index.cards(entries), found, strict=True)
        ],
        "under": {"total": len(under), "articles": index.cards(under[:_SHOWN_UNDER].tolist())},
        "revision": revision_of(rules),
        "rules": [RuleShown.of(each).model_dump() for each in own],
        "titles": titles,
    }


def reasons_shown(site: Recommender, article_id: str) -> dict[str, Any]:
    """Return the parts of the score and the terms in common of the entries of a list, by id."""
    found = site.related(article_id, why=True)
    return {
        "reasons": {
            entry.article_id: {
                "parts": {name: _rounded(value) for name, value in entry.parts.items() if value},
                "terms": {each.term: _rounded(each.share) for each in entry.terms},
            }
            for entry in found
        }
    }


def _rounded(number: float) -> float:
    return float(f"{float(number):.3g}")
