"""Converts articles to summaries and clean texts."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable

from recommender.articles import Article, ArticleSummary
from recommender.errors import InputError, Problem
from recommender.progress import REPORT_INTERVAL, Progress, ProgressIterable
from recommender.text.boilerplate import Boilerplate, find_boilerplate
from recommender.text.descriptions import card_text
from recommender.text.links import SiteLinks
from recommender.text.normalise import plain_text
from recommender.text.spool import TextSpool
from recommender.text.stubs import StubFinder, Stubs
from recommender.text.titles import first_words, title_text

__all__ = ["clean_articles"]

_SITE_WIDE = 3  # articles with the same description, from which it describes the site


def clean_articles(
    articles: Iterable[Article], progress: Progress, links: SiteLinks | None = None
) -> tuple[list[ArticleSummary], TextSpool, Boilerplate]:
    """Return summaries and clean texts in the order of the ids, and the boilerplate of the site.

    An untitled article that consists of boilerplate keeps its text, because otherwise nothing would remain.
    In the summary of an untitled article the first words become the title; its clean text has no title. A
    text that several articles share is removed with a warning (see `StubFinder`). `links` receives the raw
    articles, because clean texts have no links.

    Raises
    ------
    InputError
        If several articles have the same id. Lists each of them.
    """
    summaries, texts = _read(articles, progress, links)
    order = sorted(range(len(summaries)), key=lambda row: summaries[row].article_id)
    if order != list(range(len(order))):
        summaries = [summaries[row] for row in order]
        texts = texts.reordered(order)
        if links is not None:
            links.reorder(order)
    finder = StubFinder()
    boilerplate = find_boilerplate(finder.see_all(ProgressIterable(texts, "finding boilerplate", progress)))
    rest = texts
    if boilerplate.segments:
        rest, finder = _without_boilerplate(texts, boilerplate)
    stubs = finder.found((title, kept or body) for (title, body), (_, kept) in zip(texts, rest, strict=True))
    if stubs.rows:
        warnings.warn(stubs.warning(), stacklevel=4)
        rest = _without_stubs(rest, stubs)
    _complete(summaries, rest, stubs)
    return summaries, rest, boilerplate


def _read(
    articles: Iterable[Article], progress: Progress, links: SiteLinks | None
) -> tuple[list[ArticleSummary], TextSpool]:
    """Return summaries with the descriptions of the articles, and plain texts."""
    summaries: list[ArticleSummary] = []
    texts = TextSpool()
    first: dict[str, int] = {}
    problems = []
    for number, article in enumerate(articles, start=1):
        if not isinstance(article, Article):
            raise TypeError(
                f"articles must be an iterable of Article, got {article!r:.80} as number {number:,}"
            )
        if first.setdefault(article.article_id, number) != number:
            other = f"article {first[article.article_id]:,} has the same id; give each article its own"
            problems.append(Problem("duplicate id", repr(article.article_id), other))
        if links is not None:
            links.see(article)
        title = title_text(article.title)
        summaries.append(_summary(article, title, article.description))
        texts.append(title, plain_text(article.body))
        if number % REPORT_INTERVAL == 0:
            progress("reading", number, 0)
    if problems:
        raise InputError(problems)
    progress("reading", len(summaries), len(summaries))
    return summaries, texts


def _without_boilerplate(texts: TextSpool, boilerplate: Boilerplate) -> tuple[TextSpool, StubFinder]:
    rest, finder = TextSpool(), StubFinder()
    for title, body in texts:
        kept = boilerplate.remove(body, title)
        finder.see(title, kept or body)  # a body that is all boilerplate can be a stub too
        rest.append(title, kept or ("" if title else body))
    return rest, finder


def _without_stubs(texts: TextSpool, stubs: Stubs) -> TextSpool:
    rest = TextSpool()
    for row, (title, body) in enumerate(texts):
        rest.append(title, "" if row in stubs.rows else body)
    return rest


def _complete(summaries: list[ArticleSummary], texts: TextSpool, stubs: Stubs) -> None:
    """Fill in the titles and descriptions that lists show."""
    counts = Counter(summary.description for summary in summaries if summary.description)
    site_wide = {text for text, count in counts.items() if count >= _SITE_WIDE}
    for row, (title, body) in enumerate(texts):
        summary = summaries[row]
        description = None if summary.description in site_wide else summary.description
        card = card_text(description, body, title)
        if row in stubs.rows and card and any(card.rstrip("…") in text for text, _ in stubs.texts):
            card = None  # the description is the start of the stub
        summaries[row] = _summary(summary, title or first_words(body), card)


def _summary(article: Article | ArticleSummary, title: str, description: str | None) -> ArticleSummary:
    return ArticleSummary(
        article.article_id,
        title,
        article.published,
        article.section,
        article.language,
        article.url,
        description,
        article.image,
        article.metadata,
    )
