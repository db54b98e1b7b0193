"""The state of a site after an update: of a large site in place, of others made anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recommender.progress import Progress
from recommender.updating.changes import Changes
from recommender.updating.living import may_grow
from recommender.updating.living_state import LivingState
from recommender.updating.merged_site import Merging
from recommender.updating.numbers import Numbers, Whole
from recommender.updating.overlay import Overlay
from recommender.updating.stored_site import StoredSite
from recommender.updating.update import Asking, updated

if TYPE_CHECKING:
    from recommender.encoders.named import AnyEncoder

__all__ = ["next_state"]


def next_state(
    state: StoredSite, asking: Asking, encoder: AnyEncoder | None, n_jobs: int | None, progress: Progress
) -> tuple[StoredSite, Changes]:
    """Return the state after an update, which is not stored yet, and what changed; see `Recommender.update`."""
    grown = _living(state, len(asking.delete))
    ground = Merging(*state.whole) if grown is None else grown.living
    found = updated(ground, asking, encoder, n_jobs, progress)
    if grown is not None:
        state = replace(state, made=None, grown=grown.after(found))
    if found.record is None:
        return state, found.changes
    pending = (*state.pending, found.record)
    if grown is not None:
        return replace(state, pending=pending), found.changes
    numbers = Numbers(found.numbers, state.whole.numbers.next + len(found.record.new))
    return replace(state, made=Whole(found.site, numbers), pending=pending, grown=None), found.changes


def _living(state: StoredSite, n_deleted: int) -> LivingState | None:
    """Return the living site of an update, a new one if need be. None where all arrays are made anew."""
    if state.is_living and state.grown is not None:
        living = state.grown.living
        return state.grown if may_grow(living.site, living.n_articles - n_deleted) else None
    site = state.whole.site
    if not may_grow(site, len(site.collection) - n_deleted):
        return None
    lists = state.lists
    return LivingState.begun(state.whole, lists if isinstance(lists, Overlay) else state.numbered())
