"""One update as plain data: what a reader or a writer applies to the state before it.

Articles have numbers that never change: those of a base are its rows, and each added or edited article gets the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.lists.lists import Lists
from recommender.lists.reserve import Reserve
from recommender.lists.site import Site
from recommender.store.layout import collection_arrays, collection_of
from recommender.updating.changes import Changes
from recommender.updating.merged_collection import Patches
from recommender.updating.merged_copies import CopyPatch
from recommender.updating.merged_mentions import MentionPatch

__all__ = ["UpdateRecord", "record_of"]

_LISTS = ("rows", "scores", "sources")


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
    facts : mapping
        As JSON can hold them: ``changes``, and ``metadata_rules`` where they differ.
    """

    removed: NDArray[np.int32]
    new: Collection
    patches: Patches
    changed: NDArray[np.int32]
    lists: Lists
    reserve: Reserve
    facts: Mapping[str, Any]

    def to_parts(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Return the record as plain arrays and facts."""
        arrays = {"removed": self.removed, "changed": self.changed}
        arrays |= {f"lists_{name}": getattr(self.lists, name) for name in _LISTS}
        arrays |= {f"reserve_{name}": each for name, each in self.reserve._asdict().items()}
        arrays |= {f"copies_{name}": each for name, each in self.patches.copies._asdict().items()}
        arrays |= {f"mentions_{name}": each for name, each in self.patches.mentions._asdict().items()}
        arrays |= {f"new_{name}": each for name, each in collection_arrays(self.new).items()}
        facts = dict(self.facts) | {
            "labels": list(self.new.labels),
            "trees": list(self.new.trees.names),
            "n_new": len(self.new),
        }
        return arrays, facts

    @classmethod
    def of_parts(cls, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> Self:
        """Return the record from the output of `to_parts`."""
        new = {name.removeprefix("new_"): each for name, each in arrays.items() if name.startswith("new_")}
        copies = CopyPatch(*(arrays[f"copies_{name}"] for name in CopyPatch._fields))
        mentions = MentionPatch(*(arrays[f"mentions_{name}"] for name in MentionPatch._fields))
        return cls(
            arrays["removed"],
            collection_of(new, facts["labels"], facts["trees"]),
            Patches(copies, mentions),
            arrays["changed"],
            Lists(arrays["lists_rows"], arrays["lists_scores"], arrays["lists_sources"]),
            Reserve(*(arrays[f"reserve_{name}"] for name in Reserve._fields)),
            facts,
        )


def record_of(
    before: Site,
    after: Site,
    came: tuple[NDArray[np.int32], Collection, Patches],
    rows: NDArray[np.int32],
    numbers: NDArray[np.int32],
    changes: Changes,
) -> UpdateRecord:
    """Return an update by numbers of articles.

    Parameters
    ----------
    before, after : Site
    came : tuple
        Numbers of removed articles, new articles, and what changed between articles, by rows.
    rows : ndarray of int32
        Whose lists may differ.
    numbers : ndarray of int32, shape (n,)
        Of the rows after the update.
    changes : Changes
    """
    removed, new, (copies, mentions) = came
    lists, reserve = after.lists, after.reserve
    padded = np.append(numbers, np.int32(-1))  # -1 picks the last
    facts: dict[str, Any] = {"changes": changes.to_dict(), "spread": after.spread}
    if after.metadata_rules != before.metadata_rules:
        facts["metadata_rules"] = after.metadata_rules.to_dict()
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
        ),
        numbers[rows],
        Lists(padded[lists.rows[rows]], lists.scores[rows], lists.sources[rows]),
        Reserve(padded[reserve.rows[rows]], reserve.scores[rows], reserve.bars[rows]),
        facts,
    )  # fmt: skip
