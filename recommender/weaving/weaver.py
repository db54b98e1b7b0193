"""Lists written into the pages of a site: the whole walk from a folder of HTML to the same folder with lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from recommender.errors import InputError, Problem
from recommender.export import KeyedLists, export
from recommender.kept_site import KeptSite
from recommender.progress import Progress, no_progress
from recommender.readers.html.woven_blocks import has_other_marks, without_woven
from recommender.readers.page_rows import PageOptions
from recommender.readers.pages.page_folder import format_of, is_excluded
from recommender.weaving.last_run import DonePage, LastRun
from recommender.weaving.loom import Loom
from recommender.weaving.page_cache import PageCache, content_digest
from recommender.weaving.page_files import compressed_copies, remove_partials, replace_page
from recommender.weaving.site_pages import SitePages, html_files
from recommender.weaving.state_file import StateFile
from recommender.weaving.woven import WeaveSettings, Woven

__all__ = ["remove_lists", "weave"]

_Weaver = Callable[[str, bytes], tuple[bytes, bool | None]]


def weave(
    folder: Path,
    state: Path,
    settings: WeaveSettings,
    *,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> Woven:
    """Write a list into each article of a folder of HTML pages.

    A list goes to the marker of its page, a comment ``<!-- related -->`` or an element with ``data-related``,
    or after the main text. Everything else in the page stays as it is, byte for byte. A page whose list is the
    same is not written. A list that an earlier run wrote is replaced, and removed where the page has none now.

    Parameters
    ----------
    folder : Path
        What a generator wrote.
    state : Path
        Folder outside of it for what is kept from run to run: the site and the text of its pages.
    settings : WeaveSettings
    dry_run : bool, default False
        Whether nothing is written into pages.
    progress : callable

    Returns
    -------
    Woven

    Raises
    ------
    InputError
        If the folder does not exist, has no HTML file or is excluded as a whole, `state` is inside it, no page can be
        read, or another file than an earlier one of its kind is at `settings.data`.
    """
    files, hidden = html_files(folder)
    if state.resolve().is_relative_to(folder.resolve()):
        move = "choose a folder beside it; this one would be published"
        raise InputError(Problem("the state is inside the folder of pages", "", move, str(state)))
    _check(folder, files, settings)
    with StateFile(state / "pages.sqlite") as state_file:
        cache = PageCache(state_file)
        pages = SitePages.read(folder, settings.id_field, PageOptions(cache, settings.exclude), progress)
        kept = KeptSite(
            state / "site.rec",
            k=settings.k,
            policy=settings.policy,
            editors=settings.editors,
            encoder=settings.encoder,
        ).bring_up_to_date(pages.articles)
        site, template = kept.site, settings.template
        loom = Loom(site, pages, cache, template, markers_only=settings.markers_only)
        last = LastRun(state_file, repr((template.key, settings.markers_only, pages.root)))
        writing = _Writing(folder, loom.woven, pages.ids, is_dry=dry_run)
        writing.write(files, last.settled(kept, pages.paths, cache.file_digest), progress)
        if not dry_run:
            known = {path: each for path, each in writing.done.items() if cache.file_digest(path)}
            last.keep(known, site.state_name)
            remove_partials(hidden)
        cache.forget_others(files)
        if settings.data is not None and not dry_run:
            export(KeyedLists(site, ("id", "url")), settings.data, "json")
    woven = writing.woven
    woven.n_articles, woven.left_out, woven.warnings = len(site), pages.left_out, pages.warnings
    woven.problems = pages.problems + woven.problems
    return woven


def _check(folder: Path, files: list[str], settings: WeaveSettings) -> None:
    """Raise InputError for settings that would damage the folder."""
    data = settings.data
    if data is not None and format_of(data) and data.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            Problem("the data file would be taken for a page", "", "end its name in .json", str(data))
        )
    if all(is_excluded(path, settings.exclude) for path in files):
        raise InputError(
            Problem("all pages are excluded", ", ".join(settings.exclude), "exclude fewer", str(folder))
        )


def remove_lists(folder: Path, *, dry_run: bool = False, progress: Progress = no_progress) -> Woven:
    """Remove all lists that `weave` wrote. Every page is then as its generator wrote it.

    Raises
    ------
    InputError
        If the folder does not exist or has no HTML file.
    """
    files, hidden = html_files(folder)
    writing = _Writing(folder, lambda _, content: (without_woven(content), False), {}, is_dry=dry_run)
    writing.write(files, {}, progress)
    if not dry_run:
        remove_partials(hidden)
    return writing.woven


class _Writing:
    """Writes the pages that a weaver changes, each in one step. A page that fails does not stop the others.

    Parameters
    ----------
    folder : Path
    weaver : callable
        Returns the bytes of a page with its list, and whether it has one; None if the list has no place.
    ids : mapping of str to str
        Id of the article of each page, by path.
    is_dry : bool
        Whether nothing is written.

    Attributes
    ----------
    woven : Woven
    done : dict of str to DonePage
        The pages that are as they should be, by path.
    """

    def __init__(self, folder: Path, weaver: _Weaver, ids: Mapping[str, str], *, is_dry: bool) -> None:
        self._folder, self._weaver, self._ids, self._is_dry = folder, weaver, ids, is_dry
        self.woven = Woven()
        self.done: dict[str, DonePage] = {}

    def write(self, files: Sequence[str], settled: Mapping[str, DonePage], progress: Progress) -> None:
        """Write some pages, but for those that are settled."""
        woven = self.woven
        for at, path in enumerate(files, 1):
            done = settled.get(path) or self._written(path)
            if done is not None:
                woven.n_lists += bool(done.has_list)
                if done.has_list is None:
                    woven.placeless.append(path)
                if path not in woven.altered:
                    self.done[path] = done
            progress("weaving", at, len(files))
        woven.n_pages = len(files)

    def _written(self, path: str) -> DonePage | None:
        woven, file = self.woven, self._folder / path
        try:
            before = file.read_bytes()
            after, has_list = self._weaver(path, before)
            if after != before and not self._is_dry:
                replace_page(file, after)
        except OSError as error:
            move = "free some space or check its permissions, and run it again"
            woven.problems.append(Problem("page not written", str(error.strerror or error), move, str(file)))
            return None
        if has_other_marks(without_woven(after)):
            woven.altered.append(path)
        if after != before:
            woven.changed.append(path)
            if compressed_copies(file):
                woven.compressed.append(path)
        return DonePage(content_digest(after), self._ids.get(path), has_list)
