"""The sample corpus holds what data/README.md says it holds."""

from __future__ import annotations

import html
import json
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
SAMPLE = DATA / "sample"
README = (DATA / "README.md").read_text(encoding="utf-8")
FIELDS = {"id", "title", "text", "published", "section", "language", "url", "tags", "author"}


def rows(name: str) -> list[tuple[str, ...]]:
    text = (SAMPLE / name).read_text(encoding="utf-8")
    return [tuple(line.split("\t")) for line in text.splitlines()]


LINES = (SAMPLE / "articles.jsonl").read_text(encoding="utf-8").splitlines()
STORIES = {story["id"]: story for story in map(json.loads, LINES)}
THREADS = rows("threads.tsv")
COPIES: defaultdict[str, list[str]] = defaultdict(list)
for group, article in rows("near_copies.tsv"):
    COPIES[group].append(article)


def grades(name: str) -> dict[tuple[str, str], int]:
    return {(query, article): int(grade) for query, _, article, grade in rows(name)}


QRELS = grades("qrels.tsv")
CROSS = grades("qrels_cross_language.tsv")
LINE_COUNTS = Counter(
    line for story in STORIES.values() for line in set(story["text"].splitlines()) if line.strip()
)
BOILERPLATE = {re.sub(r"<[^>]+>", "", line) for line, count in LINE_COUNTS.items() if count >= 25}


def words(article_id: str) -> list[str]:
    lines = re.sub(r"<[^>]+>", "", html.unescape(STORIES[article_id]["text"])).splitlines()
    return re.findall(r"\w+", "\n".join(line for line in lines if line not in BOILERPLATE).lower())


@cache
def shingles(article_id: str) -> set[tuple[str, ...]]:
    text = words(article_id)
    return set(zip(*(text[i:] for i in range(5)), strict=False))


def jaccard(one: str, other: str) -> float:
    return len(shingles(one) & shingles(other)) / len(shingles(one) | shingles(other))


def test_every_story_is_whole_and_ids_are_unique():
    assert len(STORIES) == len(LINES)
    for story in STORIES.values():
        assert set(story) == FIELDS
        assert all(story[field] for field in FIELDS), story["id"]
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", story["id"])
        assert story["url"] == f"https://example.org/{story['section']}/{story['id']}"
    assert len({story["title"] for story in STORIES.values()}) == len(STORIES)


def test_dates_have_a_zone_stay_in_two_years_and_go_up():
    moments = [datetime.fromisoformat(story["published"]) for story in STORIES.values()]
    assert all(moment.tzinfo is not None for moment in moments)
    assert moments == sorted(moments)
    assert datetime(2024, 10, 1, tzinfo=UTC) <= moments[0]
    assert moments[-1] < datetime(2026, 10, 1, tzinfo=UTC)
    assert moments[0].date().isoformat() in README
    assert moments[-1].date().isoformat() in README


def test_counts_in_the_readme():
    languages = Counter(story["language"] for story in STORIES.values())
    sections = sorted({story["section"] for story in STORIES.values()})
    assert len(sections) >= 8
    assert ", ".join(sections) in README
    assert (
        f"`en` ({languages['en']}), `de` ({languages['de']}) or `zh-Hant` ({languages['zh-Hant']}" in README
    )
    assert languages["de"] >= 35
    queries = {query for (query, _), grade in QRELS.items() if grade}
    assert f"{len(queries)} of the {len(STORIES)} stories" in README
    assert f"{len(COPIES)} groups of 2 or 3" in README
    assert f"{len(rows('traps.tsv'))} pairs: mercury" in README
    assert f"{sum('<p>' in story['text'] for story in STORIES.values())} stories are HTML" in README


def test_lengths():
    lengths = [len(words(i)) for i, story in STORIES.items() if story["language"] != "zh-Hant"]
    assert sum(length < 50 for length in lengths) == 2
    assert sum(450 <= length <= 600 for length in lengths) == 5
    assert sum(70 <= length <= 225 for length in lengths) == len(lengths) - 7


