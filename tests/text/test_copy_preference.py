"""The representative of a group: by date, by length, by section, and deterministic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.text.copy_preference import RULES, preference_order

NO_DATE = np.iinfo(np.int64).min


def chosen(rule, rows, **sections):
    """Return the choice for `rows` of (group, published, length, rank of the id, section)."""
    group, published, lengths, places, section = (np.array(column) for column in zip(*rows, strict=True))
    order = preference_order(
        group.astype(np.int32),
        rule,
        published=published.astype(np.int64),
        lengths=lengths.astype(np.int64),
        id_order=places.astype(np.int32),
        sections=section.astype(np.int32),
        **sections,
    )
    first = {}
    for row in order.tolist():
        first.setdefault(int(group[row]), row)
    return [first[each] for each in group.tolist()]


ROWS = [
    (0, 50, 900, 3, 1),
    (0, 10, 700, 2, 2),
    (2, 10, 100, 0, 0),  # a group of one
    (0, NO_DATE, 950, 1, 0),
    (0, 90, 800, 4, 0),
]


@pytest.mark.parametrize(
    ("rule", "sections", "row"),
    [
        ("original", (), 1),
        ("longest", (), 3),
        ("newest", (), 4),
        ("sections", (1, 2), 0),
        ("sections", (7, 2, 1), 1),
        ("sections", (0,), 4),  # the dated one of the two in it
        ("sections", (), 1),
    ],
)
def test_each_rule_has_its_choice(rule, sections, row):
    assert chosen(rule, ROWS, preferred_sections=sections) == [row, row, 2, row, row]


def test_ties_of_dates_are_broken_by_length_and_then_by_id():
    assert chosen("original", [(0, 5, 10, 0, 0), (0, 5, 11, 1, 0)]) == [1, 1]
    assert chosen("newest", [(0, 5, 10, 0, 0), (0, 5, 11, 1, 0)]) == [1, 1]
    assert chosen("longest", [(0, 6, 10, 0, 0), (0, 5, 10, 1, 0)]) == [1, 1]
    for rule in RULES:
        assert chosen(rule, [(0, 5, 10, 1, 0), (0, 5, 10, 0, 0)]) == [1, 1]


@pytest.mark.parametrize("rule", ["original", "newest"])
def test_undated_articles_come_last_and_are_ordered_by_length(rule):
    assert chosen(rule, [(0, NO_DATE, 99, 0, 0), (0, -5, 1, 1, 0)]) == [1, 1]
    assert chosen(rule, [(0, NO_DATE, 98, 0, 0), (0, NO_DATE, 99, 1, 0)]) == [1, 1]


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from([NO_DATE, 1, 2]), st.integers(0, 2), st.integers(0, 2))
    ),
    st.sampled_from(RULES),
    st.randoms(),
)
def test_one_article_per_group_independent_of_the_order_of_rows(rows, rule, random):
    rows = [
        (group, date, length, place, section) for place, (group, date, length, section) in enumerate(rows)
    ]
    if not rows:
        return
    shuffled = random.sample(rows, len(rows))
    representatives = []
    for order in (rows, shuffled):
        picked = chosen(rule, order, preferred_sections=(2, 0))
        assert all(order[row][0] == order[one][0] for row, one in enumerate(picked))
        representatives.append({order[row][3]: order[one][3] for row, one in enumerate(picked)})
    assert representatives[0] == representatives[1]
    assert len(set(representatives[0].values())) == len({row[0] for row in rows})


def test_an_empty_site_has_no_representatives():
    none = np.empty(0, np.int64)
    assert preference_order(
        none.astype(np.int32), "newest", published=none, lengths=none, id_order=none
    ).shape == (0,)


def test_an_unknown_rule_and_missing_sections_are_rejected():
    one = np.zeros(1, np.int64)
    with pytest.raises(ValueError, match="original, longest, newest, sections"):
        preference_order(one, "oldest", published=one, lengths=one, id_order=one)
    with pytest.raises(ValueError, match="pass sections"):
        preference_order(one, "sections", published=one, lengths=one, id_order=one)
