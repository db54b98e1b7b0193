"""When lists changed, and which articles were deleted: what outlives a compaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.string_column import StringColumn
from recommender.store.site_store import Base

__all__ = ["History"]

_FEWEST_DELETED = 1_000


class History(NamedTuple):
    """What a base knows of the versions before it.

    Attributes
    ----------
    since : int
        The oldest version whose changes are known.
    versions : ndarray of int64, shape (n,), or None
        The version at which the list of each row last changed, `since` for older ones. None for `since` of all.
    deleted : mapping of str to int
        The version at which each article was deleted that is not there again, oldest first.
    """

    since: int
    versions: NDArray[np.int64] | None
    deleted: Mapping[str, int]

    @classmethod
    def of(cls, base: Base) -> Self:
        """Return the history that a base holds. A build knows its own version alone."""
        if "lists_versions" not in base.arrays:
            return cls(base.version, None, {})
        base.arrays.verify("lists_versions", "lists_deleted_")
        ids, offsets, versions = (
            base.arrays[f"lists_deleted_{name}"] for name in ("spelling", "offsets", "versions")
        )
        deleted = dict(zip(StringColumn(ids, offsets), versions.tolist(), strict=True))
        return cls(base.facts["history_since"], base.arrays["lists_versions"], deleted)

    def to_parts(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Return the history as arrays and facts.

        As many deleted articles are kept as there are articles, at least 1,000: the newest. Where one is left out, the
        history begins with its version.
        """
        if self.versions is None:
            return {}, {}
        since = self.since
        kept = list(self.deleted.items())
        n_out = len(kept) - max(len(self.versions), _FEWEST_DELETED)
        if n_out > 0:
            since = max(since, kept[n_out - 1][1])
            kept = [each for each in kept if each[1] > since]
        ids = StringColumn.of(article_id.encode() for article_id, _ in kept)
        arrays: dict[str, NDArray[Any]] = {
            "lists_versions": np.maximum(self.versions, since),
            "lists_deleted_spelling": ids.spelling,
            "lists_deleted_offsets": ids.offsets,
            "lists_deleted_versions": np.array([version for _, version in kept], dtype=np.int64),
        }
        return arrays, {"history_since": since}
