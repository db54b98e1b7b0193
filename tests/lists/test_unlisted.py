"""Nothing unlisted, expired or private is in anybody's list, however a list is asked for and whatever else is wanted."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from click.testing import CliRunner

from recommender import Article, InputError, Policy, Recommender, read_articles
from recommender.cli import main
from recommender.editors import EditorRules, Pin
from recommender.explanations import STAGES
from recommender.rules import expiry
from tests.hand_made_sites import assert_same_bytes

TOPICS = ("harbour cranes", "apple orchards", "tram drivers")
NOW = datetime(2026, 5, 1, tzinfo=UTC)
FORBIDDEN = {
    "hidden page": {"listed": False},
    "of the board": {"access": "private"},
    "over": {"expires": "2026-04-30"},
}
FINE = {
    "for members": {"access": "members"},
    "for long": {"expires": "2026-05-02"},
    "said so": {"listed": "yes"},
}
EVERYWHERE = Policy(floor=0, fallback=("section", "newest"))


def page(name: str, at: int = 0, **metadata: object) -> Article:
    topic = TOPICS[at % len(TOPICS)]
    body = f"The {topic} of {name} were counted again in spring {at}, and the {topic} are more than before, says {name}."
    return Article(name, f"{topic} {at}", body, NOW - timedelta(days=at), "news", metadata=metadata)


PAGES = [page(f"page {at}", at) for at in range(12)]
GIVEN = [*PAGES, *(page(name, 0, **said) for name, said in (FORBIDDEN | FINE).items())]


@pytest.fixture
def clock(monkeypatch):
    """Set the present, which is `NOW` at first."""

    def go_to(moment: datetime) -> None:
        monkeypatch.setattr(expiry, "_present", lambda: moment)

    go_to(NOW)
    return go_to


def listed(site: Recommender) -> set[str]:
    return {entry.article_id for related in site.related_all() for entry in related}


@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        EVERYWHERE,
        Policy(floor=0, exposure=2),
        Policy(floor=0, copies="keep", diversity=0.5, caps={"section": 3}, cross_language=True, trees="all"),
    ],
    ids=["default", "filled", "exposure", "chosen"],
)
def test_no_list_holds_it_and_it_has_a_list_of_its_own(policy, clock, tmp_path):
    editors = EditorRules(
        (Pin("page 0", "of the board", 1), Pin("page 0", "page 7", 2), Pin("page 1", "over"))
    )
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        site = Recommender.from_articles(GIVEN, policy=policy, editors=editors)
        again = site.relisted(policy=policy)
    assert sum("is unlisted, private or expired" in str(each.message) for each in told) == 4
    site.save(tmp_path / "x.rec")
    for each in (site, Recommender.load(tmp_path / "x.rec"), again):
        assert listed(each) & FORBIDDEN.keys() == set()
        assert listed(each) >= FINE.keys()
        assert all(len(each[name]) for name in FORBIDDEN)
        assert each["page 0"].article_ids.index("page 7") < 2
        for name in ("page 0", "over"):
            assert not FORBIDDEN.keys() & set(each.related(name, k=30, floor=0).article_ids)
        draft = each.related_to("harbour cranes", "The harbour cranes of the board.", k=30, floor=0)
        assert draft.article_ids
        assert not FORBIDDEN.keys() & set(draft.article_ids)


def test_why_not_says_what_the_article_says(clock):
    site = Recommender.from_articles(GIVEN, policy=EVERYWHERE)
    said = {name: site.why_not("page 0", name) for name in FORBIDDEN}
    assert {(each.rule, each.stage) for each in said.values()} == {("unlisted", STAGES["unlisted"])}
    assert {name: dict(each.numbers) for name, each in said.items()} == FORBIDDEN
    assert "expired" in said["over"].explanation


def test_what_expires_between_builds_is_shown_no_more_and_an_update_repairs_the_lists(clock, tmp_path):
    built = Recommender.from_articles(GIVEN, policy=Policy(floor=0), k=5)
    later = page("later", 0, expires="2026-05-01T06:00:00Z")
    built.save(tmp_path / "x.rec")
    built.update([later])
    built.save(tmp_path / "x.rec")
    reader = Recommender.load(tmp_path / "x.rec")
    ours = {"later", "for long"}
    hosts = [each.article_id for each in built.related_all() if ours & set(each.article_ids)]
    hosts = [each for each in hosts if each not in ours]
    assert hosts
    for moment, gone in (
        (NOW + timedelta(hours=7), {"later"}),
        (NOW + timedelta(days=3), {"later", "for long"}),
    ):
        clock(moment)
        for site in (built, reader, Recommender.load(tmp_path / "x.rec")):
            assert not listed(site) & gone
            assert not gone & set(site.related(hosts[0], k=20, floor=0).article_ids)
            assert not gone & set(site.related(hosts[0], exclude=["page 3"]).article_ids)
            assert [entry.rank for entry in site[hosts[0]]] == list(range(1, len(site[hosts[0]]) + 1))
            for name in gone:
                assert site.why_not(hosts[0], name).rule == "unlisted"
    assert any(len(reader[host]) < 5 for host in hosts)
    changes = reader.update()
    assert changes.expired == ("for long", "later")
    assert set(hosts) <= set(changes.lists)
    assert all(len(reader[host]) == 5 for host in hosts)
    scratch = Recommender.from_articles([*GIVEN, later], policy=Policy(floor=0), k=5, model=reader.model)
    assert [*reader.related_all()] == [*scratch.related_all()]
    assert reader.site.expiry == scratch.site.expiry
    reader.save(tmp_path / "x.rec")
    assert_same_bytes(Recommender.load(tmp_path / "x.rec"), reader)
    assert not reader.update()


def test_the_command_repairs_what_has_expired_without_articles(clock, tmp_path):
    site, place = Recommender.from_articles(GIVEN, policy=Policy(floor=0)), str(tmp_path / "x.rec")
    site.save(place)
    asked = ["update", place, "--expired", "--json"]
    assert json.loads(CliRunner().invoke(main, asked).stdout)["expired"] == []
    clock(NOW + timedelta(days=2))
    found = json.loads(CliRunner().invoke(main, asked).stdout)
    assert found["expired"] == ["for long"]
    assert found["lists"]
    assert Recommender.load(place).site.expiry.passed == 1_777_680_000_000_000
    assert CliRunner().invoke(main, ["update", place]).exit_code == 2


def test_a_site_stays_the_same_until_something_expires(clock):
    first = Recommender.from_articles(GIVEN)
    clock(NOW + timedelta(hours=23))
    assert_same_bytes(Recommender.from_articles(GIVEN), first)
    clock(NOW + timedelta(hours=24))
    assert "for long" not in listed(Recommender.from_articles(GIVEN))


def test_the_moment_of_the_policy_goes_before_the_present(clock):
    site = Recommender.from_articles(GIVEN, policy=replace(EVERYWHERE, now="2026-04-29"))
    clock(NOW + timedelta(days=900))
    assert {"over", "for long"} <= listed(site)
    assert not {"over", "for long"} & listed(site.relisted(policy=replace(EVERYWHERE, now="2026-06-01")))


def read(*rows: dict[str, object], **options: object) -> list[Article]:
    lines = "\n".join(json.dumps({"id": str(at), "text": "A crane.", **row}) for at, row in enumerate(rows))
    return list(read_articles(BytesIO(lines.encode()), **options))


def test_what_is_not_understood_is_refused_by_name_all_at_once():
    wrong = (
        {"listed": "Grade II"},
        {"expires": "soon"},
        {"access": "vip"},
        {"expiryDate": "31/31/2026"},
        {"Listed": [1]},
    )
    with pytest.raises(InputError) as caught:
        read(*wrong, {"access": "paid", "expires": "never", "listed": ""})
    lines = str(caught.value).splitlines()
    assert [line.split(" is not")[0] for line in lines] == [
        f"<stream>:{line}: '{next(iter(row))}'" for line, row in enumerate(wrong, 1)
    ]
    with pytest.raises(InputError, match="'expires' is not understood, got True; give ISO 8601"):
        Article("a", "A", metadata={"expires": True})


@pytest.mark.parametrize(
    "name",
    ["expires", "Expires", "expiryDate", "expires_at", "expirationDate", "unpublish-on", "unpublishDate"],
)
def test_the_names_of_other_systems_are_read(name):
    (article,) = read({name: "2026-05-01T10:00:00+02:00"})
    assert dict(article.metadata) == {"expires": "2026-05-01T10:00:00+02:00"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"unlisted": True}, {"listed": False}),
        ({"status": "private"}, {"access": "private"}),
        ({"post_password": "herring"}, {"access": "password"}),
        ({"private": True, "access": "public"}, {"access": "public"}),
    ],
)
def test_what_is_kept_although_it_is_unlisted_or_private_is_still_in_nobodys_list(row, said):
    assert read(row) == []
    (article,) = read(row, keep="all")
    assert said.items() <= article.metadata.items()


def test_the_head_of_a_page_says_when_it_expires(tmp_path):
    texts = {
        "a": '<meta property="article:expiration_time" content="2026-05-01T10:00:00Z">',
        "b": '<script type="application/ld+json">{"@type": "NewsArticle", "expires": "2026-05-02"}</script>',
        "c": '<meta name="robots" content="unavailable_after: 2026-05-03">',
        "d": '<meta http-equiv="expires" content="0"><meta name="robots" content="max-snippet:20">',
    }
    for name, head in texts.items():
        text = f"<html><head><title>Cranes {name}</title>{head}</head><body><article><p>{PAGES[0].body * 4}</p></article>"
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    found = {each.article_id: each.metadata.get("expires") for each in read_articles(tmp_path)}
    assert found == {"a": "2026-05-01T10:00:00Z", "b": "2026-05-02", "c": "2026-05-03", "d": None}
