"""Clicks from the page to the log and to the commands that read it, and what the service refuses."""

from __future__ import annotations

import json
import os
import time
from threading import Thread

import pytest
import uvicorn
from click.testing import CliRunner
from fastapi.testclient import TestClient

from recommender import Policy, Recommender, read_articles
from recommender.cli import main
from recommender.service import ServiceSettings, Tokens, create_app
from recommender.service.click_settings import ClickSettings

ROOT = "document.querySelector('related-articles').shadowRoot"
QUERY = "avian-flu-cats"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("site") / "site.rec"
    every = enumerate(read_articles("data/sample/articles.jsonl"))
    some = [each for n, each in every if n % 5 == 0 or each.article_id.startswith("avian")]
    Recommender.from_articles(some).save(path)
    return path


@pytest.fixture
def client(folder, tmp_path):
    """Make a service and a client of it."""
    opened = []

    def make(tokens=None, **settings):
        found = ServiceSettings(log="none", **settings)
        found = ServiceSettings.from_dict(json.loads(json.dumps(found.to_dict())))  # as workers get them
        opened.append(TestClient(create_app(folder, found, tokens or Tokens())).__enter__())
        return opened[-1]

    yield make
    for each in opened:
        each.__exit__(None, None, None)


def logged(tmp_path, **settings):
    return ClickSettings(str(tmp_path / "clicks"), **settings)


def rows_of(tmp_path):
    return [json.loads(line) for each in sorted((tmp_path / "clicks").iterdir()) for line in each.open()]


def report(client, **changes):
    shown = [each["article_id"] for each in client.get(f"/v1/articles/{QUERY}/related").json()["related"]][:3]
    given = {"query": QUERY, "shown": shown, "positions": [1, 2, 3], "clicked": shown[1:2]} | changes
    return {name: value for name, value in given.items() if value is not None}


