"""Find reasons to leave out an HTML page in its markup: redirects, error pages, noindex and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from recommender.readers.html.absent_pages import is_error_title, is_redirect_title
from recommender.readers.html.html_generators import reason_by_classes, reason_by_generator
from recommender.readers.html.html_head import HtmlHead, path_of

__all__ = ["head_reason"]

_FEW = 300  # maximum number of characters of a redirect or error page
_AT_ONCE = 1  # seconds; too short to read a text
_REFRESH = re.compile(
    r"(\d{1,9})?[\d.]{0,9}\s{0,9}[;,]?\s{0,9}(?:url\s{0,9}=\s{0,9})?[\"']?([^\"']*)", re.IGNORECASE
)
_MOVES = re.compile(r"\blocation(?:\.href)?\s{0,9}=\s{0,9}[\"'`]|\blocation\.(?:replace|assign)\s{0,9}\(")
_PARTS = re.compile(r"\s+[-–—|·•»«:]+\s+|\s*\|\s*")
_HIDDEN = frozenset(("script", "style", "noscript", "template", "nav", "footer", "head", "svg"))


def head_reason(head: HtmlHead, path: str) -> str | None:
    """Return the reason to leave out a page, a key of `publication.REASONS`, or None.

    Parameters
    ----------
    head : HtmlHead
    path : str
        Path of the page in its folder.

    Examples
    --------
    >>> from lxml import html
    >>> head_reason(HtmlHead(html.document_fromstring("<meta name=robots content='noindex, follow'>")), "a.html")
    'noindex'
    """
    if head.medium is not None:
        return head.medium.reason
    length = _shown_length(head.tree)
    if _redirects(head, path, length):
        return "redirect"
    if length <= _FEW and any(map(is_error_title, [head.title, *_PARTS.split(head.title)])):
        return "error-page"
    if _is_noindex(head):
        return "noindex"
    if head.linked.is_list or head.meta("og:type").lower() == "profile":
        return "listing"
    return reason_by_generator(head, path) or reason_by_classes(head.classes, head.is_single)


def _redirects(head: HtmlHead, path: str, length: int) -> bool:
    """Return whether a page redirects: by a meta refresh, a script, or its title."""
    for content in _refreshes(head.tree):
        found = _REFRESH.match(content.strip())
        target = found[2].strip() if found else ""
        if found and target and not _is_same(target, path):
            is_original = length > _FEW and path_of(target) == path_of(head.canonical)
            return not is_original and (length <= _FEW or int(found[1] or 0) <= _AT_ONCE)
    if length > _FEW:
        return False
    leads_away = bool(head.canonical) and not _is_same(head.canonical, path)
    if any(is_redirect_title(part, leads_away) for part in _PARTS.split(head.title)):
        return True
    scripts = ((script.text or "")[:2_000] for script in head.tree.iter("script"))
    return length <= _FEW // 3 and any(map(_MOVES.search, scripts))


def _refreshes(tree: Any) -> Iterator[str]:
    for tag in tree.iter("meta"):
        is_refresh = tag.get("http-equiv", "").strip().lower() == "refresh"
        if is_refresh and not any(parent.tag == "noscript" for parent in tag.iterancestors()):
            yield tag.get("content", "")


def _is_same(address: str, path: str) -> bool:
    """Return whether an address is that of the page itself. Addresses may have a base path."""
    try:
        target = _place(path_of(urljoin(f"/{path}", address)))
    except ValueError:  # such as "http://["
        return True
    return target == _place(path) or (bool(_place(path)) and target.endswith(f"/{_place(path)}"))


def _place(path: str) -> str:
    """Return a path without outer slashes, the suffix and ``index``."""
    stem = path.strip("/").removesuffix(".html").removesuffix(".htm").lower()
    return "" if stem == "index" else stem.removesuffix("/index")


def _is_noindex(head: HtmlHead) -> bool:
    contents = [content.lower() for name in ("robots", "googlebot") for content in head.metas(name)]
    return any(not {"noindex", "none"}.isdisjoint(re.split(r"[\s,;]+", content)) for content in contents)


def _shown_length(tree: Any) -> int:
    """Return the number of visible characters outside navigation. Counting stops above `_FEW`."""
    length = 0
    stack = list(tree.iterchildren("body"))
    while stack and length <= _FEW:
        element = stack.pop()
        length += len(" ".join((element.tail or "").split()))
        if isinstance(element.tag, str) and element.tag not in _HIDDEN:
            length += len(" ".join((element.text or "").split()))
            stack += element
    return length
