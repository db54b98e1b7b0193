"""Pins and blocks over HTTP: who may, who was first, and what lists come of them."""

from __future__ import annotations

import threading
from urllib.parse import quote

from desk.conftest import articles
from fastapi.testclient import TestClient

from recommender import Policy, Recommender
from recommender.editors import Block, EditorRules, Pin
from recommender.service import Tokens, create_app


def lists_of(site):
    return {
        found.article_id: [(each.article_id, each.score, each.source) for each in found]
        for found in site.related_all()
    }


def test_a_decision_is_in_the_list_at_once_with_who_and_when_and_its_undoing_leaves_no_trace(client, place):
    before = Recommender.load(place)
    outcome = client.put(
        "/v1/rules/road-00/pins/road-39", json={"position": 2, "by": "Ana", "revision": 0}
    ).json()
    assert (outcome["revision"], outcome["lists"], outcome["version"]) == (1, ["road-00"], 2)
    shown = client.get("/desk/article", params={"id": "road-00"}).json()
    assert [each["id"] for each in shown["related"]][1] == "road-39"
    (rule,) = shown["rules"]
    assert (rule["by"], rule["source"], rule["at"]) == ("Ana", "desk", outcome["decision"]["at"])
    relisted = before.relisted(editors=EditorRules((Pin("road-00", "road-39", 2),)))
    assert lists_of(Recommender.load(place)) == lists_of(relisted)

    undone = client.post("/v1/decisions/1/undo", json={"by": "Bo"}).json()
    assert (undone["decision"]["undoes"], undone["decision"]["after"], undone["lists"]) == (
        1,
        None,
        ["road-00"],
    )
    now = Recommender.load(place)
    assert lists_of(now) == lists_of(before)
    assert now.editors == before.editors
    assert [each["by"] for each in client.get("/v1/decisions").json()["decisions"]] == ["Bo", "Ana"]


def test_a_sequence_of_decisions_gives_the_lists_of_its_rules_made_from_scratch(client, place):
    built = Recommender.load(place)
    calls = [
        ("put", "road-01/pins/road-30", {"position": 1}, (Pin("road-01", "road-30", 1),), ()),
        ("put", "road-01/blocks/road-02", {}, (Pin("road-01", "road-30", 1),), (Block("road-02", "road-01"),)),
        ("put", "road-01/pins/road-02", {}, (Pin("road-01", "road-30", 1), Pin("road-01", "road-02")), ()),
        ("put", "road-05/blocks/road-06", {"pair": True}, (Pin("road-01", "road-30", 1), Pin("road-01", "road-02")), (Block("road-06", "road-05", pair=True),)),
        ("delete", "road-01/pins/road-30", None, (Pin("road-01", "road-02"),), (Block("road-06", "road-05", pair=True),)),
        ("put", "road-07/everywhere", {}, (Pin("road-01", "road-02"),), (Block("road-06", "road-05", pair=True), Block("road-07"))),
    ]  # fmt: skip
    for method, address, body, pins, blocks in calls:
        if method == "put":
            answer = client.put(f"/v1/rules/{address}", json={"by": "Ana", **body})
        else:
            answer = client.delete(f"/v1/rules/{address}", params={"by": "Ana"})
        assert answer.status_code == 200, answer.text
    scratch = EditorRules(pins, blocks)
    now = Recommender.load(place)
    assert now.editors == scratch
    assert lists_of(now) == lists_of(built.relisted(editors=scratch))


def test_nobody_changes_a_rule_without_the_token(app, place):
    with TestClient(app) as client:
        for token in (None, "Bearer wrong", "Basic a token to write"):
            headers = {} if token is None else {"authorization": token}
            answers = [
                client.put("/v1/rules/road-00/pins/road-01", json={"by": "Eve"}, headers=headers),
                client.delete("/v1/rules/road-00/pins/road-01?by=Eve", headers=headers),
                client.put("/v1/rules/road-00/blocks/road-01", json={"by": "Eve"}, headers=headers),
                client.put("/v1/rules/road-00/everywhere", json={"by": "Eve"}, headers=headers),
                client.post("/v1/decisions/1/undo", json={"by": "Eve"}, headers=headers),
            ]
            assert {each.status_code for each in answers} == {401}
    with TestClient(create_app(place, tokens=Tokens.of(reading=("r",)))) as client:
        assert client.get("/desk/").status_code == 200, "the page holds no data"
        for address in ("/desk/site", "/desk/articles", "/desk/article?id=road-00", "/desk/health", "/v1/rules", "/v1/decisions"):  # fmt: skip
            assert client.get(address).status_code == 401
            assert client.get(address, headers={"authorization": "Bearer r"}).status_code == 200
    assert Recommender.load(place).version == 1


