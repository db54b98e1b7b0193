"""One update as plain data: what a reader or a writer applies to the state before it.

Articles have numbers that never change: those of a base are its rows, and each added or edited article gets the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.collection.translation_pairs import TranslationPairs
from recommender.listing import ALWAYS, NEVER
from recommender.lists.lists import Lists
from recommender.lists.reserve import Reserve
from recommender.lists.site import Site
from recommender.store.layout import collection_arrays, collection_of
from recommender.updating.changed_sets import set_facts
from recommender.updating.changes import Changes
from recommender.updating.merged_collection import Patches
from recommender.updating.merged_copies import CopyPatch
from recommender.updating.merged_mentions import MentionPatch

__all__ = ["RecordParts", "UpdateRecord", "record_of"]

_LISTS = ("rows", "scores", "sources")
_Part: TypeAlias = tuple[dict[str, NDArray[Any]], dict[str, Any]]


class RecordParts(NamedTuple):
    """A record as plain arrays and facts: what look-ups of lists need, and the rest.

    The facts of the head are numbers that were ``removed``, the ``cards`` of new articles (see `CARD`), ids that were
    ``deleted``, places of lists that ``differ``, ``groups`` of near copies: pairs of a number and that which stands for
    its group, the pins and blocks of ``editors`` where they differ, the ``expiry`` of the lists, ``until``: pairs of the
    place of a new article and when it expires, and
    ``translations``: a number, that which stands for its set of translations, and its language, where the set changed.
    """

    head: _Part
    payload: _Part


@dataclass(frozen=True, eq=False)
class UpdateRecord:
    """What an update changed, by numbers of articles.

    Parameters
    ----------
    removed : ndarray of int32
        Articles that are gone, edited ones among them.
    new : Collection
        The new articles one by one. They get the next numbers in their order.
    patches : Patches
        Rows are numbers.
    changed : ndarray of int32, shape (m,)
        Articles whose lists may differ.
    lists : Lists
        Their lists. Rows are numbers.
    reserve : Reserve
        What follows them.
    differs : ndarray of bool, shape (m,)
        Which of these lists differ from those before in what a page shows.
    facts : mapping
        As JSON can hold them: the ids that were ``deleted``, the ``expiry`` of the lists, when new articles expire
        (``until``), sets of ``translations`` that changed, and ``metadata_rules`` and ``editors`` where they differ.
    """

    removed: NDArray[np.int32]
    new: Collection
    patches: Patches
    changed: NDArray[np.int32]
    lists: Lists
    reserve: Reserve
    differs: NDArray[np.bool_]
    facts: Mapping[str, Any]

    def to_parts(self) -> RecordParts:
        """Return the record as plain arrays and facts."""
        arrays: dict[str, NDArray[Any]] = {
            "removed": self.removed, "changed": self.changed, "differs": self.differs,
        }  # fmt: skip
        arrays |= {f"lists_{name}": getattr(self.lists, name) for name in _LISTS}
        arrays |= {f"reserve_{name}": each for name, each in self.reserve._asdict().items()}
        arrays |= {f"copies_{name}": each for name, each in self.patches.copies._asdict().items()}
        arrays |= {f"mentions_{name}": each for name, each in self.patches.mentions._asdict().items()}
        arrays |= {f"pairs_{name}": each for name, each in self.patches.translations._asdict().items()}
        arrays |= {f"new_{name}": each for name, each in collection_arrays(self.new).items()}
        facts = dict(self.facts) | {
            "labels": list(self.new.labels),
            "trees": list(self.new.trees.names),
        }
        head = {name: arrays.pop(name) for name in ("changed", *(f"lists_{name}" for name in _LISTS))}
        copies = self.patches.copies
        brief = {
            "removed": self.removed.tolist(),
            "cards": self.new.summaries.cards(range(len(self.new))),
            "deleted": facts.pop("deleted"),
            "expiry": facts.pop("expiry"),
            "until": facts.pop("until"),
            "translations": facts.pop("translations"),
            **({"editors": facts.pop("editors")} if "editors" in facts else {}),
            "differs": np.flatnonzero(self.differs).tolist(),
            "groups": list(zip(copies.rows.tolist(), copies.groups.tolist(), strict=True)),
        }
        return RecordParts((head, brief), (arrays, facts))

    @classmethod
    def of_parts(cls, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> Self:
        """Return the record from the arrays and facts of both parts."""
        new = {name.removeprefix("new_"): each for name, each in arrays.items() if name.startswith("new_")}
        copies = CopyPatch(*(arrays[f"copies_{name}"] for name in CopyPatch._fields))
        mentions = MentionPatch(*(arrays[f"mentions_{name}"] for name in MentionPatch._fields))
        pairs = TranslationPairs(*(arrays[f"pairs_{name}"] for name in TranslationPairs._fields))
        return cls(
            arrays["removed"],
            collection_of(new, facts["labels"], facts["trees"]),
            Patches(copies, mentions, pairs),
            arrays["changed"],
            Lists(arrays["lists_rows"], arrays["lists_scores"], arrays["lists_sources"]),
            Reserve(*(arrays[f"reserve_{name}"] for name in Reserve._fields)),
            arrays["differs"],
            facts,
        )


def record_of(
    before: Site,
    after: Site,
    came: tuple[NDArray[np.int32], Collection, Patches, NDArray[np.int32]],
    rows: NDArray[np.int32],
    numbers: NDArray[np.int32],
    changes: Changes,
) -> UpdateRecord:
    """Return an update by numbers of articles.

    Parameters
    ----------
    before, after : Site
    came : tuple
        Numbers of removed articles, new articles, what changed between articles, by rows, and the rows of articles
        whose sets of translations changed.
    rows : ndarray of int32
        Whose lists may differ.
    numbers : ndarray of int32, shape (n,)
        Of the rows after the update.
    changes : Changes
    """
    removed, new, (copies, mentions, pairs), translated = came
    lists, reserve = after.lists, after.reserve
    padded = np.append(numbers, np.int32(-1))  # -1 picks the last
    facts: dict[str, Any] = {
        "deleted": list(changes.deleted), "spread": after.spread, "expiry": after.expiry._asdict(),
        "until": _expiring(new), "translations": set_facts(after.collection, translated, numbers),
    }  # fmt: skip
    ids, differing = after.collection.summaries.column("article_id"), set(changes.lists)
    if after.metadata_rules != before.metadata_rules:
        facts["metadata_rules"] = after.metadata_rules.to_dict()
    if after.settings.editors is not before.settings.editors:
        facts["editors"] = after.settings.editors.to_dict()
    return UpdateRecord(
        removed,
        new,
        Patches(
            CopyPatch(
                numbers[copies.rows], numbers[copies.groups], numbers[copies.identical], numbers[copies.pairs],
                copies.jaccard,
            ),
            MentionPatch(
                numbers[mentions.rows], mentions.n_naming, numbers[mentions.one], numbers[mentions.other],
                mentions.strengths,
            ),
            TranslationPairs.of(numbers[pairs.one], numbers[pairs.other], pairs.strengths),
        ),
        numbers[rows],
        Lists(padded[lists.rows[rows]], lists.scores[rows], lists.sources[rows]),
        Reserve(padded[reserve.rows[rows]], reserve.scores[rows], reserve.bars[rows]),
        np.array([each.decode() in differing for each in ids.take(rows.tolist())], dtype=np.bool_),
        facts,
    )  # fmt: skip


def _expiring(new: Collection) -> list[tuple[int, int]]:
    """Return the places of articles that expire, and when."""
    places = np.flatnonzero((new.listed_until != ALWAYS) & (new.listed_until != NEVER))
    return list(zip(places.tolist(), new.listed_until[places].tolist(), strict=True))