def test_a_click_goes_from_the_page_to_the_log_and_into_evaluation_and_fit(browser, web, folder, tmp_path):
    page, _ = web
    settings = ServiceSettings(
        log="none", cors=(page.origin,), clicks=logged(tmp_path), compare=Policy(diversity=0.5).to_dict()
    )
    server = uvicorn.Server(
        uvicorn.Config(create_app(folder, settings, Tokens()), port=0, log_level="critical")
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    service = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    element = f'<script async src="{service}/related.js"></script><related-articles article="{QUERY}"></related-articles>'
    try:
        for clicked in (0, 1):
            browser.visit(page.show(f"<html lang=en><body>{element}"))
            browser.until(f"!!{ROOT}?.querySelector('a')")
            browser.settle()
            if clicked:  # and the page of the article is not there
                browser.js(f"{ROOT}.addEventListener('click', (event) => event.preventDefault())")
                browser.js(f"{ROOT}.querySelectorAll('a')[1].click()")
            browser.call("Page.navigate", url="about:blank")
            end = time.monotonic() + 10
            while len({row["view"] for row in rows_of(tmp_path)}) <= clicked and time.monotonic() < end:
                time.sleep(0.02)
        assert not browser.thrown()
    finally:
        server.should_exit = True
        thread.join(20)
    rows = rows_of(tmp_path)
    views = [
        [row for row in rows if row["view"] == view] for view in dict.fromkeys(row["view"] for row in rows)
    ]
    assert [[row["position"] for row in view] for view in views] == [
        list(range(1, len(view) + 1)) for view in views
    ]
    assert [[row["position"] for row in view if row["clicked"]] for view in views] == [[], [2]]
    assert {row["query"] for row in rows} == {QUERY}
    assert set().union(*rows) == {"query", "shown", "position", "clicked", "view", "arm"}
    log = str(tmp_path / "clicks")
    for arguments in (
        ["evaluate", str(folder), "--clicks", log],
        ["fit", str(folder), "--clicks", log],
        ["compare", log],
    ):
        done = CliRunner().invoke(main, [*arguments, "--json"])
        assert done.exit_code == 0, done.output
        found = json.loads(done.stdout)
        if arguments[0] == "evaluate":
            assert (found["clicks"]["impressions"], found["clicks"]["clicks"]) == (len(rows), 1)
        if arguments[0] == "compare":
            assert sum(each["shown"] for each in found["arms"].values()) == 2


def test_a_report_is_logged_without_anything_about_the_reader(client, tmp_path):
    asked = client(clicks=logged(tmp_path))
    headers = {
        "cookie": "id=7",
        "x-forwarded-for": "192.0.2.7",
        "user-agent": "me",
        "referer": "https://a.example/secret",
    }
    answer = asked.post("/v1/clicks", content=json.dumps(report(asked)), headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "set-cookie" not in answer.headers
    assert [set(row) for row in rows_of(tmp_path)] == [{"query", "shown", "position", "clicked", "view"}] * 3


WRONG = {
    "no JSON": (b"{", 422),
    "no object": (b"[]", 422),
    "nothing": (b"", 422),
    "not UTF-8": (b'{"query": "\xff"}', 422),
    "deep": (b"[" * 60_000, 422),
    "too long": (b" " * 70_000, 413),
}


@pytest.mark.parametrize(("body", "status"), WRONG.values(), ids=WRONG)
def test_what_is_no_report_is_refused_and_not_logged(client, tmp_path, body, status):
    answer = client(clicks=logged(tmp_path)).post("/v1/clicks", content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert not rows_of(tmp_path)


def test_a_report_of_unknown_articles_is_refused(client, tmp_path):
    asked = client(clicks=logged(tmp_path))
    for changes in ({"query": "nobody"}, {"shown": ["a", "b", "c"], "clicked": []}):
        assert asked.post("/v1/clicks", json=report(asked, **changes)).status_code == 404
    assert asked.post("/v1/clicks", json=report(asked, positions=[3, 2, 1])).status_code == 422
    assert not rows_of(tmp_path)


def test_reports_are_bounded_in_a_second_and_in_a_day(client, tmp_path):
    asked = client(clicks=logged(tmp_path, a_second=0.1))
    given = report(asked)
    assert [asked.post("/v1/clicks", json=given).status_code for _ in range(3)] == [204, 429, 429]
    size = sum(each.stat().st_size for each in (tmp_path / "clicks").iterdir())
    asked = client(clicks=logged(tmp_path, bytes_a_day=2 * size))
    assert [asked.post("/v1/clicks", json=given).status_code for _ in range(3)] == [204, 429, 429]


def test_pages_of_other_origins_may_report_if_they_may_ask(client, tmp_path):
    asked = client(clicks=logged(tmp_path), cors=("https://good.example",))
    given = report(asked)
    statuses = {
        origin: asked.post("/v1/clicks", content=json.dumps(given), headers={"origin": origin}).status_code
        for origin in ("https://good.example", "https://bad.example", "http://testserver", "null")
    }
    assert list(statuses.values()) == [204, 403, 204, 403]


def test_a_service_without_a_log_says_so(client):
    asked = client()
    assert asked.post("/v1/clicks", json=report(asked)).status_code == 404
    assert asked.get("/v1/comparison").status_code == 404
    assert "arm" not in asked.get(f"/v1/articles/{QUERY}/related").json()
    assert b"const SHARE = 0.0;" in asked.get("/related.js").content


def test_answers_name_their_policy_and_clicks_are_counted_by_it(client, folder, tmp_path, monkeypatch):
    policy = Policy(diversity=0.5)
    asked = client(clicks=logged(tmp_path), compare=policy.to_dict(), max_age_s=0)
    site = Recommender.load(folder)
    lists = {"a": site, "b": site.relisted(policy=policy)}
    ids, now = list(site)[::9], time.time() // 7200 * 7200
    for hour in (0, 1):
        monkeypatch.setattr("recommender.service.comparing.time.time", lambda hour=hour: now + 3600 * hour)
        for article_id in ids:
            found = asked.get(f"/v1/articles/{article_id}/related", params={"limit": 5}).json()
            shown = [each["article_id"] for each in found["related"]]
            assert tuple(shown) == lists[found["arm"][-1]][article_id].article_ids[:5]
            if shown:
                places = list(range(1, len(shown) + 1))
                given = {
                    "query": article_id,
                    "shown": shown,
                    "positions": places,
                    "clicked": [],
                    "arm": found["arm"],
                }
                assert asked.post("/v1/clicks", json=given).status_code == 204
    old = report(asked, arm="00000000.b")
    assert asked.post("/v1/clicks", json=old).status_code == 204
    found = asked.get("/v1/comparison").json()
    assert found["is_running"]
    assert found["policy"] == {"diversity": 0.5}
    assert found["comparisons"] == [found["comparison"]]
    n_lists = [sum(len(each[article_id]) > 0 for article_id in ids) for each in lists.values()]
    assert [found["arms"][name]["shown"] for name in "ab"] == n_lists
    assert asked.get("/v1/comparison", params={"name": "00000000"}).status_code == 404
    rules = asked.get(f"/v1/articles/{QUERY}/related", params={"score_threshold": 0.9}).json()
    assert "arm" not in rules


def test_the_comparison_needs_the_token_to_read(client, tmp_path):
    asked = client(Tokens.of(reading=("secret",)), clicks=logged(tmp_path), compare=Policy().to_dict())
    assert asked.get("/v1/comparison").status_code == 401
    answer = asked.get("/v1/comparison", headers={"authorization": "Bearer secret"})
    assert answer.json()["arms"]["b"] == {"shown": 0, "clicked": 0, "rate": None}


def test_the_script_is_kept_for_ever_under_its_digest_and_else_for_an_hour(client):
    asked = client()
    newest = asked.get("/related.js")
    name = asked.app._app.state.script.name
    one = asked.get(f"/{name}")
    assert newest.content == one.content
    assert "immutable" in one.headers["cache-control"]
    assert "immutable" not in newest.headers["cache-control"]
    assert "immutable" not in asked.get("/related-0123456789abcdef.js").headers["cache-control"]
    assert asked.get("/related-x.js").status_code == 404
    assert asked.get("/related.js", headers={"if-none-match": newest.headers["etag"]}).status_code == 304
    assert newest.headers["content-type"].startswith("text/javascript")


def test_the_command_line_gives_its_options_to_the_service(folder, tmp_path, monkeypatch):
    (tmp_path / "policy.yaml").write_text("diversity: 0.3\n")
    (tmp_path / "wrong.yaml").write_text("exposure: 2\n")
    seen = {}

    def run(*_):
        seen.update(ServiceSettings.from_dict(json.loads(os.environ["RECOMMENDER_SERVICE"])).to_dict())

    monkeypatch.setattr("recommender.cli.serve._run_uvicorn", run)
    monkeypatch.setattr("recommender.cli.serve.free_address", lambda *address: address)
    monkeypatch.setenv("RECOMMENDER_SITE", "")
    monkeypatch.setenv("RECOMMENDER_SERVICE", "{}")
    options = [
        "--server",
        "uvicorn",
        "--clicks",
        str(tmp_path / "log"),
        "--click-share",
        "0.2",
        "--compare-seed",
        "x",
    ]
    done = CliRunner().invoke(
        main, ["serve", str(folder), *options, "--compare", str(tmp_path / "policy.yaml")]
    )
    assert done.exit_code == 0, done.output
    assert seen["clicks"] == logged(tmp_path, share=0.2).to_dict() | {"folder": str(tmp_path / "log")}
    assert (seen["compare"]["diversity"], seen["compare_seed"]) == (0.3, "x")
    done = CliRunner().invoke(main, ["serve", str(folder), "--compare", str(tmp_path / "wrong.yaml")])
    assert done.exit_code == 1
    assert "recommender relist" in done.output
