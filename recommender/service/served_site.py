"""The site that a process serves: its newest version, calls that take long, and the one writer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from recommender.engine import Recommender
from recommender.service.service_settings import ServiceSettings
from recommender.service.site_writer import SiteWriter

__all__ = ["ServedSite"]

_Answer = TypeVar("_Answer")


class ServedSite:
    """The newest version of a site in a folder.

    Parameters
    ----------
    path : Path
    settings : ServiceSettings

    Attributes
    ----------
    now : Recommender
        The newest version that this process knows. It never moves on: a request that keeps it sees one version.

    Raises
    ------
    ArtifactError
        If there is no site.
    """

    def __init__(self, path: Path, settings: ServiceSettings) -> None:
        self.path, self._settings = path, settings
        self._newest = Recommender.load(path)
        self.now = self._newest.snapshot()
        self._writer = SiteWriter(path, settings)
        self._threads = ThreadPoolExecutor(2, "calls")
        self._refresher = ThreadPoolExecutor(1, "refresh")
        self._watch: asyncio.Task[None] | None = None

    async def call(self, call: Callable[[Recommender], _Answer]) -> tuple[Recommender, _Answer]:
        """Make a call that takes long in a thread. Return the version that it was made of, and what it returned."""
        site = self.now
        return site, await asyncio.get_running_loop().run_in_executor(self._threads, call, site)

    async def write(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Change the site, and go on to the new version before this returns; see `writer_operations`.

        Raises
        ------
        BusyError
            If somebody else writes for longer than the settings allow.
        InputError, ArtifactError
            As the operation does.
        """
        found = await self._writer.ask(operation, arguments)
        await self.refresh()
        return found

    async def refresh(self) -> None:
        """Go on to the newest version."""
        await asyncio.get_running_loop().run_in_executor(self._refresher, self._refresh)

    def _refresh(self) -> None:
        if self._newest.refresh():
            self.now = self._newest.snapshot()

    async def start(self) -> None:
        """Look for new versions from now on."""
        if self._watch is None:
            self._watch = asyncio.create_task(self._watch_versions())

    async def stop(self) -> None:
        """End the watch and the writer."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        await self._writer.stop()

    async def _watch_versions(self) -> None:
        while True:
            await asyncio.sleep(self._settings.refresh_s)
            await self.refresh()
