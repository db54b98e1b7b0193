"""What an update changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Changes", "ListChanges"]


@dataclass(frozen=True, slots=True)
class Changes:
    """What an update changed. All ids ascend.

    Parameters
    ----------
    lists : tuple of str
        Articles whose lists are new or differ, in an entry, its score, or what is shown of it. These pages are out of
        date.
    added, edited, deleted : tuple of str
    unchanged : tuple of str
        Articles that were given and that the site has with the same content.
    unknown : tuple of str
        Ids that were to be deleted and that the site lacks.
    expired : tuple of str
        Articles that have expired since the lists were made, and that left them.
    """

    lists: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.edited or self.deleted or self.expired)

    def to_dict(self) -> dict[str, Any]:
        """Return the ids as JSON can hold them."""
        return {name: list(ids) for name, ids in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class ListChanges:
    """Which lists of a stored site changed after a version. All ids ascend.

    Parameters
    ----------
    version : int
        The version up to which this is all, to ask with next time.
    lists : tuple of str
        Articles whose lists are new or differ, in an entry, its score, or what is shown of it.
    deleted : tuple of str
        Articles that are gone.
    """

    version: int
    lists: tuple[str, ...]
    deleted: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the version and the ids as JSON can hold them."""
        return {"version": self.version, "lists": list(self.lists), "deleted": list(self.deleted)}
