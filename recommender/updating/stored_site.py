"""A site and the place where it is stored: updates that were not saved yet, and how to save them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.errors import ArtifactError
from recommender.lists.site import Site
from recommender.store.layout import site_parts
from recommender.store.site_folder import site_of_base
from recommender.store.site_store import Base, Part, Position, SiteStore, Update
from recommender.updating.numbers import Numbers

if TYPE_CHECKING:
    from recommender.updating.record import UpdateRecord

__all__ = ["StoredSite"]


class Stored(NamedTuple):
    """A stored state of a site."""

    store: SiteStore
    base: Base
    position: Position


@dataclass(eq=False)
class StoredSite:
    """The state of a site in its store, and the updates that it lacks.

    Parameters
    ----------
    numbers : Numbers
    stored : Stored or None
        The state that the site was read from or saved as. None for one that was not saved.
    pending : list of UpdateRecord
        Updates that are not stored.
    """

    numbers: Numbers
    stored: Stored | None = None
    pending: list[UpdateRecord] = field(default_factory=list)

    @classmethod
    def unsaved(cls, site: Site) -> Self:
        """Return the state of a site that is stored nowhere."""
        n = len(site.collection)
        return cls(Numbers.first(n))

    @classmethod
    def load(cls, path: Path, *, check: bool = False) -> tuple[Site, Self]:
        """Return the newest state of a site and where it is from. Raises `ArtifactError`."""
        store = SiteStore(path)
        if check:
            store.verify()
        base, updates = store.load()
        site = site_of_base(path, base)
        if not updates:
            return site, cls(Numbers.first(len(site.collection)), Stored(store, base, base.position))
        from recommender.updating.replay import replayed  # compiled: look-ups in a base do without

        records = [record for update in updates for record in _records(path, update)]
        site.verify()
        after, rows = replayed(site, records)
        n_all = len(site.collection) + sum(len(record.new) for record in records)
        return after, cls(Numbers(rows, n_all), Stored(store, base, updates[-1].position))

    @property
    def version(self) -> int | None:
        """The version of the stored state; None if there is none."""
        return None if self.stored is None else self.stored.position.version

    def save(self, path: Path, site: Site) -> None:
        """Store the site: the pending updates where the store has the rest, or else all of it.

        Raises
        ------
        ArtifactError
            If the store holds updates that this site was not made of, or cannot be written.
        """
        here = self.stored
        if here is None or not path.exists() or here.store.path.resolve() != path.resolve():
            self.replace(path, site)
        elif self.pending:
            position = here.store.append(here.base, here.position, *_joined(self.pending))
            self.stored, self.pending = here._replace(position=position), []

    def replace(self, path: Path, site: Site, version: int | None = None) -> None:
        """Write the whole site as a new base in place of what is there."""
        store = SiteStore(path)
        base = store.replace(*site_parts(site), version)
        n = len(site.collection)
        self.numbers, self.stored, self.pending = (
            Numbers.first(n),
            Stored(store, base, base.position),
            [],
        )

    def take(self, numbers: NDArray[np.int32], record: UpdateRecord) -> None:
        """Take in an update that was made and is not stored yet."""
        self.numbers = Numbers(numbers, self.numbers.next + len(record.new))
        self.pending.append(record)


def _joined(records: Sequence[UpdateRecord]) -> tuple[Part, Part]:
    """Return several records as the payload and the head of one step."""
    parts = [record.to_parts() for record in records]
    return (
        (_numbered([part.payload[0] for part in parts]), {"records": [part.payload[1] for part in parts]}),
        (_numbered([part.head[0] for part in parts]), {"heads": [part.head[1] for part in parts]}),
    )


def _numbered(arrays: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    return {f"{at}_{name}": array for at, some in enumerate(arrays) for name, array in some.items()}


def _records(path: Path, update: Update) -> list[UpdateRecord]:
    """Return the records that an update holds."""
    from recommender.updating.record import UpdateRecord

    try:
        records = []
        both = zip(update.facts["heads"], update.facts["records"], strict=True)
        for at, (head, rest) in enumerate(both):
            begin, facts = f"{at}_", head | rest
            arrays = {
                name.removeprefix(begin): array
                for name, array in update.arrays.items()
                if name.startswith(begin)
            }
            records.append(UpdateRecord.of_parts(arrays, facts))
        return records
    except (KeyError, TypeError, ValueError) as error:
        raise ArtifactError(
            f"{path}: update {update.version} does not fit this version ({error}); build the site again"
        ) from error
