"""Read the pages of a DokuWiki, the text files of its folder `data/pages`, and of a notebook of Zim."""

from __future__ import annotations

import re
from pathlib import Path

from recommender.errors import Problem
from recommender.readers.dokuwiki.dokuwiki_text import dokuwiki_text, is_dokuwiki
from recommender.readers.inputs.encodings import decoded
from recommender.readers.pages.page_folder import Page
from recommender.readers.pages.page_format import Content, Head, PagesAlone
from recommender.readers.pages.page_paths import stem_of

__all__ = ["DokuWikiPages", "is_folder_of_dokuwiki"]

_LOOKED_AT = 40  # files, spread over the folder, whose beginnings tell whether it is a wiki
_SHARE = 1 / 3  # of them that have a heading; others include a page or are drafts
_HEAD_BYTES = 5_000
_SIDEBAR, _START = "sidebar", "start"
_BUNDLED = frozenset(
    ("wiki/welcome.txt", "wiki/dokuwiki.txt", "wiki/syntax.txt", "playground/playground.txt")
)
_FEWEST_LETTERS = 2
_HEADINGS = re.compile(r"<h(\d)>[^\n]*</h\1>")
_FEW_OF_A_START = 200  # letters beside links, with which the start of a namespace only leads to its pages
_LINKS = re.compile(r"\[\[[^\[\]]{0,2000}\]\]|\{\{[^{}]{0,2000}\}\}|^[ \t]+[*-].*$|^=.*$", re.MULTILINE)


def is_folder_of_dokuwiki(folder: Path) -> bool:
    """Return whether many text files of a folder have headings of DokuWiki."""
    found = sorted(file for file in folder.rglob("*.txt") if file.is_file())
    files = found[:: max(1, len(found) // _LOOKED_AT)]
    n_wiki = 0
    for file in files:
        with file.open("rb") as content:
            n_wiki += is_dokuwiki(content.read(_HEAD_BYTES).decode("utf-8", "replace").replace("\r\n", "\n"))
    return n_wiki > 0 and n_wiki >= _SHARE * len(files)


class DokuWikiPages(PagesAlone):
    """Reads pages of DokuWiki; see `page_format.PageFormat`.

    The title is the heading at the top, or else the name of the page. The start of the wiki and of a namespace that only
    leads to its pages, sidebars, and what comes with the program are left out.
    """

    def head(self, page: Page) -> Head | Problem:
        """Return what is known without the text, which is only whether the page is left out."""
        return Head({}, _reason(page.path))

    def parsed(self, page: Page) -> Content:
        """Return the fields of a page including its text."""
        if isinstance(page.content, Problem):
            return Content(page.content)
        source = decoded(page.content, None)
        if isinstance(source, Problem):
            return Content(source)
        title, text, tags, published = dokuwiki_text(source)
        fields = {"title": title or stem_of(page.path).replace("_", " "), "text": text, "tags": tags}
        if published:
            fields["published"] = published
        if not page.path:
            fields["id"] = title  # a stream has no path
        n_letters = sum(map(str.isalpha, _HEADINGS.sub("", text)))
        is_empty = n_letters < _FEWEST_LETTERS and (bool(text) or not title)  # a form that nobody filled in
        return Content(fields, _reason(page.path, source) or ("other" if is_empty else None))


def _reason(path: str, source: str | None = None) -> str | None:
    """Return the reason to leave out a page, a key of `publication.REASONS`, or None."""
    if any(path == bundled or path.endswith(f"/{bundled}") for bundled in _BUNDLED):
        return "template"
    name = stem_of(path).lower()
    if name == _SIDEBAR or (name == _START and "/" not in path.removeprefix("pages/")):
        return "section"
    if name != _START or source is None:
        return None
    return "section" if sum(map(str.isalpha, _LINKS.sub("", source))) < _FEW_OF_A_START else None
