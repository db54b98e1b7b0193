"""Converts articles to summaries and clean texts."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, tee
from typing import NamedTuple

from recommender.articles import Article, ArticleSummary
from recommender.errors import InputError, Problem
from recommender.progress import REPORT_INTERVAL, Progress, ProgressIterable
from recommender.text.boilerplate import find_boilerplate
from recommender.text.cleaned_block import blocks, clean_texts, plain_articles
from recommender.text.link_names import LinkNames
from recommender.text.links import SiteLinks
from recommender.text.spool import TextSpool
from recommender.text.stubs import StubFinder
from recommender.text.text_model import TextModel
from recommender.text.titles import first_words
from recommender.worker_processes import WorkerProcesses, in_parts, worker_processes

__all__ = ["CleanArticles", "clean_articles"]

_BLOCK = 256  # texts that a process takes at a time
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
    n_jobs: int | None = 1,
) -> CleanArticles:
    """Return summaries and clean texts in the order of the ids.

    What the site repeats is found first, unless a `model` is given. Each article is then cleaned by itself. Where that
    takes more than two seconds, as many processes as `n_jobs` says share it, see `WorkerProcesses`.

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
    with worker_processes(n_jobs) as workers, workers.shared():
        summaries, texts, digests, apart = _read(articles, progress, links, workers)
        order = sorted(range(len(summaries)), key=lambda row: summaries[row].article_id)
        if order != list(range(len(order))):
            summaries, digests = [summaries[row] for row in order], [digests[row] for row in order]
            texts, apart = texts.reordered(order), [apart[row] for row in order]
            links.reorder(order)
        model = _fitted(summaries, texts, progress) if model is None else model
        summaries, clean = _cleaned(summaries, texts, model, workers)
    return CleanArticles(summaries, texts, clean, digests, apart, model, links.names())


def _read(
    articles: Iterable[Article], progress: Progress, links: SiteLinks, workers: WorkerProcesses
) -> tuple[list[ArticleSummary], TextSpool, list[int], list[list[int]]]:
    """Return summaries with the descriptions of the articles, plain texts, digests, and what is set apart."""
    summaries: list[ArticleSummary] = []
    texts, digests, apart = TextSpool(), list[int](), list[list[int]]()
    given, read = tee(blocks(_distinct(articles, progress)))
    for block, (plain, seen) in zip(given, workers.mapped(plain_articles, read), strict=True):
        links.extend(seen)
        for article, (title, body, _, _) in zip(block, plain, strict=True):
            texts.append(title, article.body if body is None else body)
            summaries.append(_summary(article, title, article.description))
        digests += [each.digest for each in plain]
        apart += [each.apart for each in plain]
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


def _cleaned(
    summaries: Sequence[ArticleSummary], texts: TextSpool, model: TextModel, workers: WorkerProcesses
) -> tuple[list[ArticleSummary], TextSpool]:
    """Return summaries with the titles and descriptions that lists show, and the texts without what the site repeats."""
    changes = bool(model.boilerplate.segments or model.stubs)
    complete: list[ArticleSummary] = []
    clean = TextSpool() if changes else texts
    described = ((*text, each.description) for text, each in zip(texts, summaries, strict=True))
    found = workers.mapped(partial(clean_texts, model), in_parts(described, _BLOCK))
    cleaned = chain.from_iterable(found)
    for summary, (title, whole), (body, card) in zip(summaries, texts, cleaned, strict=True):
        kept = whole if body is None else body
        if changes:
            clean.append(title, kept)
        complete.append(_summary(summary, title or first_words(kept), card))
    return complete, clean


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
