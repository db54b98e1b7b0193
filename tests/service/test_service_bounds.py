"""Bounds of the service: entries, time, calls that wait; and what it says of itself while it cannot answer all."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from served_app import READ, WRITE, WRITING, Client, client_of

from recommender.service import Tokens, service_tokens

LIST = "/v1/articles/a0/related"
DRAFT = {"title": "A ferry in the harbour", "score_threshold": 0}


def test_no_list_is_longer_than_was_set(site_path: Path) -> None:
    with client_of(site_path, max_k=7) as client:
        for query, n in (("limit=50", 7), ("limit=50&offset=4", 3), ("limit=50&offset=7", 0), ("limit=2", 2)):
            found = client.get(f"{LIST}?score_threshold=0&{query}").json()["related"]
            assert len(found) == n, query
        assert len(client.ask("POST", "/v1/related", json={**DRAFT, "limit": 50}).json()["related"]) == 7
        assert len(client.get("/v1/search?q=ferry&limit=50").json()["related"]) == 7


@pytest.mark.parametrize(("method", "path"), [("PUT", "/v1/articles/a0"), ("POST", "/v1/related")])
def test_a_body_that_does_not_arrive_in_time_is_told(site_path: Path, method: str, path: str) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b'{"title": "'
        await asyncio.sleep(60)

    with client_of(site_path, timeout_s=0.2) as client:
        headers = {"content-type": "application/json", **WRITING}
        began = time.monotonic()
        found = client.ask(method, path, content=slow(), headers=headers)
        assert (found.status_code, found.headers["content-type"]) == (408, "application/problem+json")
        assert "did not arrive within 0.2 seconds" in found.json()["detail"]
        assert time.monotonic() - began < 30


def test_an_answer_that_takes_too_long_and_calls_that_are_too_many_are_told(
    site_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client_of(site_path, timeout_s=0.2) as client:
        client.runner.run(client.app._served._site_for_calls())  # which a first call waits for
        before = client.app._served.call

        async def slow(call: Callable[..., Any]) -> Any:
            await asyncio.sleep(60)

        client.app._served.call = slow
        late = client.ask("POST", "/v1/related", json=DRAFT)
        assert (late.status_code, late.headers["retry-after"]) == (503, "1")
        assert "no answer within 0.2 seconds" in late.json()["detail"]
        assert client.get(LIST).status_code == 200, "lists are looked up"
        client.app._served.call = before
        monkeypatch.setattr("recommender.service.served_site._MOST_WAITING", 0)
        many = client.ask("POST", "/v1/related", json=DRAFT)
        assert (many.status_code, many.headers["retry-after"]) == (503, "1")
        assert "too many calls wait" in many.json()["detail"]
        assert client.get(LIST).status_code == 200


def test_every_token_is_compared_whole_whichever_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the time of an answer says nothing about a token: digests have one length, and all are looked at."""
    tokens = Tokens.of(reading=(READ, "second"), writing=(WRITE, "fourth"))
    compared: list[tuple[int, int]] = []
    compare = service_tokens.hmac.compare_digest

    def counted(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return compare(one, other)

    monkeypatch.setattr(service_tokens.hmac, "compare_digest", counted)
    for token in (READ, "second", WRITE, "fourth", "", "x", READ[:-1], "x" * 10_000):
        for may, n, known in (
            (tokens.may_read, 4, (READ, "second", WRITE, "fourth")), (tokens.may_write, 2, (WRITE, "fourth")),
        ):  # fmt: skip
            compared.clear()
            assert may(f"Bearer {token}".encode()) == (token in known)
            assert compared == [(32, 32)] * n, token


def test_it_is_ready_once_calls_are_and_not_while_the_newest_version_cannot_be_read(
    site_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "site.rec"
    shutil.copytree(site_path, path)
    with client_of(path) as client:
        first = client.get("/readyz")
        assert (first.status_code, first.headers["retry-after"]) == (503, "1")
        assert first.headers["content-type"] == "application/problem+json"
        client.runner.run(client.app._served._site_for_calls())
        assert client.get("/readyz").status_code == 200
        assert "recommender_ready 1.0" in client.get("/metrics").text
        path.rename(tmp_path / "gone.rec")
        client.refresh()
        assert client.get("/readyz").status_code == 503
        assert "recommender_ready 0.0" in client.get("/metrics").text
        assert (client.get("/livez").status_code, client.get(LIST).status_code) == (200, 200)
        (tmp_path / "gone.rec").rename(path)
        client.refresh()
        assert client.get("/readyz").status_code == 200


def test_lists_are_answered_from_bytes_before_any_route(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = client.get(LIST)
    assert wanted.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=86400"

    async def no_route(*_: object) -> None:
        raise AssertionError("a route was asked")

    monkeypatch.setattr(client.app, "_app", no_route)
    assert client.get(LIST).content == wanted.content
    assert client.get(f"{LIST}?limit=2").status_code == 500, "the check can fail"


def test_all_pages_may_ask_where_the_origin_is_a_star(site_path: Path) -> None:
    with client_of(site_path, cors=("*",)) as client:
        origin = {"origin": "https://anywhere.example"}
        found = client.get(LIST, headers=origin)
        assert found.headers["access-control-allow-origin"] == "*"
        assert "origin" not in found.headers["vary"], "one answer for all"
        assert "access-control-allow-credentials" not in found.headers
        asked = client.ask("OPTIONS", LIST, headers={**origin, "access-control-request-method": "GET"})
        assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")
