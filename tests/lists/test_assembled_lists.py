"""Lists of the sample site, end to end: copies, languages, filters, recency, the floor, and all rules together."""

from __future__ import annotations

import html
import json
import re
import warnings
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hand_made_sites import assert_same_bytes

from recommender import Article, Policy, Recommender, read_articles
from recommender.editors import Block, EditorRules, Pin
from recommender.scoring.calibration import raw_score

SAMPLE = Path("data/sample")
EVERY_RULE = Policy(
    floor=0.55, copies="sections", copy_sections=("world", "business"), cross_language=True, recency="latest",
    half_life=60, half_lives={"sport": 7}, where_not={"section": ["local"]}, published_after="2024-11-01",
    within_days=500, diversity=0.3, caps={"author": 2, "section": 4}, exposure=3,
    fallback=("section", "popular", "newest"), popularity="views",
)  # fmt: skip
EVERY_PIN = EditorRules(
    pins=(Pin("avian-flu-cats", "lighthouse-for-sale-crossing", 2),),
    blocks=(Block("avian-flu-fenmoor", "avian-flu-cats"), Block("redhaven-steel-deal")),
)


@pytest.fixture(scope="module")
def articles():
    return {article.article_id: article for article in read_articles(SAMPLE / "articles.jsonl")}


@pytest.fixture(scope="module")
def site(articles):
    return Recommender.from_articles(articles.values())


@pytest.fixture(scope="module")
def each_for_itself(site):
    return site.relisted(policy=Policy(copies="keep"))


@pytest.fixture(scope="module")
def exhaustive(each_for_itself):
    """All that is above the floor in each article's language, best first."""
    return {i: each_for_itself.related(i, k=300).article_ids for i in ids_of(each_for_itself)}


def ids_of(site):
    return site.summaries.column("article_id")[:]


def rows(name):
    return [line.split("\t") for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines()]


