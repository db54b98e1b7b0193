"""An ASGI app that answers every request with the same bytes: what a server can do at most."""

from __future__ import annotations

import os
from typing import Any

__all__ = ["app"]

_BODY = b"x" * int(os.environ.get("BENCHMARK_BYTES", "4000"))
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_BODY))]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer a request."""
    if scope["type"] == "lifespan":
        while (message := await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": f"{message['type']}.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _BODY})
