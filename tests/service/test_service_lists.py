"""The answers of the service: the same as those of the engine, of one version, whatever the id."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served_app import HARD_IDS, READ, WRITE, WRITING, Client, article, build, client_of

from recommender import Recommender
from recommender.service.cache_headers import purge_key


def list_path(article_id: str, query: str = "") -> str:
    return f"/v1/articles/{quote(article_id, safe='')}/related{query}"


def comparable(headers: object) -> dict[str, str]:
    return {name: value for name, value in dict(headers).items() if name != "x-request-id"}


@pytest.mark.parametrize("article_id", ["a3", "alone", *HARD_IDS])
def test_prepared_bytes_are_those_of_the_route_and_of_the_engine(
    client: Client, site_path: Path, article_id: str
) -> None:
    for more in ({}, {"accept-encoding": "identity"}, {"origin": "https://example.org"}):
        for _ in range(2):  # made, then ready
            fast = client.get(list_path(article_id), headers=more)
            slow = client.get(list_path(article_id, "?limit=5"), headers=more)
            assert fast.status_code == slow.status_code == 200
            assert fast.content == slow.content
            assert comparable(fast.headers) == comparable(slow.headers)
    related = Recommender.load(site_path).related(article_id)
    assert fast.json()["article_id"] == article_id
    assert [(each["article_id"], each["score"]) for each in fast.json()["related"]] == [
        (each.article_id, each.score) for each in related
    ]
    again = client.get(list_path(article_id), headers={"if-none-match": fast.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    slow = client.get(
        list_path(article_id, "?limit=5"), headers={"if-none-match": f'W/"x", {fast.headers["etag"]}'}
    )
    assert slow.status_code == 304
    assert comparable(again.headers) == comparable(slow.headers)


_HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "accept-encoding": st.sampled_from(["gzip, br", "identity", "br;q=1, *;q=0.1", "gzip;q=0"]),
        "if-none-match": st.sampled_from(["", "TAG", 'W/"x", TAG', "*", '"another"']),
        "origin": st.sampled_from(["https://example.org", "https://elsewhere.example"]),
        "x-request-id": st.sampled_from(["one-id", "no id", "x" * 65]),
        "authorization": st.sampled_from([f"Bearer {WRITE}", "Bearer no-token", "Basic abc"]),
    },
)


@given(
    path=st.sampled_from(["/v1/articles/news/7/related", *map(list_path, ("a3", "alone", "nobody", *HARD_IDS))]),
    method=st.sampled_from(["GET", "GET", "HEAD", "OPTIONS"]),
    headers=_HEADERS,
)  # fmt: skip
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_ready_is_answered_as_its_route_does(
    client: Client, path: str, method: str, headers: dict[str, str]
) -> None:
    tag = client.get(path).headers.get("etag", '"none"')
    headers = {name: each.replace("TAG", tag) for name, each in headers.items()}
    client.get(path)  # the second answer is found by its path
    fast = client.ask(method, path, headers=headers)
    client.app._compares = True  # so that the routes answer
    try:
        slow = client.ask(method, path, headers=headers)
    finally:
        client.app._compares = False
    assert (fast.status_code, fast.content) == (slow.status_code, slow.content)
    assert comparable(fast.headers) == comparable(slow.headers)
    assert ("x-request-id" in fast.headers) == ("x-request-id" in slow.headers)
    if headers.get("x-request-id") == "one-id":
        assert fast.headers["x-request-id"] == slow.headers["x-request-id"] == "one-id"


def test_an_article_without_relatives_has_an_empty_list_and_an_unknown_one_is_no_page(client: Client) -> None:
    assert client.get(list_path("alone")).json()["related"] == []
    for path in ("/v1/articles/nobody/related", "/v1/articles//related", "/v1/articles/%ff%fe/related",
                 "/v1/articles/a3%00/related", "/v1/articles/" + "x" * 5_000 + "/related", list_path("a3/"),
                 "/nothing", "/"):  # fmt: skip
        found = client.get(path)
        assert found.status_code == 404, path
        assert found.headers["content-type"] == "application/problem+json"
        assert found.headers["cache-control"] == "no-store"
        assert found.json()["status"] == 404
        assert "Traceback" not in found.text


def test_slashes_may_stand_in_a_path_as_they_are_and_letters_may_be_encoded(client: Client) -> None:
    wanted = client.get(list_path("news/7"))
    for path in (
        "/v1/articles/news/7/related",
        "/v1/%61rticles/news%2f7/relate%64",
        "/v1/articles/%6Eews/7/related",
    ):
        assert client.get(path).content == wanted.content


def test_parameters_give_what_the_engine_gives(client: Client, site_path: Path) -> None:
    site = Recommender.load(site_path)

    def ids(query: str) -> list[str]:
        found = client.get(list_path("a0", query))
        assert found.status_code == 200, found.text
        assert found.headers["recommender-version"] == "1"
        return [each["article_id"] for each in found.json()["related"]]

    whole = list(site.related("a0", 8).article_ids)
    assert ids("?limit=2") == whole[:2]
    assert ids("?limit=3&offset=2") == whole[2:5]
    assert ids("?limit=8") == whole
    assert ids("?limit=1000000&offset=1000") == []
    assert ids(f"?exclude={quote(whole[0])}") == list(site.related("a0", exclude=[whole[0]]).article_ids)
    assert ids("?where=section=loom&score_threshold=0") == list(
        site.related("a0", where={"section": ["loom"]}, floor=0).article_ids
    )
    assert ids("?language=de") == []
    assert ids("?score_threshold=1") == []
    entry = client.get(list_path("a0", "?fields=title&fields=rank&limit=1&offset=1")).json()["related"][0]
    assert entry == {"title": site.related("a0")[1].title, "rank": 2}
    reasons = client.get(list_path("a0", "?why=true&limit=1")).json()["related"][0]
    assert sum(reasons["parts"].values()) == pytest.approx(reasons["score"])
    assert reasons["terms"][0].keys() == {"term", "share"}


def test_wrong_parameters_are_problems_that_name_them(client: Client) -> None:
    for query, name in {
        "?limit=0": "limit", "?limit=x": "limit", "?offset=-1": "offset",
        "?score_threshold=2": "score_threshold", "?where=section": "where", "?fields=body": "fields", "?lmit=3": "lmit",
        "?score_threshold=nan": "score_threshold",
    }.items():  # fmt: skip
        found = client.get(list_path("a0", query))
        assert found.status_code == 422, query
        assert name in found.text


def test_a_draft_and_a_search_find_what_the_engine_finds(client: Client, site_path: Path) -> None:
    site = Recommender.load(site_path)
    draft = {"title": "Ferry and tide", "text": "A pilot in the harbour.", "limit": 4, "exclude": ["a0"]}
    found = client.ask("POST", "/v1/related", json=draft)
    assert found.status_code == 200
    wanted = site.related_to("Ferry and tide", "A pilot in the harbour.", 4, exclude=["a0"])
    assert [each["article_id"] for each in found.json()["related"]] == list(wanted.article_ids)
    search = client.get("/v1/search?q=apple%20graft&limit=3").json()["related"]
    assert {client.get(list_path(each["article_id"])).json()["article_id"] for each in search}
    assert {int(each["article_id"][1:]) % 3 for each in search if each["article_id"][1:].isdigit()} <= {1}
    for wrong in ({}, {"title": ""}, {"title": 3}, {"title": "x", "limit": 0}, {"titel": "x"}, []):
        assert client.ask("POST", "/v1/related", json=wrong).status_code == 422


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Recommender]]:
    """A service of a site where dates, sections, tags and languages count."""
    articles = [
        replace(
            article(number), section=("sport", "news")[number // 6 % 2], published=f"20{10 + number // 3}-03-01",
            language=("en", "de")[number % 4 == 3], metadata={"tags": [f"t{number % 5}"]},
        )
        for number in range(36)
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("dated") / "site.rec"
    Recommender.from_articles(articles, k=5).save(path)
    with client_of(path) as client:
        yield client, Recommender.load(path)


def test_all_that_a_draft_says_counts_as_in_the_engine(dated: tuple[Client, Recommender]) -> None:
    client, site = dated
    text = {"title": "A ferry at the harbour", "text": "A pilot waits for the tide."}
    plain = site.related_to(text["title"], text["text"], 12, floor=0)
    for sent, said in (
        ({"section": "sport"}, {"section": "sport"}),
        ({"published": "2010-03-01"}, {"published": datetime(2010, 3, 1, tzinfo=UTC)}),
        ({"metadata": {"tags": ["t3"]}}, {"metadata": {"tags": ["t3"]}}),
        ({"language": "de"}, {"language": "de"}),
        ({"where": {"section": ["news"]}}, {"where": {"section": ["news"]}}),
    ):
        wanted = site.related_to(text["title"], text["text"], 12, floor=0, **said)
        body = {**text, **sent, "limit": 12, "score_threshold": 0}
        found = client.ask("POST", "/v1/related", json=body, headers=WRITING).json()["related"]
        assert [(each["article_id"], each["score"]) for each in found] == [
            (each.article_id, each.score) for each in wanted
        ]
        assert wanted.related != plain.related, "it makes a difference"
    body = {**text, "offset": 1, "limit": 2, "fields": ["title", "rank"]}
    assert client.ask("POST", "/v1/related", json=body).json()["related"] == [
        {"title": each.title, "rank": each.rank}
        for each in site.related_to(text["title"], text["text"], 3)[1:]
    ]


def test_a_search_takes_the_parameters_of_lists_and_crosses_languages(
    dated: tuple[Client, Recommender],
) -> None:
    client, site = dated

    def found(query: str) -> list[dict[str, Any]]:
        answer = client.get(f"/v1/search?q=ferry%20harbour%20tide{query}")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["related"])

    every = [each["article_id"] for each in found("&limit=50")]
    assert {site.summaries[site.summaries.row(each)].language for each in every} == {"en", "de"}
    assert [each["article_id"] for each in found(f"&exclude={every[0]}&limit=3")] == every[1:4]
    assert found("&limit=2&offset=1&fields=article_id") == [{"article_id": each} for each in every[1:3]]
    assert {"parts", "terms"} <= found("&why=true")[0].keys()
    scores = [each["score"] for each in found("&limit=50")]
    assert len(found(f"&limit=50&score_threshold={scores[4]}")) == sum(each >= scores[4] for each in scores)


def test_why_not_names_the_rule(client: Client) -> None:
    found = client.get("/v1/articles/a0/why-not/news%2F7", headers=WRITING).json()
    assert (found["article_id"], found["other_id"]) == ("a0", "news/7")
    assert found["rule"]
    assert found["explanation"]
    assert client.get("/v1/articles/a0/why-not/nobody", headers=WRITING).status_code == 404


def test_compressed_answers_hold_the_same_and_have_a_tag_of_their_own(client: Client) -> None:
    plain = client.get(list_path("a3"), headers={"accept-encoding": "identity"})
    packed = client.get(list_path("a3"), headers={"accept-encoding": "br, gzip;q=0.5"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content  # httpx unpacks
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "accept-encoding" in packed.headers["vary"]
    assert gzip.compress(plain.content, 6, mtime=0)[:2] == b"\x1f\x8b"


def test_every_answer_of_some_length_is_compressed_for_who_takes_it(client: Client) -> None:
    for path in (
        "/openapi.json",
        "/metrics",
        "/desk/",
        "/desk/desk.js",
        "/desk/desk.css",
        "/related.js",
        "/desk/articles",
    ):
        plain = client.get(path, headers={"accept-encoding": "identity", **WRITING})
        packed = client.get(path, headers={"accept-encoding": "gzip", **WRITING})
        assert "content-encoding" not in plain.headers, path
        assert packed.headers["content-encoding"] == "gzip", path
        assert "accept-encoding" in packed.headers["vary"]
        assert int(packed.headers["content-length"]) < len(plain.content) / 2
        if path != "/metrics":  # which count
            assert packed.content == plain.content
            head = client.ask("HEAD", path, headers={"accept-encoding": "gzip", **WRITING})
            assert (head.content, comparable(head.headers)) == (b"", comparable(packed.headers))
    short = client.get("/livez", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in short.headers


def test_head_has_the_headers_of_get_and_no_body(client: Client) -> None:
    got, head = client.get(list_path("a3")), client.ask("HEAD", list_path("a3"))
    assert head.status_code == 200
    assert head.content == b""
    assert comparable(head.headers) == comparable(got.headers)


def test_pages_of_the_named_origin_may_ask_and_no_others(client: Client) -> None:
    allowed = client.get(list_path("a3"), headers={"origin": "https://example.org"})
    assert allowed.headers["access-control-allow-origin"] == "https://example.org"
    for path in (list_path("a3"), list_path("a3", "?limit=2"), "/nothing"):
        assert (
            "access-control-allow-origin"
            not in client.get(path, headers={"origin": "https://evil.org"}).headers
        )
    asked = {"origin": "https://example.org", "access-control-request-method": "PUT"}
    preflight = client.ask("OPTIONS", "/v1/articles/a3", headers=asked)
    assert preflight.status_code == 204
    assert "PUT" in preflight.headers["access-control-allow-methods"]
    assert (
        client.ask("OPTIONS", "/v1/articles/a3", headers={**asked, "origin": "https://evil.org"}).status_code
        == 405
    )


def test_a_request_id_comes_back_and_a_wrong_one_is_replaced(client: Client) -> None:
    assert client.get("/livez", headers={"x-request-id": "trace-7.a"}).headers["x-request-id"] == "trace-7.a"
    ids = {
        client.get(list_path("a3"), headers={"x-request-id": "a b"}).headers["x-request-id"] for _ in range(3)
    }
    assert len(ids) == 3
    assert "a b" not in ids


def test_reading_needs_a_token_only_where_one_is_set(site_path: Path) -> None:
    with client_of(site_path, reading=(READ, "the-next-one")) as client:
        for token, status in {READ: 200, "the-next-one": 200, WRITE: 200, "wrong": 401, "": 401}.items():
            for path in (
                list_path("a3"),
                list_path("a3", "?limit=2"),
                "/v1/search?q=x",
                "/v1/changes?since=1",
                "/metrics",
            ):
                found = client.get(path, headers={"authorization": f"bearer {token}"})
                assert found.status_code == status, (path, token)
        missing = client.get(list_path("a3"))
        assert missing.status_code == 401
        assert missing.headers["www-authenticate"] == "Bearer"
        assert client.get("/livez").status_code == 200
        kept = client.get(list_path("a3"), headers={"authorization": f"Bearer {READ}"}).headers[
            "cache-control"
        ]
        assert kept.startswith("private, max-age=60, stale-while-revalidate=86400")


def test_a_version_that_another_process_wrote_is_served_and_what_did_not_change_stays_in_caches(
    tmp_path: Path,
) -> None:
    site = build(tmp_path / "site.rec")
    with client_of(tmp_path / "site.rec", refresh_s=60) as client:
        before = {each: client.get(list_path(each)) for each in site}
        changed = site.update(add=[article(99, "new")], delete=["a1"]).lists
        site.save(tmp_path / "site.rec")
        assert client.get(list_path("new")).status_code == 404
        client.refresh()
        assert client.get(list_path("a1")).status_code == 404
        assert 0 < len(changed) < len(before)
        for article_id in set(before) - {"a1"}:
            now = client.get(list_path(article_id))
            assert now.headers["recommender-version"] == "2"
            assert [each["article_id"] for each in now.json()["related"]] == list(
                site[article_id].article_ids
            )
            assert (now.headers["etag"] == before[article_id].headers["etag"]) == (article_id not in changed)
            assert now.headers["surrogate-key"] == f"related {purge_key(article_id)}"
        found = client.get("/v1/changes?since=1", headers=WRITING).json()
        assert (found["version"], found["lists"], found["deleted"]) == (2, list(changed), ["a1"])
        assert found["keys"] == sorted(map(purge_key, [*changed, "a1"]))
        assert client.get("/v1/changes?since=7", headers=WRITING).status_code == 404


def test_calls_are_made_of_the_new_version_and_a_compaction_changes_nothing(tmp_path: Path) -> None:
    site = build(tmp_path / "site.rec")
    with client_of(tmp_path / "site.rec", refresh_s=60) as client:
        draft = {"title": "A ferry in the harbour", "limit": 50}
        assert '"new"' not in client.ask("POST", "/v1/related", json=draft).text
        site.update(add=[article(99, "new")])
        site.save(tmp_path / "site.rec")
        client.refresh()
        found = client.ask("POST", "/v1/related", json=draft)
        assert (found.headers["recommender-version"], '"new"' in found.text) == ("2", True)
        listed, reasons = client.get(list_path("new")), client.get(list_path("new", "?why=true"))
        assert reasons.status_code == 200
        site.compact()
        client.refresh()
        assert client.app._served.now.n_updates == 0
        again = client.get(list_path("new"))
        assert (again.content, again.headers["recommender-version"]) == (listed.content, "2")
        assert client.ask("POST", "/v1/related", json=draft).content == found.content


def test_metrics_count_requests_by_route_and_give_their_units(client: Client) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    client.get(list_path("a3"))
    client.get(list_path("nobody"))
    families = {each.name: each for each in text_string_to_metric_families(client.get("/metrics").text)}
    requests = families["recommender_http_requests"].samples
    counts = {
        (each.labels["route"], each.labels["status"]): each.value
        for each in requests
        if each.labels["method"] == "GET"
    }
    assert counts["/v1/articles/{article_id}/related", "200"] >= 1
    assert counts["/v1/articles/{article_id}/related", "404"] >= 1
    durations = families["recommender_http_request_duration_seconds"].samples
    total = [
        each.value
        for each in durations
        if each.name.endswith("_count") and each.labels["route"].endswith("/related")
    ]
    assert sum(total) >= 2
    assert families["recommender_site_version"].samples[0].value == 1


def test_the_description_names_all_routes_with_examples_and_tokens(client: Client) -> None:
    found = client.get("/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    assert {"/v1/articles/{article_id}/related", "/v1/related", "/v1/articles", "/v1/articles/{article_id}", "/v1/changes",
            "/v1/search", "/v1/articles/{article_id}/why-not/{other_id}", "/livez", "/readyz", "/metrics", "/v1/clicks",
            "/v1/comparison", "/related.js", "/related-{digest}.js", "/v1/rules", "/v1/rules/{article_id}",
            "/v1/rules/{article_id}/pins/{other_id}", "/v1/rules/{article_id}/blocks/{other_id}",
            "/v1/rules/{article_id}/everywhere", "/v1/decisions", "/v1/decisions/{number}/undo"} == set(
        found["paths"]
    )  # fmt: skip
    assert found["components"]["schemas"]["ArticleIn"]["examples"]
    text = found["components"]["schemas"]["ArticleIn"]["properties"]["text"]
    assert text["description"] == "Plain or HTML. At most 10,000,000 characters."
    assert "maxLength" not in text, "tools that try what is above a limit cannot make such a text"
    assert found["paths"]["/v1/articles"]["post"]["security"]
    assert "security" not in found["paths"]["/v1/search"]["get"]
    for path in ("/v1/changes", "/v1/articles/{article_id}/why-not/{other_id}", "/v1/rules", "/v1/decisions"):
        assert found["paths"][path]["get"]["security"], "editors alone, as there is a token"
        assert "401" in found["paths"][path]["get"]["responses"]
    for path, method in (("/v1/articles/{article_id}/related", "get"), ("/v1/related", "post")):
        assert "403" in found["paths"][path][method]["responses"], "of a filter"
    assert json.dumps(found)


def test_every_parameter_body_and_answer_of_the_description_has_an_example(client: Client) -> None:
    found = client.get("/openapi.json").json()

    def has_example(schema: dict[str, Any]) -> bool:
        if "$ref" in schema:
            schema = found["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), schema.get("items", {})]
        return "examples" in schema or any(map(has_example, filter(None, inner)))

    for path, operations in found["paths"].items():
        for operation in operations.values():
            for each in operation.get("parameters", ()):
                assert "examples" in each or has_example(each["schema"]), (path, each["name"])
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for kind, content in (each for body in bodies for each in body.get("content", {}).items()):
                assert "json" not in kind or has_example(content["schema"]), (path, kind)
