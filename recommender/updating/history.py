"""When lists changed, and which articles were deleted: what outlives a compaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.string_column import StringColumn
from recommender.store.site_store import Base, Position

__all__ = ["History"]

_FEWEST_DELETED = 1_000
_FEWEST_CHECKSUMS = 1_000
_NO_CHECKSUMS = np.zeros((0, 32), dtype=np.uint8)


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
    checksums : ndarray of uint8, shape (m, 32)
        The checksums of versions before the last compaction, oldest first, up to the version of the base.
    """

    since: int
    versions: NDArray[np.int64] | None
    deleted: Mapping[str, int]
    checksums: NDArray[np.uint8] = _NO_CHECKSUMS

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
        checksums = base.arrays.get("lists_versions_checksums", _NO_CHECKSUMS)
        return cls(base.facts["history_since"], base.arrays["lists_versions"], deleted, checksums)

    def checksum_of(self, base: Position, version: int) -> str | None:
        """Return the checksum of a version up to that of a base, as it was before a compaction. None if it is not known."""
        if not len(self.checksums):
            return base.checksum if version == base.version else None
        place = len(self.checksums) - 1 - (base.version - version)
        return self.checksums[place].tobytes().hex() if 0 <= place < len(self.checksums) else None

    def after(self, base: Position, checksums: Sequence[str]) -> Self:
        """Return the history with the checksums of a base and of the updates that follow it.

        As many are kept as there are articles, at least 1,000: the newest.
        """
        before = self.checksums if len(self.checksums) else _bytes_of([base.checksum])
        found = np.concatenate([before, _bytes_of(checksums)])
        n_kept = max(0 if self.versions is None else len(self.versions), _FEWEST_CHECKSUMS)
        return self._replace(checksums=found[-n_kept:])

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
            "lists_versions_checksums": self.checksums,
        }
        return arrays, {"history_since": since}


def _bytes_of(checksums: Sequence[str]) -> NDArray[np.uint8]:
    found = np.frombuffer(bytes.fromhex("".join(checksums)), dtype=np.uint8)
    return found.reshape(len(checksums), 32)
