"""Loading, saving and updating a site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from recommender.argument_checks import (
    check_encoder,
    check_rules,
    checked_articles,
    checked_flag,
    checked_ids,
    checked_n_jobs,
    checked_path,
    checked_progress,
    checked_whole,
)
from recommender.articles import Article
from recommender.editors import EditorRules
from recommender.progress import Progress
from recommender.site_view import SiteView
from recommender.store.site_folder import save_model
from recommender.updating.stored_site import StoredSite

if TYPE_CHECKING:
    from recommender.encoders.named import AnyEncoder
    from recommender.updating.changes import Changes, ListChanges
    from recommender.updating.drift import Drift

__all__ = ["StoredView"]


class StoredView(SiteView):
    """A site that can be stored and updated, for `Recommender`."""

    @classmethod
    def load(cls, path: str | Path, *, check: bool = False, encoder: AnyEncoder | None = None) -> Self:
        """Open a saved site by memory-mapping. With `check`, read everything and compare checksums.

        `encoder` is needed for drafts on a site whose vectors come from an encoder of your own.

        Raises
        ------
        ArtifactError
            If there is no site, or it is damaged, of another schema, or its vectors are another encoder's.
        """
        check_encoder(encoder)
        return cls(StoredSite.load(checked_path(path), check=checked_flag("check", check)), encoder)

    def save(self, path: str | Path) -> None:
        """Write the site to a folder, whole or not at all. An older artifact there is replaced.

        A site that was loaded from that folder or saved there, and then updated, writes the updates alone.

        Raises
        ------
        ArtifactError
            If something else is at `path`, the disk refuses, or the folder was updated by others meanwhile.
        """
        path = checked_path(path)
        if not self._state.is_of(path):
            self.site  # noqa: B018, checks what is written
        self._state = self._state.saved(path)

    def save_model(self, path: str | Path) -> None:
        """Write the model alone. `recommender.store.site_folder.load_model` opens it."""
        save_model(checked_path(path), self.model)

    def update(
        self, add: Iterable[Article] = (), delete: Iterable[str] = (), *, n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> Changes:  # fmt: skip
        """Add, edit and delete articles, and repair every list that changes by it.

        The model stays as it was fitted. On a site of up to 2,048 articles every list is then the one that the model makes
        of the articles from scratch. The update is one step: if it fails, nothing has changed. Lists of other threads
        are those of before until it returns.

        Parameters
        ----------
        add : iterable of Article
            New articles, and articles with new content in place of those with their ids. One that the site has with the
            same content changes nothing.
        delete : iterable of str
            Ids. Unknown ones are ignored with a warning.
        n_jobs : int or None
        progress : callable or None

        Returns
        -------
        Changes
            The ids whose lists changed, among others.

        Raises
        ------
        InputError
            If an id is added twice with different content, or added and deleted, or the metadata of an article hold
            wrong rules.
        """
        return self._next(list(checked_articles(add)), checked_ids("delete", delete), None, n_jobs, progress)

    def _next(
        self, add: list[Article], delete: Sequence[str], editors: EditorRules | None, n_jobs: int | None,
        progress: Progress | None,
    ) -> Changes:  # fmt: skip
        from recommender.updating.next_state import next_state
        from recommender.updating.update import Asking

        jobs, report = checked_n_jobs(n_jobs), checked_progress(progress)
        asking = Asking(add, delete, editors)
        encoder = self.neural_encoder
        if not self._state.is_living:
            self.site  # noqa: B018, checks what is read
        self._state, changes = next_state(self._state, asking, encoder, jobs, report)
        return changes

    def edit(
        self, editors: EditorRules, *, n_jobs: int | None = None, progress: Progress | None = None
    ) -> Changes:
        """Put other pins and blocks in place of those of the site, and repair every list that changes by it.

        The model stays as it is, so that the lists are those that it makes under these rules. `save` writes an update.
        `recommender.editors` has the functions that change single rules.

        Parameters
        ----------
        editors : EditorRules
            All rules, with those that stay. Those in the metadata of articles are added.
        n_jobs : int or None
        progress : callable or None

        Returns
        -------
        Changes
            The ids whose lists changed.
        """
        check_rules(None, None, editors)
        return self._next([], (), editors, n_jobs, progress)

    def refresh(self) -> bool:
        """Go on to the newest version on disk. Return whether there was a newer one.

        Takes .2 ms if there is none. Lists of other threads are those of before until it returns. If it fails, nothing
        has changed.

        Raises
        ------
        ArtifactError
            If the site was not saved, has updates that are not saved, or is damaged on disk.
        """
        before = self._state
        after = before.newer()
        if after is None:
            return False
        self._go_to(after)
        return after.version != before.version

    def snapshot(self) -> Self:
        """Return the site as it is now, as an object of its own that stays at this version.

        It shares encoders that are open. Where a call needs updates that were made part of a newer base meanwhile, it goes
        on to the newest version.
        """
        found = type(self)(self._state, self._given_encoder)
        found.__dict__.update(
            {name: vars(self)[name] for name in ("encoder", "neural_encoder") if name in vars(self)}
        )
        return found

    def compact(self) -> int:
        """Write the newest version on disk, a base and its updates, as one base. Return the number of these updates.

        Version, lists and everything else stay the same. Readers of the older files go on. Takes a pass over the site.

        Raises
        ------
        BusyError
            If somebody else writes.
        ArtifactError
            If the site was not saved, has updates that are not saved, is damaged on disk, or the disk refuses. What
            was there is unchanged.
        """
        with self._state.lock():
            self.refresh()
            n_updates = self._state.n_updates
            if n_updates:
                self.site  # noqa: B018, checks what is written
                self._go_to(self._state.compacted())
            return n_updates

    def changes_since(self, version: int, checksum: str | None = None) -> ListChanges:
        """Return which lists changed after a version, and which articles were deleted after it.

        A compaction keeps this. A build, and lists made anew by other rules, begin a new history. With the `checksum`
        that the version had, the same number of another site's version is an error too.

        Raises
        ------
        ArtifactError
            If the site was not saved, or does not know what changed since then.
        """
        return self._state.changed_since(checked_whole("version", version, 0), checksum)

    @property
    def articles_state(self) -> tuple[int, str, int]:
        """A key of the articles of a stored site: while it stays, only lists and rules have changed, see `changes_since`.

        Raises
        ------
        ArtifactError
            If the site was not saved.
        """
        return self._state.articles_state

    @property
    def needs_compaction(self) -> bool:
        """Whether there are more than 1,000 updates on disk, or more bytes of updates than a fifth of the base's.

        Up to 4 MiB of updates never need it.
        """
        return self._state.is_long

    def drift(self) -> Drift:
        """Return how far the articles have moved away from the model, and whether to build the site again.

        It takes about a second, whatever the size of the site. `recommender.updating.drift.measured_drift` explains it.
        """
        from recommender.updating.drift import measured_drift

        return measured_drift(self.site)

    @property
    def version(self) -> int | None:
        """The version of the artifact that the site was loaded from or saved as. None if it was not saved."""
        return self._state.version

    @property
    def checksum(self) -> str | None:
        """What tells this version from the same number of another site's: 64 hexadecimal digits. None if it was not saved.

        A compaction keeps it. `changes_since` takes it with the version. None with unsaved updates, too.
        """
        return None if self.state_name is None else self._state.checksum

    @property
    def state_name(self) -> str | None:
        """What names this state of the artifact, and no other one. None if it was not saved, or has unsaved updates."""
        return self._state.name

    @property
    def n_updates(self) -> int:
        """The number of updates on disk since the base, up to this version. 0 for a site that was not saved."""
        return self._state.n_updates
