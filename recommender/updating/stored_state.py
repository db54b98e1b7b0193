"""Where a state of a site is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

from recommender.errors import ArtifactError
from recommender.store.site_store import Base, Position, SiteStore, Update
from recommender.updating.overlay import Overlay
from recommender.updating.stored_records import UNFIT, unfit

__all__ = ["GoneError", "Stored"]

_LARGE, _SHARE = 2**19, 0.25  # bytes of heads, and of what is merged


class GoneError(ArtifactError):
    """The updates of a state were made part of a newer base."""


class Stored(NamedTuple):
    """A stored state of a site.

    Attributes
    ----------
    store : SiteStore
    base : Base
    position : Position
    overlay : Overlay or None
        The lists of the base and its updates. None for a state that was made here and saved.
    """

    store: SiteStore
    base: Base
    position: Position
    overlay: Overlay | None = None

    def with_updates(self, updates: Sequence[Update]) -> Self:
        """Return the state after more updates. Raises `ArtifactError` if they are none of this version."""
        if not updates or self.overlay is None:
            return self
        try:
            return self._replace(position=updates[-1].position, overlay=self.overlay.after(updates))
        except UNFIT as error:
            raise unfit(self.store.path, updates[-1], error) from error

    def held(self, updates: Sequence[Update] | None) -> list[Update]:
        """Return those of the updates of the base that this state holds. Raises `GoneError`."""
        held = [update for update in updates or () if update.version <= self.position.version]
        if updates is None or (held[-1] if held else self.base).position != self.position:
            raise GoneError(f"{self.store.path}: was compacted or built anew meanwhile; load it again")
        return held

    def is_unmerged(self, n_updates: int) -> bool:
        """Return whether opening reads many updates one by one: `n_updates`, or fewer with large heads.

        Where much is merged already, more is read one by one: merging writes all of it again.
        """
        since = self.store.unmerged(self.base)
        large = max(_LARGE, _SHARE * since.n_bytes_merged)
        return since.n_updates >= n_updates or since.n_bytes >= large

    def merge(self, lists: Overlay) -> None:
        """Store what the updates lead to as one, so that opening reads the later ones alone. Raises `ArtifactError`."""
        self.store.merge(self.base, self.position, lists.merged())
