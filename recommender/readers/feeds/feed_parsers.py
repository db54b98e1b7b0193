"""The parsers of feedparser, with limits where they take more than linear time.

`feedparser.parse` itself also looks for encodings and document types, in quadratic time. The XML that comes here is
UTF-8 and has none.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, NamedTuple
from xml.sax import SAXException
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser
from feedparser.api import LooseFeedParser, StrictFeedParser

__all__ = ["ParsedFeed", "parsed_feed"]

_ATTRIBUTES = 256  # of a tag; more are left out
_TAGS = 1_000  # of an entry
_AUTHOR = 1_000  # characters; feedparser searches them for an address


class ParsedFeed(NamedTuple):
    """A feed as feedparser gives it: what is said of the feed, its entries and its format, such as ``rss20``."""

    feed: Any
    entries: list[Any]
    version: str


class _Limits:
    """Leaves out what would take quadratic time."""

    resolve_relative_uris = False
    sanitize_html = False  # the text stage removes all markup
    _get_context: Callable[[], Any]

    def _sync_author_detail(self, key: str = "author") -> None:
        context = self._get_context()
        if isinstance(author := context.get(key), str):
            context[key] = author[:_AUTHOR]
        super()._sync_author_detail(key)  # type: ignore[misc]

    def _add_tag(self, term: object, scheme: object, label: object) -> None:
        if len(self._get_context().get("tags") or ()) < _TAGS:
            super()._add_tag(term, scheme, label)  # type: ignore[misc]


class _Strict(_Limits, StrictFeedParser):  # type: ignore[misc]
    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802 (SAX names it)
        if len(attrs) > _ATTRIBUTES:
            first = dict(attrs.items()[:_ATTRIBUTES])
            attrs = AttributesNSImpl(first, {each: attrs.getQNameByName(each) for each in first})
        super().startElementNS(name, qname, attrs)


class _Loose(_Limits, LooseFeedParser):  # type: ignore[misc]
    def finish_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> Any:
        return super().finish_starttag(tag, attrs[:_ATTRIBUTES])


def parsed_feed(xml: bytes) -> ParsedFeed:
    """Parse a feed in UTF-8, as far as possible where it is not well-formed.

    Known extensions of feeds may raise KeyError, TypeError and others.
    """
    parser: Any = _Strict("", None, "utf-8")
    reader = make_parser()
    reader.setFeature(feature_namespaces, True)
    reader.setFeature(feature_external_ges, False)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    try:
        reader.parse(io.BytesIO(xml))
    except (SAXException, DefusedXmlException):
        parser = _Loose("", None, "utf-8", {})
        parser.feed(xml.decode("utf-8", "replace"))
    return ParsedFeed(parser.feeddata, parser.entries, parser.version)
