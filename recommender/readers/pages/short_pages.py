"""Recognise pages with little text of their own, such as an index, by the text that was rendered."""

from __future__ import annotations

import re
from typing import Any

from recommender.readers.pages.page_paths import stem_of

__all__ = ["short_page_reason"]

_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(r"<a href=\"[^\"]{0,2000}\">.{0,2000}?</a>")
_LINK_INSIDE = re.compile(r"<a href=\"(?!https?:|mailto:|ftp:)[^\"]{0,2000}\">.{0,2000}?</a>")
_WORD = re.compile(r"[^\W\d_]{2,}")
_INDEXES = frozenset(("index", "readme", "home"))
_FEW_WORDS, _FEW_LETTERS = 8, 40  # letters count for scripts without spaces
_FEW_OF_AN_INDEX = 60  # words beside links that introduce a table of contents
_SEVERAL_LINKS = 3
_MANY_LINKS = 10  # to pages of the site, in a directory of pages
_MOSTLY = 0.6  # of the words of a directory stand in these links


def short_page_reason(fields: dict[str, Any], path: str) -> str | None:
    """Return the reason to leave out a page with little text: an index of others, or a page with nothing at all.

    Parameters
    ----------
    fields : dict
        With the ``text`` as HTML, ``published`` and ``description``.
    path : str
        Path of the page in its folder.

    Examples
    --------
    >>> short_page_reason({"text": '<p><a href="may.org">May</a></p>', "published": []}, "weather/index.org")
    'listing'
    """
    text = fields["text"]
    words = _WORD.findall(_TAG.sub(" ", text))
    is_index = stem_of(path).lower() in _INDEXES and "/" in path
    if not fields["published"] and ((is_index and _lists_pages(text)) or _is_directory(text, len(words))):
        return "listing"
    return None if words or fields["published"] or fields["description"] else "other"


def _lists_pages(text: str) -> bool:
    """Return whether a text has few words beside several links, or links alone."""
    beside, n_links = _LINK.subn(" ", text)
    words = _WORD.findall(_TAG.sub(" ", beside))
    n_letters = sum(map(len, words))
    if len(words) < _FEW_WORDS and n_letters < _FEW_LETTERS:
        return n_links > 0
    return n_links >= _SEVERAL_LINKS and len(words) < _FEW_OF_AN_INDEX and n_letters < 4 * _FEW_OF_AN_INDEX


def _is_directory(text: str, n_words: int) -> bool:
    """Return whether most words of a text stand in links to many pages of the site."""
    beside, n_links = _LINK_INSIDE.subn(" ", text)
    n_beside = len(_WORD.findall(_TAG.sub(" ", beside)))
    return n_links >= _MANY_LINKS and n_words - n_beside > _MOSTLY * n_words
