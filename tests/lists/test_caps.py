"""Caps against a list made by hand, over random articles with no, one or several values."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Article
from recommender.lists.caps import capped
from recommender.rules.article_fields import Field, values_of


def site(*metadata):
    return [Article(f"a{row}", "A", metadata=each) for row, each in enumerate(metadata)]


def places_by_hand(rows, k, articles, caps):
    """Take what fits until k are taken; then what was passed over, and what was not looked at."""
    taken, passed, has = [], [], Counter()
    for place, row in enumerate(rows):
        values = [(name, value) for name in caps for value in values_of(articles[row], name)]
        if row >= 0 and len(taken) < k:
            fits = all(has[name, value] < caps[name] for name, value in values)
            (taken if fits else passed).append(place)
            has.update(values if fits else ())
    return [*taken, *passed, *range(len(taken) + len(passed), len(rows))]


def capped_by_name(rows, k, articles, **caps):
    fields = [(Field.of(articles, name), most) for name, most in caps.items()]
    order = capped(np.array(rows, dtype=np.int32), k, fields)
    return np.take_along_axis(np.array(rows), order, axis=1).tolist()


@settings(deadline=None)  # the first call compiles
@given(st.data())
def test_random_lists_are_what_they_are_by_hand(data):
    authors = st.lists(st.sampled_from("abc"), max_size=3)
    each = st.fixed_dictionaries({"author": authors, "series": st.none() | st.sampled_from("xy")})
    articles = site(*data.draw(st.lists(each, min_size=1, max_size=9)))
    n = len(articles)
    caps = data.draw(st.dictionaries(st.sampled_from(["author", "series", "nothing"]), st.integers(1, 3)))
    k = data.draw(st.integers(1, n + 1))
    rows = np.full((3, n), -1, dtype=np.int32)
    for row in rows:
        some = data.draw(st.permutations(range(n)))[: data.draw(st.integers(0, n))]
        row[: len(some)] = some
    order = capped(rows, k, [(Field.of(articles, name), most) for name, most in caps.items()])
    assert order.tolist() == [places_by_hand(row, k, articles, caps) for row in rows.tolist()]


def test_the_cap_holds_while_there_are_others():
    articles = site(*({"series": "x"} for _ in range(4)), {}, {})
    assert capped_by_name([[0, 1, 2, 3, 4, 5]], 3, articles, series=1) == [[0, 4, 5, 1, 2, 3]]


def test_a_list_is_filled_with_what_exceeds_the_cap_when_there_is_nothing_else():
    articles = site(*({"series": "x"} for _ in range(4)), {})
    assert capped_by_name([[0, 1, 2, 3, 4]], 4, articles, series=1) == [[0, 4, 1, 2, 3]]


def test_an_article_of_several_authors_counts_for_each():
    articles = site({"author": ["ann", "bo"]}, {"author": ["bo", "cy"]}, {"author": "ann"}, {"author": "cy"})
    assert capped_by_name([[0, 1, 2, 3]], 2, articles, author=1) == [[0, 3, 1, 2]]


def test_one_cap_does_not_undo_another():
    # after the caps of series and author have passed over some, what fits both still comes first
    articles = site(
        {"series": "x", "author": "ann"}, {"series": "x", "author": "bo"}, {"series": "y", "author": "ann"},
        {"series": "z", "author": "cy"},
    )  # fmt: skip
    for caps in ({"series": 1, "author": 1}, {"author": 1, "series": 1}):
        assert capped_by_name([[0, 1, 2, 3]], 2, articles, **caps)[0][:2] == [0, 3]


def test_lists_do_not_count_for_each_other():
    articles = site(*({"series": "x"} for _ in range(3)))
    assert capped_by_name([[0, 1, -1], [1, 2, -1], [2, 0, 1]], 1, articles, series=1) == [
        [0, 1, -1], [1, 2, -1], [2, 0, 1],
    ]  # fmt: skip
