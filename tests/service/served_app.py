"""A service over a small site, asked without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx

from recommender import Article, Recommender
from recommender.service import ServiceSettings, Tokens, create_app

READ, WRITE = "a-token-to-read", "a-token-to-write"
WRITING = {"authorization": f"Bearer {WRITE}"}
SUBJECTS = ("ferry harbour tide pilot", "orchard apple graft frost", "loom wool weaver dye")
HARD_IDS = ("news/7", "a b+c", "50%25", "雨の日", "q?x=1#y", "a..b", "x;y,z", 'say"so"', "related")


def article(number: int, article_id: str | None = None) -> Article:
    words = SUBJECTS[number % len(SUBJECTS)]
    body = f"{words}. {words}. " + " ".join(f"{letter}{number}x" for letter in "abcdefgh")
    title = f"{words.split()[number % 4]} {number}"
    return Article(
        article_id or f"a{number}", title, body, section=words.split()[0], language="en", url=f"/a{number}"
    )


def build(path: Path) -> Recommender:
    """Build and save a site with ids of all kinds, and an article that nothing is related to."""
    articles = [article(number) for number in range(18)]
    articles += [article(number, each) for number, each in enumerate(HARD_IDS, 18)]
    site = Recommender.from_articles([*articles, Article("alone", "Zzyzx", "Qwfp.", language="en")], k=5)
    site.save(path)
    return site


@dataclass
class Client:
    """Asks an app in an event loop that stays between requests."""

    app: Any
    runner: asyncio.Runner

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.runner.run(self._ask(method, path, more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def refresh(self) -> None:
        self.runner.run(self.app._served.refresh())

    def ask_plainly(
        self, method: str, path: str, content: bytes, headers: dict[str, str | bytes]
    ) -> httpx.Response:
        """Ask as `ask` does, without what a client of httpx costs: three quarters of the time."""
        return self.runner.run(self._ask_plainly(method, path, content, headers))

    async def _ask_plainly(
        self, method: str, path: str, content: bytes, headers: dict[str, str | bytes]
    ) -> httpx.Response:
        raw, _, query = path.partition("?")
        given = {
            name: value if isinstance(value, bytes) else value.encode() for name, value in headers.items()
        }
        given |= {"host": b"site", "content-length": str(len(content)).encode()}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": unquote(raw), "raw_path": raw.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.encode(), value) for name, value in given.items()],
            "server": ("site", 80), "client": ("127.0.0.1", 50_000),
        }  # fmt: skip
        messages: list[dict[str, Any]] = []
        bodies = iter([{"type": "http.request", "body": content, "more_body": False}])

        async def receive() -> dict[str, Any]:
            return next(bodies, {"type": "http.disconnect"})

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        await self.app(scope, receive, send)
        answered = b"".join(each.get("body", b"") for each in messages[1:])
        return httpx.Response(messages[0]["status"], headers=messages[0]["headers"], content=answered)

    async def _ask(self, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            return await client.request(method, path, **more)


@contextmanager
def client_of(path: Path, *, reading: tuple[str, ...] = (), **settings: Any) -> Iterator[Client]:
    """Yield a client of the service of a site that takes writes with `WRITE`."""
    tokens = Tokens.of(reading=reading, writing=("", WRITE))
    app = create_app(path, ServiceSettings(**{"log": "errors", **settings}), tokens)
    with asyncio.Runner() as runner:
        try:
            yield Client(app, runner)
        finally:
            runner.run(app._served.stop())
