"""Input protocol of an export, and the JSON record of lists and entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from recommender.articles import ArticleSummary
from recommender.lists.related import RelatedArticle, RelatedList

__all__ = ["CARD", "ListSource", "entry_record", "list_record"]

CARD = ("title", "url", "description", "image")
"""Display fields of an entry. All but the title may be None."""


class ListSource(Protocol):
    """All lists of a site, one per article, in row order."""

    def __len__(self) -> int:
        """Return the number of articles, which is the number of lists."""
        ...

    @property
    def summaries(self) -> Sequence[ArticleSummary]:
        """The articles in row order. The sequence may be lazy."""
        ...

    def related_all(self, k: int | None = None, *, why: bool = False) -> Iterator[RelatedList]:
        """Yield the list of every article in row order, with `article_id` set and at most `k` entries."""
        ...


def list_record(related: RelatedList, *, why: bool = False) -> dict[str, Any]:
    """Convert a list to JSON values. A page without translations has no field for them.

    Examples
    --------
    >>> list_record(RelatedList("a", (RelatedArticle("b", 1, 0.5, "Rain in May"),)))["related"][0]["title"]
    'Rain in May'
    """
    record: dict[str, Any] = {
        "article_id": related.article_id,
        "related": [entry_record(entry, why=why) for entry in related],
    }
    if related.translations:
        record["translations"] = [each.to_dict() for each in related.translations]
    return record


def entry_record(entry: RelatedArticle, *, why: bool = False) -> dict[str, Any]:
    """Convert an entry to JSON values, including its display fields. `parts` and `terms` require `why`.

    Examples
    --------
    >>> entry_record(RelatedArticle("b", 1, 0.5, "Rain in May", description="It rained."))
    {'article_id': 'b', 'rank': 1, 'score': 0.5, 'source': 'related', 'title': 'Rain in May', 'url': None, \
'description': 'It rained.', 'image': None}
    """
    record: dict[str, Any] = {
        "article_id": entry.article_id,
        "rank": int(entry.rank),
        "score": float(entry.score),
        "source": entry.source,
        **{name: getattr(entry, name) for name in CARD},
    }
    if why:
        record["parts"] = {name: float(value) for name, value in entry.parts.items()}
        record["terms"] = [{"term": term.term, "share": float(term.share)} for term in entry.terms]
    return record
