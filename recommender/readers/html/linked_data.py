"""Read JSON-LD, the structured data that pages provide for search engines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from recommender.readers.records.rows import is_given

__all__ = ["LinkedData", "Node", "linked_data", "texts_in"]

Node = dict[str, Any]

_ARTICLES = re.compile(r"\w{0,40}Article|\w{0,20}(?:Blog|Media|Forum)Posting|BlogPosting|\w{0,20}Report")
_BESIDE = re.compile(r"\w{0,20}(?:Review|Recipe|Episode)|HowTo|VideoObject|(?:Image|Media|Video)Gallery")
"""Types that count as the article only if there is no other. They may also be part of an article."""

_PAGES = re.compile(r"\w{0,20}Page")
_LISTS = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage"})
_SEVERAL = 3  # a page that describes this many articles at other addresses is a list
_MOST_NODES = 5_000
_LONGEST = 10_000_000  # characters of one script
_PARTS = ("@value", "value", "name", "alternateName", "headline", "text", "url")
_DEEPEST = 4
_OPENING = re.compile(r"\s*(?:<!--|(?://|/\*)?\s{0,9}<!\[CDATA\[(?:\s{0,9}\*/)?)?\s*")


class LinkedData(NamedTuple):
    """The JSON-LD of a page.

    Parameters
    ----------
    article : dict
        The node of the article. Empty if there is none.
    page : dict
        The node of the page itself. Empty if there is none.
    is_list : bool
        Whether the page is a list of other pages: a collection, search results or a profile.
    named : dict
        Nodes by ``@id``, for resolving references.
    """

    article: Node
    page: Node
    is_list: bool
    named: dict[str, Node]

    def value(self, *names: str) -> Any:
        """Return the first value among several fields of the article. References are resolved."""
        return next(
            (found for name in names if is_given(found := self._resolved(self.article.get(name)))), None
        )

    def text(self, *names: str) -> str:
        """Return the first text among several fields of the article, or an empty string."""
        return next((text for name in names for text in texts_in(self.value(name))), "")

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._resolved(each) for each in value if not isinstance(each, list)]
        if isinstance(value, dict) and "@id" in value and len(value) <= 2:
            return self.named.get(str(value["@id"]), value)
        return value


def linked_data(tree: Any, canonical: str = "") -> LinkedData:
    """Return the JSON-LD of a page.

    Parameters
    ----------
    tree : lxml element
        The page.
    canonical : str
        Address of the page. Of several articles, the one at this address is chosen, or else the first.
    """
    nodes = [node for script in _scripts(tree) for node in _nodes(script)]
    articles = [node for node in nodes if _is_a(node, _ARTICLES)]
    own = [node for node in articles if canonical and _is_at(node, canonical)]
    is_list = not own and len(articles) != 1 and any(_is_list(node) for node in nodes)
    if canonical and not own and len({_addresses(node) for node in articles} - {frozenset()}) >= _SEVERAL:
        is_list = True
    found = own or ([] if is_list else articles or [node for node in nodes if _is_a(node, _BESIDE)])
    pages = [node for node in nodes if _is_a(node, _PAGES)]
    named = {str(node["@id"]): node for node in nodes if len(node) > 2 and "@id" in node}
    return LinkedData(next(iter(found), {}), next(iter(pages), {}), is_list, named)


def texts_in(value: object) -> list[str]:
    """Return the texts in a value: a scalar, an object that wraps one, or a list of these.

    Examples
    --------
    >>> texts_in({"@type": "Language", "name": "en"}), texts_in([12, None, True, {"@value": "a "}])
    (['en'], ['12', 'a'])
    """
    found = (_text(each, _DEEPEST) for each in (value if isinstance(value, list) else [value]))
    return [text for text in found if text]


def _text(value: object, depth: int) -> str:
    if isinstance(value, list) and depth:
        return next((text for each in value if (text := _text(each, depth - 1))), "")
    if isinstance(value, dict) and depth:
        return next((text for part in _PARTS if (text := _text(value.get(part), depth - 1))), "")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    try:
        text = str(value).strip().encode("utf-8", "replace").decode("utf-8")  # replaces lone surrogates
    except ValueError:  # an integer of more than 4,300 digits
        return ""
    return text if is_given(text) else ""


def _scripts(tree: Any) -> Iterator[Any]:
    """Yield the JSON-LD values in a page. Invalid scripts are skipped."""
    for script in tree.iter("script"):
        if not script.get("type", "").strip().lower().startswith("application/ld+json"):
            continue
        text = (script.text or "")[:_LONGEST]
        opening = _OPENING.match(text)
        try:
            # Strings may contain line ends, and a semicolon or comment end may follow the value.
            yield json.JSONDecoder(strict=False).raw_decode(text, opening.end() if opening else 0)[0]
        except (ValueError, RecursionError):
            continue


def _nodes(value: Any) -> Iterator[Node]:
    """Yield the objects that describe the page, in order, also from lists, graphs and main entities."""
    stack = [value]
    for _ in range(_MOST_NODES):
        if not stack:
            return
        node = stack.pop()
        if isinstance(node, list):
            stack += reversed(node)
        elif isinstance(node, dict):
            yield node
            stack += [node.get("mainEntity"), node.get("@graph")]


def _kinds(node: Node) -> Iterator[str]:
    kinds = node.get("@type")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if isinstance(kind, str):
            yield re.split("[/:#]", kind)[-1]


def _is_a(node: Node, kinds: re.Pattern[str]) -> bool:
    return any(kinds.fullmatch(kind) for kind in _kinds(node))


def _is_list(node: Node) -> bool:
    posts = node.get("blogPost")
    return not _LISTS.isdisjoint(_kinds(node)) or (isinstance(posts, list) and len(posts) > 1)


def _is_at(node: Node, canonical: str) -> bool:
    return canonical.partition("#")[0].rstrip("/") in _addresses(node)


def _addresses(node: Node) -> frozenset[str]:
    page = node.get("mainEntityOfPage")
    places = (node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page)
    return frozenset(place.partition("#")[0].rstrip("/") for place in places if isinstance(place, str))
