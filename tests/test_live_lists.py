"""Lists made now: under rules of a call, without what a page shows already, with reasons for every kind of entry."""

from __future__ import annotations

import warnings
from collections import defaultdict
from pathlib import Path

import pytest

from recommender import Article, Policy, Recommender, read_articles
from recommender.editors import EditorRules, Pin
from recommender.ranking import site_sizes
from recommender.scoring.scorer import Scorer

SAMPLE = Path("data/sample")
PAGE, COPY, ORIGINAL = (
    "avian-flu-cats",
    "biosimilar-insulin-brazil-order-india-page",
    "biosimilar-insulin-brazil-order",
)


@pytest.fixture(scope="module")
def site():
    return Recommender.from_articles(read_articles(SAMPLE / "articles.jsonl"))


@pytest.fixture(scope="module")
def edited(site):
    """The same with a pinned copy and lists that are filled."""
    editors = EditorRules(pins=(Pin(PAGE, COPY, 1), Pin(PAGE, "hexley-bridge-first-span", 3)))
    return site.relisted(policy=Policy(floor=0.7, fallback=("section", "newest")), editors=editors)


def copies_of(article_id):
    groups = defaultdict(set)
    lines = (SAMPLE / "near_copies.tsv").read_text(encoding="utf-8").splitlines()
    for group, each in (line.split("\t") for line in lines):
        groups[group].add(each)
    return next((group for group in groups.values() if article_id in group), {article_id})


def test_what_the_page_shows_is_left_out_with_its_copies_and_the_list_is_as_full(site):
    for related in site.related_all():
        shown = [entry.article_id for entry in related[:3]]
        left = site.related(related.article_id, exclude=[*shown, "of another site"])
        gone = set().union(*map(copies_of, shown)) if shown else set()
        everything = site.related(related.article_id, k=300).article_ids
        assert left.article_ids == tuple(each for each in everything if each not in gone)[:10]
        assert [entry.rank for entry in left] == list(range(1, len(left) + 1))


def test_excluding_a_copy_that_is_not_listed_itself_takes_who_stands_for_it(site):
    hosts = [one.article_id for one in site.related_all() if ORIGINAL in one.article_ids]
    assert hosts
    for host in hosts:
        for k in (1, 5, 10, 30):
            assert ORIGINAL not in site.related(host, k, exclude=[COPY]).article_ids


def test_a_rule_that_leaves_few_reads_those_few_alone(site, monkeypatch):
    """Of a large site, as which this one is taken here: reading all of it for a call is what slows pages down."""
    asked = [{"where": {"section": ["sport"]}}, {"where": {"section": ["biotech"]}}, {"within_days": 20}]
    asked = [
        {**each, "floor": 0.0} for each in asked
    ]  # no list is ranked without its filter for what opens it
    ids = [summary.article_id for summary in site.summaries][::9]
    whole = [site.related(each, 6, **how) for each in ids for how in asked]
    draft = {"title": "Bird flu found in cats", "body": "Cats that ate raw milk fell ill with bird flu."}
    of_draft = site.related_to(**draft, k=6, where={"section": ["science"]}, floor=0.0)
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 0)
    scored, signals = [], Scorer.signals

    def counted(scorer, queries, candidates, scratch):
        scored.append(int((candidates >= 0).sum(axis=1).max()))
        return signals(scorer, queries, candidates, scratch)

    monkeypatch.setattr(Scorer, "signals", counted)
    few = [site.related(each, 6, **how) for each in ids for how in asked]
    assert any(len(each) for each in few)
    assert [each.article_ids for each in few] == [each.article_ids for each in whole]
    found = site.related_to(**draft, k=6, where={"section": ["science"]}, floor=0.0)
    assert found.article_ids == of_draft.article_ids
    assert max(scored) < len(site) / 2


def test_pins_stand_above_rules_of_the_site_and_not_above_those_of_a_call(edited):
    def pinned(**how):
        return [(e.rank, e.article_id) for e in edited.related(PAGE, **how) if e.source == "pinned"]

    assert pinned() == pinned(k=30) == [(1, COPY), (3, "hexley-bridge-first-span")]
    assert pinned(exclude=[COPY]) == pinned(exclude=[COPY], k=30)
    assert [article_id for _, article_id in pinned(exclude=[COPY])] == ["hexley-bridge-first-span"]
    for exclude in ([ORIGINAL], [COPY, ORIGINAL]):  # near copies of what is shown go too
        for k in (3, 10, 30):
            assert COPY not in edited.related(PAGE, k, exclude=exclude).article_ids
    sections = {edited.summaries[edited.summaries.row(COPY)].section}
    assert [i for _, i in pinned(where={"section": sections})] == [COPY]


