"""The entries of a list as a page shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from recommender.lists.related import RelatedArticle
from recommender.rendering.addresses import safe_address

__all__ = ["ShownEntry", "shown_entries"]


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as a template receives it: plain text, and addresses that are safe to link.

    Parameters
    ----------
    title : str
        Its title, or else its address.
    url : str
        Address of the related page.
    description, image : str
        Line of text, and address of a picture. Empty where the article has none.
    article_id : str
        Id of the related article.
    source : str
        Where the entry comes from, such as "related" or "pinned".
    """

    title: str
    url: str
    description: str = ""
    image: str = ""
    article_id: str = ""
    source: str = "related"


def shown_entries(
    related: Iterable[RelatedArticle],
    address: Callable[[RelatedArticle], str | None] | None = None,
    image: Callable[[RelatedArticle], str | None] | None = None,
) -> list[ShownEntry]:
    """Return the entries of a list that can be linked, in its order.

    Parameters
    ----------
    related : iterable of RelatedArticle
    address : callable, optional
        Returns the address of an entry. By default its `url`. An entry whose address is missing or unsafe is
        left out.
    image : callable, optional
        Returns the address of an entry's picture. By default its `image`. One that is unsafe is left out.

    Examples
    --------
    >>> entries = [RelatedArticle("a", 1, 0.9, "Rain", "/rain"), RelatedArticle("b", 2, 0.8, "Hail", "javascript:x")]
    >>> shown_entries(entries)
    [ShownEntry(title='Rain', url='/rain', description='', image='', article_id='a', source='related')]
    """
    shown = []
    for entry in related:
        url = safe_address(entry.url if address is None else address(entry))
        if url is None:
            continue
        shown.append(
            ShownEntry(
                entry.title.strip() or url,
                url,
                entry.description or "",
                safe_address(entry.image if image is None else image(entry)) or "",
                entry.article_id,
                entry.source,
            )
        )
    return shown
