"""Spread exposure: lists stay the best that a cap on in-degrees and a place for everybody allow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.exposure.exposure import ExposureLimit, reach, spread
from recommender.exposure.shown_lists import in_degrees


def site(*rows):
    """Rows and scores of candidates, from one mapping of candidate to score for each article."""
    m = max(map(len, rows), default=0)
    candidates = np.full((len(rows), m), -1, dtype=np.int32)
    scores = np.zeros((len(rows), m), dtype=np.float32)
    for row, found in enumerate(rows):
        candidates[row, : len(found)] = list(found)
        scores[row, : len(found)] = list(found.values())
    return candidates, scores


def spread_all(rows, scores, k, eligible=True, **options):
    n = len(rows)
    return spread(
        rows, scores, k, np.full(n, eligible), np.arange(n, dtype=np.int32), ExposureLimit(**options)
    )


def lists_of(found):
    return [[row for row in shown if row >= 0] for shown in found.rows.tolist()]


@st.composite
def sites(draw, ordered=False):
    """Small sites with many ties of scores; some rows are short, some articles are in nobody's."""
    n = draw(st.integers(1, 9))
    found = []
    for row in range(n):
        others = draw(st.permutations([other for other in range(n) if other != row]))
        others = others[: draw(st.integers(0, n - 1))]
        values = draw(st.lists(st.integers(1, 8), min_size=len(others), max_size=len(others)))
        values = sorted(values, reverse=True) if ordered else values
        found.append({other: value / 8 for other, value in zip(others, values, strict=True)})
    return site(*found)


sizes = st.integers(1, 4)
limits = st.sampled_from([1.0, 1.5, 2.0, 6.0, float("inf")])


@given(sites(), sizes, limits)
def test_lists_hold_candidates_in_their_order_and_keep_their_length(given_site, k, most):
    rows, scores = given_site
    found = spread_all(rows, scores, k, most=most)
    assert found.rows.shape == found.scores.shape == (len(rows), k)
    assert (found.rows.dtype, found.scores.dtype) == (np.int32, np.float32)
    for shown, values, row, row_scores in zip(found.rows, found.scores, rows, scores, strict=True):
        length = min(k, np.sum(row >= 0))
        assert np.all(shown[:length] >= 0)
        assert np.all(shown[length:] == -1)
        assert np.all(values[length:] == 0)
        places = [row.tolist().index(article) for article in shown[:length]]
        assert places == sorted(set(places))
        assert values[:length].tolist() == row_scores[places].tolist()


@given(sites(), sizes, limits)
def test_reach_counts_what_was_and_what_is(given_site, k, most):
    rows, scores = given_site
    found = spread_all(rows, scores, k, most=most)
    for told, lists in ((found.before, rows[:, :k]), (found.after, found.rows)):
        degrees = [int(np.sum(lists == article)) for article in range(len(rows))]
        assert told[:3] == (degrees.count(0), max(degrees), sum(degrees) / len(degrees))
        gaps = sum(abs(one - other) for one in degrees for other in degrees)
        assert told.gini == pytest.approx(gaps / (2 * len(degrees) * max(sum(degrees), 1)))


@given(sites(), sizes, limits)
def test_lists_that_reach_all_stay_the_first_candidates(given_site, k, most):
    rows, scores = given_site
    found = spread_all(rows, scores, k, most=most)
    n_orphans, max_in_degree, mean, _ = found.before
    if n_orphans == 0 and max_in_degree <= most * mean:
        width = min(k, rows.shape[1])
        assert found.rows[:, :width].tolist() == rows[:, :width].tolist()


@given(sites(), sizes, limits, st.randoms(use_true_random=False))
def test_the_order_of_the_articles_plays_no_part(given_site, k, most, random):
    rows, scores = given_site
    n = len(rows)
    new_of = np.array(random.sample(range(n), n), dtype=np.int32)
    old_of = np.argsort(new_of)
    moved = np.append(new_of, -1)[rows[old_of]].astype(np.int32)
    here = spread_all(rows, scores, k, most=most)
    id_order = old_of.astype(np.int32)  # ids keep their order
    there = spread(moved, scores[old_of], k, np.full(n, True), id_order, ExposureLimit(most))
    assert np.append(new_of, -1)[here.rows[old_of]].tolist() == there.rows.tolist()


@given(sites(), sizes, limits)
def test_a_candidate_is_passed_over_for_the_cap_only_where_it_is_shown_that_often(given_site, k, most):
    rows, scores = given_site
    found = spread_all(rows, scores, k, eligible=False, most=most)
    degrees = in_degrees(found.rows)
    for row, shown in zip(rows.tolist(), lists_of(found), strict=True):
        ahead = row[: row.index(shown[-1])] if shown else []
        for passed in set(ahead) - set(shown):
            assert degrees[passed] >= int(max(1, most * found.before.mean_in_degree))


