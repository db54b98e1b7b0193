"""Requests of attackers and of unlucky clients: each stood for a fault once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from served_app import WRITING, Client, build, client_of

JSON = {"content-type": "application/json", **WRITING}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Path]]:
    path = tmp_path_factory.mktemp("attacked") / "site.rec"
    build(path)
    with client_of(path, write_wait_s=0.2) as client:
        yield client, path


def test_what_json_cannot_hold_is_refused_and_the_writer_lives_on(attacked: tuple[Client, Path]) -> None:
    client, _ = attacked
    assert client.ask("DELETE", "/v1/articles/nothing", headers=WRITING).status_code == 404
    writer = client.app._served._writer._process
    for metadata in ('{"a": NaN}', '{"a": [-1e999]}', '{"a": {"b": "\\ud800"}}', '{"\\udfff": 1}'):
        body = f'{{"title": "Ferry", "metadata": {metadata}}}'
        refused = client.ask("PUT", "/v1/articles/a0", content=body, headers=JSON)
        assert (refused.status_code, refused.json()["errors"][0]["at"]) == (422, "body.metadata"), metadata
    odd = {"does": "decide", "by": "\ud800", "action": "pin", "article": "a0", "other": "a1"}
    with pytest.raises(Exception, match="the change failed"):  # no route sends it
        client.runner.run(client.app._served.write("rules", odd))
    assert client.ask("DELETE", "/v1/articles/nothing", headers=WRITING).status_code == 404
    assert client.app._served._writer._process is writer
    assert writer.poll() is None


@pytest.mark.parametrize(
    "body",
    [
        "{" + ",".join(f'"k{number}":1' for number in range(100_000)) + "}",
        '{"title":"x","where":{' + ",".join(f'"k{number}":1' for number in range(100_000)) + "}}",
        '{"title":"x","where":{"a":[' + "{}," * 300_000 + "1]}}",
    ],
    ids=["fields", "filters", "values"],
)
def test_very_many_faults_are_refused_at_once(attacked: tuple[Client, Path], body: str) -> None:
    client, _ = attacked
    began = time.process_time()
    refused = client.ask("POST", "/v1/related", content=body, headers=JSON)
    assert time.process_time() - began < 1.5  # it was many times that, and memory as well
    assert refused.status_code == 422
    assert len(refused.content) < 1_000


def test_an_answer_names_a_hundred_faults_and_says_how_many_there_are(attacked: tuple[Client, Path]) -> None:
    client, _ = attacked
    refused = client.ask("POST", "/v1/articles", json={"articles": [{}] * 500}, headers=WRITING)
    assert refused.status_code == 422
    assert len(refused.json()["errors"]) == 100
    assert "500" in refused.json()["detail"]
