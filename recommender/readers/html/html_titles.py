"""Find the title of an HTML page, without the site name that the template adds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from recommender.metadata import INVISIBLE
from recommender.readers.html.html_head import HtmlHead, line_of, path_of

__all__ = ["SiteNames", "TitleParts", "title_of", "title_parts"]

_BETWEEN = re.compile(r"\s+(?:[-–—―|·•»«~/›‹:]|::|\|\|)\s+|\s*[|]\s*|:\s+")
_AFTER_A_HEADING = " \t¶#§🔗\u200b"  # permalinks added by documentation generators
_AROUND = " \t-–—|·•»«"
_HOME = frozenset(("/", "./", "../", "../../", "index.html", "../index.html"))
_MOST_HEADINGS = 10
_FEWEST_PAGES = 3


class SiteNames:
    """Learns the site names with which titles begin or end. Add the titles of all pages first.

    Examples
    --------
    >>> names = SiteNames()
    >>> for title in ("Rain - The Post", "Wind - The Post", "Ice - The Post"):
    ...     names.add(title)
    >>> names.strip("Sea - weed - The Post"), names.strip("The Post")
    ('Sea - weed', '')
    """

    def __init__(self) -> None:
        self._first: Counter[str] = Counter()
        self._last: Counter[str] = Counter()
        self._n_pages = 0

    def add(self, title: str) -> None:
        """Count the first and the last part of a title."""
        parts = _BETWEEN.split(title)
        self._n_pages += 1
        self._first[parts[0]] += 1
        self._last[parts[-1]] += 1

    def strip(self, title: str, site: str = "") -> str:
        """Return a title without site names before and after it.

        `site` is the name that the page declares.
        """
        title = title.strip(_AROUND)
        while title:
            ends = list(_BETWEEN.finditer(title))
            first, last = (ends[0], ends[-1]) if ends else (None, None)
            if self.is_name(title[last.end() if last else 0 :], site):
                title = title[: last.start() if last else 0]
            elif first and self.is_name(title[: first.start()], site):
                title = title[first.end() :]
            else:
                break
        return title

    def is_name(self, text: str, site: str = "") -> bool:
        """Return whether a text is a site name: `site`, or the beginning or end of most titles."""
        count = max(self._first[text], self._last[text])
        is_usual = count >= _FEWEST_PAGES and 2 * count > self._n_pages
        return is_usual or bool(site and text.casefold() == site.casefold())


class TitleParts(NamedTuple):
    """What a page says of its title.

    Parameters
    ----------
    given : str
        The title unchanged, from JSON-LD, or else OpenGraph, or else ``title``.
    site : str
        The name of the site that the page declares.
    headings : sequence of str
        Its first headings.
    """

    given: str
    site: str
    headings: list[str]


def title_parts(head: HtmlHead) -> TitleParts:
    """Return what a page says of its title."""
    names = ("og:title", "twitter:title", "dc.title", "citation_title")
    given = head.linked.text("headline", "name") or head.meta(*names) or head.title
    site = head.meta("og:site_name", "application-name")
    return TitleParts(" ".join(given.split()).strip(INVISIBLE), site, list(_headings(head)))


def title_of(parts: TitleParts, names: SiteNames) -> str:
    """Return the title of a page on one line, or an empty string.

    If the title is one of the page's headings with additions before or after, return the heading. Site names
    are removed.
    """
    title, site, _ = parts
    headings = [text for text in parts.headings if not names.is_name(text, site)]
    for heading in headings:
        if heading != title and _is_part(heading, title):
            return heading
    return names.strip(title, site) or next(iter(headings), title)


def _headings(head: HtmlHead) -> Iterator[str]:
    """Yield the first headings of a page, except site names that link to the home page."""
    for heading in islice(head.tree.iter("h1"), _MOST_HEADINGS):
        is_logo = any(path_of(link.get("href")) in _HOME for link in heading.iter("a") if link.get("href"))
        if not is_logo and (text := line_of(heading).strip(_AFTER_A_HEADING)):
            yield text


def _is_part(heading: str, title: str) -> bool:
    """Return whether a title is the heading plus a separator and other text before or after it."""
    parts = list(_BETWEEN.finditer(title))
    before = {title[: part.start()] for part in parts}
    return heading in before or heading in {title[part.end() :] for part in parts}
