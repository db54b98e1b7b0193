"""Placing pins in a list."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recommender.editors import placed

entries_of = st.lists(st.integers(0, 12), unique=True, max_size=10)
pins_of = st.lists(
    st.tuples(st.integers(1, 14), st.integers(0, 20)), max_size=6, unique_by=(lambda p: p[0], lambda p: p[1])
)


def marked(placed_rows):
    """Return rows as text, with a star after each pinned row."""
    return " ".join(f"{row}{'*' * pinned}" for row, pinned in placed_rows)


@pytest.mark.parametrize(
    ("entries", "pins", "k", "expected"),
    [
        ([1, 2, 3], [], 10, "1 2 3"),
        ([1, 2, 3], [], 2, "1 2"),
        ([1, 2, 3], [(1, 9)], 3, "9* 1 2"),
        ([1, 2, 3], [(2, 9)], 10, "1 9* 2 3"),
        ([1, 2, 3], [(2, 3)], 10, "1 3* 2"),
        ([1, 2, 3], [(1, 1)], 10, "1* 2 3"),
        ([1, 2, 3], [(9, 8)], 10, "1 2 3 8*"),
        ([1, 2, 3], [(8, 7), (9, 6)], 10, "1 2 3 7* 6*"),
        ([1, 2, 3], [(9, 6), (8, 7)], 4, "1 2 7* 6*"),
        ([], [(5, 7), (9, 6)], 10, "7* 6*"),
        ([1, 2, 3], [(1, 9), (2, 8), (3, 7)], 2, "9* 8*"),
        ([1, 2, 3], [(5, 9)], 3, "1 2 9*"),
        ([1, 2], [(1, 9), (1, 8)], 10, "9* 8* 1 2"),
        ([1, 2], [(2, 9), (4, 9)], 10, "1 9* 2"),
    ],
)
def test_a_pin_is_at_its_position_or_as_near_as_the_list_allows(entries, pins, k, expected) -> None:
    assert marked(placed(entries, pins, k)) == expected


@given(entries_of, pins_of, st.integers(1, 15))
@example([], [(1, 0), (2, 1)], 1)
def test_properties_of_every_list(entries, pins, k) -> None:
    made = placed(entries, pins, k)
    rows = [row for row, _ in made]
    pinned = [row for row, is_pinned in made if is_pinned]
    by_position = [row for _, row in sorted(pins)]
    automatic = [row for row in entries if row not in by_position]
    assert len(rows) == min(k, len(automatic) + len(pins)) == len(set(rows))
    assert pinned == by_position[:k]
    assert [row for row, is_pinned in made if not is_pinned] == automatic[: max(k - len(pins), 0)]
    assert placed(rows, pins, k) == made
    at = dict(pins)
    if not pins or max(at) <= len(rows):
        assert all(rows[position - 1] == row for position, row in pins)
    else:  # the last pin is at the end, and no pin is after its position
        assert made[-1][1]
    for row in pinned:
        position = next(position for position, one in pins if one == row)
        assert rows.index(row) + 1 <= position


def test_k_is_at_least_one() -> None:
    with pytest.raises(ValueError, match="k must be at least 1"):
        placed([1], [], 0)