def shingles():
    """Sets of five successive words of each body, without HTML and lines that recur."""
    lines = (SAMPLE / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {
        story["id"]: re.sub(r"<[^>]+>", "", html.unescape(story["text"])).splitlines()
        for story in map(json.loads, lines)
    }
    common = Counter(line for text in texts.values() for line in set(text))
    found = {}
    for article_id, text in texts.items():
        kept = "\n".join(line for line in text if common[line] < 25).casefold()
        words = re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+", kept)
        found[article_id] = set(zip(*(words[i:] for i in range(5)), strict=False))
    return found


def test_no_list_tells_one_story_twice_nor_its_own(site):
    sets = shingles()
    for related in site.related_all():
        for one, other in combinations([related.article_id, *related.article_ids], 2):
            assert len(sets[one] & sets[other]) < 0.8 * len(sets[one] | sets[other]), (one, other)


def test_the_planted_groups_are_found_and_nothing_else(site):
    planted = defaultdict(set)
    for group, article_id in rows("near_copies.tsv"):
        planted[group].add(article_id)
    found = defaultdict(set)
    for article_id, group in zip(ids_of(site), site.collection.copies.groups.tolist(), strict=True):
        found[group].add(article_id)
    assert sorted(map(sorted, planted.values())) == sorted(
        sorted(group) for group in found.values() if len(group) > 1
    )


def test_the_oldest_of_a_group_stands_for_it_on_request(site, articles):
    oldest_first = site.relisted(policy=Policy(copies="original"))
    listed = {article_id for related in oldest_first.related_all() for article_id in related.article_ids}
    groups = defaultdict(list)
    for group, article_id in rows("near_copies.tsv"):
        groups[group].append(article_id)
    for group in groups.values():
        oldest = min(group, key=lambda article_id: articles[article_id].published)
        assert listed & set(group) <= {oldest}


def test_another_language_only_where_it_is_wanted(site, articles):
    for related in site.related_all():
        mine = articles[related.article_id].language
        assert {articles[i].language for i in related.article_ids} <= {mine}
    mixed = [
        {articles[i].language for i in site.related(article_id, k=40, cross_language=True, floor=0).article_ids}
        for article_id in ("avian-flu-cats", "de-parkbank-streit")
    ]  # fmt: skip
    assert all(len(languages) > 1 for languages in mixed)


def fits(articles, me, other, rules):
    """Whether the rules of a call allow an article, read off the articles."""
    one, two = articles[me], articles[other]
    sections, unwanted = rules.get("where", {}).get("section"), rules.get("where_not", {}).get("section", [])
    return (
        (sections is None or two.section in sections)
        and two.section not in unwanted
        and str(two.published.date()) >= rules.get("published_after", "")
        and str(two.published.date()) <= rules.get("published_before", "9")
        and abs(one.published - two.published) <= timedelta(days=rules.get("within_days", 10_000))
        and ("same" not in rules or one.section == two.section)
        and (rules.get("recency") != "background" or two.published <= one.published)
    )


RULES = [
    {"where": {"section": ["business", "politics"]}},
    {"where_not": {"section": ["business", "world"]}},
    {"published_after": "2025-03-10", "published_before": "2026-02-01"},
    {"within_days": 45},
    {"same": ["section"]},
    {"recency": "background"},
    {"where": {"section": ["world"]}, "published_after": "2025-01-01", "recency": "background"},
]


@pytest.mark.parametrize("rules", RULES, ids=str)
def test_a_list_under_rules_is_the_whole_ranking_without_what_they_refuse(
    each_for_itself, exhaustive, articles, rules
):
    expected = {
        me: tuple(other for other in ranking if fits(articles, me, other, rules))[:10]
        for me, ranking in exhaustive.items()
    }
    for article_id in list(exhaustive)[::4]:
        assert each_for_itself.related(article_id, **rules).article_ids == expected[article_id]
    stored = each_for_itself.relisted(policy=Policy(copies="keep").changed(**rules))
    assert {related.article_id: related.article_ids for related in stored.related_all()} == expected


def test_stored_lists_are_those_that_are_made_live(site):
    for related in site.related_all():
        assert site.related(related.article_id, floor=site.policy.floor) == related
        assert site.related(related.article_id, 30)[:10] == related


@pytest.mark.parametrize("order", ["reversed", "shuffled", "by date"])
def test_the_order_of_the_input_changes_no_byte(site, articles, order):
    others = list(articles.values())
    if order == "reversed":
        others.reverse()
    elif order == "shuffled":
        others = [others[at] for at in np.random.default_rng(2).permutation(len(others))]
    else:
        others.sort(key=lambda article: article.published)
    assert_same_bytes(Recommender.from_articles(others, n_jobs=1), site)


def raw_scores(site):
    """Return the raw score of each listed pair: what it was before chance made half of one level."""
    return {
        (one.article_id, entry.article_id): raw_score(entry.score, site.model.chance)
        for one in site.related_all()
        for entry in one
    }


def test_new_articles_move_up_where_the_latest_are_wanted(site, articles):
    latest = site.relisted(policy=Policy(recency="latest", half_life=90))
    undated = site.relisted(policy=Policy(recency="none"))

    def mean_moment(lists):
        return np.mean(
            [articles[i].published.timestamp() for one in lists.related_all() for i in one.article_ids]
        )

    assert mean_moment(latest) > mean_moment(undated)
    newest = max(article.published for article in articles.values())
    aged, whole = raw_scores(latest), raw_scores(undated)
    both = aged.keys() & whole.keys()
    assert len(both) > 500
    for pair in both:
        days = (newest - articles[pair[1]].published) / timedelta(days=1)
        assert aged[pair] == pytest.approx(whole[pair] * (0.5 + 0.5 * 2 ** (-days / 90)), rel=1e-3)


def test_half_lives_are_those_of_sections_and_now_is_when_it_is_said_to_be(site, articles):
    policy = Policy(recency="latest", half_life=90, half_lives={"world": 10}, now="2026-01-01")
    aged, whole = (
        raw_scores(site.relisted(policy=policy)),
        raw_scores(site.relisted(policy=Policy(recency="none"))),
    )
    for pair in aged.keys() & whole.keys():
        other = articles[pair[1]]
        days = max((policy.now - other.published) / timedelta(days=1), 0)
        left = 0.5 + 0.5 * 2 ** (-days / (10 if other.section == "world" else 90))
        assert aged[pair] == pytest.approx(whole[pair] * left, rel=1e-3)


def test_the_floor_leaves_those_that_stand_alone_with_little(site):
    alone = {article_id for thread, article_id, _ in rows("threads.tsv") if thread == "alone"}
    counts = {related.article_id: len(related) for related in site.related_all()}
    others = [count for article_id, count in counts.items() if article_id not in alone]
    assert np.mean([counts[article_id] for article_id in alone]) < 0.7 * np.mean(others)
    assert min(counts.values()) < 10
    higher = site.relisted(policy=Policy(floor=0.8))
    for related in higher.related_all():
        assert related.article_ids == site.related(related.article_id).article_ids[: len(related)]
    assert not any(len(one) for one in site.relisted(policy=Policy(floor=1)).related_all())


def test_all_rules_together_give_the_same_lists_whatever_the_threads(articles, tmp_path):
    made = [
        Recommender.from_articles(articles.values(), policy=EVERY_RULE, editors=EVERY_PIN, n_jobs=n_jobs)
        for n_jobs in (1, 2)
    ]
    again = made[0].relisted(n_jobs=2)
    made[0].save(tmp_path / "site.rec")
    loaded = Recommender.load(tmp_path / "site.rec", check=True)
    for other in (made[1], again, loaded):
        assert_same_bytes(other, made[0])
        assert other.policy == EVERY_RULE
    assert list(loaded.related_all(why=True)) == list(made[0].related_all(why=True))
    for article_id in ("avian-flu-cats", "de-parkbank-streit"):
        rules = {"where": {"section": ["science", "world", "culture"]}, "floor": 0.2}
        assert loaded.related(article_id, 20, why=True, **rules) == made[0].related(
            article_id, 20, why=True, **rules
        )


def test_all_rules_together_hold_together(articles):
    site = Recommender.from_articles(articles.values(), policy=EVERY_RULE, editors=EVERY_PIN)
    group = dict(zip(ids_of(site), site.collection.copies.groups.tolist(), strict=True))
    for related in site.related_all():
        ids = related.article_ids
        me = articles[related.article_id]
        assert len({group[i] for i in [me.article_id, *ids]}) == len(ids) + 1
        for entry in related:
            other = articles[entry.article_id]
            assert other.article_id != "redhaven-steel-deal"
            if entry.source == "pinned":
                continue
            assert other.section != "local"
            assert abs(other.published - me.published) <= timedelta(days=500)
            assert entry.source != "related" or entry.score >= 0.55
    pinned = site.related("avian-flu-cats")
    assert (pinned[1].article_id, pinned[1].source) == ("lighthouse-for-sale-crossing", "pinned")
    assert "avian-flu-fenmoor" not in pinned.article_ids


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_site_of_hardly_any_articles_under_every_rule(n, tmp_path):
    texts = ["The ferry to Osmund stops.", "No ferry to Osmund today, says the captain."]
    two = [
        Article(f"a{row}", "", text, published=f"2026-05-0{row + 1}", section="world", language="en")
        for row, text in enumerate(texts)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        site = Recommender.from_articles(two[:n], policy=EVERY_RULE, editors=EVERY_PIN)
    site.save(tmp_path / "site.rec")
    found = [related.article_ids for related in Recommender.load(tmp_path / "site.rec").related_all()]
    assert found == ([("a1",), ("a0",)] if n == 2 else [()] * n)
    if n:
        assert site.related("a0", floor=0, k=5).article_ids == found[0]


def test_with_exposure_nobody_stays_in_no_list_and_who_is_there_for_that_says_so(site):
    spread = site.relisted(policy=Policy(exposure=6))
    shown = Counter(entry.article_id for related in spread.related_all() for entry in related)
    ids = spread.summaries.column("article_id")
    groups = spread.collection.copies.groups  # a near copy in a list is enough
    assert {int(groups[row]) for row, each in enumerate(ids) if each in shown} == set(groups.tolist())
    floor = spread.policy.floor
    entries = [entry for related in spread.related_all() for entry in related]
    assert {entry.source for entry in entries if entry.score < floor} == {"orphan"}
    assert all(entry.score < floor for entry in entries if entry.source == "orphan")
    assert all(shown[entry.article_id] == 1 for entry in entries if entry.source == "orphan")
    assert {entry.source for related in site.related_all() for entry in related} == {"related"}
