"""The process that starts the processes of a service, and the end of these if it is killed."""

from __future__ import annotations

import asyncio
import os
import signal

__all__ = ["SUPERVISOR", "end_with_supervisor"]

SUPERVISOR = "RECOMMENDER_SUPERVISOR"
"""Name in the environment of the number of the process that started the service."""

_PAUSE_S = 0.5


async def end_with_supervisor() -> None:
    """End this process as SIGTERM does once its supervisor is gone: it would hold the port of the next service.

    Returns at once if the supervisor did not start this process itself.
    """
    if os.environ.get(SUPERVISOR) != str(os.getppid()):
        return
    supervisor = os.getppid()
    while os.getppid() == supervisor:
        await asyncio.sleep(_PAUSE_S)
    os.kill(os.getpid(), signal.SIGTERM)
