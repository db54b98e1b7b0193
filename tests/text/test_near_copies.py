"""Near-copies: exact pairs and groups, independent of order and threads."""

import random
import re
import unicodedata
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import read_articles
from recommender.text import clean_articles
from recommender.text.near_copies import find_near_copies

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
WORDS = [f"word{number}" for number in range(3000)]


def story(seed, n_words=120):
    return " ".join(random.Random(seed).choices(WORDS, k=n_words))


def shingles(body):
    """Return the shingles of a text by their definition, one character at a time."""
    spaced = ""
    for character in unicodedata.normalize("NFKC", body).casefold():
        if re.match("[\u3041-\u30fa\u4e00-\u9fff\u0e01-\u0e4e]", character):
            spaced += f" {character} "
        else:
            spaced += character if unicodedata.category(character)[0] in "LNM" else " "
    words = spaced.split()
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def by_brute_force(bodies, at_least):
    sets = [shingles(body) for body in bodies]
    similarities = {}
    for i, j in combinations(range(len(bodies)), 2):
        jaccard = len(sets[i] & sets[j]) / max(1, len(sets[i] | sets[j]))
        if sets[i] and jaccard >= at_least:
            similarities[i, j] = jaccard
    return similarities


def all_pairs(copies):
    return {
        (row, int(other)): similarity
        for row in range(len(copies.groups))
        for other, similarity in zip(*copies.of(row), strict=True)
        if row < other
    }


def components(n, pairs):
    group = list(range(n))
    for _ in range(n):
        for i, j in pairs:
            group[i] = group[j] = min(group[i], group[j])
    return group


@st.composite
def sites(draw):
    """Draw articles pasted together from a few sources in several scripts, so that all similarities occur."""
    word = st.sampled_from(
        ["rain", "May", "it's", "Straße", "river,", "Ж", "2026", "中文字", "の", "ก", "हिन्दी", "—", "𠀀字"]
    )
    sources = draw(st.lists(st.lists(word, min_size=1, max_size=40), min_size=1, max_size=4))
    bodies = []
    for _ in range(draw(st.integers(0, 14))):
        words = list(draw(st.sampled_from(sources)))
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(words)))
            words[at : at + draw(st.integers(0, 3))] = draw(st.lists(word, max_size=2))
        bodies.append(" ".join(words))
    return bodies


@settings(deadline=None)  # the first example may compile
@given(sites(), st.sampled_from([0.05, 0.3, 0.5, 2 / 3, 0.8, 0.9, 1.0]))
def test_pairs_equal_those_of_brute_force(bodies, at_least):
    copies = find_near_copies(bodies, at_least=at_least, n_jobs=1)
    truth = by_brute_force(bodies, at_least)
    assert all_pairs(copies) == truth
    assert copies.groups.tolist() == components(len(bodies), truth)


@pytest.mark.parametrize("at_least", [0.5, 0.8])
def test_pairs_of_edited_stories_equal_those_of_brute_force(at_least):
    rng = random.Random(5)
    bodies = []
    for number in range(60):
        words = story(number, rng.choice([5, 8, 60, 200])).split()
        for _ in range(rng.choice([1, 1, 6])):
            copy = list(words)
            for _ in range(rng.randrange(6)):
                copy[rng.randrange(len(copy))] = rng.choice(WORDS)
            bodies.append(" ".join(copy[rng.randrange(3) :]))
    copies = find_near_copies(bodies, at_least=at_least)
    truth = by_brute_force(bodies, at_least)
    assert len(truth) > 20
    assert all_pairs(copies) == truth
    assert copies.groups.tolist() == components(len(bodies), truth)