def test_an_editor_who_has_not_seen_the_change_of_another_is_told_and_loses_nothing(client):
    first = client.put("/v1/rules/road-00/pins/road-39", json={"position": 1, "by": "Ana", "revision": 0})
    late = client.put("/v1/rules/road-00/blocks/road-39", json={"by": "Bo", "revision": 0})
    assert late.status_code == 409
    assert "Ana has changed the rules of 'road-00' meanwhile" in late.json()["detail"]
    assert client.get("/v1/rules/road-00").json()["rules"] == [first.json()["decision"]["after"]]
    elsewhere = client.put("/v1/rules/road-20/blocks/road-21", json={"by": "Bo", "revision": 0})
    assert elsewhere.status_code == 200, "rules of other articles are no conflict"
    again = client.put("/v1/rules/road-00/pins/road-38", json={"position": 1, "by": "Bo", "revision": 2})
    assert again.status_code == 409
    assert "both pinned at position 1" in again.json()["detail"]
    assert client.put(
        "/v1/rules/road-00/pins/road-38", json={"position": 2, "by": "Bo", "revision": 2}
    ).is_success


def test_editors_who_decide_at_the_same_time_all_have_their_rules(client):
    def decide(at):
        client.put(f"/v1/rules/road-{at:02}/blocks/road-{at + 1:02}", json={"by": f"Editor {at}"})

    threads = [threading.Thread(target=decide, args=(at,)) for at in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found = client.get("/v1/rules").json()
    assert {(rule["article"], rule["by"]) for rule in found["rules"]} == {
        (f"road-{at:02}", f"Editor {at}") for at in range(8)
    }
    assert [each["number"] for each in client.get("/v1/decisions").json()["decisions"]] == list(
        range(8, 0, -1)
    )


def test_repeating_a_decision_changes_nothing(client):
    body = {"by": "Ana", "position": 3}
    versions = [client.put("/v1/rules/road-00/pins/road-39", json=body).json() for _ in range(2)]
    assert [(each["version"], each["decision"] is None) for each in versions] == [(2, False), (2, True)]
    gone = [
        client.delete("/v1/rules/road-00/pins/road-39", params={"by": "Ana"}).status_code for _ in range(2)
    ]
    assert gone == [200, 404]


def test_wrong_requests_have_a_problem_that_says_what_is_wanted(client):
    for status, address, body in (
        (404, "/v1/rules/nobody/pins/road-01", {"by": "Ana"}),
        (422, "/v1/rules/road-01/pins/road-01", {"by": "Ana"}),
        (422, "/v1/rules/road-01/pins/road-02", {}),
        (422, "/v1/rules/road-01/pins/road-02", {"by": " "}),
        (422, "/v1/rules/road-01/pins/road-02", {"by": "Ana", "position": 101}),
        (422, "/v1/rules/road-01/pins/road-02", {"by": "A\nB"}),
    ):
        answer = client.put(address, json=body)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.post("/v1/decisions/7/undo", json={"by": "Ana"}).status_code == 409


def test_ids_of_any_characters_can_be_pinned(client, place):
    odd = "a/b <i>?#%2F 界"
    answer = client.put(
        f"/v1/rules/{quote('road-00', safe='')}/pins/{quote(odd, safe='')}", json={"by": "Ana", "position": 1}
    )
    assert answer.status_code == 200, answer.text
    assert Recommender.load(place)["road-00"].article_ids[0] == odd
    assert client.get("/desk/article", params={"id": odd}).json()["article"]["id"] == odd


def test_the_description_of_the_api_has_examples_of_every_change(client):
    paths = client.get("/openapi.json").json()
    for address in ("/v1/rules/{article_id}/pins/{other_id}", "/v1/rules/{article_id}/blocks/{other_id}", "/v1/rules/{article_id}/everywhere", "/v1/decisions/{number}/undo"):  # fmt: skip
        for method, operation in paths["paths"][address].items():
            assert {"404", "409"} <= operation["responses"].keys(), (method, address)
    schemas = paths["components"]["schemas"]
    assert schemas["RuleShown"]["properties"]["position"]["examples"] == [1]
    assert not [each for each in paths["paths"] if each.startswith("/desk")], (
        "what the desk asks for is its own"
    )


def test_a_rule_of_all_lists_together_follows_a_decision(tmp_path):
    """Where exposure is spread, one pin may change other lists too."""
    site = Recommender.from_articles(articles()[:20], k=3, policy=Policy(exposure=1.5, floor=0))
    site.save(tmp_path / "site.rec")
    with TestClient(create_app(tmp_path / "site.rec", tokens=Tokens.of(writing=("w",)))) as client:
        client.headers["authorization"] = "Bearer w"
        client.put("/v1/rules/road-00/pins/road-19", json={"by": "Ana", "position": 1}).raise_for_status()
    scratch = site.relisted(editors=EditorRules((Pin("road-00", "road-19", 1),)))
    assert lists_of(Recommender.load(tmp_path / "site.rec")) == lists_of(scratch)
