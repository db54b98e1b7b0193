"""Recognise the pages of Medium's export: stories, drafts, responses, and lists of what its author did."""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple

__all__ = ["MediumPage", "medium_page"]

_STYLE = "section[data-field=subtitle]"
_MOST_PIECES = 1_000
_SHORTEST = 20  # characters of a title that are compared with the first paragraph


class MediumPage(NamedTuple):
    """A page of the export.

    Parameters
    ----------
    reason : str or None
        Reason to leave it out, a key of `publication.REASONS`. Responses to stories of others have no title of
        their own. Pages that are no posts list claps, sessions and the like.
    url, published, description, author : str
        What a story says, or empty strings.
    """

    reason: str | None
    url: str = ""
    published: str = ""
    description: str = ""
    author: str = ""


def medium_page(tree: Any) -> MediumPage | None:
    """Return what a page says if it belongs to an export of Medium, or None.

    Parameters
    ----------
    tree : lxml element
        The ``html`` element of the page.

    Examples
    --------
    >>> from lxml import html
    >>> page = "<style>section[data-field=subtitle]{}</style><section><h3>Claps</h3></section>"
    >>> medium_page(html.document_fromstring(page)).reason
    'template'
    """
    if not any(_STYLE in (style.text or "") for style in tree.iter("style")):
        return None
    body = tree.find(".//section[@class='e-content']")
    link = tree.find(".//a[@class='p-canonical']")
    if body is None or link is None:
        is_draft = body is not None and any(
            "original" in _line(each) for each in tree.findall(".//footer//a")
        )
        return MediumPage("draft" if is_draft else "template")
    time = tree.find(".//time[@class='dt-published']")
    return MediumPage(
        "other" if _is_response(tree, body) else None,
        link.get("href", ""),
        "" if time is None else time.get("datetime", ""),
        _line(tree.find(".//section[@class='p-summary']")),
        _line(tree.find(".//a[@class='p-author h-card']")),
    )


def _is_response(tree: Any, body: Any) -> bool:
    """Return whether a post has no title: Medium then shows the start of its text as one."""
    if any("graf--title" in heading.get("class", "") for heading in body.iter("h1", "h2", "h3", "h4")):
        return False
    title = _line(tree.find(".//h1")).rstrip("…. ")
    text = _line(body)
    return text.startswith(title[:_SHORTEST]) and text.startswith(title)


def _line(element: Any) -> str:
    return "" if element is None else " ".join("".join(islice(element.itertext(), _MOST_PIECES)).split())
