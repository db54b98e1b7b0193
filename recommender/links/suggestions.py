"""In-text links as users receive them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, overload

__all__ = ["LinkSuggestion", "LinkSuggestions"]


@dataclass(frozen=True, slots=True)
class LinkSuggestion:
    """A phrase in the text of an article that names another article.

    Parameters
    ----------
    phrase : str
        The words to link, as they stand in the text.
    sentence : str
        The sentence that holds them, on one line.
    offset : int
        Where the phrase begins in the sentence, in characters.
    start, end : int
        Where the phrase begins and ends in the text: the article's body as plain text, which
        `recommender.text.plain_text` makes of it.
    article_id, title : str
        The article to link to.
    url : str or None
        Its address, if the site gave one.
    strength : float
        0 to 1: the score that the two articles would have if it counted only by the share of the title that the phrase
        holds.
    """

    phrase: str
    sentence: str
    offset: int
    start: int
    end: int
    article_id: str
    title: str
    url: str | None
    strength: float

    def to_dict(self) -> dict[str, Any]:
        """Return the suggestion as JSON can hold it. ``LinkSuggestion(**found.to_dict())`` is an equal one."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, slots=True)
class LinkSuggestions(Sequence[LinkSuggestion]):
    """The links suggested for one article, strongest first. A slice holds fewer of them.

    Parameters
    ----------
    article_id : str or None
        The article whose text they stand in; None for a draft.
    links : tuple of LinkSuggestion
    """

    article_id: str | None
    links: tuple[LinkSuggestion, ...] = ()

    @overload
    def __getitem__(self, index: int) -> LinkSuggestion: ...
    @overload
    def __getitem__(self, index: slice) -> LinkSuggestions: ...
    def __getitem__(self, index: int | slice) -> LinkSuggestion | LinkSuggestions:
        if isinstance(index, slice):
            return LinkSuggestions(self.article_id, self.links[index])
        return self.links[index]

    def __len__(self) -> int:
        return len(self.links)

    def __iter__(self) -> Iterator[LinkSuggestion]:
        return iter(self.links)

    def to_dict(self) -> dict[str, Any]:
        """Return the suggestions as JSON can hold them."""
        return {"article_id": self.article_id, "links": [link.to_dict() for link in self.links]}

    def __str__(self) -> str:
        return "\n".join(
            f"{link.strength:.3f}  {link.phrase!r} -> {link.title or link.article_id}" for link in self.links
        )
