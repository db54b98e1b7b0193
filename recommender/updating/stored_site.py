"""A state of a site: its lists as they are stored, the whole site on first need, and updates that are not stored yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from recommender.editors import EditorRules
from recommender.errors import ArtifactError
from recommender.lists.site import Site
from recommender.lists.stored_lists import SiteLists, StoredLists
from recommender.store.layout import site_parts
from recommender.store.site_folder import site_of_base
from recommender.store.site_store import Position, SiteStore, Update
from recommender.updating.changes import ListChanges
from recommender.updating.history import History
from recommender.updating.living_state import LivingState
from recommender.updating.numbers import Whole
from recommender.updating.overlay import Overlay
from recommender.updating.stored_records import joined, records_of
from recommender.updating.stored_state import GoneError, Stored

if TYPE_CHECKING:
    from recommender.updating.record import UpdateRecord

__all__ = ["GoneError", "StoredSite"]


_MERGED = 200  # updates, after which what all lead to is stored; fewer large ones suffice
_MOST_UPDATES = 1_000
_LARGEST_PART = 0.2  # of the base
_SMALL = 4 * 2**20  # bytes


@dataclass(frozen=True, eq=False)
class StoredSite:
    """A state of a site. It never changes, so that threads may read one while another becomes the newest.

    Parameters
    ----------
    base : Site
        A site with the same model and settings.
    made : Whole or None
        The site, if it is in memory.
    stored : Stored or None
        The state that the site was read from or saved as. None for one that was not saved.
    pending : tuple of UpdateRecord
        Updates that are not stored.
    grown : LivingState or None
        How a large site was changed in memory.
    """

    base: Site
    made: Whole | None
    stored: Stored | None = None
    pending: tuple[UpdateRecord, ...] = ()
    grown: LivingState | None = None

    @classmethod
    def unsaved(cls, site: Site) -> Self:
        """Return the state of a site that is stored nowhere."""
        return cls(site, Whole.first(site))

    @classmethod
    def load(cls, path: Path, *, check: bool = False) -> Self:
        """Return the newest state of a site. Raises `ArtifactError`."""
        store = SiteStore(path)
        if check:
            store.verify()
        return cls._newest(store)

    @classmethod
    def _newest(cls, store: SiteStore) -> Self:
        base, updates = store.load(heads=True)
        site = site_of_base(store.path, base)
        stored = Stored(store, base, base.position, Overlay(site))
        return cls(site, None, stored.with_updates(updates))

    @cached_property
    def lists(self) -> StoredLists:
        """The lists as they are stored."""
        if self.grown is not None:
            return self.grown.lists
        if self.made is None and self.stored is not None and self.stored.overlay is not None:
            return self.stored.overlay
        return SiteLists(self.whole.site)

    @property
    def editors(self) -> EditorRules:
        """Pins and blocks that were given, and those of the desk."""
        if self.made is not None:
            return self.made.site.settings.editors
        if self.grown is not None:
            return self.grown.lists.editors
        return self._overlay.editors

    @property
    def articles_state(self) -> tuple[int, str, int]:
        """What is equal in two stored states with the same articles, and lists that differ by a known history at most."""
        base = self._here.base.position
        return base.version, base.checksum, self._overlay.articles_version

    @cached_property
    def whole(self) -> Whole:
        """The site and the numbers of its articles. Where there are updates, the first call takes a pass over all arrays.

        Raises
        ------
        GoneError
            If the updates were made part of a newer base.
        """
        if self.made is not None:
            return self.made
        if self.grown is not None:
            return self.grown.whole
        if self._here.position == self._here.base.position:
            return Whole.first(self.base)
        from recommender.updating.replay import replayed  # compiled: look-ups do without

        self.base.verify()
        whole = Whole.first(self.base)
        records = records_of(self._store.path, self._updates(), whole.site, whole.numbers.next)
        return replayed(*whole, records)

    @property
    def version(self) -> int | None:
        """The version of the stored state; None if there is none."""
        return None if self.stored is None else self.stored.position.version

    @property
    def name(self) -> str | None:
        """What names the stored state, and no other one. None if there is none, or updates are pending."""
        if self.stored is None or self.pending:
            return None
        return f"{self.stored.position.version}-{self.stored.position.checksum}"

    def newer(self) -> Self | None:
        """Return the newest state in the store; None if this is it. Raises `ArtifactError`."""
        if self.stored is None or self.pending:
            raise ArtifactError("this site has updates that are not saved; save it first")
        store, base, position, overlay = self.stored
        updates = store.updates(base, position, heads=True)
        if updates is not None and not updates:
            return None
        if updates is None or overlay is None:
            return self._newest(store)
        return type(self)(self.base, None, self.stored.with_updates(updates))

    @property
    def is_living(self) -> bool:
        """Whether this state is updated without a pass over the site."""
        return self.grown is not None and self.grown.is_newest and not self.grown.living.is_sparse

    def is_of(self, path: Path) -> bool:
        """Return whether the state is stored at a path, but for updates."""
        if self.stored is None or not path.exists():
            return False
        return self.stored.store.path == path or self.stored.store.path.resolve() == path.resolve()

    def saved(self, path: Path) -> Self:
        """Store the site: the pending updates where the store has the rest, or else all of it.

        Raises
        ------
        ArtifactError
            If the store holds updates that this site was not made of, or cannot be written.
        """
        here = self.stored
        if here is None or not self.is_of(path):
            store, whole = SiteStore(path), self.whole
            base = store.replace(*site_parts(whole.site))
            stored = Stored(store, base, base.position)
            return type(self)(whole.site, Whole.first(whole.site), stored)
        if not self.pending:
            return self
        position = here.store.append(here.base, here.position, *joined(self.pending))
        found = replace(self, stored=here._replace(position=position, overlay=None), pending=())
        found._merge()
        return found

    def _merge(self) -> None:
        """Store what the updates lead to as one, where much was updated. Opening then reads the later ones alone."""
        with suppress(ArtifactError):  # the updates are stored, and the next time may do
            if self._here.is_unmerged(_MERGED):
                self._here.merge(self._overlay)

    @property
    def is_long(self) -> bool:
        """Whether so much was updated that readers gain by a compaction.

        Reading all of a site takes the bytes of base and updates.
        """
        if self.stored is None:
            return False
        if self.n_updates > _MOST_UPDATES:
            return True
        of_base, of_updates = self.stored.store.sizes(self.stored.base)
        return of_updates > max(_SMALL, _LARGEST_PART * of_base)

    @contextmanager
    def lock(self, wait_s: float = 0) -> Iterator[None]:
        """Be the only writer of the store; see `SiteStore.lock`."""
        with self._store.lock(wait_s):
            yield

    def compacted(self) -> Self:
        """Store base and updates as one base of the same version.

        The caller holds the lock, and this state is the newest.
        """
        store, _, position, _ = self._here
        arrays, facts = site_parts(self.whole.site)
        history = self._overlay.history(self._history)
        checksums = [update.checksum for update in self._updates(heads=True)]
        more_arrays, more_facts = history.after(self._here.base.position, checksums).to_parts()
        store.replace(arrays | more_arrays, facts | more_facts, position.version)
        return self._newest(store)

    @property
    def checksum(self) -> str:
        """The checksum of the stored state, which a compaction does not change."""
        base, position = self._here.base.position, self._here.position
        if position.version > base.version:
            return position.checksum
        return self._history.checksum_of(base, base.version) or base.checksum

    def changed_since(self, version: int, checksum: str | None = None) -> ListChanges:
        """Return which lists changed after a version.

        Raises
        ------
        ArtifactError
            If the history does not reach back so far, or the version had another checksum.
        """
        history, position = self._history, self._here.position
        if not history.since <= version <= position.version:
            raise ArtifactError(
                f"{self._store.path}: wanted a version from {history.since} to {position.version}, got {version}; "
                "what changed since then is not known, so export all lists"
            )
        if checksum is not None and not self._was(Position(version, checksum)):
            raise ArtifactError(
                f"{self._store.path}: version {version} is known with another checksum or none, so it was another "
                "site's; export all lists"
            )
        lists, deleted = self._overlay.changed_since(version, history)
        return ListChanges(position.version, tuple(lists), tuple(deleted))

    def _was(self, position: Position) -> bool:
        """Return whether this state came from another one."""
        store, base, here, _ = self._here
        if position.version <= base.version:
            return self._history.checksum_of(base.position, position.version) == position.checksum
        if position.version == here.version:
            return position == here
        return store.updates(base, position, heads=True) is not None

    @property
    def n_updates(self) -> int:
        """The number of stored updates since the base. 0 for a site that was not saved."""
        return 0 if self.stored is None else self.stored.position.version - self.stored.base.version

    @property
    def _here(self) -> Stored:
        if self.stored is None:
            raise ArtifactError("this site is not saved, so it has no versions; save it first")
        return self.stored

    @property
    def _store(self) -> SiteStore:
        return self._here.store

    @cached_property
    def _history(self) -> History:
        return History.of(self._here.base)

    def numbered(self) -> Overlay:
        """Return the lists of this state by numbers."""
        lists = Overlay(self.base) if self.stored is None else self._overlay
        return lists.after_records(self.pending) if self.pending else lists

    @cached_property
    def _overlay(self) -> Overlay:
        here = self._here
        if here.overlay is not None:
            return here.overlay
        lists = Overlay(site_of_base(here.store.path, here.base))
        return lists.after(here.held(here.store.heads(here.base, here.position.version)))

    def _updates(self, *, heads: bool = False) -> list[Update]:
        """Return the updates of the base that this state holds."""
        store, base, _, _ = self._here
        return self._here.held(store.updates(base, base.position, heads=heads))
