"""What the service logs: a line of JSON for each request, with its id and nothing of its sender, and errors with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from served_app import WRITE, WRITING, client_of


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(each) for each in capsys.readouterr().err.splitlines()]


def test_each_request_is_a_line_with_its_id_and_without_query_token_and_address(
    site_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with client_of(site_path, log="all") as client:
        capsys.readouterr()
        asked = [
            "/v1/articles/a0/related",
            "/v1/articles/news%2F7/related?limit=2",
            "/v1/search?q=secret",
            "/nothing",
        ]
        headers = {**WRITING, "x-forwarded-for": "192.0.2.7", "cookie": "id=7", "user-agent": "me"}
        ids = [
            client.get(each, headers={**headers, "x-request-id": f"trace-{at}"}).headers["x-request-id"]
            for at, each in enumerate(asked)
        ]
        client.app._log.flush()
    text = capsys.readouterr().err
    found = [json.loads(each) for each in text.splitlines()]
    found = [each for each in found if "route" in each]
    assert [each["request_id"] for each in found] == ids == [f"trace-{at}" for at in range(4)]
    assert [each["status"] for each in found] == [200, 200, 200, 404]
    assert [each["path"] for each in found] == [each.partition("?")[0] for each in asked]
    assert [each["route"] for each in found][:2] == ["/v1/articles/{article_id}/related"] * 2
    names = {"time", "level", "request_id", "method", "route", "path", "status", "bytes", "duration_ms"}
    assert all(set(each) == names for each in found)
    assert not any(each in text for each in ("secret", WRITE, "192.0.2.7", "127.0.0.1", "id=7"))


def test_an_error_that_nobody_expected_is_in_the_log_under_its_id_and_not_in_the_answer(
    site_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the inside")

    with client_of(site_path) as client:
        monkeypatch.setattr("recommender.service.list_routes.list_body", broken)
        capsys.readouterr()
        found = client.get("/v1/articles/a0/related?limit=2")
        assert (found.status_code, found.headers["content-type"]) == (500, "application/problem+json")
        assert found.json()["status"] == 500
        assert "secret" not in found.text
        assert "Traceback" not in found.text
        client.app._log.flush()
        (failure,) = [each for each in lines(capsys) if "traceback" in each]
        assert failure["request_id"] == found.headers["x-request-id"]
        assert failure["message"] == "RuntimeError: a secret of the inside"
        assert "broken" in str(failure["traceback"])
        monkeypatch.undo()
        assert client.get("/v1/articles/a0/related?limit=2").status_code == 200
