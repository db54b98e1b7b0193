"""Where a state of a site is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

from recommender.store.site_store import Base, Position, SiteStore, Update
from recommender.updating.overlay import Overlay
from recommender.updating.stored_records import UNFIT, unfit

__all__ = ["Stored"]


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
