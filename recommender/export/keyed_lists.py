"""The keys under which a data file holds the list of each article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from recommender.articles import ArticleSummary
from recommender.export.list_source import ListSource
from recommender.lists.related import RelatedList

__all__ = ["KeyedLists"]


class KeyedLists:
    """All lists of a site, with the fields by which a data file names them, for `export` as JSON.

    Parameters
    ----------
    source : ListSource
        A `Recommender`, or any object with `summaries` and `related_all`.
    keys : sequence of str, default ("id",)
        Names of fields: ``id``, ``url``, or a metadata field such as ``post_id``. With several, a list stands
        under the value of each.

    Raises
    ------
    ValueError
        If there is no key, or one twice.
    """

    def __init__(self, source: ListSource, keys: Sequence[str] = ("id",)) -> None:
        if isinstance(keys, str) or not keys or len(set(keys)) < len(keys):
            raise ValueError(f"keys must be a sequence of different fields, got {keys!r}")
        self._source, self.keys = source, tuple(keys)

    @property
    def fields(self) -> tuple[str, ...]:
        """The keys that are metadata fields. Entries have them too."""
        return tuple(key for key in self.keys if key not in ("id", "url"))

    @property
    def summaries(self) -> Sequence[ArticleSummary]:
        """The articles in row order."""
        return self._source.summaries

    def __len__(self) -> int:
        return len(self._source)

    def related_all(self, k: int | None = None, *, why: bool = False) -> Iterator[RelatedList]:
        """Yield the list of every article in row order."""
        return self._source.related_all(k, why=why)

    def values(self, article_id: str) -> tuple[str | None, ...]:
        """Return the values of the keys for an article. None where it has none.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> rain = ArticleSummary("rain", "Rain in May", url="/rain", metadata={"post_id": 12})
        >>> lists = KeyedLists(SimpleNamespace(summaries=[rain]), ["id", "url", "post_id", "slug"])
        >>> lists.values("rain")
        ('rain', '/rain', '12', None)
        """
        return (article_id,) if self.keys == ("id",) else self._values[article_id]

    @cached_property
    def _values(self) -> dict[str, tuple[str | None, ...]]:
        return {
            summary.article_id: tuple(_value(summary, key) for key in self.keys) for summary in self.summaries
        }


def _value(summary: ArticleSummary, key: str) -> str | None:
    if key == "id":
        return summary.article_id
    value = summary.url if key == "url" else summary.metadata.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) or None