def test_planted_copies_of_the_sample_are_found_and_updated_stories_are_not():
    summaries, _, texts, *_ = clean_articles(read_articles(SAMPLE / "articles.jsonl"), lambda *_: None)
    ids = [summary.article_id for summary in summaries]
    copies = find_near_copies(body for _, body in texts)
    found = defaultdict(set)
    for article_id, first in zip(ids, copies.groups.tolist(), strict=True):
        found[first].add(article_id)
    planted = defaultdict(set)
    for line in (SAMPLE / "near_copies.tsv").read_text().splitlines():
        group, article_id = line.split("\t")
        planted[group].add(article_id)
    assert len(planted) == 13
    assert sorted(map(sorted, planted.values())) == sorted(
        sorted(group) for group in found.values() if len(group) > 1
    )
    for line in (SAMPLE / "updated_stories.tsv").read_text().splitlines():
        earlier, later = (ids.index(article_id) for article_id in line.split("\t"))
        assert copies.groups[earlier] != copies.groups[later]


@pytest.mark.parametrize(
    "changed",
    [
        lambda body: "By our correspondent in Chengdu. " + body,
        lambda body: "Another first sentence of eight words stands here. " + body.split(" ", 8)[8],
        lambda body: body.upper(),
        lambda body: re.sub(" ", ", ", body),
        lambda body: body.replace(" ", "\n\n"),
        lambda body: body + " (Reporting by A. and B.)",
    ],
    ids=["byline", "first sentence", "case", "punctuation", "paragraphs", "last line"],
)
def test_small_editorial_changes_leave_a_copy(changed):
    copies = find_near_copies([story(1), changed(story(1)), story(2)])
    assert copies.groups.tolist() == [0, 0, 2]


@pytest.mark.parametrize(
    ("first_letter", "n_letters"),
    [(0x4E00, 3000), (0x3042, 70), (0x0E01, 45)],
    ids=["Chinese", "kana", "Thai"],
)
def test_text_without_spaces_is_read_by_characters(first_letter, n_letters):
    rng = random.Random(3)
    letters = [chr(first_letter + number) for number in range(n_letters)]
    body = "".join(rng.choices(letters, k=400))
    other = "".join(rng.choices(letters, k=400))
    copies = find_near_copies([body, body[:50] + body[52:] + "。", other, other[:200] + body[200:]])
    assert copies.groups.tolist() == [0, 0, 2, 3]
    assert copies.jaccard.tolist() == pytest.approx([390 / 400], abs=0.01)


def test_full_width_and_decomposed_forms_are_equal():
    body = story(1) + " Café résumé naïve façade über."
    copies = find_near_copies([body, unicodedata.normalize("NFD", body), body.replace("word1", "ｗｏｒｄ１")])
    assert copies.identical.tolist() == [0, 0, 0]


@pytest.mark.parametrize("n_articles", [0, 1, 2])
def test_articles_without_words_are_not_copies(n_articles):
    for body in ("", "—", "four words are few", "四字而已"):
        copies = find_near_copies([body] * n_articles)
        assert copies.groups.tolist() == copies.identical.tolist() == list(range(n_articles))
        assert copies.pairs.shape == (0, 2)
        assert all(len(copies.of(row)[0]) == 0 for row in range(n_articles))


def test_five_equal_words_are_a_copy():
    assert find_near_copies(["This page has been moved.", "This page has been moved!"]).groups.tolist() == [
        0,
        0,
    ]


def test_the_threshold_is_inclusive():
    """Nine words have 5 shingles, of which the first 4 are those of the first 8 words: exactly 0.8."""
    words = story(1, 9).split()
    copies = find_near_copies([" ".join(words), " ".join(words[:-1])], at_least=0.8)
    assert copies.pairs.tolist() == [[0, 1]]
    assert copies.jaccard.tolist() == [0.8]
    assert not len(find_near_copies([" ".join(words), " ".join(words[:-1])], at_least=0.81).pairs)


def test_a_chain_is_one_group_of_several_pairs():
    words = story(1, 200).split()
    bodies = [" ".join(words[start : start + 140]) for start in (0, 14, 28)]
    copies = find_near_copies(bodies)
    assert copies.groups.tolist() == [0, 0, 0]
    assert copies.pairs.tolist() == [[0, 1], [1, 2]]
    assert copies.of(0)[0].tolist() == [1]


