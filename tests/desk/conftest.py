"""One service on this machine for all tests of the desk, and a browser. Each test decides on articles of its own."""

from __future__ import annotations

import asyncio
import json
import time
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import httpx
import pytest
import uvicorn
from component.conftest import browser  # noqa: F401, a fixture

from recommender import Article, Policy, Recommender
from recommender.service import ServiceSettings, Tokens, create_app
from recommender.service.click_settings import ClickSettings

TOKEN = "a token to write"
ODD_ID = "a/b <i>?#%2F 界"
HOSTILE = "<img src=x onerror='document.body.remove()'></script><script>alert(1)</script>"
CHOIR = (
    "The choir of Marbury sang four songs by heart on Sunday, after a silence of eleven years. Its organ was mended "
    "by a clockmaker from the next village, who found a nest of wrens in the longest pipe and waited until they flew."
)


def articles() -> list[Article]:
    """Stories of thirteen roads in two sections, one with a hostile title and an odd id, and two near copies."""
    found = [
        Article(
            f"road-{at:02}", f"Rain floods road {at // 5}, part {at % 5}",
            f"Rain flooded road {at // 5} in town {at % 7}. The river {at % 3} rose; the road is closed.",
            section=("World", "Local")[at % 2], published=f"2026-0{1 + at % 9}-11", language="en",
            url=f"https://example.org/{at}",
        )
        for at in range(65)
    ]  # fmt: skip
    title = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = "Rain flooded road 1 in town 2. The river rose."
    copies = [
        Article(f"choir-{at}", f"The choir of Marbury {word}", CHOIR, section="World", language="en")
        for at, word in enumerate(("sings again", "is back"))
    ]
    return [*found, Article(ODD_ID, title, text, section="World", language="en"), *copies]


@pytest.fixture(scope="session")
def built() -> Recommender:
    return Recommender.from_articles(articles(), k=5)


@pytest.fixture(scope="session")
def place(built, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("desk") / "site.rec"
    built.save(path)
    return path


@pytest.fixture(scope="session")
def service(place) -> str:
    """The address of a real server, which logs clicks and compares two policies."""
    clicks, compare = ClickSettings(str(place.parent / "clicks")), Policy(diversity=0.5).to_dict()
    app = create_app(
        place, ServiceSettings(log="none", clicks=clicks, compare=compare), Tokens.of(writing=(TOKEN,))
    )
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    end = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < end, "the server does not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


@pytest.fixture(scope="session")
def client(service) -> httpx.Client:
    with httpx.Client(base_url=service, headers={"authorization": f"Bearer {TOKEN}"}, timeout=60) as client:
        yield client


@pytest.fixture
def page(browser, service):  # noqa: F811
    """Opens a place of the desk, signed in, and returns the browser when the place is drawn."""

    complete = "document.querySelector('.counts div') && document.querySelector('.reader h2')"

    def opened(place="#", width=1280, *, by: str | None = "Ana", token: str = TOKEN, drawn: str = complete):
        kept = "null" if by is None else json.dumps({"by": by, "token": token})
        browser.visit(f"{service}/desk/desk.css")
        browser.js(f"sessionStorage.setItem('recommender-desk', {json.dumps(kept)})")
        browser.visit(f"{service}/desk/{place}", width)
        browser.until(drawn)
        return browser

    yield opened
    assert browser.thrown() == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, from the wheel that brings it."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("needs axe-playwright-python, which brings axe-core")
    return Path(spec.origin).with_name("axe.min.js").read_text("utf-8")
