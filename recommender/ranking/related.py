"""What the walk ends in: a list of related articles, with the reasons inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import overload

__all__ = ["RelatedArticle", "RelatedList", "SharedTerm"]


@dataclass(frozen=True, slots=True)
class SharedTerm:
    """A word or word pair that two articles have in common, and its share of the score."""

    term: str
    share: float


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
        Relatedness, 0 to 1, larger is better: 1/2 is what one in fifty pairs of unrelated articles of the site gets.
    title : str
        Its headline, for showing.
    url : str or None
        Where it lives, if the site said so.
    description, image : str or None
        What to show below the headline, as one line of plain text, and the address of the picture to show beside it.
    parts : mapping of str to float
        What each signal adds; the parts add up to `score`. Empty unless reasons were asked for.
    terms : tuple of SharedTerm
        Strongest terms in common, largest share first; shares of all common terms add up to the
        lexical part. Empty unless reasons were asked for.
    rung : str
        Why it is there: "related"; "pinned" by an editor; "section", "popular", "newest", as which it fills a list
        that would be short; or "orphan", below the floor, where exposure is spread and it would be in no list else.
    """

    article_id: str
    rank: int
    score: float
    title: str = ""
    url: str | None = None
    description: str | None = None
    image: str | None = None
    parts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    terms: tuple[SharedTerm, ...] = ()
    rung: str = "related"


@dataclass(frozen=True, slots=True)
class RelatedList(Sequence[RelatedArticle]):
    """The articles to show at the foot of one article, best first.

    Parameters
    ----------
    article_id : str or None
        Whose list this is; None for a draft.
    related : tuple of RelatedArticle
        The entries; fewer than asked for where the site holds no more.
    """

    article_id: str | None
    related: tuple[RelatedArticle, ...] = ()

    @overload
    def __getitem__(self, index: int) -> RelatedArticle: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[RelatedArticle, ...]: ...
    def __getitem__(self, index: int | slice) -> RelatedArticle | tuple[RelatedArticle, ...]:
        return self.related[index]

    def __len__(self) -> int:
        return len(self.related)

    def __iter__(self) -> Iterator[RelatedArticle]:
        return iter(self.related)

    @property
    def article_ids(self) -> tuple[str, ...]:
        """Ids of the related articles, best first."""
        return tuple(entry.article_id for entry in self.related)

    def __str__(self) -> str:
        return "\n".join(f"{e.rank:>3}. {e.score:.3f}  {e.title or e.article_id}" for e in self.related)
