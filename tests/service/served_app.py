"""A service over a small site, asked without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
