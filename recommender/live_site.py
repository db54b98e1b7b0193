"""A site in a folder that is updated again and again, while others may write it too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from recommender.articles import Article
from recommender.editors import EditorRules
from recommender.engine import Recommender
from recommender.errors import ArtifactError, BusyError
from recommender.progress import Progress
from recommender.store.site_store import SiteStore
from recommender.updating.changes import Changes

__all__ = ["LiveSite"]

_SHARE = 0.01  # of the articles that change between two looks for drift


class LiveSite:
    """The newest state of a site on disk, whoever else writes it.

    Parameters
    ----------
    path : Path
    wait_s : float
        Seconds to wait for another writer.
    n_jobs : int
    progress : callable
        Called as ``progress(step, done, total)``.
    tell : callable
        Called with messages: warnings, what a compaction did, and once the advice to build again.
    compacts : bool
        Whether `tidy` compacts the site.

    Raises
    ------
    ArtifactError
        If there is no site.
    """

    def __init__(
        self,
        path: Path,
        wait_s: float,
        n_jobs: int,
        progress: Progress,
        tell: Callable[[str], None],
        *,
        compacts: bool = True,
    ) -> None:
        self.path, self._tell = path, tell
        self._wait_s, self._n_jobs, self._progress, self._compacts = wait_s, n_jobs, progress, compacts
        self._store = SiteStore(path)
        self._drift = _DriftWatch(tell)
        # before anything is read: a wrong folder fails early
        self._site: Recommender | None = Recommender.load(path)

    @contextmanager
    def locked(self) -> Iterator[Recommender]:
        """Be the only writer, and yield the newest state.

        Raises
        ------
        BusyError
            If somebody else writes for longer than `wait_s` seconds.
        """
        with self._store.lock(self._wait_s):
            if self._site is None:
                self._site = Recommender.load(self.path)
            else:
                self._site.refresh()
            yield self._site

    def prepare(self) -> None:
        """Do once what the first update does, which takes longer than the next ones: read the site, and load code.

        Nothing is stored.
        """
        site = self._site
        if site is None or not len(site):
            return
        trial = site.snapshot()
        text = " ".join(each.title for each in trial.related(next(iter(trial)))) or "a trial"
        trial.update([Article(f"trial-{uuid4()}", text, text)], n_jobs=self._n_jobs)
        site.update(n_jobs=self._n_jobs)

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
            self._drift.after(site, changes)
            return changes

    def edit(self, editors: EditorRules) -> Changes:
        """Give the newest state other pins and blocks and save it. If one of these fails, nothing has changed.

        Raises
        ------
        ArtifactError
            As `Recommender.save`.
        """
        with self.locked() as site:
            try:
                changes = site.edit(editors, n_jobs=self._n_jobs, progress=self._progress)
                site.save(self.path)
            except BaseException:
                self._site = None  # it may be ahead of the disk
                raise
            return changes

    def tidy(self) -> None:
        """Compact the site if it needs that. If it fails, the updates stay as they are, and a warning is printed."""
        if not self._compacts:
            return
        try:
            with self.locked() as site:
                if site.needs_compaction:
                    n_updates = site.compact()
                    updates = "1 update" if n_updates == 1 else f"{n_updates:,} updates"
                    self._tell(f"{updates} made part of the base of {self.path}")
        except BusyError:
            pass  # the other writer may do it
        except ArtifactError as error:
            self._tell(f"Warning: {error}")


class _DriftWatch:
    """Advises once to build a site again, when its words have drifted away from the model.

    It looks at the first update, and then whenever one article in a hundred has changed.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._is_told = False
        self._unseen: float = float("inf")

    def after(self, site: Recommender, changes: Changes) -> None:
        """Look after an update, and tell the advice, if there is some that was not told before."""
        self._unseen += len(changes.added) + len(changes.edited)
        if self._is_told or self._unseen < _SHARE * len(site):
            return
        from recommender.updating.drift import quick_advice

        self._unseen = 0
        advice = quick_advice(site.site)
        if advice is not None:
            self._is_told = True
            self._tell(f"Note: {advice}")