def test_thousands_of_identical_articles_make_one_group_and_no_pairs():
    bodies = [story(number % 3) for number in range(6000)] + [story(0) + " More."]
    copies = find_near_copies(bodies)
    assert copies.groups.tolist() == [number % 3 for number in range(6000)] + [0]
    assert copies.pairs.tolist() == [[0, 6000]]
    rows, similarities = copies.of(3)
    assert rows.tolist() == [*range(0, 3, 3), *range(6, 6000, 3), 6000]
    assert similarities[:-1].tolist() == [1.0] * 1999
    assert similarities[-1] == copies.jaccard[0]


def test_too_many_pairs_are_reduced_and_the_groups_remain(monkeypatch):
    rng = random.Random(1)
    bodies = []
    for number in range(90):
        words = story(number % 3, 150).split()
        words[rng.randrange(10, 140)] = f"place{number}"
        bodies.append(" ".join(words))
    bodies += [story(7), "By the same. " + story(7), story(8)]
    every = find_near_copies(bodies)
    assert len(every.pairs) > 1000
    monkeypatch.setattr("recommender.text.near_copies._MAX_PAIRS", len(every.pairs) - 10 * len(bodies) - 1)
    for n_jobs in (1, 2):
        some = find_near_copies(bodies, n_jobs=n_jobs)
        assert some.groups.tolist() == every.groups.tolist()
        assert len(some.pairs) == 3 * 29 + 1
        assert all_pairs(some).items() <= all_pairs(every).items()
    monkeypatch.setattr("recommender.text.near_copies._MAX_PAIRS", len(every.pairs) - 10 * len(bodies))
    assert find_near_copies(bodies).pairs.tolist() == every.pairs.tolist()


def test_a_passage_shared_by_half_of_the_articles_makes_no_copies():
    shared = story(-1, 60)
    bodies = [f"{shared} {story(number, 80)}" if number % 2 else story(number, 80) for number in range(800)]
    copies = find_near_copies([*bodies, bodies[1] + " More soon."])
    assert copies.pairs.tolist() == [[1, 800]]


def test_a_very_long_article_and_its_copy():
    long = story(1, 300_000)
    copies = find_near_copies([story(2), long, story(3), long[1000:]])
    assert copies.groups.tolist() == [0, 1, 2, 1]


@pytest.fixture(scope="module")
def site():
    bodies = [story(number) for number in range(300)]
    bodies += [f"By a reporter. {bodies[number]}" for number in range(0, 300, 3)]
    return bodies + bodies[:50]


def test_the_order_of_the_input_changes_only_the_rows(site):
    order = np.random.default_rng(1).permutation(len(site))
    straight, shuffled = find_near_copies(site), find_near_copies([site[row] for row in order])
    place = np.argsort(order)
    assert {
        (min(place[i], place[j]), max(place[i], place[j])): similarity
        for (i, j), similarity in all_pairs(straight).items()
    } == all_pairs(shuffled)


@pytest.mark.parametrize("n_jobs", [1, 2, 5])
def test_the_number_of_threads_changes_nothing(site, n_jobs, monkeypatch):
    one = find_near_copies(site, n_jobs=1)
    monkeypatch.setattr("recommender.text.near_copies._RUN", 1000)  # many runs of a few articles
    for mine, theirs in zip(one, find_near_copies(iter(site), n_jobs=n_jobs), strict=True):
        np.testing.assert_array_equal(mine, theirs)
        assert mine.dtype == theirs.dtype


@pytest.mark.parametrize("at_least", [0, -1, 1.1, float("nan")])
def test_a_threshold_out_of_range_is_rejected(at_least):
    with pytest.raises(ValueError, match="at_least"):
        find_near_copies(["a"], at_least=at_least)


def test_a_single_string_is_rejected():
    with pytest.raises(ValueError, match="list"):
        find_near_copies("a story")
