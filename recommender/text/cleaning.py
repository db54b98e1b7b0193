"""Converts articles to summaries and clean texts."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from recommender.articles import Article, ArticleSummary
from recommender.errors import InputError, Problem
from recommender.progress import REPORT_INTERVAL, Progress, ProgressIterable
from recommender.text.boilerplate import find_boilerplate
from recommender.text.descriptions import card_text
from recommender.text.link_names import LinkNames
from recommender.text.links import SiteLinks
from recommender.text.normalise import plain_text
from recommender.text.set_apart import set_apart
from recommender.text.spool import TextSpool
from recommender.text.stubs import StubFinder
from recommender.text.text_model import TextModel
from recommender.text.titles import first_words, title_text

__all__ = ["CleanArticles", "clean_articles"]

_BLOCK, _LONG = 64, 2**21  # articles, and characters of their bodies, that are cleaned together
_SITE_WIDE = 3  # articles with the same description, from which it describes the site


class CleanArticles(NamedTuple):
    """Articles in the order of their ids.

    Attributes
    ----------
    summaries : list of ArticleSummary
        An untitled article has its first words as the title.
    texts : TextSpool
        Title and body as plain text. An untitled article has no title.
    clean : TextSpool
        The same without what the site repeats; `texts` itself where it repeats nothing.
    digests : list of int
        See `Article.digest`.
    apart : list of list of int
        What is set apart in each text, see `set_apart`.
    model : TextModel
    links : LinkNames
        Of the texts as they were given: clean texts have no links.
    """

    summaries: list[ArticleSummary]
    texts: TextSpool
    clean: TextSpool
    digests: list[int]
    apart: list[list[int]]
    model: TextModel
    links: LinkNames


def clean_articles(
    articles: Iterable[Article],
    progress: Progress,
    model: TextModel | None = None,
) -> CleanArticles:
    """Return summaries and clean texts in the order of the ids.

    What the site repeats is found first, unless a `model` is given. Each article is then cleaned by itself.

    Raises
    ------
    InputError
        If several articles have the same id. Lists each of them.

    Warns
    -----
    UserWarning
        If stubs are found (see `StubFinder`).
    """
    links = SiteLinks()
    summaries, texts, digests, apart = _read(articles, progress, links)
    order = sorted(range(len(summaries)), key=lambda row: summaries[row].article_id)
    if order != list(range(len(order))):
        summaries, digests = [summaries[row] for row in order], [digests[row] for row in order]
        texts, apart = texts.reordered(order), [apart[row] for row in order]
        links.reorder(order)
    model = _fitted(summaries, texts, progress) if model is None else model
    clean = texts
    if model.boilerplate.segments or model.stubs:
        clean = TextSpool()
        for title, body in texts:
            clean.append(title, model.clean(title, body))
    _complete(summaries, texts, clean, model)
    return CleanArticles(summaries, texts, clean, digests, apart, model, links.names())


def _read(
    articles: Iterable[Article], progress: Progress, links: SiteLinks
) -> tuple[list[ArticleSummary], TextSpool, list[int], list[list[int]]]:
    """Return summaries with the descriptions of the articles, plain texts, digests, and what is set apart."""
    summaries: list[ArticleSummary] = []
    texts, digests, apart = TextSpool(), list[int](), list[list[int]]()
    for block in _blocks(_distinct(articles, progress)):
        for article in block:
            links.see(article)
        titles = [title_text(article.title) for article in block]
        bodies = [plain_text(article.body) for article in block]
        for title, body in zip(titles, bodies, strict=True):
            texts.append(title, body)
        described = zip(block, titles, strict=True)
        summaries += [_summary(article, title, article.description) for article, title in described]
        digests += [article.digest() for article in block]
        apart += [set_apart(article.body, body) for article, body in zip(block, bodies, strict=True)]
    progress("reading", len(summaries), len(summaries))
    return summaries, texts, digests, apart


def _distinct(articles: Iterable[Article], progress: Progress) -> Iterator[Article]:
    """Yield the articles, and raise at their end if two have the same id."""
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
        if number % REPORT_INTERVAL == 0:
            progress("reading", number, 0)
        yield article
    if problems:
        raise InputError(problems)


def _blocks(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Yield articles in short lists. A step takes a quarter less time where its code and data stay in the caches."""
    block, size = list[Article](), 0
    for article in articles:
        block.append(article)
        size += len(article.body)
        if len(block) == _BLOCK or size > _LONG:
            yield block
            block, size = [], 0
    if block:
        yield block


def _fitted(summaries: Sequence[ArticleSummary], texts: TextSpool, progress: Progress) -> TextModel:
    """Return what the texts of a site have in common."""
    boilerplate = find_boilerplate(ProgressIterable(texts, "finding boilerplate", progress))

    def bodies() -> Iterable[tuple[str, str]]:  # a body that is all boilerplate can be a stub too
        return ((title, boilerplate.remove(body, title) or body) for title, body in texts)

    finder = StubFinder()
    for title, body in bodies():
        finder.see(title, body)
    stubs = finder.found(bodies())
    if stubs.rows:
        warnings.warn(stubs.warning(), stacklevel=5)
    counts = Counter(summary.description for summary in summaries if summary.description)
    shared = frozenset(text for text, count in counts.items() if count >= _SITE_WIDE)
    return TextModel(boilerplate, frozenset(text for text, _ in stubs.texts), shared)


def _complete(summaries: list[ArticleSummary], texts: TextSpool, clean: TextSpool, model: TextModel) -> None:
    """Fill in the titles and descriptions that lists show."""
    for row, ((_, whole), (title, body)) in enumerate(zip(texts, clean, strict=True)):
        summary = summaries[row]
        description = None if summary.description in model.descriptions else summary.description
        card = card_text(description, body, title)
        if not body and whole and card and any(card.rstrip("…") in text for text in model.stubs):
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
