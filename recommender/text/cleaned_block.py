"""What cleaning makes of single articles, in blocks that other processes can work on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from recommender.articles import Article
from recommender.text.descriptions import card_text
from recommender.text.links import SiteLinks
from recommender.text.normalise import plain_text
from recommender.text.set_apart import set_apart
from recommender.text.text_model import TextModel
from recommender.text.titles import title_text
from recommender.worker_processes import in_parts

__all__ = ["CleanText", "PlainArticle", "blocks", "clean_texts", "plain_articles"]

_BLOCK, _LONG = 512, 2**20  # articles, and characters of their bodies, that a process takes at a time
_STEP = 64  # articles that go through one step after the other together, see `plain_articles`


class PlainArticle(NamedTuple):
    """What one article is as plain text.

    Attributes
    ----------
    title : str
    body : str or None
        None where it is as it was given.
    digest : int
        See `Article.digest`.
    apart : list of int
        See `set_apart`.
    """

    title: str
    body: str | None
    digest: int
    apart: list[int]


class CleanText(NamedTuple):
    """A text without what the site repeats.

    Attributes
    ----------
    body : str or None
        None where nothing was removed.
    card : str or None
        See `card_text`.
    """

    body: str | None
    card: str | None


def blocks(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Yield articles in lists for `plain_articles`."""
    block, size = list[Article](), 0
    for article in articles:
        block.append(article)
        size += len(article.body)
        if len(block) == _BLOCK or size > _LONG:
            yield block
            block, size = [], 0
    if block:
        yield block


def plain_articles(articles: Sequence[Article]) -> tuple[list[PlainArticle], SiteLinks]:
    """Return articles as plain text, and their links.

    A step takes a quarter less time where its code and data stay in the caches, so they go through all steps in short
    lists.
    """
    links, plain = SiteLinks(), list[PlainArticle]()
    for some in in_parts(articles, _STEP):
        for article in some:
            links.see(article)
        plain += _plain(some)
    return plain, links


def _plain(articles: Sequence[Article]) -> list[PlainArticle]:
    titles = [title_text(article.title) for article in articles]
    bodies = [plain_text(article.body) for article in articles]
    digests = [article.digest() for article in articles]
    apart = [set_apart(article.body, body) for article, body in zip(articles, bodies, strict=True)]
    changed = [None if body == each.body else body for each, body in zip(articles, bodies, strict=True)]
    return list(map(PlainArticle, titles, changed, digests, apart))


def clean_texts(model: TextModel, texts: Iterable[tuple[str, str, str | None]]) -> list[CleanText]:
    """Return title, plain body and description of articles as a model of their site cleans them."""
    return [_clean(model, title, whole, description) for title, whole, description in texts]


def _clean(model: TextModel, title: str, whole: str, description: str | None) -> CleanText:
    body = model.clean(title, whole)
    card = card_text(None if description in model.descriptions else description, body, title)
    if not body and whole and card and any(card.rstrip("…") in text for text in model.stubs):
        card = None  # the description is the start of the stub
    return CleanText(None if body == whole else body, card)
