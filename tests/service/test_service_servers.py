"""`recommender serve` as a process, under both servers: versions change under load, and it stops when it is told to."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import IO
from urllib.parse import quote

import pytest
from served_app import WRITE, WRITING, article, build

from recommender import Recommender

N_REQUESTS = int(os.environ.get("RECOMMENDER_REQUESTS", "600"))
"""Requests between which the site changes; set it to 1000000 for a long run."""

N_AT_ONCE = 1 if N_REQUESTS < 10_000 else 50
"""Requests that a client sends before it reads their answers, which come in the same order."""

LIMITED_EVERY = 4 if N_REQUESTS < 10_000 else 40
"""Each so many requests one has a parameter: its list is made for it, which takes fifty times as long."""

N_EXAMPLES = os.environ.get("RECOMMENDER_EXAMPLES", "1")
"""Examples that schemathesis makes of each endpoint; set it to 100 for a long run, with all its phases."""

PATIENCE_S = 120


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(path: Path, *options: str, token: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Yield a service in a process of its own that is ready, and its port."""
    port = free_port()
    words = [sys.executable, "-m", "recommender", "serve", str(path), "--port", str(port), *options]
    environment = os.environ | {"RECOMMENDER_WRITE_TOKEN": token, "TMPDIR": str(path.parent)}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            end = time.monotonic() + PATIENCE_S
            while time.monotonic() < end and not is_ready(port):
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.2)
            yield process, port
        finally:
            process.terminate()  # killed, it would leave its workers behind
            process.communicate()


def is_ready(port: int) -> bool:
    try:
        return ask(port, "GET", "/readyz")[0] == 200
    except OSError:
        return False


def ask(port: int, method: str, path: str, body: object = None) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    headers = {**WRITING, **({"content-type": "application/json"} if body is not None else {})}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


