"""Fixtures: sites with handmade lists, and a headless browser."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from recommender.articles import ArticleSummary
from recommender.lists.related import RelatedArticle, RelatedList, SharedTerm


class Site:
    """A ListSource over lists in memory. It raises at the row `breaks_at`."""

    def __init__(self, articles: Sequence[ArticleSummary], lists: Sequence[RelatedList]) -> None:
        self.summaries = list(articles)
        self.lists = list(lists)
        self.breaks_at: int | None = None

    def __len__(self) -> int:
        return len(self.summaries)

    def related_all(self, k: int | None = None, *, why: bool = False) -> Iterator[RelatedList]:
        for row, related in enumerate(self.lists):
            if row == self.breaks_at:
                raise RuntimeError("the source broke")
            entries = related.related[:k]
            if not why:
                entries = tuple(replace(entry, parts={}, terms=()) for entry in entries)
            yield replace(related, related=entries)


HOSTILE_IDS = (
    "plain-slug",
    "Plain-Slug",  # the same file as the above on file systems that ignore case
    "../../etc/passwd",
    "..",
    ".",
    'a/b\\c:d*e?f"g<h>i|j',
    "con",
    "COM1.json",
    "台灣海峽",
    "cafe\u0301",
    "caf\u00e9",  # the composed form: the same file where names are normalised
    '=HYPERLINK("http://x","y")',
    "-1",
    'a,b"c',
    "ends with dot.",
    "x" * 1_000,
    "x" * 999 + "y",
    "界" * 1_000,
    "_41",
    "A",
    "%2e%2e",
    "</script><script>alert(1)</script>",
    "index",
)


DESCRIPTIONS = ('"It rained", <b>said</b> he; 海峽, a/b\\c', "The road is open.", None)


def make_site(ids: Sequence[str], k: int = 3) -> Site:
    """Each article is related to the `k` after it. The last of several has an empty list."""
    articles = [
        ArticleSummary(
            article_id,
            f"Title of {article_id}"[:80],
            datetime(2026, 1, 1 + row % 28, tzinfo=UTC) if row % 3 else None,
            section=("World", "Science", None)[row % 3],
            language=("en", "zh-Hant")[row % 2],
            url=f"https://example.org/{row}",
            description=DESCRIPTIONS[row % 3],
            image=(f"https://cdn.example.org/{row}.jpg", None, f"/img/{row}.jpg")[row % 3],
        )
        for row, article_id in enumerate(ids)
    ]
    cards = {each.article_id: (each.title, each.url, each.description, each.image) for each in articles}
    lists = []
    for row, article_id in enumerate(ids):
        following = [ids[(row + step) % len(ids)] for step in range(1, min(k, len(ids) - 1) + 1)]
        if row == len(ids) - 1:
            following = []
        lists.append(
            RelatedList(
                article_id,
                tuple(
                    RelatedArticle(
                        other,
                        rank,
                        1 / (rank + 2),
                        *cards[other],
                        parts={"lexical": 1 / (rank + 2) - 0.125, "recency": 0.125},
                        terms=(SharedTerm('海峽 "quoted"', 0.1), SharedTerm("</script>", 0.05)),
                    )
                    for rank, other in enumerate(following, 1)
                ),
            )
        )
    return Site(articles, lists)


@pytest.fixture
def site() -> Site:
    return make_site(HOSTILE_IDS)


@pytest.fixture
def site_of():
    return make_site


class Browser:
    """Headless Chromium, controlled by the DevTools protocol through two pipes."""

    def __init__(self, program: str, profile: str, *flags: str) -> None:
        here, there = os.pipe(), os.pipe()  # our output, its output

        import fcntl  # not available on Windows, like the descriptors below

        def arrange() -> None:  # the protocol uses descriptors 3 and 4
            read, write = (fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (here[0], there[1]))
            os.dup2(read, 3)
            os.dup2(write, 4)

        options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", *flags]
        self.process = subprocess.Popen(
            [program, *options, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=arrange,
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(here[0])
        os.close(there[1])
        self.out, self.back = os.fdopen(here[1], "wb", 0), os.fdopen(there[0], "rb", 0)
        self.answers = select.poll()  # select() takes no descriptor above 1,023
        self.answers.register(self.back, select.POLLIN)
        self.buffer, self.calls, self.session = b"", 0, None
        self.events: list[dict] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params):
        self.calls += 1
        message = {"id": self.calls, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.out.write(json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self.calls:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def _next(self) -> dict:
        while b"\0" not in self.buffer:
            chunk = self.back.read(1 << 16) if self.answers.poll(60_000) else b""
            if not chunk:
                raise RuntimeError("the browser does not answer")
            self.buffer += chunk
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def open(self, url: str, width: int = 1280) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        self.call("Page.navigate", url="about:blank")
        self.events.clear()
        self.call("Page.navigate", url=url)
        while not self.js("document.readyState === 'complete' && location.protocol === 'file:'"):
            pass

    def js(self, expression: str):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)[
            "result"
        ].get("value")

    def press(self, key: str) -> None:
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        code = {
            "Enter": 13,
            "Escape": 27,
            "Tab": 9,
            "ArrowDown": 40,
            "ArrowUp": 38,
            "Home": 36,
            "End": 35,
        }.get(key, 0)
        common = {"key": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)
        self.js("new Promise((done) => setTimeout(done, 30))")  # hashchange fires later

    def complaints(self) -> list[str]:
        """Return errors, policy violations and requests other than for the page's own file."""
        found = []
        for event in self.events:
            method, params = event.get("method"), event.get("params", {})
            if method in ("Runtime.exceptionThrown", "Log.entryAdded"):
                found.append(json.dumps(params))
            elif method == "Network.requestWillBeSent":
                url = params["request"]["url"]
                if not url.startswith(("file:", "about:", "data:")):
                    found.append(f"request to {url}")
        return found

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.out.close()
        self.back.close()


def started(kind, folder):
    """Yield a browser of a kind in Chromium, or skip the test."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("needs chromium on the path")
    try:
        browser = kind(program, str(folder))
    except (RuntimeError, OSError, ImportError) as error:
        pytest.skip(f"{program} does not start: {error}")
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    yield from started(Browser, tmp_path_factory.mktemp("profile"))
