"""A site in a folder that is updated again and again, while others may write it too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from recommender.articles import Article
from recommender.cli.drift_advice import DriftWatch
from recommender.engine import Recommender
from recommender.progress import Progress
from recommender.store.site_store import SiteStore
from recommender.store.write_lock import LOCK_FILE
from recommender.updating.changes import Changes

__all__ = ["LiveSite"]

_Files = frozenset[tuple[str, int, int]]


class LiveSite:
    """The newest state of a site on disk. It is opened anew only if somebody else wrote it.

    Parameters
    ----------
    path : Path
    wait_s : float
        Seconds to wait for another writer.
    n_jobs : int
    progress : callable
        Called as ``progress(step, done, total)``.

    Raises
    ------
    ArtifactError
        If there is no site.
    """

    def __init__(self, path: Path, wait_s: float, n_jobs: int, progress: Progress) -> None:
        self.path = path
        self._wait_s, self._n_jobs, self._progress = wait_s, n_jobs, progress
        self._store = SiteStore(path)
        self._drift = DriftWatch()
        self._seen = self._files()
        self._site: Recommender | None = Recommender.load(
            path
        )  # before anything is read: a wrong folder fails early

    @contextmanager
    def locked(self) -> Iterator[Recommender]:
        """Be the only writer, and yield the newest state.

        Raises
        ------
        BusyError
            If somebody else writes for longer than `wait_s` seconds.
        """
        with self._store.lock(self._wait_s):
            if self._site is None or self._files() != self._seen:
                self._site, self._seen = Recommender.load(self.path), self._files()
            yield self._site

    def update(self, add: Sequence[Article], delete: Sequence[str]) -> Changes:
        """Update the newest state and save it. If one of these fails, nothing has changed.

        Raises
        ------
        InputError, ArtifactError
            As `Recommender.update` and `Recommender.save`.
        """
        with self.locked() as site:
            try:
                changes = site.update(add, delete, n_jobs=self._n_jobs, progress=self._progress)
                if changes:
                    site.save(self.path)
            except BaseException:
                self._site = None  # it may be ahead of the disk
                raise
            self._seen = self._files()
            self._drift.after(site, changes)
            return changes

    def _files(self) -> _Files:
        """Return the files of the artifact, which change with every save."""
        try:
            found = [(child.name, child.stat()) for child in self.path.iterdir()]
        except OSError:  # a file went away in between: the next look sees others
            return frozenset()
        return frozenset(
            (name, each.st_size, each.st_mtime_ns)
            for name, each in found
            if name != LOCK_FILE and not name.endswith("-shm")
        )
