"""The desk of a service on this machine, in a browser."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from component.conftest import browser, web  # noqa: F401, fixtures
from fastapi.testclient import TestClient

from recommender import Article, Recommender
from recommender.service import Tokens, create_app

TOKEN = "a token to write"
HOSTILE = "<img src=x onerror='document.body.remove()'></script><script>alert(1)</script>"
SIGNED_IN = json.dumps({"by": "Ana", "token": TOKEN})


def articles() -> list[Article]:
    """Stories of eight roads in two sections, one with a hostile title and id, one with a relative alone."""
    found = [
        Article(
            f"road-{at:02}", f"Rain floods road {at // 5}, part {at % 5}",
            f"Rain flooded road {at // 5} in town {at % 7}. The river {at % 3} rose; the road is closed.",
            section=("World", "Local")[at % 2], published=f"2026-0{1 + at % 9}-11", language="en",
            url=f"https://example.org/{at}",
        )
        for at in range(40)
    ]  # fmt: skip
    text = "Rain flooded road 1 in town 2. The river rose."
    return [*found, Article("a/b <i>?#%2F 界", HOSTILE, text, section="World", language="en")]


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("desk") / "site.rec"
    Recommender.from_articles(articles(), k=5).save(path)
    return path


@pytest.fixture
def place(built, tmp_path) -> Path:
    """A site of its own for each test."""
    return Path(shutil.copytree(built, tmp_path / "site.rec"))


@pytest.fixture
def app(place):
    return create_app(place, tokens=Tokens.of(writing=(TOKEN,)))


@pytest.fixture
def client(app):
    with TestClient(app) as client:
        client.headers["authorization"] = f"Bearer {TOKEN}"
        yield client


@pytest.fixture
def desk(app):
    """The address of the desk of a real server."""
    config = uvicorn.Config(app, port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    end = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < end, "the server does not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/desk/"
    server.should_exit = True
    thread.join(30)


@pytest.fixture
def page(browser, desk):  # noqa: F811
    """Opens the desk at a place, signed in, and returns the browser when the place is drawn."""

    def opened(place: str = "#", width: int = 1280, *, signed_in: bool = True, height: int = 900):
        browser.visit(desk, width, height)
        browser.js(
            f"sessionStorage.setItem('recommender-desk', {json.dumps(SIGNED_IN if signed_in else 'null')})"
        )
        browser.visit(f"{desk}{place}", width, height)
        browser.until("document.querySelector('.counts div') && document.querySelector('.reader h2')")
        return browser

    return opened


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, from the wheel that brings it."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("needs axe-playwright-python, which brings axe-core")
    return Path(spec.origin).with_name("axe.min.js").read_text("utf-8")
