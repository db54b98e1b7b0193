"""Files of formats that are not read, which may be articles, templates or sources of pages."""

from __future__ import annotations

import re

from recommender.readers.pages.page_paths import path_reason

__all__ = ["TO_HTML", "UNREAD", "is_of_the_site"]

UNREAD = frozenset(
    """
    .lr .textile .ipynb .wiki .mediawiki .dokuwiki .creole .tid .moin .t2t .rdoc .pod .tex .doc
    .docx .odt .rtf .njk .liquid .pug .haml .slim .erb .svx .mdoc .typ
    """.split()  # noqa: SIM905
)
"""Suffixes of unsupported documents. They are counted and reported."""

TO_HTML = "build the site, and give the folder of HTML that its generator writes, or convert them with pandoc"

_TEMPLATES = frozenset((".njk", ".liquid", ".pug", ".haml", ".slim", ".erb"))
_OF_TEMPLATES = re.compile(r"_?(?:includes?|layouts?|partials?|components?|macros?|templates?|views?)")
"""Folders in which such files are templates and no pages."""


def is_of_the_site(path: str, suffix: str) -> bool:
    """Return whether a file that is not read is a template, or belongs to the repository, and would be no article."""
    if path_reason(path, is_repository=True) == "template":
        return True
    return suffix in _TEMPLATES and any(map(_OF_TEMPLATES.fullmatch, path.lower().split("/")[:-1]))