def test_parts_add_up_to_the_score_of_every_kind_of_entry(edited):
    sources = set()
    for plain in edited.related_all():
        lists = edited.related(plain.article_id, why=True), edited.related(plain.article_id, 12, why=True)
        for entry in (*lists[0], *lists[1]):
            assert sum(entry.parts.values()) == pytest.approx(entry.score, abs=1e-6)
            assert 0 <= entry.score < 1
        for told, entry in zip(lists[0], plain, strict=True):
            assert (told.article_id, told.source) == (entry.article_id, entry.source)
            assert told.score == entry.score
            sources.add(entry.source)
    assert sources == {"related", "pinned", "section", "newest"}


def test_a_filled_entry_with_nothing_in_common_has_no_parts():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        site = Recommender.from_articles(
            [
                Article("a", "", "ferry harbour ferry island", published="2026-05-01"),
                Article("b", "", "ferry harbour captain", published="2026-05-02"),
                Article("c", "", "violin sonata", published="2026-05-03"),
                Article("d", "", "sonata violin pianist", published="2026-05-04"),
            ],
            policy=Policy(fallback=("newest",)),
        )
    for related in site.related_all(why=True):
        for entry in related:
            if entry.source == "newest" and {related.article_id, entry.article_id} not in (
                {"a", "b"},
                {"c", "d"},
            ):
                assert (entry.score, dict(entry.parts), entry.terms) == (0, {}, ())


def test_a_draft_in_another_language_than_the_site_gets_none_of_it():
    site = Recommender.from_articles(
        Article(f"a{n}", "Ferry stops", f"The ferry to Osmund stops at pier {n}.", language="en")
        for n in range(4)
    )
    assert len(site.related_to("The ferry stops", "at the pier", floor=0)) == 4
    assert len(site.related_to("The ferry stops", "at the pier", floor=0, language="en-GB")) == 4
    assert len(site.related_to("The ferry stops", "at the pier", floor=0, language="de")) == 0
    assert (
        len(site.related_to("The ferry stops", "at the pier", floor=0, language="de", cross_language=True))
        == 4
    )


def test_a_draft_is_listed_under_rules_like_the_article_it_copies(site):
    articles = {article.article_id: article for article in read_articles(SAMPLE / "articles.jsonl")}
    article = articles["china-india-border-chengdu"]
    rules = {"where_not": {"section": ["science"]}, "within_days": 300, "floor": 0.3}
    draft = site.related_to(
        article.title, article.body, 10, published=article.published, section=article.section,
        language=article.language, metadata=article.metadata, exclude=[article.article_id], **rules,
    )  # fmt: skip
    as_article = site.related(article.article_id, 10, **rules)
    assert len(set(draft.article_ids) & set(as_article.article_ids)) >= 9
    assert article.article_id not in draft.article_ids


def test_an_unknown_setting_is_refused_with_the_name_it_may_mean(site):
    for call in (lambda: site.related(PAGE, flor=1), lambda: site.related_to("A ferry", flor=1)):
        with pytest.raises(TypeError, match=r"no such setting: flor; did you mean floor\?"):
            call()
    with pytest.raises(ValueError, match="floor must be from 0 to 1"):
        site.related(PAGE, floor=2)
    with pytest.raises(ValueError, match="exposure"):
        site.related_to("A ferry", exposure=2)


def test_pins_meet_a_call_under_rules_of_fields():
    articles = [Article(f"d{i}", f"Rain {i}", f"Rain on road {i} again.", section="local") for i in range(6)]
    pinned = EditorRules((Pin("d0", "d5", 1),), ())
    site = Recommender.from_articles(articles, policy=Policy(same=("section",)), editors=pinned)
    assert site.related("d0", exclude=["d1"]).article_ids[0] == "d5"
    assert "d5" not in site.related("d0", exclude=["d5"]).article_ids
