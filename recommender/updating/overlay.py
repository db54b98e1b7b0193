"""Stored lists after updates, looked up without making the site anew.

Articles have numbers that never change: those of the base are its rows, and each new article gets the next one. What
updates changed lies in dictionaries by number, and the base holds the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from recommender.collection.record_checksums import damaged
from recommender.collection.summary_table import spellings
from recommender.editors import EditorRules
from recommender.listing import ALWAYS
from recommender.lists.lists import Lists
from recommender.rules.expiry import Expiry, clock
from recommender.store.site_store import Update
from recommender.updating.history import History
from recommender.updating.overlay_state import BITS, Named, OverlayState, check_card, check_numbers
from recommender.updating.stored_records import joined

if TYPE_CHECKING:
    from recommender.updating.record import UpdateRecord

__all__ = ["Overlay"]

_ARRAYS = ("lists_rows", "lists_scores", "lists_sources", "changed")
_PLACE = 2**BITS - 1


class Overlay(OverlayState):
    """The lists of a base and its updates. Places are numbers.

    Parameters
    ----------
    base : Site

    Attributes
    ----------
    editors : EditorRules
        Pins and blocks that were given, and those of the desk.
    articles_version : int
        The version in which an article last came, changed or went; 0 for that of the base.
    """

    def after(self, updates: Iterable[Update]) -> Self:
        """Return the lists after more updates, of which heads are enough. This object stays as it is.

        Raises
        ------
        KeyError, TypeError, ValueError
            If an update is none of this version.
        """
        found = self.copied()
        named = []  # numbers that lists name, and how many there were then
        for update in updates:
            if "merged" in update.facts:
                named = found._restore(update)
                continue
            for at, facts in enumerate(update.facts["heads"]):
                named += found._apply(update, f"{at}_", facts)
        check_numbers(named)
        return found

    def after_records(self, records: Sequence[UpdateRecord]) -> Self:
        """Return the lists after updates that are not stored. They have no version."""
        arrays, facts = joined(records)[1]
        return self.after([Update(0, 0, arrays, facts, "")])

    def __len__(self) -> int:
        return self._n_base - len(self._removed) + len(self._numbers)

    def ids(self) -> Iterator[str]:
        """Return the ids of all articles, ascending."""
        return (article_id for article_id, _ in self._sorted())

    def places(self) -> Iterator[int]:
        """Return the numbers of all articles by ascending id."""
        return (number for _, number in self._sorted())

    def find(self, article_id: str) -> int | None:
        """Return the number of an article. None if there is none with this id."""
        for spelling in spellings(article_id):
            number = self._number_of(spelling)
            if number is not None:
                return number
        self._site.verify("articles_id_", "articles_article_id_")  # a damaged file would say the same
        return None

    def one(self, place: int, k: int | None = None) -> Lists:
        """Return the list of one article, cut to k entries, as the only one. Its rows are numbers."""
        found = self._lists.get(place)
        if found is None:
            return self._base.one(place, k)
        lists, at = self._remade[found >> BITS], found & _PLACE
        where = slice(at, at + 1), slice(k)
        return Lists(lists.rows[where], lists.scores[where], lists.sources[where])

    def cards(self, places: Sequence[int]) -> list[tuple[str, ...]]:
        """Return the columns of `CARD` of some articles. Raises `ArtifactError` if they are damaged."""
        old = [place for place in places if place < self._n_base]
        if len(old) == len(places):
            return self._base.cards(places)
        from_base = iter(self._base.cards(old))
        try:
            return [next(from_base) if place < self._n_base else self._cards[place] for place in places]
        except KeyError as error:
            raise damaged(f"a list names the article {error}, which is not there") from error

    def group(self, place: int) -> int:
        """Return the number that stands for an article and its near copies."""
        found = self._groups.get(place)
        return self._base.group(place) if found is None else found

    def expired(self, places: Sequence[int]) -> frozenset[int]:
        """Return which of some numbers have expired since the lists were made."""
        moment = clock(self._site.settings.policy)
        if not self._expiry.is_over(moment):
            return frozenset()
        return self._gone(places, moment)

    def next_expiry(self, moment: int) -> int:
        """Return the first moment after another at which an article expires, or `ALWAYS`. Articles that are gone count."""
        later = (each for each in self._until.values() if each > moment)
        return min([self._base.next_expiry(moment), *later])

    def translations(self, place: int) -> list[tuple[int, str]]:
        """Return the numbers and languages of an article and of the same page in other languages, the article first."""
        own = self._sets.get(place, self._base.set_of(place) if place < self._n_base else place)
        old = self._base.in_set(own) if own < self._n_base else []
        members = {each for each in old if each not in self._removed and each not in self._sets}
        members |= {number for number, each in self._sets.items() if each == own}
        others = sorted(members - {place})
        gone = self._gone(others, max(clock(self._site.settings.policy), self._expiry.passed))
        others = [each for each in others if each not in gone]
        return [(each, self._language(each)) for each in (place, *others)] if others else []

    def changed_since(self, version: int, history: History) -> tuple[list[str], list[str]]:
        """Return the ids of lists that changed after a version, and of articles deleted after it. Both ascend."""
        numbers = {number for number, changed in self._versions.items() if changed > version}
        if history.versions is not None:
            rows = np.flatnonzero(history.versions > version).tolist()
            numbers |= {row for row in rows if row not in self._removed}
            numbers |= {number for number, row in self._origins.items() if history.versions[row] > version}
        lists = self._ids(sorted(numbers))
        deleted = [each for each, at in self._all_deleted(history).items() if at > version]
        return sorted(lists), sorted(deleted)

    def history(self, history: History) -> History:
        """Return the history of a base that holds these lists. `history` is that of the base before."""
        numbers = np.fromiter(self.places(), np.int64, len(self))
        found = np.full(self._next, history.since, dtype=np.int64)
        if history.versions is not None:
            found[: self._n_base] = history.versions
        found[list(self._origins)] = found[list(self._origins.values())]
        found[list(self._versions)] = list(self._versions.values())
        return history._replace(versions=found[numbers], deleted=self._all_deleted(history))

    def _all_deleted(self, history: History) -> dict[str, int]:
        before = {each: at for each, at in history.deleted.items() if each not in self._numbers}
        return dict(sorted((before | self._deleted).items(), key=itemgetter(1)))

    def _sorted(self) -> Iterator[tuple[str, int]]:
        """Yield id and number of all articles by ascending id."""
        old = ((each, row) for row, each in enumerate(self._base.ids()) if row not in self._removed)
        return merge(old, sorted(self._numbers.items()), key=itemgetter(0))

    def _apply(self, update: Update, begin: str, facts: Mapping[str, Any]) -> list[Named]:
        """Apply one record; return the numbers that it names, with the least and the largest that there may be."""
        edited = self._edited(facts)
        for number in facts["removed"]:
            self._remove(number)
        for place, moment in facts["until"]:
            self._until[self._next + place] = moment
        for card in facts["cards"]:
            check_card(card)
            article_id, number, self._next = card[0], self._next, self._next + 1
            self._cards[number], self._numbers[article_id] = card, number
            self._deleted.pop(article_id, None)
            version, row = edited.get(article_id, (None, None))  # of a list that may be as before
            if version is not None:
                self._versions[number] = version
            elif row is not None:
                self._origins[number] = row
        rows, scores, sources, changed = (update.arrays[f"{begin}{name}"] for name in _ARRAYS)
        first, numbers = len(self._remade) << BITS, changed.tolist()
        self._remade.append(Lists(rows, scores, sources))
        self._lists.update(zip(numbers, range(first, first + len(numbers)), strict=True))
        self._groups.update(facts["groups"])
        self._expiry = Expiry(**facts["expiry"])
        if facts["cards"] or facts["removed"]:
            self.articles_version = update.version
        if "editors" in facts:
            self.editors = EditorRules.from_dict(facts["editors"])
        for number, each, tag in facts["translations"]:
            self._sets[number], self._languages[number] = each, tag
        self._versions.update(dict.fromkeys([numbers[at] for at in facts["differs"]], update.version))
        for article_id in facts["deleted"]:
            self._deleted[article_id] = update.version
        return [(rows, -1, self._next), (changed, 0, self._next)]

    def _edited(self, facts: Mapping[str, Any]) -> dict[str, tuple[int | None, int | None]]:
        """Return the version of the list of each edited article, or the row of the base that holds it."""
        found = {}
        for article_id, *_ in facts["cards"] if facts["removed"] else ():
            number = self._number_of(article_id)
            if number is not None:
                row = self._origins.get(number, number if number < self._n_base else None)
                found[article_id] = self._versions.get(number), row
        return found

    def _number_of(self, spelling: str) -> int | None:
        """Return the number of the article with exactly this id."""
        number = self._numbers.get(spelling)
        if number is None:
            number = self._site.collection.summaries.row_of(spelling)
        return None if number in self._removed else number

    def _gone(self, places: Sequence[int], moment: int) -> frozenset[int]:
        """Return which of some numbers no list may hold at a moment."""
        gone = {place for place in places if self._until.get(place, ALWAYS) <= moment}
        return self._base.expired_by([place for place in places if place < self._n_base], moment) | gone

    def _language(self, number: int) -> str:
        return self._languages[number] if number >= self._n_base else self._base.language(number)

    def _ids(self, numbers: Sequence[int]) -> list[str]:
        return [card[0] for card in self.cards(numbers)]

    def _remove(self, number: int) -> None:
        if number < self._n_base:
            self._removed.add(number)
        else:
            del self._numbers[self._cards.pop(number)[0]]
        by_number: tuple[dict[int, Any], ...] = (
            self._lists, self._groups, self._versions, self._origins, self._until, self._sets,
            self._languages,
        )  # fmt: skip
        for each in by_number:
            each.pop(number, None)