@given(st.integers(1, 4), st.integers(0, 6), st.sampled_from([2.0, 2.5, 4.0]), st.integers(0, 99))
def test_the_cap_holds_wherever_there_are_candidates_enough(k, more, most, seed):
    """While a list looks on, all but k - 1 others are in 2 k lists each: more than n k entries, if n is 2 k or more."""
    n = 2 * k + more
    common = np.random.default_rng(seed).permutation(n)
    rows = np.array([[other for other in common if other != row] for row in range(n)], dtype=np.int32)
    scores = np.tile(np.linspace(1, 0.1, n - 1, dtype=np.float32), (n, 1))
    found = spread_all(rows, scores, k, most=most)
    assert found.before.max_in_degree >= n - 1
    assert found.after.max_in_degree <= most * found.after.mean_in_degree
    assert all(len(set(shown)) == k for shown in lists_of(found))


@given(sites(), sizes, limits, st.data())
def test_a_list_is_shortened_for_the_cap_as_far_as_is_allowed(given_site, k, most, data):
    rows, scores = given_site
    at_least = data.draw(st.integers(0, k))
    found = spread_all(rows, scores, k, most=most, at_least=at_least)
    n_candidates = np.sum(rows >= 0, axis=1)
    lengths = np.sum(found.rows >= 0, axis=1)
    assert np.all(lengths >= np.minimum(at_least, n_candidates))
    cap = max(1, most * found.before.mean_in_degree)
    if at_least == 0:
        assert found.after.max_in_degree <= cap


def test_the_article_in_demand_stays_where_it_would_be_missed_most():
    rows, scores = site(
        {1: 0.9},  # has nothing else
        {0: 0.9, 4: 0.8},
        {0: 0.9, 3: 0.1},  # loses nearly all of it
        {0: 0.3, 2: 0.1},  # loses less, though more than a half of what it has
        {0: 0.9, 3: 0.8},
    )
    found = spread_all(rows, scores, 1, eligible=False, most=2)
    assert found.rows.ravel().tolist() == [1, 4, 0, 0, 3]


def test_a_list_with_another_candidate_makes_room_for_one_without():
    """Article 0 is in three lists and may be in two; list 1 would lose little without it, but gets shorter."""
    rows, scores = site(
        {1: 9, 2: 8}, {2: 9, 0: 0.9}, {0: 9, 3: 8, 4: 3}, {0: 9, 4: 8, 1: 1}, {3: 9, 1: 8}
    )  # fmt: skip
    found = spread_all(rows, scores, 2, most=1)
    assert lists_of(found) == [[1, 2], [2, 0], [3, 4], [0, 4], [3, 1]]


def test_a_list_without_other_candidates_stays_or_shrinks_as_told():
    rows, scores = site({1: 0.9}, {0: 0.9}, {0: 0.9}, {0: 0.9}, {0: 0.9, 1: 0.2})
    assert lists_of(spread_all(rows, scores, 1, most=2)) == [[1], [0], [0], [0], [1]]
    assert lists_of(spread_all(rows, scores, 1, most=2, at_least=0)) == [[1], [0], [0], [], [1]]
    # the second place of a list goes before the only one of another
    rows, scores = site({1: 0.9}, {2: 0.9, 0: 0.5}, {0: 0.9}, {0: 0.9}, {})
    found = spread_all(rows, scores, 2, most=2, at_least=0)
    assert lists_of(found) == [[1], [2], [0], [0], []]


@given(sites(), sizes)
def test_nobody_loses_the_last_list_to_an_orphan(given_site, k):
    rows, scores = given_site
    found = spread_all(rows, scores, k, most=float("inf"))
    shown_before, shown_after = (in_degrees(lists) > 0 for lists in (rows[:, :k], found.rows))
    assert np.all(shown_after[shown_before])


@given(sites(), sizes)
def test_orphans_are_left_only_where_no_list_has_a_place_to_spare(given_site, k):
    rows, scores = given_site
    found = spread_all(rows, scores, k, most=float("inf"))
    degrees = in_degrees(found.rows)
    for row, shown in zip(rows.tolist(), lists_of(found), strict=True):
        given_away = set(row[:k]) - {-1} - set(shown)
        assert len(given_away) <= 2
        if any(degrees[article] == 0 for article in row if article >= 0) and len(given_away) < 2:
            assert all(degrees[article] == 1 for article in shown)


