"""What pages report: which lists were on a screen, and what was clicked in them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from fastapi import Request, Response
from pydantic import ValidationError

from recommender.errors import BusyError
from recommender.evaluation.arm_counts import ArmCounts, ArmTally
from recommender.service.click_folder import ClickFolder
from recommender.service.click_settings import ClickSettings
from recommender.service.comparing import Comparing
from recommender.service.guarded_routes import READING, Served, Settings, guarded_router
from recommender.service.problem_answers import ProblemError
from recommender.service.service_description import described_problems
from recommender.service.service_settings import ServiceSettings
from recommender.service.shown_list import ShownList
from recommender.service.token_bucket import TokenBucket

__all__ = ["ClickLog", "click_log", "click_routes"]

_MOST_BYTES = 64 * 2**10  # what browsers let a page send while it is left
_BURST_S = 10
_KINDS = ("application/json", "text/plain")
_SCHEMA = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": ShownList.model_json_schema()} for kind in _KINDS},
    }
}


class ClickLog:
    """The log of a process: the folder, which processes share, and a bound of its own on reports.

    Parameters
    ----------
    settings : ClickSettings
    """

    def __init__(self, settings: ClickSettings) -> None:
        self.path = Path(settings.folder)
        self.folder = ClickFolder(self.path, settings.bytes_a_day, settings.days)
        self.bucket = TokenBucket(settings.a_second, max(1.0, settings.a_second * _BURST_S))
        self.has_failed = False  # the last time
        self._tally, self._lock = ArmTally(self.path), asyncio.Lock()

    @classmethod
    def of(cls, settings: ServiceSettings) -> Self | None:
        """Return the log of the settings, None if there is none."""
        return None if settings.clicks is None else cls(settings.clicks)

    async def counts(self) -> dict[str, ArmCounts]:
        """Return the counts of each comparison of the log, the newest last. What was counted before is not read again."""
        async with self._lock:
            return await asyncio.to_thread(self._counted)

    async def lists(self) -> dict[str, tuple[int, int]]:
        """Return how many lists were shown, and in how many was a click, by the file of their day."""
        async with self._lock:
            await asyncio.to_thread(self._tally.read)
            return self._tally.lists

    def _counted(self) -> dict[str, ArmCounts]:
        self._tally.read()
        return {name: self._tally.counts(name) for name in self._tally.comparisons}


click_routes = guarded_router()


def click_log(request: Request) -> ClickLog:
    """Return the log of the service. Raises `ProblemError` if it logs no clicks."""
    log: ClickLog | None = request.app.state.clicks
    if log is None:
        raise ProblemError(404, "this service logs no clicks; start it with --clicks FOLDER")
    return log


_REFUSALS = {
    403: "Pages of this origin may not report",
    404: "The service logs no clicks, or an article is not on the site",
    429: "There are more reports than the service takes in a second or a day",
}


@click_routes.post(
    "/v1/clicks", dependencies=[READING], status_code=204, response_class=Response, openapi_extra=_SCHEMA,
    responses=described_problems(_REFUSALS),
)  # fmt: skip
async def add_clicks(request: Request, served: Served, settings: Settings) -> Response:
    """Log a list that was on a screen.

    Pages send it as text, which asks no permission of another origin first. Nothing of the reader is logged: no address,
    no cookie, no time but the day.
    """
    log = click_log(request)
    if not _may_report(request, settings.cors):
        raise ProblemError(403, "pages of this origin may not report clicks; allow it with --cors ORIGIN")
    if not log.bucket.take():
        raise ProblemError(429, "there are more reports than this service takes", {"retry-after": "1"})
    shown = _parsed(await _body(request))
    if unknown := sorted(each for each in shown.articles if each not in served.now):
        raise _refusal(404, "the report names articles that are not on the site", map(repr, unknown))
    if faults := list(shown.faults()):
        raise _refusal(422, "the report does not agree with itself", faults)
    comparing: Comparing | None = request.app.state.comparing
    name = None if comparing is None else comparing.split.name(served.now.policy)
    if shown.arm is not None and shown.arm.partition(".")[0] != name:
        shown.arm = None  # of a comparison that is over
    try:
        has_room = await asyncio.to_thread(log.folder.append, shown.rows())
    except (OSError, BusyError) as error:  # which name the folder, and that is for the log
        if not log.has_failed:
            request.app.state.log.message("error", f"the click log cannot be written: {error}")
        log.has_failed = True
        why = "another process holds its lock" if isinstance(error, BusyError) else error.strerror
        raise ProblemError(503, f"the click log cannot be written: {why}", {"retry-after": "60"}) from error
    log.has_failed = False
    if not has_room:
        raise ProblemError(429, "the click log of this day is full", {"retry-after": "3600"})
    return Response(status_code=204)


def _refusal(status: int, what: str, faults: Iterable[str]) -> ProblemError:
    errors = [{"detail": each[:200]} for each in faults]
    return ProblemError(status, f"{what}; see errors", errors=errors)


def _may_report(request: Request, origins: tuple[str, ...]) -> bool:
    """Return whether a page may report. Where origins are set, others may not, but for that of the service."""
    origin = request.headers.get("origin")
    if origin is None or not origins or "*" in origins:
        return True
    return origin in origins or origin.partition("://")[2] == request.headers.get("host")


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise ProblemError(413, f"a report has at most {_MOST_BYTES:,} bytes")
    return body


def _parsed(body: bytes) -> ShownList:
    try:
        return ShownList.model_validate_json(body)
    except ValidationError as error:
        errors = [
            {"detail": each["msg"], "at": ".".join(map(str, each["loc"]))}
            for each in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise ProblemError(422, "the report is not valid; see errors", errors=errors) from error
