"""Find the publication date of an HTML page in its meta tags, or else near the start of its article."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from recommender.dates import parse_date
from recommender.readers.html.html_head import HtmlHead

__all__ = ["publication_date"]

_META = (
    *("article:published_time", "article:published", "og:published_time", "og:article:published_time"),
    *(
        "datepublished",
        "date_published",
        "publishdate",
        "publish_date",
        "publish-date",
        "publication_date",
        "pubdate",
    ),
    *(
        "date",
        "dc.date",
        "dc.date.issued",
        "dc.date.created",
        "dcterms.date",
        "dcterms.issued",
        "dcterms.created",
    ),
    *("parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "citation_publication_date"),
    *("citation_date", "article.published", "published_at", "blog:published_time", "created", "datecreated"),
)
_CLASSES = frozenset(
    ("dt-published", "published", "publish-date", "date-published", "entry-date", "post-date", "post__date", "postdate",
     "article-date", "article__date", "post-time", "posted-on", "pubdate", "date", "dateline")
)  # fmt: skip
_NOT_OF_THE_ARTICLE = frozenset(("aside", "footer", "nav", "form", "script", "style", "noscript", "template"))
_HEAD = 1_500  # characters at the start of an article that are searched for its date
_LONGEST, _MOST_PIECES = 60, 20  # limits for a displayed date: characters and text nodes
_MOST_PLACES = 50


def publication_date(head: HtmlHead) -> str:
    """Return the publication date as text: the first valid date, or else the first value, or else empty."""
    if head.medium is not None:
        return head.medium.published
    linked = [head.linked.text(name) for name in ("datePublished", "dateCreated", "uploadDate")]
    given = [text for text in [*linked, *(head.meta(name) for name in _META)] if text]
    return next(filter(_is_date, given), "") or _shown(head.tree) or next(iter(given), "")


def _shown(tree: Any) -> str:
    """Return the first date in microdata, microformats, ``time`` elements or common classes."""
    marked = tree.xpath("(//*[@itemprop='datePublished'])[1]")
    dates = (
        date
        for element in [*marked, *islice(_at_the_head(tree), _MOST_PLACES)]
        if (date := _date_in(element))
    )
    return next(dates, "")


def _at_the_head(tree: Any) -> Iterator[Any]:
    """Yield the elements near the start of the article that may contain its date."""
    articles = tree.xpath("//article[not(ancestor::aside)]")
    mains = tree.xpath("//main | //*[@role='main']")
    start = articles[0] if len(articles) == 1 else next(iter(mains), None)
    if start is None:
        start = next(iter(tree.xpath("//body")), tree)
    n_shown = 0
    stack = [start]
    while stack and n_shown < _HEAD:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in _NOT_OF_THE_ARTICLE:
            continue
        classes = element.get("class", "").lower().split()
        if element.tag == "time" or not _CLASSES.isdisjoint(classes):
            yield element
        n_shown += len(element.text or "") + len(element.tail or "")
        stack += reversed(element)


def _date_in(element: Any) -> str:
    """Return the date of an element from its attributes, or else from its text.

    Empty if neither is a date.
    """
    given = next((element.get(name) for name in ("datetime", "content", "title") if element.get(name)), "")
    time = next((time.get("datetime", "") for time in element.iter("time")), "")
    shown = " ".join("".join(islice(element.itertext(), _MOST_PIECES)).split())
    texts = (text.strip() for text in (given, time, shown))
    return next((text for text in texts if len(text) <= _LONGEST and _is_date(text)), "")


def _is_date(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except ValueError:
        return False