@given(sites(ordered=True), sizes, st.data())
def test_one_orphan_gets_the_cheapest_of_all_places(given_site, k, data):
    rows, scores = given_site
    n, m = rows.shape
    first = rows[:, :k]
    degrees = in_degrees(first)
    orphan = data.draw(st.integers(0, n - 1))
    costs = {}
    for host, place in np.argwhere(rows == orphan):
        for at in range(min(k, m)):
            if place >= k and degrees[first[host, at]] > 1:
                gap = scores[host, at] - scores[host, place]
                costs[int(host), at] = float(gap / scores[host, 0] / np.log2(2 + at))
    only = np.arange(n) == orphan
    found = spread(rows, scores, k, only, np.arange(n, dtype=np.int32), ExposureLimit(float("inf")))
    changed = [host for host in range(n) if set(found.rows[host]) - {-1} != set(first[host]) - {-1}]
    if degrees[orphan] or not costs:
        assert changed == []
        return
    (host,) = changed
    (gone,) = set(first[host]) - set(found.rows[host])
    assert costs[host, first[host].tolist().index(gone)] == pytest.approx(min(costs.values()))
    assert found.after.orphans == 0


def test_what_a_place_costs_is_measured_by_the_best_of_its_list_and_by_its_place():
    common = [{2: 9, 1: 8}, {2: 9, 0: 8}, {0: 9, 1: 8}]
    steep, gentle = {0: 1.0, 1: 0.5, 5: 0.3}, {0: 9.0, 1: 8.0, 5: 7.7}  # 0.2 of 1.0 lost, 0.3 of 9.0
    found = spread_all(*site(*common, steep, gentle, {0: 9, 1: 8}), 2)
    assert lists_of(found)[3:] == [[0, 1], [0, 5], [0, 1]]
    early = {0: 1.0, 5: 0.8}  # of one list the first place, of the other the second
    late = {0: 1.0, 1: 0.9, 5: 0.65}
    rows, scores = site({1: 9}, {0: 9}, {0: 9}, early, late, {0: 9, 1: 8})
    rows[3, 1], rows[3, 2], scores[3] = (
        2,
        5,
        (1.0, 1.0, 0.8),
    )  # 2 is in no other list: its place is not to spare
    found = spread_all(rows, scores, 2)
    assert lists_of(found)[3:] == [[0, 2], [0, 5], [0, 1]]


def test_ties_are_settled_by_id():
    circle = [{1: 0.9}, {2: 0.9}, {0: 0.9}]
    cases = {
        "which orphan": site(*circle, {0: 0.9, 4: 0.5, 5: 0.5}, {1: 0.9}, {2: 0.9}),
        "whose place": site(*circle, {0: 0.9, 5: 0.5}, {0: 0.9, 5: 0.5}, {2: 0.9}),
    }
    eligible = np.array([True, True, True, False, True, True])
    for (rows, scores), here, there in zip(cases.values(), ([4, 1], [5, 0]), ([5, 1], [0, 5]), strict=True):
        forwards = spread(rows, scores, 1, eligible, np.arange(6, dtype=np.int32))
        backwards = spread(rows, scores, 1, eligible, np.arange(6, dtype=np.int32)[::-1])
        assert forwards.rows[3:5, 0].tolist() == here
        assert backwards.rows[3:5, 0].tolist() == there


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("score", [0.0, -0.5])
def test_scores_of_nothing_or_less_are_spread_too(score):
    rows, scores = site({1: 0, 2: 0, 3: 0}, {0: 0, 2: 0, 3: 0}, {0: 0, 1: 0, 3: 0}, {0: 0, 1: 0, 2: 0})
    found = spread_all(rows, np.full_like(scores, score), 2, most=1.5)
    assert (found.before.orphans, found.after.orphans) == (1, 0)
    assert found.after.max_in_degree <= 3


def test_articles_that_nobody_should_see_get_no_place():
    rows, scores = site({1: 0.9, 2: 0.8}, {0: 0.9, 2: 0.8}, {0: 0.9, 1: 0.8})
    eligible = np.array([True, True, False])
    found = spread(rows, scores, 1, eligible, np.arange(3, dtype=np.int32))
    assert found.before.orphans == 0
    assert lists_of(found) == [[1], [0], [0]]


def test_a_list_gives_two_places_away_and_no_more():
    others = [{1: 0.9, 2: 0.8, 3: 0.7}, {2: 0.9, 3: 0.8, 0: 0.7}, {3: 0.9, 1: 0.8, 0: 0.7}]
    host = {1: 0.9, 2: 0.8, 0: 0.7, 4: 0.6, 5: 0.5, 6: 0.4}
    rows, scores = site(*others, host, {}, {}, {})
    found = spread_all(rows, scores, 3)
    assert lists_of(found)[3] == [1, 4, 5]
    assert (found.before.orphans, found.after.orphans) == (3, 1)


