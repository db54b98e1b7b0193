"""Read the XML that MediaWiki exports: dumps of a wiki, and pages chosen at Special:Export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from recommender.errors import InputError, Problem
from recommender.readers.inputs.sources import Source
from recommender.readers.inputs.xml_stream import XmlStream, name_of_element
from recommender.readers.mediawiki.wikitext import wiki_page
from recommender.readers.records.rows import Caution, Row

__all__ = ["read_mediawiki"]

_STANDARD = {
    "category": 14,
    "file": 6,
    "image": 6,
    "media": -2,
    "special": -1,
    "user": 2,
    "template": 10,
    "help": 12,
}
_REDIRECT = re.compile(r"\s*#\S{3,30}\s*:?\s*\[\[")
_WIKITEXT = frozenset(("", "wikitext"))


class _Wiki:
    """What the export says of the wiki: the address of its pages, its language and its namespaces."""

    def __init__(self) -> None:
        self.base = self.home = self.language = ""
        self.namespaces: dict[str, int] = dict(_STANDARD)

    def read(self, info: Any) -> None:
        """Read the element `siteinfo`."""
        self.language = info.getparent().get("{http://www.w3.org/XML/1998/namespace}lang") or ""
        for element in info.iter():
            if name_of_element(element) == "base":
                self.base, _, home = (element.text or "").strip().rpartition("/")
                self.base += "/" * bool(self.base)
                self.home = unquote(home).replace("_", " ")
            elif name_of_element(element) == "namespace" and element.text:
                self.namespaces[element.text.casefold()] = int(element.get("key") or 0)


def read_mediawiki(source: Source) -> Iterator[Row]:
    """Yield a row for each page, with the line where it ends.

    The text is that of the last revision in the file. Templates are not expanded. The id is the number of the page,
    which stays when it is renamed. Categories become tags. The date is that of the first revision, if the file has
    it; that of the last one becomes the metadata ``modified``. Redirects and pages outside the main namespace are
    left out, and pages that tell others with the same name apart.

    Raises
    ------
    InputError
        If the source has no pages or declares XML entities.

    Notes
    -----
    Memory use is one page with its revisions, at most 64 MiB.
    """
    wiki = _Wiki()
    n_pages = 0
    stream = XmlStream(source, "an export of MediaWiki", "page", ("{*}page", "{*}siteinfo"))
    for element in stream:
        if name_of_element(element) == "siteinfo":
            wiki.read(element)
            continue
        n_pages += 1
        yield _row(source.name, element, wiki)
    if stream.broken is not None:
        what, line = stream.broken
        caution = Caution("XML that is not well-formed", what, "it was read as far as possible")
        yield Row(source.name, line or None, caution)
    if not n_pages:
        raise InputError(Problem("no pages in this export", "", "check the file and --format", source.name))


def _row(source: str, page: Any, wiki: _Wiki) -> Row:
    texts = {name_of_element(child): (child.text or "").strip() for child in page}
    revisions = [
        {name_of_element(part): part.text or "" for part in child}
        for child in page
        if name_of_element(child) == "revision"
    ]
    last = max(revisions, key=lambda revision: revision.get("timestamp", ""), default={})
    markup, title = last.get("text", ""), texts.get("title", "")
    wikitext = wiki_page(markup, wiki.namespaces, wiki.base)
    first = next((revision for revision in revisions if not revision.get("parentid")), {})
    fields = {
        "id": texts.get("id") or title,
        "title": title,
        "text": wikitext.text,
        "published": first.get("timestamp"),
        "url": wiki.base + title.replace(" ", "_") if wiki.base else None,
        "language": wiki.language,
        "html_lang": wiki.language,
        "tags": wikitext.categories,
        "modified": last.get("timestamp"),
    }
    reason = _reason(texts, last, wiki) or ("listing" if wikitext.is_disambiguation else None)
    kept = {name: value for name, value in fields.items() if value}
    return Row(source, page.sourceline or 0, kept, left_out=reason)


def _reason(texts: dict[str, str], revision: dict[str, str], wiki: _Wiki) -> str | None:
    """Return the reason to leave out a page, a key of `publication.REASONS`, or None."""
    prefix, colon, _ = texts.get("title", "").partition(":")
    named = wiki.namespaces.get(prefix.casefold(), 0) if colon else 0
    if texts.get("ns", str(named)) != "0" or revision.get("model", "") not in _WIKITEXT:
        return "other"
    if "redirect" in texts or _REDIRECT.match(revision.get("text", "")):
        return "redirect"
    title = texts.get("title", "")
    is_home = bool(wiki.home) and (
        title == wiki.home or title.startswith(f"{wiki.home}/")
    )  # in another language
    return "section" if is_home else None
