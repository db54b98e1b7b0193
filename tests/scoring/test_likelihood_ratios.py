"""What likeness by dates and sections is worth: much where related articles share them, nothing where they do not."""

import numpy as np
import pytest

from recommender.collection.attributes import Dates
from recommender.collection.labels import Labels, LabelVocabulary
from recommender.scoring.likelihood_ratios import log_ratios
from recommender.scoring.random_pairs import random_pairs

DAY = 86_400_000_000  # microseconds
N, STORY = 300, 5  # articles, and how many tell one story
NEAR, FAR = 0, len(Dates.edges)  # bins: the same day, and years apart


def stories(n=N):
    """Lists of a site where articles 0 to 4, 5 to 9 ... tell one story each."""
    first = np.arange(n) // STORY * STORY
    return (first[:, None] + (np.arange(n)[:, None] % STORY + np.arange(1, STORY)) % STORY).astype(np.int32)


def sections_of(names):
    sets = [frozenset({str(name)}) for name in names]
    return Labels(LabelVocabulary.of(sets).rows(sets))


def planted(n=N, seed=0):
    """Dates and sections that a story has in common."""
    rng = np.random.default_rng(seed)
    days = np.repeat(rng.integers(0, 4000, n // STORY), STORY) + rng.random(n) * 0.4
    sections = np.repeat(rng.choice(["world", "sport", "arts", "money"], n // STORY), STORY)
    return {
        "time": Dates((days * DAY).astype(np.int64)),
        "section": sections_of(sections),
    }


def at_random(n=N, seed=0):
    rng = np.random.default_rng(seed)
    return {
        "time": Dates((rng.random(n) * 4000 * DAY).astype(np.int64)),
        "section": sections_of(rng.choice(list("wsam"), n)),
    }


def ratios_of(attributes, lists, by_id=None):
    by_id = np.arange(len(lists), dtype=np.int32) if by_id is None else by_id
    return log_ratios(attributes, lists, by_id)


def test_what_stories_share_is_worth_much_and_its_lack_counts_against():
    ratios = ratios_of(planted(), stories())
    assert ratios["time"][NEAR] > 2
    assert ratios["time"][FAR] < -1
    assert ratios["section"][-1] > 0.5
    assert ratios["section"][0] < -1


def test_what_has_nothing_to_do_with_stories_is_worth_next_to_nothing():
    for seed in range(3):
        for name, ratios in ratios_of(at_random(2000, seed), stories(2000)).items():
            logs = ratios[[0, -1]] if name == "section" else ratios[5:]  # bins with many pairs
            assert np.abs(logs).max() < 0.35, name


@pytest.mark.parametrize("n", [0, 1, 5, 25, 30])
def test_a_site_of_fewer_than_thirty_articles_says_nothing(n):
    ratios = ratios_of(planted(n), stories(n))
    assert {name: len(each) for name, each in ratios.items()} == {"time": FAR + 1, "section": 7}
    for each in ratios.values():
        assert each.dtype == np.float32
        assert each.any() == (n >= 30)


def test_bins_without_a_pair_are_worth_nothing():
    attributes = planted()
    lists = stories()
    seen = set(attributes["section"].bins(attributes["section"], *np.indices((N, N)).reshape(2, -1)).tolist())
    assert seen == {0, 6}  # one section each: all the same, or nothing in common
    ratios = ratios_of(attributes, lists)["section"]
    assert not ratios[1:6].any()
    assert ratios[0] < 0 < ratios[6]


def test_pairs_of_which_nothing_is_known_are_not_counted():
    attributes = planted()
    published = attributes["time"].published.copy()
    published[::3] = np.iinfo(np.int64).min
    fewer = ratios_of({"time": Dates(published)}, stories())["time"]
    assert fewer[NEAR] > 2
    assert fewer[FAR] < -1
    nobody = ratios_of({"time": Dates(np.full(N, np.iinfo(np.int64).min))}, stories())["time"]
    assert not nobody.any()


def test_short_lists_and_empty_ones_count_for_what_they_hold():
    lists = stories()
    lists[::2] = -1
    lists[1::4, 1:] = -1
    assert ratios_of(planted(), lists)["time"][NEAR] > 2
    nobody = ratios_of(planted(), np.full((N, 4), -1, dtype=np.int32))["time"]
    assert nobody == pytest.approx(0, abs=1e-6)  # no evidence either way


def test_only_the_three_nearest_are_taken_for_related_and_nobody_further_down_than_thirty_is_asked():
    near, others = stories()[:, :3], np.random.default_rng(0).integers(0, N, (N, 60)).astype(np.int32)
    wider = np.concatenate([near, others], axis=1)
    for one, other in ((3, 10), (30, 63)):
        for name, each in ratios_of(planted(), wider[:, :one]).items():
            assert ratios_of(planted(), wider[:, :other])[name].tolist() == each.tolist()


def kinds(n_kinds=20, size=100, seed=0):
    """Lists of a site where only articles of one kind are near to each other, in any order."""
    rng = np.random.default_rng(seed)
    rows = [
        rng.permutation(np.delete(np.arange(size), row % size))[:40] + row // size * size
        for row in range(n_kinds * size)
    ]
    return np.array(rows, dtype=np.int32)


def test_dates_that_only_tell_the_kind_of_a_page_are_worth_nothing():
    lists = kinds()
    edited = np.repeat(np.arange(20) * 30, 100) * DAY
    assert np.abs(ratios_of({"time": Dates(edited)}, lists)["time"]).max() < 0.05
    # as long lists as tell nothing of who is only on the same matter are compared with any two
    assert ratios_of({"time": Dates(edited)}, lists[:, :10])["time"][NEAR] > 2


def test_dates_that_tell_a_story_from_others_of_its_kind_are_worth_much():
    lists, story = kinds(), stories(2000)
    lists = np.concatenate([story, lists], axis=1)
    ratios = ratios_of({"time": planted(2000)["time"]}, lists)["time"]
    assert ratios[NEAR] > 2
    assert ratios[FAR] < -1


def test_logs_stay_between_their_ends():
    n = 3000
    ratios = ratios_of(planted(n), stories(n))["time"]
    assert ratios[NEAR] == 4  # a day in eleven years: the ratio itself is some thousand
    assert ratios[FAR] == -3


def test_the_order_of_the_input_changes_nothing():
    attributes, lists, by_id = planted(), stories(), np.random.default_rng(5).permutation(N).astype(np.int32)
    order = np.random.default_rng(7).permutation(N)  # row i of the other site is row order[i] of this
    new_row = np.argsort(order)
    sections = attributes["section"]
    shuffled = {
        "time": Dates(attributes["time"].published[order]),
        "section": sections_of([f"s{sections.rows.indices[row]}" for row in order]),
    }  # fmt: skip
    theirs = ratios_of(shuffled, new_row[lists[order]].astype(np.int32), new_row[by_id].astype(np.int32))
    for name, each in ratios_of(attributes, lists, by_id).items():
        assert each.tolist() == theirs[name].tolist()


def test_the_same_site_gives_the_same_logs_and_another_seed_nearly_the_same():
    lists, by_id = stories(), np.arange(N, dtype=np.int32)
    first = log_ratios(planted(), lists, by_id)["time"]
    assert first.tolist() == log_ratios(planted(), lists, by_id)["time"].tolist()
    other = log_ratios(planted(), lists, by_id, seed=1)["time"]
    assert other[[NEAR, FAR]] == pytest.approx(first[[NEAR, FAR]], abs=0.3)


@pytest.mark.parametrize("n", [0, 1, 2, 40])
def test_random_pairs_are_of_two_different_articles(n):
    by_id = np.random.default_rng(0).permutation(n).astype(np.int32)
    one, other = random_pairs(by_id, 500)
    assert not (one == other).any()
    assert len(one) <= min(500, 50 * n)
    assert set(one.tolist()) | set(other.tolist()) == (set(range(n)) if n > 1 else set())