CIRCLE = [{1: 0.9, 2: 0.8}, {2: 0.9, 0: 0.7}, {0: 0.9, 1: 0.8}]


def test_an_orphan_on_nobodys_mind_is_asked_about_and_comes_last():
    rows, scores = site(*CIRCLE, {0: 0.9, 1: 0.8, 2: 0.7})
    asked = []

    def score_pairs(hosts, others):
        asked.extend(zip(hosts.tolist(), others.tolist(), strict=True))
        return np.array([-np.inf, 0.3, 0.75], dtype=np.float32)[hosts]

    assert spread_all(rows, scores, 2).after.orphans == 1
    found = spread_all(rows, scores, 2, score_pairs=score_pairs)
    assert sorted(asked) == [(0, 3), (1, 3), (2, 3)]
    assert lists_of(found) == [[1, 2], [2, 0], [0, 3], [0, 1]]
    assert found.scores[2].tolist() == pytest.approx([0.9, 0.75])


def test_an_orphan_is_asked_about_only_where_it_is_not_a_candidate_and_takes_empty_places_first():
    rows, scores = site({1: 0.9, 3: 0.1}, {0: 0.9}, {0: 0.9, 3: 0.8}, {0: 0.9, 1: 0.8, 2: 0.7})
    asked = []

    def score_pairs(hosts, others):
        asked.extend(zip(hosts.tolist(), others.tolist(), strict=True))
        return np.full(len(hosts), 0.2, dtype=np.float32)

    rows[2, 1] = -1  # article 2 has one candidate, and is a candidate of 3 alone
    found = spread_all(rows, scores, 2, score_pairs=score_pairs)
    assert asked == []
    rows[3, 2] = -1
    rows[0, 1] = -1
    found = spread_all(rows, scores, 2, score_pairs=score_pairs)
    assert sorted(asked) == [(0, 2), (0, 3), (1, 3)]
    assert lists_of(found) == [[1, 2], [0, 3], [0], [0, 1]]


def test_a_site_with_hubs_is_spread_at_little_loss():
    """Inner products with vectors of unlike lengths: the long ones are near everybody, the short ones near nobody."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(600, 12)) * rng.uniform(0.8, 1.2, size=(600, 1))
    products = vectors @ vectors.T
    np.fill_diagonal(products, -np.inf)
    rows = np.argsort(-products, axis=1)[:, :64].astype(np.int32)
    scores = np.take_along_axis(products, rows, axis=1).astype(np.float32)
    found = spread_all(rows, scores, 5)
    assert found.before.orphans > 0.05 * 600
    assert found.before.max_in_degree > 6 * found.before.mean_in_degree
    assert found.after.orphans <= 0.01 * 600
    assert found.after.max_in_degree <= 6 * found.after.mean_in_degree
    discounts = 1 / np.log2(2 + np.arange(5))
    assert np.sum(found.scores @ discounts) >= 0.97 * np.sum(scores[:, :5] @ discounts)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_nothing_to_show_gives_empty_lists(shape):
    rows = np.full(shape, -1, dtype=np.int32)
    found = spread_all(rows, np.zeros(shape, dtype=np.float32), 2)
    assert found.rows.tolist() == [[-1, -1]] * shape[0]
    assert found.before[:2] == (shape[0], 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": 0}, "k of 1 or more, got 0"),
        ({"most": 0.9}, "most of 1 or more, got 0.9"),
        ({"at_least": 3}, "at_least from 0 to 2, got 3"),
        ({"at_least": -1}, "at_least from 0 to 2, got -1"),
        ({"most": float("nan")}, "most of 1 or more, got nan"),
        ({"scores": np.zeros((3, 2), dtype=np.float32)}, "of one shape"),
        ({"eligible": np.full(2, True)}, r"eligible of shape \(3,\)"),
        ({"id_order": np.zeros(4, dtype=np.int32)}, r"id_order of shape \(3,\)"),
    ],
)
def test_invalid_arguments_are_refused(change, message):
    given_arguments = {
        "rows": np.full((3, 4), -1, dtype=np.int32), "scores": np.zeros((3, 4), dtype=np.float32), "k": 2,
        "eligible": np.full(3, True), "id_order": np.arange(3, dtype=np.int32),
    }  # fmt: skip
    limit = ExposureLimit(**{name: value for name, value in change.items() if name in ("most", "at_least")})
    changed = {name: value for name, value in change.items() if name not in ("most", "at_least")}
    with pytest.raises(ValueError, match=message):
        spread(**(given_arguments | changed), limit=limit)


def test_reach_of_no_articles_has_no_mean():
    assert np.isnan(reach(np.zeros((0, 2), dtype=np.int32), np.zeros(0, dtype=np.bool_)).mean_in_degree)
