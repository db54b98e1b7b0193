"""A state of a large site that a living site made: its lists now, and the whole site on first need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from recommender.updating.numbers import Whole
from recommender.updating.overlay import Overlay

if TYPE_CHECKING:
    from recommender.updating.living import Living
    from recommender.updating.record import UpdateRecord
    from recommender.updating.update import Updated

__all__ = ["LivingState"]


@dataclass(frozen=True, eq=False)
class LivingState:
    """A state of a living site.

    Parameters
    ----------
    living : Living
    turn : int
        The turn of the living site at which this state was the newest.
    origin : Whole
        What the living site began with.
    records : tuple of UpdateRecord
        The updates since.
    shown : Overlay
        Lists of this state or of one before.
    unshown : tuple of UpdateRecord
        The updates since that one.
    """

    living: Living
    turn: int
    origin: Whole
    records: tuple[UpdateRecord, ...]
    shown: Overlay
    unshown: tuple[UpdateRecord, ...] = ()

    @classmethod
    def begun(cls, origin: Whole, lists: Overlay) -> Self:
        """Return the state of a new living site."""
        from recommender.updating.living import Living  # compiled

        living = Living(origin.site, origin.numbers)
        return cls(living, living.turn, origin, (), lists)

    @property
    def is_newest(self) -> bool:
        """Whether the living site is still in this state, and can be updated."""
        return self.living.turn == self.turn

    @cached_property
    def lists(self) -> Overlay:
        """The lists of this state."""
        return self.shown.after_records(self.unshown) if self.unshown else self.shown

    @cached_property
    def whole(self) -> Whole:
        """The site in the order of the ids. The first call takes a pass over all arrays."""
        from recommender.updating.replay import replayed  # compiled

        return replayed(*self.origin, self.records)

    def after(self, found: Updated) -> Self:
        """Return the state after an update of the living site."""
        record = found.record
        if record is None:
            return self
        self.living.arrived(found.site, found.numbers, found.written)
        seen = "lists" in vars(self)
        return replace(
            self,
            turn=self.living.turn,
            records=(*self.records, record),
            shown=self.lists if seen else self.shown,
            unshown=(record,) if seen else (*self.unshown, record),
        )
