"""Related articles as users receive them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, overload

from recommender.frozen_dict import FrozenDict
from recommender.scoring.score_parts import SharedTerm

__all__ = ["RelatedArticle", "RelatedList", "SharedTerm", "TranslatedArticle"]


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """One entry of a list.

    Parameters
    ----------
    article_id : str
        The related article.
    rank : int
        Place in the list, from 1.
    score : float
        Relatedness, 0 to 1, larger is better. One in fifty pairs of unrelated articles of the site reaches 1/2.
    title : str
        Its headline.
    url : str or None
        Its address, if the site gave one.
    description, image : str or None
        A line of plain text to show below the headline, and the address of a picture to show beside it.
    source : str
        Where the entry comes from: "related"; "pinned" by an editor; "section", "popular" or "newest", which fill a short
        list; "orphan", an article below the floor that appears in no other list, where exposure is spread; or "series", the
        next and the previous part.
    parts : mapping of str to float
        What each signal adds. The parts add up to `score`. Empty unless reasons were requested.
    terms : tuple of SharedTerm
        Strongest shared terms, largest share first. The shares of all shared terms add up to the lexical part. Empty
        unless reasons were requested.
    """

    article_id: str
    rank: int
    score: float
    title: str = ""
    url: str | None = None
    description: str | None = None
    image: str | None = None
    source: str = "related"
    parts: Mapping[str, float] = field(default_factory=FrozenDict)
    terms: tuple[SharedTerm, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as JSON can hold it."""
        names = ("article_id", "rank", "score", "title", "url", "description", "image", "source")
        return {name: getattr(self, name) for name in names} | {
            "parts": dict(self.parts), "terms": [term.to_dict() for term in self.terms],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TranslatedArticle:
    """The same page in another language.

    Parameters
    ----------
    article_id : str
    language : str
        Its tag, such as "de" or "pt-BR".
    title : str
    url : str or None
    """

    article_id: str
    language: str
    title: str = ""
    url: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the translation as JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RelatedList(Sequence[RelatedArticle]):
    """The articles to show at the foot of one article, best first. A slice is a list again.

    Parameters
    ----------
    article_id : str or None
        The article that the list belongs to; None for a draft.
    related : tuple of RelatedArticle
        The entries; fewer than requested where the site has no more.
    translations : tuple of TranslatedArticle
        The same page in other languages, one for each, by their tags.
    """

    article_id: str | None
    related: tuple[RelatedArticle, ...] = ()
    translations: tuple[TranslatedArticle, ...] = ()

    @overload
    def __getitem__(self, index: int) -> RelatedArticle: ...
    @overload
    def __getitem__(self, index: slice) -> RelatedList: ...
    def __getitem__(self, index: int | slice) -> RelatedArticle | RelatedList:
        if isinstance(index, slice):
            return replace(self, related=self.related[index])
        return self.related[index]

    def __len__(self) -> int:
        return len(self.related)

    def __iter__(self) -> Iterator[RelatedArticle]:
        return iter(self.related)

    def __repr__(self) -> str:
        return f"<RelatedList of {self.article_id!r}: {', '.join(map(repr, self.article_ids)) or 'empty'}>"

    @property
    def article_ids(self) -> tuple[str, ...]:
        """Ids of the related articles, best first."""
        return tuple(entry.article_id for entry in self.related)

    def to_dict(self) -> dict[str, Any]:
        """Return the list as JSON can hold it."""
        found: dict[str, Any] = {
            "article_id": self.article_id,
            "related": [entry.to_dict() for entry in self.related],
        }
        if self.translations:
            found["translations"] = [each.to_dict() for each in self.translations]
        return found

    def __str__(self) -> str:
        return "\n".join(f"{e.rank:>3}. {e.score:.3f}  {e.title or e.article_id}" for e in self.related)
