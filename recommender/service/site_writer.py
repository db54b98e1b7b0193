"""The one writer of a service."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from recommender.live_site import LiveSite
from recommender.progress import no_progress
from recommender.service.service_settings import ServiceSettings
from recommender.service.writer_operations import OPERATIONS

__all__ = ["SiteWriter"]


class SiteWriter:
    """Changes a site, one operation after the other.

    Parameters
    ----------
    path : Path
    settings : ServiceSettings
    """

    def __init__(self, path: Path, settings: ServiceSettings) -> None:
        self._path, self._settings = path, settings
        self._thread = ThreadPoolExecutor(1, "writer")
        self._live: LiveSite | None = None

    async def ask(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return the result of an operation. Raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, operation, arguments)

    def _do(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if self._live is None:
            wait_s, compacts = self._settings.write_wait_s, self._settings.compacts
            self._live = LiveSite(self._path, wait_s, 1, no_progress, print, compacts=compacts)
        found = OPERATIONS[operation](self._live, arguments)
        self._live.tidy()
        return found

    async def stop(self) -> None:
        """End after the present operation."""
        self._thread.shutdown()