def test_boilerplate_ends_every_english_story_of_two_sections_and_no_other():
    assert len(BOILERPLATE) == 3
    marked = [
        story
        for story in STORIES.values()
        if story["language"] == "en" and story["section"] in ("business", "local")
    ]
    assert f"The {len(marked)} English stories of `business` and `local`" in README
    assert len(marked) >= 25
    for line in BOILERPLATE:
        assert sum(line in story["text"] for story in STORIES.values()) == len(marked)
        assert all(line in story["text"][-300:] for story in marked)


@pytest.mark.parametrize("judged", [QRELS, CROSS], ids=["qrels", "cross_language"])
def test_judgements_name_known_stories_and_stand_both_ways(judged):
    for (query, article), grade in judged.items():
        assert query in STORIES
        assert article in STORIES
        assert query != article
        assert grade in (0, 1, 2)
        assert judged[article, query] == grade
        same_language = STORIES[query]["language"] == STORIES[article]["language"]
        assert same_language == (judged is QRELS)


@pytest.mark.parametrize("name", ["qrels.tsv", "qrels_cross_language.tsv"])
def test_no_pair_is_judged_twice(name):
    assert len(rows(name)) == len(grades(name))


def test_every_pair_within_a_thread_is_judged_by_its_roles():
    threads: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for thread, article, role in THREADS:
        threads[thread].append((article, role))
    assert {article for _, article, _ in THREADS} == set(STORIES)
    assert sum(sum(role != "alone" for _, role in members) >= 4 for members in threads.values()) >= 14
    special = {frozenset(pair) for pair in rows("updated_stories.tsv")}
    special |= {frozenset(pair) for group in COPIES.values() for pair in combinations(group, 2)}
    for thread, members in threads.items():
        for (one, role), (other, other_role) in combinations(members, 2):
            if thread == "alone" or frozenset((one, other)) in special:
                continue
            if STORIES[one]["language"] == STORIES[other]["language"]:
                assert QRELS[one, other] == (2 if role == other_role in ("story", "opinion") else 1)
            else:
                assert CROSS[one, other] in (1, 2)


def test_stories_that_stand_alone_have_nothing_to_find():
    alone = {article for thread, article, _ in THREADS if thread == "alone"}
    assert f"thread `alone`, {len(alone)} stories" in README
    found = {query for judged in (QRELS, CROSS) for (query, _), grade in judged.items() if grade}
    assert found == set(STORIES) - alone


def test_near_copies_are_nearly_the_same_text_and_nothing_else_is():
    pairs = {frozenset(pair) for group in COPIES.values() for pair in combinations(group, 2)}
    updates = {frozenset(pair) for pair in rows("updated_stories.tsv")}
    for one, other in combinations(STORIES, 2):
        if STORIES[one]["language"] != STORIES[other]["language"] or STORIES[one]["language"] == "zh-Hant":
            continue
        likeness, pair = jaccard(one, other), frozenset((one, other))
        if pair in pairs:
            assert likeness >= 0.8, pair
            assert QRELS[one, other] == 0
        elif pair in updates:
            assert 0.4 <= likeness <= 0.6, pair
            assert QRELS[one, other] == 1
        else:
            assert likeness < 0.6, pair
    assert all(2 <= len(group) <= 3 for group in COPIES.values())


def test_traps_share_their_word_and_are_judged_unrelated():
    for one, other, word in rows("traps.tsv"):
        for article in (one, other):
            assert word in words(article) + re.findall(r"\w+", STORIES[article]["title"].lower())
        assert QRELS[one, other] == 0


def test_the_same_event_is_told_in_two_languages():
    copied = {article for group in COPIES.values() for article in group[1:]}
    pairs = {frozenset(pair) for pair, grade in CROSS.items() if grade == 2 and not copied & set(pair)}
    assert f"({len(pairs)} pairs of original stories" in README
    for one, other in pairs:
        told = [datetime.fromisoformat(STORIES[article]["published"]) for article in (one, other)]
        assert abs(told[0] - told[1]).days <= 1
