"""What updates changed in the lists of a base: the fields of an `Overlay`, and their form in a journal.

Reading the heads of many updates one by one takes time. So a writer now and then stores what they lead to as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.collection.summary_table import CARD
from recommender.editors import EditorRules
from recommender.lists.lists import Lists
from recommender.lists.site import Site
from recommender.lists.stored_lists import SiteLists
from recommender.rules.expiry import Expiry
from recommender.store.site_store import Part, Update

__all__ = ["BITS", "Named", "OverlayState", "check_card", "check_numbers"]

BITS = 32
"""Of the place of a list among those of one update."""

Named: TypeAlias = tuple[NDArray[Any], int, int]
"""Numbers of articles, the least that there may be, and the first that is too large."""

_PLACE = 2**BITS - 1
_LISTS = ("rows", "scores", "sources")
_NUMBERED = {"groups": 0, "sets": 0, "origins": 0, "until": None, "versions": None}
"""Dictionaries by number, and the least value where values are numbers too."""


class OverlayState:
    """The fields of an `Overlay`.

    Parameters
    ----------
    base : Site
    """

    def __init__(self, base: Site) -> None:
        self._site = base
        self._base = SiteLists(base)
        self._n_base = self._next = len(self._base)
        self._removed: set[int] = set()  # rows of the base
        self._remade: list[Lists] = []  # of each update
        self._lists: dict[
            int, int
        ] = {}  # update and place in it as one number, which Python need not collect
        self._cards: dict[int, tuple[str, ...]] = {}  # of new articles that are there
        self._numbers: dict[str, int] = {}  # of the same
        self._groups: dict[int, int] = {}
        self._until: dict[int, int] = {}  # when new articles expire, of those that do
        self._expiry = base.expiry
        self.editors = base.settings.editors
        self.articles_version = 0
        self._sets: dict[int, int] = {}  # of translations, of articles whose set is not that of the base
        self._languages: dict[int, str] = {}  # of new articles in a set
        self._versions: dict[int, int] = {}  # of lists that changed
        self._origins: dict[int, int] = {}  # rows of the base that were edited and have another number now
        self._deleted: dict[str, int] = {}

    def copied(self) -> Self:
        """Return a state that may be changed while this one stays."""
        found = type(self)(self._site)
        found.__dict__.update(
            {
                name: each.copy() if isinstance(each, dict | set | list) else each
                for name, each in vars(self).items()
            }
        )
        return found

    def merged(self) -> Part:
        """Return what the updates lead to as one head, see `restore`."""
        numbers = sorted(self._lists)
        arrays: dict[str, NDArray[Any]] = {
            "changed": np.array(numbers, dtype=np.int32),
            "removed": np.array(sorted(self._removed), dtype=np.int32),
            "numbers": np.array(list(self._cards), dtype=np.int32),
        }
        arrays |= {f"lists_{name}": each for name, each in zip(_LISTS, self._stacked(numbers), strict=True)}
        for name in _NUMBERED:
            pairs = list(getattr(self, f"_{name}").items())
            arrays[name] = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        facts: dict[str, Any] = {
            "next": self._next, "cards": list(self._cards.values()), "deleted": list(self._deleted.items()),
            "languages": list(self._languages.items()), "expiry": self._expiry._asdict(),
            "articles_version": self.articles_version,
        }  # fmt: skip
        if self.editors is not self._site.settings.editors:
            facts["editors"] = self.editors.to_dict()
        return arrays, {"merged": facts}

    def _stacked(self, numbers: Iterable[int]) -> tuple[NDArray[Any], ...]:
        """Return rows, scores and sources of the lists of some articles, padded to one width."""
        places = np.array([self._lists[number] for number in numbers], dtype=np.int64)
        width = max((each.rows.shape[1] for each in self._remade), default=0)
        found = Lists.of(
            np.zeros((len(places), 0), np.int32), np.zeros((len(places), 0), np.float32), width, 0.0
        )
        for update in np.unique(places >> BITS).tolist():
            some, lists = np.flatnonzero(places >> BITS == update), self._remade[update]
            at, own = places[some] & _PLACE, slice(lists.rows.shape[1])
            found.rows[some, own], found.scores[some, own] = lists.rows[at], lists.scores[at]
            found.sources[some, own] = lists.sources[at]
        return found.rows, found.scores, found.sources

    def _restore(self, update: Update) -> list[Named]:
        """Take over what `merged` returned, in place of all updates before; return the numbers that it names.

        Raises
        ------
        KeyError, TypeError, ValueError
            If it is none of this version.
        """
        self.__init__(self._site)  # type: ignore[misc]
        arrays, facts = update.arrays, update.facts["merged"]
        changed, self._next = arrays["changed"], facts["next"]
        lists = Lists(arrays["lists_rows"], arrays["lists_scores"], arrays["lists_sources"])
        shapes = {each.shape for each in (lists.rows, lists.scores, lists.sources)}
        if len(shapes) != 1 or lists.rows.ndim != 2 or len(lists.rows) != len(changed):
            raise ValueError(f"wanted a list of each of {len(changed)} articles, got {shapes}")
        self._remade = [lists]
        self._lists = dict(zip(changed.tolist(), range(len(changed)), strict=True))
        self._removed = set(arrays["removed"].tolist())
        for card in facts["cards"]:
            check_card(card)
        self._cards = dict(zip(arrays["numbers"].tolist(), facts["cards"], strict=True))
        self._numbers = {card[0]: number for number, card in self._cards.items()}
        named: list[Named] = [
            (lists.rows, -1, self._next), (changed, 0, self._next), (arrays["removed"], 0, self._n_base),
            (arrays["numbers"], self._n_base, self._next),
        ]  # fmt: skip
        for name, least in _NUMBERED.items():
            keys, values = arrays[name].T
            setattr(self, f"_{name}", dict(zip(keys.tolist(), values.tolist(), strict=True)))
            named.append((keys, 0, self._next))
            if least is not None:
                named.append((values, least, self._n_base if name == "origins" else self._next))
        self._restore_facts(facts)
        return named

    def _restore_facts(self, facts: Mapping[str, Any]) -> None:
        self._deleted, self._languages = dict(facts["deleted"]), dict(facts["languages"])
        self._expiry = Expiry(**facts["expiry"])
        self.articles_version = facts["articles_version"]
        if "editors" in facts:
            self.editors = EditorRules.from_dict(facts["editors"])


def check_card(card: Sequence[Any]) -> None:
    """Raise ValueError if a card is none, see `CARD`."""
    if len(card) != len(CARD) or not all(isinstance(text, str) for text in card):
        raise ValueError(f"wanted {', '.join(CARD)} of an article, got {card!r:.60}")


def check_numbers(named: Sequence[Named]) -> None:
    """Check numbers of articles, all of a reading at once: each is at least the least given, and below the other."""
    if not named:
        return
    sizes = [each.size for each, _, _ in named]
    numbers = np.concatenate([each.ravel() for each, _, _ in named])
    least, limit = (np.repeat([each[at] for each in named], sizes) for at in (1, 2))
    wrong = numbers[~((numbers >= least) & (numbers < np.maximum(limit, 1)))]
    if len(wrong):
        raise ValueError(f"wanted numbers of articles below {named[-1][2]}, got {wrong[0]}")
