"""Lists of places become lists with ids and titles."""

from __future__ import annotations

from collections.abc import Collection as Ids
from collections.abc import Sequence
from dataclasses import replace

from recommender.collection.summary_table import unknown_article
from recommender.lists.entry_sources import SOURCES
from recommender.lists.lists import Lists
from recommender.lists.related import RelatedArticle, RelatedList, TranslatedArticle
from recommender.lists.stored_lists import StoredLists

__all__ = ["ListFormatter"]


class ListFormatter:
    """Formats stored lists and lists made now for output.

    Parameters
    ----------
    stored : StoredLists
    """

    def __init__(self, stored: StoredLists) -> None:
        self._stored = stored

    def of(self, article_id: str, k: int, exclude: Ids[str] = ()) -> RelatedList:
        """Return the list of an article as it was built, without excluded articles, cut to k entries.

        Raises
        ------
        UnknownArticleError
        """
        place = self._stored.find(article_id)
        if place is None:
            raise unknown_article(article_id, len(self._stored))
        return self._without(self.at(place, None), exclude)[:k] if exclude else self.at(place, k)

    def at(self, place: int, k: int | None) -> RelatedList:
        """Return the list at a place as it was built, cut to k entries, without those that have expired since."""
        one = self._stored.one(place, k)
        if self._stored.expired(_listed(one)):
            whole = self._stored.one(place)
            one = whole.without(self._stored.expired(_listed(whole)), k)
        (own, *_), *cards = self._stored.cards([place, *_listed(one)])
        return _related(own, one, cards, self.translations(place))

    def translations(self, place: int) -> tuple[TranslatedArticle, ...]:
        """Return the same page in other languages: of each the article with the least id."""
        found = self._stored.translations(place)
        if not found:
            return ()
        cards = self._stored.cards([other for other, _ in found])
        own, *others = [
            TranslatedArticle(article_id, language, title, url or None)
            for (_, language), (article_id, title, url, *_) in zip(found, cards, strict=True)
        ]
        by_language = {each.language: each for each in sorted(others, key=_by_id, reverse=True)}
        return tuple(by_language[tag] for tag in sorted(by_language) if tag != own.language)

    def formatted(self, article_id: str | None, lists: Lists) -> RelatedList:
        """Return the first of some lists."""
        place = None if article_id is None else self._stored.find(article_id)
        translations = () if place is None else self.translations(place)
        return _related(article_id, lists, self._stored.cards(_listed(lists)), translations)

    def _without(self, related: RelatedList, exclude: Ids[str]) -> RelatedList:
        """Return the entries that are neither excluded nor near copies of excluded articles, ranked anew."""
        stored = self._stored
        shown = {stored.group(place) for each in exclude if (place := stored.find(each)) is not None}
        kept = [
            entry
            for entry in related
            if (place := stored.find(entry.article_id)) is None or stored.group(place) not in shown
        ]
        ranked = tuple(replace(entry, rank=rank) for rank, entry in enumerate(kept, start=1))
        return replace(related, related=ranked)


def _by_id(each: TranslatedArticle) -> str:
    return each.article_id


def _listed(lists: Lists) -> list[int]:
    """Return the places in the first list. Short lists are padded at the end."""
    return [place for place in lists.rows[0].tolist() if place >= 0]


def _related(
    article_id: str | None,
    lists: Lists,
    cards: Sequence[tuple[str, ...]],
    translations: tuple[TranslatedArticle, ...],
) -> RelatedList:
    each = zip(lists.scores[0].tolist(), lists.sources[0].tolist(), cards, strict=False)
    return RelatedList(
        article_id,
        tuple(
            RelatedArticle(
                other, rank, score, title, url or None, description or None, image or None, SOURCES[source]
            )
            for rank, (score, source, (other, title, url, description, image)) in enumerate(each, start=1)
        ),
        translations,
    )
