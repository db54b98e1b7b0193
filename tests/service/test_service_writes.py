"""Writes over HTTP: what they change, what they answer, and that nobody writes without the token."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import string
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from served_app import READ, WRITE, WRITING, Client, article, build, client_of

from recommender import Recommender
from recommender.service import ServiceSettings, Tokens
from recommender.service.app import ROUTERS
from recommender.service.cache_headers import purge_key
from recommender.service.click_settings import ClickSettings
from recommender.service.guarded_routes import WRITING as WRITING_DEPENDENCY
from recommender.store.write_lock import write_lock

N_MALFORMED = int(os.environ.get("RECOMMENDER_MALFORMED", "15"))
"""Malformed requests of each endpoint; set it to 10000 for a long run."""

OPEN_WRITES = {"/v1/related", "/v1/clicks"}
"""Routes with POST that change nothing of the site: a question with a body, and what readers report."""


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Path]]:
    path = tmp_path_factory.mktemp("written") / "site.rec"
    build(path)
    limits = {"max_batch": 50, "max_body_bytes": 100_000, "write_wait_s": 0.2}
    clicks = ClickSettings(str(path.parent / "clicks"))
    with client_of(path, reading=(READ,), clicks=clicks, **limits) as client:
        yield client, path


def content(number: int) -> dict[str, object]:
    made = article(number)
    return {"title": made.title, "text": made.body, "section": made.section, "language": "en"}


def test_an_article_is_put_edited_and_deleted_and_the_keys_name_every_list_that_changed(
    writable: tuple[Client, Path],
) -> None:
    client, path = writable
    before = Recommender.load(path)
    added = client.ask("PUT", "/v1/articles/new%2Fone%20%C3%A9", json=content(33), headers=WRITING)
    assert added.status_code == 201, added.text
    assert added.json()["added"] == ["new/one é"]
    after = Recommender.load(path)
    assert added.json()["version"] == after.version == (before.version or 0) + 1
    changed = {each for each in after if each not in before or before[each] != after[each]}
    assert set(added.json()["lists"]) == changed
    assert len(changed) > 1
    assert added.json()["keys"] == sorted(map(purge_key, changed))
    seen = client.get("/v1/articles/new%2Fone%20%C3%A9/related", headers=WRITING)
    assert [each["article_id"] for each in seen.json()["related"]] == list(after["new/one é"].article_ids)
    assert seen.headers["recommender-version"] == str(after.version)

    again = client.ask("PUT", "/v1/articles/new%2Fone%20%C3%A9", json=content(33), headers=WRITING)
    assert (again.status_code, again.json()["unchanged"], again.json()["keys"]) == (200, ["new/one é"], [])
    edited = client.ask("PUT", "/v1/articles/new%2Fone%20%C3%A9", json=content(34), headers=WRITING)
    assert (edited.status_code, edited.json()["edited"]) == (200, ["new/one é"])
    gone = client.ask("DELETE", "/v1/articles/new%2Fone%20%C3%A9", headers=WRITING)
    assert (gone.status_code, gone.json()["deleted"]) == (200, ["new/one é"])
    assert purge_key("new/one é") in gone.json()["keys"]
    assert client.ask("DELETE", "/v1/articles/new%2Fone%20%C3%A9", headers=WRITING).status_code == 404
    assert client.ask("DELETE", "/v1/articles/%ff", headers=WRITING).status_code == 404
    assert list(Recommender.load(path)) == list(before)


def test_what_newcomers_forget_is_told_with_the_next_move(writable: tuple[Client, Path]) -> None:
    client, _ = writable

    def told(method: str, path: str, status: int, body: str = '{"title": "Rain"}', **more: str) -> str:
        found = client.ask(method, path, content=body, headers={**WRITING, **more})
        assert found.status_code == status, found.text
        return str(found.json()["detail"])

    form = {"content-type": "application/x-www-form-urlencoded"}  # as curl has it
    for method, path in (("PUT", "/v1/articles/a0"), ("POST", "/v1/articles"), ("POST", "/v1/related")):
        detail = told(method, path, 422, **form)
        assert (
            detail
            == "wanted a body with Content-Type: application/json, got application/x-www-form-urlencoded"
        )
    assert "see errors" in told("POST", "/v1/articles", 422, "[]", **{"content-type": "application/json"})
    assert told("DELETE", "/v1/articles/news/7%20é", 404).endswith(
        "send DELETE /v1/articles/news%2F7%20%C3%A9"
    )
    assert told("PATCH", "/v1/articles/a0", 405) == "this path takes DELETE, PUT, got PATCH"


def test_a_batch_is_done_whole_or_not_at_all(writable: tuple[Client, Path]) -> None:
    client, path = writable
    before = list(Recommender.load(path))
    batch = {
        "articles": [{"id": "b1", **content(40)}, {"id": "b2", "title": "", "text": ""}],
        "delete": ["a0"],
    }
    refused = client.ask("POST", "/v1/articles", json=batch, headers=WRITING)
    assert refused.status_code == 422
    assert "articles:1" in refused.text
    both = {"articles": [{"id": "a0", **content(40)}], "delete": ["a0"]}
    assert client.ask("POST", "/v1/articles", json=both, headers=WRITING).status_code == 409
    unprintable = {"articles": [{"id": "a\x00", **content(40)}]}
    assert client.ask("POST", "/v1/articles", json=unprintable, headers=WRITING).status_code == 404
    long = {"delete": [f"x{number}" for number in range(51)]}
    assert client.ask("POST", "/v1/articles", json=long, headers=WRITING).status_code == 413
    assert list(Recommender.load(path)) == before
    batch = {"articles": [{"id": "b1", **content(40), "published": "some day"}], "delete": ["a0", "nobody"]}
    done = client.ask("POST", "/v1/articles", json=batch, headers=WRITING).json()
    assert (done["added"], done["deleted"], done["unknown"]) == (["b1"], ["a0"], ["nobody"])
    assert "some day" in done["warnings"][0]
    back = {"articles": [{"id": "a0", **content(0)}], "delete": ["b1"]}
    assert client.ask("POST", "/v1/articles", json=back, headers=WRITING).status_code == 200


def test_metadata_of_any_kind_are_stored(writable: tuple[Client, Path]) -> None:
    client, path = writable
    deep: object = 1
    for _ in range(400):
        deep = [deep]
    odd = {"n": 2**90, "": None, "x": {"y": [True, 1e300]}}
    stored = client.ask("PUT", "/v1/articles/a1", json={**content(1), "metadata": odd}, headers=WRITING)
    assert stored.status_code == 200, stored.text
    site = Recommender.load(path)
    assert site.summaries[site.summaries.row("a1")].metadata["n"] == str(2**90)
    refused = client.ask(
        "PUT", "/v1/articles/a1", json={**content(1), "metadata": {"n": deep}}, headers=WRITING
    )
    assert refused.status_code == 422
    assert client.ask("PUT", "/v1/articles/a1", json=content(1), headers=WRITING).status_code == 200


def test_an_article_that_is_not_published_is_refused(writable: tuple[Client, Path]) -> None:
    client, _ = writable
    draft = {"title": "Ferry", "status": "draft"}
    refused = client.ask("PUT", "/v1/articles/a0", json=draft, headers=WRITING)
    assert refused.status_code == 422
    assert "not published: draft" in refused.text


def test_a_writer_elsewhere_is_a_conflict_that_says_when_to_ask_again(writable: tuple[Client, Path]) -> None:
    client, path = writable
    with write_lock(path, 20):  # the writer may still tidy up
        busy = client.ask("PUT", "/v1/articles/a1", json=content(1), headers=WRITING)
        assert client.get("/v1/articles/a1/related", headers=WRITING).status_code == 200
    assert busy.status_code == 409
    assert busy.headers["retry-after"] == "1"
    assert str(path) not in busy.text
    assert client.ask("PUT", "/v1/articles/a1", json=content(1), headers=WRITING).status_code == 200


def test_a_writer_that_was_killed_is_started_again(writable: tuple[Client, Path]) -> None:
    client, _ = writable
    assert client.ask("PUT", "/v1/articles/a1", json=content(1), headers=WRITING).status_code == 200
    process = client.app._served._writer._process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert client.ask("PUT", "/v1/articles/a1", json=content(1), headers=WRITING).status_code == 200


def _state(path: Path) -> tuple[object, ...]:
    site = Recommender.load(path)
    return site.version, list(site)


def test_nobody_writes_without_the_token_by_any_method_path_or_encoding(
    writable: tuple[Client, Path],
) -> None:
    client, path = writable
    before = _state(path)
    wrong = ["", "Bearer", f"Bearer {READ}", f"Basic {WRITE}", f"Bearer {WRITE}x", f"Bearer {WRITE[:-1]}", f"Token {WRITE}",
             WRITE, f"Bearer {quote(WRITE)}%20", "Bearer \x00", f'Bearer "{WRITE}"']  # fmt: skip
    paths = ["/v1/articles", "/v1/articles/a0", "/v1/articles/a%30", "/v1/%61rticles/a0", "/v1/articles/a0/",
             "//v1/articles/a0",
             "/v1//articles/a0", "/v1/./articles/a0", "/v1/articles/x/../a0", "/V1/articles/a0",
             "/v1/articles/a0?token=" + WRITE,
             f"/v1/articles/a0?authorization=Bearer%20{WRITE}", "/v1/articles/a0/related", "/v1/articles/a0%00",
             "/v1/articles/a0;x=1", "/v1/articles%2Fa0", "/v1%2Farticles/a0"]  # fmt: skip
    bodies = [json.dumps(content(7)), json.dumps({"delete": ["a0"], "articles": []}), ""]
    rng = random.Random(16)
    for method in ("PUT", "DELETE", "POST", "PATCH", "put", "GET", "OPTIONS", "TRACE", "PROPFIND", "MERGE"):
        for each in paths:
            token, body = rng.choice(wrong), rng.choice(bodies)
            headers = {
                "content-type": "application/json",
                "x-http-method-override": "PUT",
                "authorization": token,
            }
            found = client.ask(method, each, content=body, headers=headers)
            assert found.status_code in (401, 404, 405, 422) or method == "GET", (method, each, found.text)
    for token in wrong:
        headers = {"authorization": token}
        assert client.ask("PUT", "/v1/articles/a0", json=content(7), headers=headers).status_code == 401
        assert client.ask("DELETE", "/v1/articles/a0", headers=headers).status_code == 401
        assert client.ask("POST", "/v1/articles", json={"delete": ["a0"]}, headers=headers).status_code == 401
    assert _state(path) == before


def test_every_route_that_is_no_question_needs_the_token_to_write() -> None:
    checked = 0
    for router in ROUTERS:
        for route in router.routes:
            unsafe = set(route.methods) - {"GET", "HEAD", "OPTIONS"}
            if unsafe and route.path not in OPEN_WRITES:
                assert WRITING_DEPENDENCY in route.dependencies, route.path
                checked += 1
    assert checked >= 3


def test_without_a_token_nobody_writes(site_path: Path) -> None:
    with client_of(site_path) as client:
        client.app._app.state.tokens = Tokens.from_environment({"RECOMMENDER_WRITE_TOKEN": " "})
        for token in ("", " ", WRITE):
            headers = {"authorization": f"Bearer {token}"}
            assert client.ask("DELETE", "/v1/articles/a0", headers=headers).status_code == 403


def test_tokens_come_from_the_environment_each_with_a_second_one() -> None:
    tokens = Tokens.from_environment({"RECOMMENDER_WRITE_TOKEN": "old\n", "RECOMMENDER_WRITE_TOKEN_2": "new"})
    assert tokens.may_write(b"Bearer old")
    assert tokens.may_write(b"bearer  new ")
    assert not tokens.may_write(b"Bearer ")
    assert tokens.may_read(b"")
    assert "old" not in repr(tokens)


def test_a_long_body_is_refused_before_it_is_read_and_a_slow_one_after_its_time(
    writable: tuple[Client, Path],
) -> None:
    client, _ = writable
    body = b'{"title": "' + b"x" * 200_000 + b'"}'
    headers = {"content-type": "application/json", **WRITING}
    assert client.ask("PUT", "/v1/articles/a0", content=body, headers=headers).status_code == 413
    chunked = (body[at : at + 10_000] for at in range(0, len(body), 10_000))

    async def chunks() -> object:
        for each in chunked:
            yield each

    assert client.ask("PUT", "/v1/articles/a0", content=chunks(), headers=headers).status_code == 413
    claimed = {**headers, "content-length": "99999999999999999999999"}
    assert client.ask("PUT", "/v1/articles/a0", content=b"{}", headers=claimed).status_code == 413


NAMES = (
    "title", "text", "id", "articles", "delete", "limit", "offset", "where", "metadata", "fields", "published", "q",
    "since", "why", "language", "by", "revision", "position", "pair", "query", "shown", "positions", "clicked",
)  # fmt: skip
ENDPOINTS = sorted(
    {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        for method in route.methods - {"HEAD"}
    }
)


def malformed(rng: random.Random, path: str) -> dict[str, object]:
    """Return a request that is wrong in some way, or right by accident."""
    noise = bytes(rng.randrange(256) for _ in range(rng.randrange(60)))
    letters = "".join(rng.choices(string.printable, k=rng.randrange(1, 30)))
    values = [
        None,
        -1,
        1,
        1e308,
        2**70,
        "",
        letters,
        "a0",
        "\ud800",
        [],
        [[]] * 50,
        {"": {}},
        True,
        "x" * 5_000,
        0.5,
    ]

    def value() -> object:
        one = rng.choice(values)
        return rng.choice([one, one, [one], {letters: one}])

    fields = {rng.choice((*NAMES, letters)): value() for _ in range(rng.randrange(5))}
    text = json.dumps(fields).encode()
    bodies = [noise, text, text, text[:-2], b"[" * 20_000, b"", b"null"]
    kinds = [
        "application/json",
        "application/json; charset=utf-16",
        "text/plain",
        "multipart/form-data",
        letters.strip(),
    ]
    kind = rng.choice(kinds).encode("ascii", "ignore").replace(b"\n", b"").replace(b"\r", b"")
    parts = ["a0", "a3", "1", "9" * 30, quote(noise) or "%00", quote(letters, safe="")]
    there = re.sub(r"{[^}]*}", lambda _: rng.choice(parts), path)
    asked = "&".join(f"{quote(rng.choice([*NAMES, letters]))}={rng.choice(parts)}" for _ in range(2))
    return {
        "path": f"{there}?{rng.choice([asked, asked, quote(noise), 'limit=', 'since=1', 'q=%00', 'by=Ann'])}",
        "content": rng.choice(bodies),
        "headers": {"content-type": kind, "accept-encoding": letters.encode("ascii", "ignore").strip() or b"x",
                    "if-none-match": noise.hex(), **WRITING},
    }  # fmt: skip


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_malformed_requests_are_problems_without_tracebacks(
    writable: tuple[Client, Path], method: str, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    client, _ = writable
    rng = random.Random(f"{method} {path}")
    for _ in range(N_MALFORMED):
        asked = malformed(rng, path)
        began = time.process_time()
        found = client.ask_plainly(method, **asked)
        assert found.status_code < 500, (asked, found.text)
        assert time.process_time() - began < 20
        assert "Traceback" not in found.text
        if found.status_code >= 400:
            assert found.headers["content-type"] == "application/problem+json", asked
            assert found.json()["status"] == found.status_code
            assert len(found.content) < 20_000
    assert "Traceback" not in capsys.readouterr().err


def test_settings_are_checked() -> None:
    with pytest.raises(ValueError, match=r"max_k must be 1 or more, got 0; .*log must be one of"):
        ServiceSettings(max_k=0, log="some")
    with pytest.raises(ValueError, match="no such setting: port"):
        ServiceSettings.from_dict({"port": 1})
    settings = ServiceSettings(cors=("*",), max_k=7)
    assert ServiceSettings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings
