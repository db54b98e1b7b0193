"""What the last run did to each page, so that pages are not looked at again whose lists are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from recommender.kept_site import KeptLists
from recommender.weaving.state_file import StateFile

__all__ = ["DonePage", "LastRun"]


class DonePage(NamedTuple):
    """A page as a run left it.

    Attributes
    ----------
    file : bytes
        Digest of its file.
    article_id : str or None
        The article that it is, None for none.
    has_list : bool or None
        None if there is no place for its list.
    """

    file: bytes
    article_id: str | None
    has_list: bool | None


class LastRun:
    """The pages of a folder as the last run left them. It holds for a run with the same settings that goes on from its site.

    Parameters
    ----------
    file : StateFile
    settings : str
        All that lists are rendered by.
    """

    def __init__(self, file: StateFile, settings: str) -> None:
        self._file, self._settings = file, settings
        self._kept = {
            path: DonePage(digest, article_id, None if has_list is None else bool(has_list))
            for path, digest, article_id, has_list in file.rows("SELECT * FROM done")
        }

    def settled(
        self, kept: KeptLists, paths: Mapping[str, str], digest: Callable[[str], bytes | None]
    ) -> dict[str, DonePage]:
        """Return the pages, by path, that hold the right list, or rightly none.

        Parameters
        ----------
        kept : KeptLists
        paths : mapping of str to str
            Path of the page of each article, by id.
        digest : callable
            Returns the digest of the file at a path, None if it is not known.
        """
        if self._file.rows("SELECT * FROM run") != [(self._settings, kept.before)]:
            return {}
        moved = (
            each.article_id is not None and paths.get(each.article_id, path) != path
            for path, each in self._kept.items()
        )
        if any(moved):  # other pages link it
            return {}
        articles = {path: article_id for article_id, path in paths.items()}
        changed = set(kept.changed)
        return {
            path: each
            for path, each in self._kept.items()
            if digest(path) == each.file
            and articles.get(path) == each.article_id
            and each.article_id not in changed
        }

    def keep(self, done: Mapping[str, DonePage], site: str | None) -> None:
        """Keep what was done to all pages, with the state of the site by which it was done."""
        gone = self._kept.keys() - done.keys()
        new = [(path, *each) for path, each in done.items() if self._kept.get(path) != each]
        self._file.write("DELETE FROM done WHERE path = ?", _rows(gone))
        self._file.write("INSERT OR REPLACE INTO done VALUES (?, ?, ?, ?)", new)
        self._file.write("DELETE FROM run", [()])
        if site is not None:
            self._file.write("INSERT INTO run VALUES (?, ?)", [(self._settings, site)])


def _rows(paths: Iterable[str]) -> list[tuple[str]]:
    return [(path,) for path in sorted(paths)]
