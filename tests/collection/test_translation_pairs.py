"""Which pairs of articles are translations: mutual best that stand out, and none in one language."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.collection.translation_pairs import BAR, MARGIN, TranslationPairs, chosen_pairs
from recommender.text.text_marks import TextMarks

N = 12
LANGUAGES = np.array([0, 1, 2] * 4, dtype=np.int16)


@st.composite
def some_pairs(draw):
    rows = st.tuples(st.integers(0, N - 1), st.integers(0, N - 1))
    given = draw(st.lists(rows.filter(lambda pair: LANGUAGES[pair[0]] != LANGUAGES[pair[1]]), max_size=40))
    strengths = draw(
        st.lists(st.sampled_from([0.4, 0.45, 0.5, 0.52, 0.7, 1.1]), min_size=len(given), max_size=len(given))
    )
    best = {tuple(sorted(pair)): strength for pair, strength in zip(given, strengths, strict=True)}
    one, other = (np.array([pair[side] for pair in best], dtype=np.int32) for side in (0, 1))
    return TranslationPairs.of(one, other, np.array(list(best.values()), dtype=np.float32))


@given(some_pairs(), st.permutations(range(N)))
def test_chosen_pairs_are_mutual_and_stand_out_whatever_the_order_of_the_rows(pairs, order):
    chosen = chosen_pairs(pairs, LANGUAGES, np.arange(N, dtype=np.int32))
    of = {frozenset(pair[:2]): pair[2] for pair in zip(*(each.tolist() for each in pairs), strict=True)}
    for one, other in chosen:
        own = of[frozenset((one, other))]
        assert own >= np.float32(BAR)
        for a, b in ((one, other), (other, one)):
            rivals = [
                strength for pair, strength in of.items() if a in pair and b not in pair
                and LANGUAGES[next(iter(pair - {a}))] == LANGUAGES[b]
            ]  # fmt: skip
            assert all(own - rival >= MARGIN for rival in rivals)
    moved = np.array(order, dtype=np.int32)
    languages = np.empty_like(LANGUAGES)
    languages[moved] = LANGUAGES
    places = np.empty(N, dtype=np.int32)
    places[moved] = np.arange(N)
    again = chosen_pairs(
        pairs.patched(np.append(moved, np.int32(-1)), TranslationPairs.none()), languages, places
    )
    assert [frozenset(moved[list(pair)].tolist()) for pair in chosen] == [frozenset(pair) for pair in again]


@given(some_pairs(), some_pairs(), st.sets(st.integers(0, N - 1)))
def test_patched_pairs_are_those_of_what_is_there(old, new, gone):
    moved = np.arange(N + 1, dtype=np.int32)
    moved[[*gone, N]] = -1
    fresh = TranslationPairs.of(
        *(
            each[[not {a, b} & gone for a, b in zip(new.one.tolist(), new.other.tolist(), strict=True)]]
            for each in new
        )
    )
    found = old.patched(moved, fresh)
    pairs = list(zip(found.one.tolist(), found.other.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert all(one < other for one, other in pairs)
    wanted = {
        (a, b) for part in (old, new) for a, b in zip(part.one.tolist(), part.other.tolist(), strict=True)
    }
    assert set(pairs) == {pair for pair in wanted if not gone & set(pair)}


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ("3 May 2019: 1,200 boats, 14 men", "3. Mai 2019: 1.200 Boote, 14 Mann", True),
        ("3 May 2019: 1,200 boats, 14 men", "٣ مايو ٢٠١٩: ١٢٠٠ قارب و١٤ رجلا", True),
        ("3 May 2019: 1,200 boats, 14 men", "9. Juni 2020: 80 Boote, 5 Mann", False),
        ("No numbers in this text at all.", "Keine Zahlen in diesem Text.", True),
        ("A text.", "Ein Text, der so viel mehr sagt, dass er keine Übersetzung sein kann.", False),
        ("The water in the village rose by a metre in that night.", "暴風雨之夜村裡的水上漲了一公尺，居民上了屋頂。", True),
    ],
)  # fmt: skip
def test_a_translation_keeps_the_numbers_and_the_length(one, other, may):
    assert TextMarks.of(one).may_translate(TextMarks.of(other)) is may