class Asking(threading.Thread):
    """Asks for lists on one connection, and keeps what is wrong and which version each answer had."""

    def __init__(self, port: int, ids: list[str], enough: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.ids, self.enough, self.done = port, ids, enough, threading.Event()
        self.seen: set[tuple[str, str, str]] = set()
        self.n = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        try:
            with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as connection:
                self._ask_often(connection)
        except (OSError, ValueError) as error:
            self.wrong.append(repr(error))
        self.done.set()

    def _ask_often(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        while self.n < N_REQUESTS // 2 or not self.enough.is_set():
            if self.n >= N_REQUESTS // 2:
                time.sleep(0.05)  # leave the processor to the writers
            asked = [self.ids[number * 7 % len(self.ids)] for number in range(self.n, self.n + N_AT_ONCE)]
            connection.sendall(b"".join(map(self._request, asked, range(self.n, self.n + N_AT_ONCE))))
            for article_id in asked:
                status, version, content = answer_in(stream)
                self.n += 1
                if status == b"200":
                    self.seen.add((version, article_id, shown_in(content)))
                else:
                    self.wrong.append(f"{status!r} {content!r}")

    @staticmethod
    def _request(article_id: str, number: int) -> bytes:
        path = f"/v1/articles/{quote(article_id, safe='')}/related{'' if (number + 1) % LIMITED_EVERY else '?limit=3'}"
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def answer_in(stream: IO[bytes]) -> tuple[bytes, str, bytes]:
    """Return status, version and content of the next answer. http.client takes ten times as long as the service."""
    _, status, _ = stream.readline().split(maxsplit=2)
    headers = dict(iter(lambda: stream.readline().rstrip().lower().partition(b": ")[::2], (b"", b"")))
    content = stream.read(int(headers.get(b"content-length", b"")))
    return status, headers.get(b"recommender-version", b"").decode(), content


def begun(request: str, body: bytes) -> bytes:
    """Return the beginning of a request: the first five bytes of its body have come."""
    headers = (
        f"Authorization: Bearer {WRITE}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    )
    return f"{request} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n\r\n".encode() + body[:5]


@lru_cache(1_000)
def shown_in(content: bytes) -> str:
    entries = json.loads(content)["related"]
    return json.dumps([(each["article_id"], each["score"], each["title"]) for each in entries[:3]])


def shown_of(site: Recommender, article_id: str) -> str:
    return json.dumps([(each.article_id, each.score, each.title) for each in site[article_id][:3]])


def schemathesis_finds_nothing(port: int, folder: Path) -> None:
    """What the service describes is what it does: schemathesis asks it, with all its checks and along all links."""
    allowed = [
        400,
        401,
        403,
        404,
        405,
        406,
        409,
        413,
        414,
        415,
        422,
        428,
        429,
    ]  # Granian refuses long addresses
    (folder / "schemathesis.toml").write_text(
        f"[checks.negative_data_rejection]\nexpected-statuses = {allowed}\n"
    )
    words = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        f"http://127.0.0.1:{port}/openapi.json",
        "--checks",
        "all",
    ]
    words += ["-H", f"Authorization: Bearer {WRITE}", "-n", N_EXAMPLES, "--seed", "16", "--no-color"]
    if N_EXAMPLES == "1":
        words += ["--phases", "examples,fuzzing,stateful"]
    done = subprocess.run(
        [*words, "--request-timeout", "60"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("server", "workers", "token"), [("granian", 1, WRITE), ("uvicorn", 2, "")])
def test_versions_change_under_load_and_the_description_holds(
    tmp_path: Path, server: str, workers: int, token: str
) -> None:
    path = tmp_path / "site.rec"
    site = build(path)
    ids = list(site)
    right = {("1", each, shown_of(site, each)) for each in ids}
    options = ("--server", server, "--workers", str(workers), "--log", "errors", "--timeout", "60")
    with served(path, *options, token=token) as (process, port):
        enough = threading.Event()
        askers = [Asking(port, ids, enough) for _ in range(2)]
        for each in askers:
            each.start()
        number = 0
        while not all(each.done.is_set() for each in askers):
            number += 1
            if number > 4:
                enough.set()
            made = article(number % 6, f"a{number % 6}")
            if number % 2 and token:  # over HTTP, and by another process
                fields = {"title": f"{made.title} again {number}", "text": made.body, "section": made.section}
                status, _, content = ask(
                    port, "PUT", f"/v1/articles/{made.article_id}", {**fields, "language": "en"}
                )
                assert status == 200, content
                site.refresh()
                assert json.loads(content)["version"] <= site.version
            else:
                site.update(add=[replace(made, title=f"{made.title} here {number}")])
                site.save(path)
            if number % 7 == 0:
                site.compact()
            right |= {(str(site.version), each, shown_of(site, each)) for each in ids}
            time.sleep(0.1 if N_REQUESTS < 10_000 else 1)  # the askers need the interpreter too
        assert [each.wrong for each in askers] == [[], []]
        seen = askers[0].seen | askers[1].seen
        assert seen <= right, sorted(seen - right)[:3]
        assert len({version for version, _, _ in seen}) > 1
        status, _, metrics = ask(port, "GET", "/metrics")
        counted = [
            line
            for line in metrics.decode().splitlines()
            if "_total{" in line and '/related",status="200"' in line
        ]
        assert sum(float(line.split()[-1]) for line in counted) == sum(
            each.n for each in askers
        )  # of all processes
        if token:
            schemathesis_finds_nothing(port, tmp_path)
        body = json.dumps({"title": "A ferry at the end", "language": "en"}).encode()
        with socket.create_connection(
            ("127.0.0.1", port), PATIENCE_S
        ) as last:  # which is answered before the end
            last.sendall(
                begun(f"PUT /v1/articles/{quote(ids[0], safe='')}" if token else "POST /v1/related", body)
            )
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            last.sendall(body[5:])
            assert answer_in(last.makefile("rb"))[0] == b"200"
        messages = process.stderr.read()
        assert process.wait(PATIENCE_S) == 0, messages
        assert "Traceback" not in messages
        assert not list(tmp_path.glob("recommender-*"))  # neither folders nor a writer are left
        with pytest.raises(OSError, match="refused"):
            ask(port, "GET", "/livez")


def test_the_processes_of_a_killed_service_end_and_free_its_port(tmp_path: Path) -> None:
    build(tmp_path / "site.rec")
    with served(tmp_path / "site.rec", "--log", "none", token="") as (process, port):
        process.kill()
        end = time.monotonic() + PATIENCE_S
        while is_ready(port):
            assert time.monotonic() < end
            time.sleep(0.2)


def test_a_wrong_site_ends_with_a_message(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "recommender", "serve", str(tmp_path / "none.rec")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "none.rec" in done.stderr
    assert "Traceback" not in done.stderr
