"""Pins and blocks over HTTP: who may, who was first, and what lists come of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from desk.conftest import ODD_ID
from fastapi.testclient import TestClient

from recommender import Recommender
from recommender.editors import Block, Pin, revision_of
from recommender.service import Tokens, create_app

PAIR = Block("road-06", "road-01", pair=True)


def lists_of(site):
    return {
        found.article_id: [(each.article_id, each.score, each.source) for each in found]
        for found in site.related_all()
    }


def rules_of(place, article_id):
    rules = Recommender.load(place).editors
    return {each for each in (*rules.pins, *rules.blocks) if article_id in each.ids}


def revision(client):
    return client.get("/v1/decisions").json()["revision"]


def test_a_decision_is_in_the_list_at_once_with_who_and_when_and_its_undoing_leaves_no_trace(client, place):
    before, seen = Recommender.load(place), revision(client)
    body = {"position": 2, "by": "Ana", "revision": seen}
    outcome = client.put("/v1/rules/road-00/pins/road-39", json=body).json()
    assert (outcome["revision"], outcome["lists"]) == (seen + 1, ["road-00"])
    assert outcome["keys"] == ["related-road-00"]
    shown = client.get("/desk/article", params={"id": "road-00"}).json()
    assert [each["id"] for each in shown["related"]][1] == "road-39"
    (rule,) = shown["rules"]
    assert (rule["by"], rule["source"], rule["at"]) == ("Ana", "desk", outcome["decision"]["at"])
    again = client.put("/v1/rules/road-00/pins/road-39", json=body | {"revision": None}).json()
    assert (again["version"], again["decision"]) == (outcome["version"], None), "repeating changes nothing"

    number = outcome["decision"]["number"]
    undone = client.post(f"/v1/decisions/{number}/undo", json={"by": "Bo"}).json()
    assert (undone["decision"]["undoes"], undone["decision"]["after"]) == (number, None)
    now = Recommender.load(place)
    assert lists_of(now) == lists_of(before)
    assert now.editors == before.editors
    assert [each["by"] for each in client.get("/v1/decisions").json()["decisions"][:2]] == ["Bo", "Ana"]


def test_a_sequence_of_decisions_gives_the_lists_of_a_relist_by_its_rules(client, place, built):
    first = Pin("road-01", "road-30", 1)
    for method, address, body, wanted in [
        ("put", "road-01/pins/road-30", {"position": 1}, {first}),
        ("put", "road-01/blocks/road-02", {}, {first, Block("road-02", "road-01")}),
        ("put", "road-01/pins/road-02", {}, {first, Pin("road-01", "road-02")}),
        ("put", "road-01/blocks/road-06", {"pair": True}, {first, Pin("road-01", "road-02"), PAIR}),
        ("delete", "road-01/pins/road-30", {}, {Pin("road-01", "road-02"), PAIR}),
        ("delete", "road-01/blocks/road-06", {"pair": True}, {Pin("road-01", "road-02")}),
        ("put", "road-01/everywhere", {}, {Pin("road-01", "road-02"), Block("road-01")}),
    ]:  # fmt: skip
        if method == "put":
            answer = client.put(f"/v1/rules/{address}", json={"by": "Ana", **body})
        else:
            answer = client.delete(f"/v1/rules/{address}", params={"by": "Ana", **body})
        assert answer.status_code == 200, answer.text
        assert rules_of(place, "road-01") == wanted
    now = Recommender.load(place)
    assert lists_of(now) == lists_of(built.relisted(editors=now.editors))
    assert client.delete("/v1/rules/road-01/pins/road-30", params={"by": "Ana"}).status_code == 404


def test_a_name_of_blanks_decides_nothing_and_an_id_of_blanks_is_no_article(client):
    """Python strips the control characters 28 to 31 as blanks, and regular expressions do not."""
    for by in ("%1D", "%20%C2%A0"):
        answer = client.delete(f"/v1/rules/road-00/everywhere?by={by}")
        assert answer.status_code == 422
        assert "should match pattern" in answer.text
    assert client.delete("/v1/rules/%C2%A0/pins/road-01?by=Ana").status_code == 404
    assert client.delete("/v1/rules/road-00/pins/%1F?by=Ana").status_code == 404


def test_nobody_changes_a_rule_without_the_token_and_nobody_sees_the_desk_without_one(client, place):
    before = Recommender.load(place).version
    for token in ("", "Bearer wrong", "Basic a token to write"):
        headers = {"authorization": token}
        answers = [
            client.put("/v1/rules/road-00/pins/road-01", json={"by": "Eve"}, headers=headers),
            client.delete("/v1/rules/road-00/pins/road-01?by=Eve", headers=headers),
            client.put("/v1/rules/road-00/blocks/road-01", json={"by": "Eve"}, headers=headers),
            client.put("/v1/rules/road-00/everywhere", json={"by": "Eve"}, headers=headers),
            client.post("/v1/decisions/1/undo", json={"by": "Eve"}, headers=headers),
        ]
        assert {each.status_code for each in answers} == {401}
    assert Recommender.load(place).version == before
    shown = (
        "/desk/site",
        "/desk/articles",
        "/desk/article?id=road-00",
        "/v1/rules",
        "/v1/rules/road-00",
        "/v1/decisions",
    )
    for tokens in (Tokens.of(reading=("r",)), Tokens.of(writing=("r",))):
        with TestClient(create_app(place, tokens=tokens)) as guarded:
            assert guarded.get("/desk/").status_code == 200, "the page holds no data"
            for address in shown:
                assert guarded.get(address).status_code == 401
                assert guarded.get(address, headers={"authorization": "Bearer r"}).status_code == 200


def test_an_editor_who_has_not_seen_the_change_of_another_is_told_and_loses_nothing(client):
    seen = revision(client)
    first = client.put("/v1/rules/road-10/pins/road-39", json={"position": 1, "by": "Ana", "revision": seen})
    late = client.put("/v1/rules/road-10/blocks/road-39", json={"by": "Bo", "revision": seen})
    assert late.status_code == 409
    assert "Ana has changed the rules of 'road-10' meanwhile" in late.json()["detail"]
    assert client.get("/v1/rules/road-10").json()["rules"] == [first.json()["decision"]["after"]]
    elsewhere = client.put("/v1/rules/road-20/blocks/road-21", json={"by": "Bo", "revision": seen})
    assert elsewhere.status_code == 200, "rules of other articles are no conflict"
    again = client.put(
        "/v1/rules/road-10/pins/road-38", json={"position": 1, "by": "Bo", "revision": seen + 2}
    )
    assert again.status_code == 409
    assert "both pinned at position 1" in again.json()["detail"]
    assert client.put("/v1/rules/road-10/pins/road-38", json={"position": 2, "by": "Bo"}).is_success


def test_editors_who_decide_at_the_same_time_all_have_their_rules(client, place):
    before = revision(client)

    def decide(at):
        return client.put(f"/v1/rules/road-12/blocks/road-{at:02}", json={"by": f"Editor {at}"}).status_code

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(decide, range(2, 10))) == {200}
    found = client.get("/v1/rules/road-12").json()["rules"]
    assert {(rule["other"], rule["by"]) for rule in found} == {
        (f"road-{at:02}", f"Editor {at}") for at in range(2, 10)
    }
    assert revision(client) == before + 8 == revision_of(Recommender.load(place).editors)


@pytest.mark.parametrize(
    ("status", "address", "body"),
    [
        (404, "/v1/rules/nobody/pins/road-01", {"by": "Ana"}),
        (404, "/v1/rules/%ff/pins/road-01", {"by": "Ana"}),
        (409, "/v1/rules/road-01/pins/road-01", {"by": "Ana"}),
        (422, "/v1/rules/road-01/pins/road-02", {}),
        (422, "/v1/rules/road-01/pins/road-02", {"by": " "}),
        (422, "/v1/rules/road-01/pins/road-02", {"by": "Ana", "position": 101}),
        (422, "/v1/rules/road-01/pins/road-02", {"by": "Ana", "revision": True}),
    ],
)
def test_wrong_requests_have_a_problem(client, status, address, body):
    answer = client.put(address, json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_ids_of_any_characters_can_be_pinned(client, place):
    address = f"/v1/rules/road-15/pins/{quote(ODD_ID, safe='')}"
    assert client.put(address, json={"by": "Ana", "position": 1}).is_success
    assert Recommender.load(place)["road-15"].article_ids[0] == ODD_ID
    assert client.get("/desk/article", params={"id": ODD_ID}).json()["article"]["id"] == ODD_ID


def test_the_description_of_the_api_has_the_changes_and_not_what_the_desk_asks_for(client):
    description = client.get("/openapi.json").json()
    rule = "/v1/rules/{article_id}"
    for address in (f"{rule}/pins/{{other_id}}", f"{rule}/blocks/{{other_id}}", f"{rule}/everywhere"):
        for operation in (description["paths"][address][method] for method in ("put", "delete")):
            assert {"401", "403", "404", "409", "422"} <= operation["responses"].keys()
    undo = description["paths"]["/v1/decisions/{number}/undo"]["post"]
    assert {"401", "403", "409"} <= undo["responses"].keys()
    assert description["components"]["schemas"]["RuleShown"]["properties"]["position"]["examples"] == [1]
    assert not [each for each in description["paths"] if each.startswith("/desk")]
