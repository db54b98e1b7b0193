"""A browser for pages of two small web servers on this machine: the page's and the service's."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from export.conftest import Browser, started


class WebBrowser(Browser):
    """Chromium that visits web pages."""

    def visit(self, url: str, width: int = 1280, height: int = 900) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.call("Page.navigate", url="about:blank")
        self.events.clear()
        self.call("Page.navigate", url=url)
        self.until(f"location.href.startsWith({json.dumps(url[:20])}) && document.readyState === 'complete'")

    def until(self, condition: str) -> None:
        """Wait until a condition of the page holds."""
        end = time.monotonic() + 20
        while not self._holds(condition):
            assert time.monotonic() < end, f"never came true: {condition}"
            time.sleep(0.02)

    def settle(self) -> None:
        """Wait until an answer was used, and what it shows was seen."""
        self.js(
            "new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 150))"
        )

    def _holds(self, condition: str) -> bool:
        try:
            return bool(self.js(f"!!({condition})"))
        except RuntimeError:  # between two pages
            return False

    def thrown(self) -> list[str]:
        """Return what the page threw and what the console reports, but for answers with an error status."""
        found = [
            json.dumps(each["params"])
            for each in self.events
            if each.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded")
        ]
        return [each for each in found if "Failed to load resource" not in each]


class Server:
    """A web server whose answers are looked up in `pages` by path, or made by a callable; requests are kept."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes] | Callable[[str, bytes], tuple[int, bytes]]] = {}
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                outer.requests.append((self.command, self.path, dict(self.headers), body))
                kind, content = outer.pages.get(self.path.split("?")[0], ("", b""))
                self.send_response(200 if kind else 404)
                self.send_header("content-type", kind or "text/plain")
                self.send_header("access-control-allow-origin", "*")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET  # noqa: N815, a name of the library

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def show(self, html: str) -> str:
        """Serve a page and return its address."""
        self.pages["/page"] = "text/html; charset=utf-8", f"<!doctype html>{html}".encode()
        return f"{self.origin}/page"

    def posted(self) -> list[dict]:
        return [json.loads(body) for method, _, _, body in self.requests if method == "POST"]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    yield from started(WebBrowser, tmp_path_factory.mktemp("profile"))


@pytest.fixture
def web():
    """The server of the page, and that of the service."""
    servers = Server(), Server()
    yield servers
    for each in servers:
        each.close()
