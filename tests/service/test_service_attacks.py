"""Requests of attackers and of unlucky clients: each stood for a fault once."""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from served_app import WRITING, Client, article, build, client_of

from recommender import Recommender
from recommender.service.click_settings import ClickSettings
from recommender.service.service_log import ServiceLog

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


@contextmanager
def copied(site_path: Path, tmp_path: Path, **settings: object) -> Iterator[tuple[Client, Path]]:
    path = tmp_path / "site.rec"
    shutil.copytree(site_path, path)
    with client_of(path, **settings) as client:
        yield client, path


def test_another_site_in_the_place_of_the_served_one_is_served_whatever_its_version(
    site_path: Path, tmp_path: Path
) -> None:
    """Both have version 1 at first; then a backup of a lower version comes back."""
    other = Recommender.from_articles([article(number) for number in range(12)], k=3)
    other.save(tmp_path / "other.rec")
    with copied(site_path, tmp_path) as (client, path):
        assert len(client.get("/v1/articles/a0/related").json()["related"]) == 5
        assert client.get("/desk/site", headers=WRITING).json()["articles"] == 28
        assert client.get("/v1/search?q=ferry").status_code == 200
        path.rename(tmp_path / "before.rec")
        shutil.copytree(tmp_path / "other.rec", path)
        client.refresh()
        for query in ("", "?limit=4", "?why=true"):
            assert len(client.get(f"/v1/articles/a0/related{query}").json()["related"]) == 3, query
        assert client.get("/v1/articles/news%2F7/related").status_code == 404
        assert client.get("/desk/site", headers=WRITING).json()["articles"] == 12
        again = Recommender.load(path)
        again.update([article(30, "a30")])
        again.save(path)
        client.refresh()
        assert client.get("/v1/articles/a0/related").headers["recommender-version"] == "2"
        path.rename(tmp_path / "gone.rec")  # whole: the service may be reading it at this moment
        (tmp_path / "before.rec").rename(path)
        client.refresh()
        back = client.get("/v1/articles/a0/related")
        assert (back.headers["recommender-version"], len(back.json()["related"])) == ("1", 5)
        assert client.get("/v1/articles/a30/related").status_code == 404
        assert client.get("/desk/site", headers=WRITING).json()["articles"] == 28


def test_no_answer_tells_where_the_site_and_the_click_log_are(
    site_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = {"query": "a0", "shown": ["a3"], "positions": [1]}
    with copied(site_path, tmp_path, clicks=ClickSettings(str(tmp_path / "clicks"))) as (client, path):
        (tmp_path / "clicks").rmdir()
        assert client.ask("POST", "/v1/clicks", json=report).status_code == 204  # it is made again
        shutil.rmtree(tmp_path / "clicks")
        (tmp_path / "clicks").write_text("a file")
        path.rename(tmp_path / "gone.rec")
        client.refresh()
        answers = [
            client.ask("POST", "/v1/clicks", json=report),
            client.ask("POST", "/v1/clicks", json=report),
            client.ask("PUT", "/v1/articles/a0", json={"title": "Ferry"}, headers=WRITING),
        ]
        assert {each.status_code for each in answers} == {503}
        assert not any(str(tmp_path) in each.text for each in answers)
        assert capsys.readouterr().err.count("the click log cannot be written") == 1


def test_what_no_list_shows_is_told_to_nobody_without_a_token(site_path: Path) -> None:
    private = "/v1/articles/a0/related?where=author_email=a%40example.org"
    draft = {"title": "Ferry", "where": {"author_email": ["a@example.org"]}}
    with client_of(site_path, filters=("kind",)) as client:
        for path in ("/v1/changes?since=1", "/v1/articles/a0/why-not/a3"):
            assert client.get(path).status_code == 401
            assert client.get(path, headers=WRITING).status_code == 200
        refused = client.get(private)
        assert (refused.status_code, "author_email" in refused.json()["detail"]) == (403, True)
        assert client.ask("POST", "/v1/related", json=draft).status_code == 403
        assert client.get(private, headers=WRITING).status_code == 200
        for name in ("section", "language", "tags", "kind"):
            assert client.get(f"/v1/articles/a0/related?where={name}=ferry").status_code == 200, name


def test_no_cache_gives_a_list_longer_than_its_articles_are_listed(tmp_path: Path) -> None:
    left_s = 90
    soon = datetime.now(UTC) + timedelta(seconds=left_s)
    articles = [article(number) for number in range(9)]
    articles[3] = replace(articles[3], metadata={"expires": soon.isoformat()})
    Recommender.from_articles(articles, k=5).save(tmp_path / "site.rec")
    for max_age_s, stale_s in ((60, 86_400), (3_600, 0), (10, 20)):
        with client_of(tmp_path / "site.rec", max_age_s=max_age_s, stale_s=stale_s) as client:
            for path in ("/v1/articles/a0/related", "/v1/articles/a0/related?limit=3"):
                for _ in range(2):
                    kept = client.get(path).headers["cache-control"]
                    fresh, stale = (int(each.partition("=")[2]) for each in kept.split(", ")[1:])
                    assert fresh + stale <= left_s
                    assert (
                        fresh + stale >= min(left_s, max_age_s + stale_s) - 60
                    )  # if this machine is very slow
                    assert fresh <= max_age_s


def test_a_writer_that_is_stopped_is_a_conflict_and_what_was_refused_is_not_done_later(
    site_path: Path, tmp_path: Path
) -> None:
    with copied(site_path, tmp_path, write_timeout_s=30) as (client, path):
        assert client.ask("DELETE", "/v1/articles/nothing", headers=WRITING).status_code == 404
        client.app._served._writer._settings = replace(client.app._settings, write_timeout_s=0.5)
        process = client.app._served._writer._process
        process.send_signal(signal.SIGSTOP)
        try:
            late = client.ask("PUT", "/v1/articles/late", json={"title": "Ferry late"}, headers=WRITING)
        finally:
            process.send_signal(signal.SIGCONT)
        assert (late.status_code, late.headers["retry-after"]) == (409, "1")
        client.app._served._writer._settings = client.app._settings
        assert (
            client.ask("PUT", "/v1/articles/next", json={"title": "Ferry"}, headers=WRITING).status_code
            == 201
        )
        assert client.get("/v1/articles/late/related").status_code == 404
        assert "late" not in Recommender.load(path)


def test_a_probe_of_a_service_that_starts_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    for logged, lines in (("all", 2), ("errors", 1)):
        log = ServiceLog(logged)
        for route in ("/readyz", "/v1/search"):
            log.request((b"an-id", "GET", route, b"/", 503, 10, 0.001))
        log.flush()
        found = [json.loads(each) for each in capsys.readouterr().err.splitlines()]
        assert len(found) == lines
        assert [each["level"] for each in found] == ["info", "error"][-lines:]
