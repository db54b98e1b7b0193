"""Fields of an HTML page other than its text: from JSON-LD, then OpenGraph, then older tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from recommender.dates import date_in_path, parse_date
from recommender.readers.html.html_dates import publication_date
from recommender.readers.html.html_head import HtmlHead, line_of
from recommender.readers.html.linked_data import texts_in
from recommender.readers.records.rows import is_given

__all__ = ["fields_in_head", "fields_of"]

_MOST_TAGS = 100
_UNAVAILABLE = re.compile(r"\s*unavailable_after\s*:", re.IGNORECASE)


def fields_of(head: HtmlHead, path: str) -> dict[str, Any]:
    """Return the fields of a page that have a value, except title and text.

    ``html_lang`` is the language if it comes from the page template. It may be wrong for all pages of a site.

    Parameters
    ----------
    path : str
        Path of the page in its folder. It may contain the date.
    """
    linked = head.linked
    language = linked.text("inLanguage")
    fields = {
        **fields_in_head(head),
        "published": publication_date(head) or date_in_path(path),
        "section": linked.text("articleSection")
        or head.meta("article:section", "section")
        or _category(head),
        "language": language or head.language,
        "html_lang": None if language else head.language,
        "description": _description(head),
        "image": _image(head),
        "expires": _expires(head),
        "alternates": head.alternates,
        "author": _author(head),
        "tags": _tags(head),
        "keywords": _listed(linked.value("keywords")) or _listed(head.meta("keywords", "news_keywords")),
    }
    return {name: value for name, value in fields.items() if is_given(value)}


def fields_in_head(head: HtmlHead) -> dict[str, str]:
    """Return the id and the URL of a page. Missing values are empty."""
    url = head.linked.text("url") or head.meta("og:url") or head.canonical
    if url.lower().startswith("file:"):
        url = ""  # of a copy made for one machine, such as the documentation that Debian installs
    return {"id": head.linked.text("identifier"), "url": url}


def _description(head: HtmlHead) -> str:
    if head.medium is not None:
        return head.medium.description
    given = head.linked.text("description", "abstract") or head.meta("og:description", "description")
    return given or head.meta("twitter:description", "dc.description", "dcterms.description")


def _image(head: HtmlHead) -> str:
    linked = _addresses(head.linked.value("image", "thumbnailUrl", "thumbnail", "primaryImageOfPage"))
    meta = head.meta(
        "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "image"
    )
    sources = (href for relations, href in head.links if "image_src" in relations)
    return next(chain(linked, filter(None, [meta]), sources), "")


def _addresses(images: object) -> Iterator[str]:
    """Yield the addresses of images, which are strings or objects."""
    for image in images if isinstance(images, list) else [images]:
        parts = [image.get("url"), image.get("contentUrl")] if isinstance(image, dict) else [image]
        yield from (text for part in parts for text in texts_in(part))


def _expires(head: HtmlHead) -> str:
    """Return the date after which the page asks not to be listed, or an empty string."""
    robots = (content.partition(":")[2] for content in head.metas("robots") if _UNAVAILABLE.match(content))
    for text in (head.linked.text("expires"), head.meta("article:expiration_time"), *robots):
        try:
            if parse_date(text.strip()):
                return text.strip()
        except ValueError:
            continue
    return ""


def _author(head: HtmlHead) -> str:
    if head.medium is not None:
        return head.medium.author
    names = (
        texts_in(head.linked.value("author", "creator"))
        or head.metas("author")
        or head.metas("article:author")
    )
    return ", ".join(dict.fromkeys(name for name in names if "://" not in name and is_given(name)))


def _tags(head: HtmlHead) -> list[str]:
    """Return the OpenGraph tags, or else the tags that the article links to."""
    given = [tag for tag in head.metas("article:tag") if is_given(tag)]
    return given[:_MOST_TAGS] or _linked_terms(head, "tag")


def _category(head: HtmlHead) -> str:
    return next(iter(_linked_terms(head, "category")), "")


def _linked_terms(head: HtmlHead, relation: str) -> list[str]:
    """Return the texts of links with a relation, except links in the margins of the page."""
    terms: dict[str, None] = {}
    for link in head.tree.xpath("//a[contains(@rel, 'tag')][not(ancestor::aside or ancestor::nav)]")[
        :_MOST_TAGS
    ]:
        relations = link.get("rel", "").lower().split()
        is_category = "category" in relations
        if "tag" in relations and is_category == (relation == "category"):
            terms[line_of(link).lstrip("#")] = None
    return [term for term in terms if term]


def _listed(keywords: object) -> list[str]:
    """Return keywords as a list. They are separated by commas or semicolons, or a JSON list."""
    texts = texts_in(keywords)
    if len(texts) == 1:
        texts = texts[0].split("," if "," in texts[0] else ";")
    return [text.strip() for text in texts if text.strip()][:_MOST_TAGS]
