"""Articles into what the later stages read: a summary and a clean text each."""

from __future__ import annotations

from collections.abc import Iterable

from recommender.articles import Article, ArticleSummary
from recommender.errors import InputError, Problem
from recommender.progress import TOLD_EVERY, Progress, Told
from recommender.text.boilerplate import Boilerplate, find_boilerplate
from recommender.text.links import SiteLinks
from recommender.text.normalise import plain_text
from recommender.text.spool import TextSpool

__all__ = ["clean_articles"]


def clean_articles(
    articles: Iterable[Article], tell: Progress, links: SiteLinks | None = None
) -> tuple[list[ArticleSummary], TextSpool, Boilerplate]:
    """Return summaries and clean texts in the order of the articles, and what was removed from the texts.

    An article that is nothing but boilerplate keeps it: there would be nothing left to relate. `links` are shown
    the articles as they came: clean texts have none.

    Raises
    ------
    InputError
        Naming every article whose id another one has already.
    """
    summaries: list[ArticleSummary] = []
    texts = TextSpool()
    first: dict[str, int] = {}
    problems = []
    for number, article in enumerate(articles, start=1):
        if first.setdefault(article.article_id, number) != number:
            taken = f"article {first[article.article_id]:,} has it already; give each article its own"
            problems.append(Problem("id twice", repr(article.article_id), taken))
        if links is not None:
            links.see(article)
        title = plain_text(article.title)
        summaries.append(_summary(article, title))
        texts.append(title, plain_text(article.body))
        if number % TOLD_EVERY == 0:
            tell("reading", number, 0)
    if problems:
        raise InputError(problems)
    tell("reading", len(summaries), len(summaries))
    boilerplate = find_boilerplate(body for _, body in Told(texts, "finding boilerplate", tell))
    if not boilerplate.segments:
        return summaries, texts, boilerplate
    rest = TextSpool()
    for title, body in texts:
        rest.append(title, boilerplate.remove(body) or ("" if title else body))
    return summaries, rest, boilerplate


def _summary(article: Article, title: str) -> ArticleSummary:
    return ArticleSummary(
        article.article_id,
        title,
        article.published,
        article.section,
        article.language,
        article.url,
        article.metadata,
    )
