"""What raises or lowers a content score, and what each signal adds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.collection.attributes import Dates
from recommender.collection.labels import Labels, LabelVocabulary
from recommender.index.sparse_rows import SparseRow, SparseRows
from recommender.scoring.adjustments import Adjustments
from recommender.scoring.queries import Queries, Vectors
from recommender.scoring.score_parts import parts_of
from recommender.scoring.weights import Weights

DAY = 86_400_000_000  # microseconds
UNKNOWN = np.iinfo(np.int64).min
NAMES = st.sampled_from(["lexical", "dense", "neural", "mention"])
LOGS = st.sampled_from(["hub", "time", "section", "tags"])


@given(
    st.dictionaries(NAMES, st.floats(-1, 1), min_size=1),
    st.dictionaries(LOGS, st.floats(-3, 3)),
)
def test_parts_add_up_to_the_score(content, logs):
    parts = parts_of(content, logs)
    score = sum(content.values()) * np.exp(sum(logs.values()))
    # rounded against the largest part, since parts may cancel
    assert sum(parts.values()) == pytest.approx(score, abs=1e-12 * max(1, *map(abs, parts.values())))
    assert parts.keys() == content.keys() | logs.keys()
    assert {name: parts[name] for name in content} == content


@given(st.floats(0.01, 1), st.dictionaries(LOGS, st.floats(-3, 3)))
def test_what_raises_a_score_adds_and_what_lowers_it_takes(content, logs):
    parts = parts_of({"lexical": content}, logs)
    for name, log in logs.items():
        assert np.sign(parts[name]) == np.sign(log) or abs(log) < 1e-300


def test_logs_that_cancel_leave_the_score_and_are_listed():
    parts = parts_of({"lexical": 0.4}, {"hub": 0.25, "time": -0.25})
    assert parts == pytest.approx({"lexical": 0.4, "hub": 0.1, "time": -0.1})
    assert parts_of({"lexical": 0.4}, {}) == {"lexical": 0.4}


# ---------------------------------------------------------------- the logs of pairs

N_BINS = len(Dates.edges) + 1
HUBS = np.array([0.3, 0.1, 0.2, 0.0], dtype=np.float32)  # mean .15
TIME = Dates(np.array([0, DAY, 400 * DAY, UNKNOWN]))
SETS = [frozenset("s"), frozenset("s"), frozenset("t"), frozenset()]
SECTION = Labels(LabelVocabulary.of(SETS).rows(SETS))
RATIOS = {
    "time": np.linspace(2, -2, N_BINS, dtype=np.float32),
    "section": np.array([-1, 0, 0, 0, 0, 0, 0.5], dtype=np.float32),
}
EVERY = np.arange(4)


def adjustments(hubs=HUBS, attributes=None, ratios=RATIOS):
    attributes = {"time": TIME, "section": SECTION} if attributes is None else attributes
    return Adjustments(hubs, float(hubs.mean()) if len(hubs) else 0.0, attributes, ratios)


def logs_of(weights=None, context=None, mine=None, row=0, n_terms=80, others=EVERY):
    """Return the logs of one query of so many terms; 80 terms make it half short."""
    context = context or adjustments()
    terms = np.arange(n_terms, dtype=np.int32)
    none = SparseRows.of_rows([SparseRow(terms[:0], terms[:0].astype(np.float32))])
    sparse = SparseRows.of_rows([SparseRow(terms, np.ones(n_terms, np.float32))])
    vectors = Vectors(
        sparse, np.zeros((1, 1), np.float32), np.zeros((1, 0), np.float32), none, np.zeros(1, np.int16)
    )
    query = Queries(vectors, context.attributes if mine is None else mine, np.array([row], np.int32))
    places = np.zeros(len(others), dtype=np.intp)
    return context.logs(query, places, others, weights if weights is not None else Weights())


def test_an_article_near_to_many_is_lowered_and_a_lonely_one_raised():
    hub = logs_of(Weights(hub=0.5))["hub"]
    assert hub == pytest.approx(-0.5 * np.log((HUBS + 0.01) / (0.15 + 0.01)))
    assert (hub < 0).tolist() == [True, False, True, False]


def test_an_article_as_near_as_the_mean_is_left_alone():
    even = adjustments(np.full(3, 0.2, np.float32), {}, {})
    assert logs_of(context=even, others=np.arange(3)) == {"hub": pytest.approx(np.zeros(3), abs=1e-6)}


def test_a_site_without_neighbours_has_no_hubs():
    empty = adjustments(np.zeros(2, np.float32), {}, {})
    assert logs_of(context=empty, others=np.arange(2))["hub"].tolist() == [0, 0]
    assert logs_of(context=adjustments(HUBS[:0], {}, {}), others=EVERY[:0])["hub"].shape == (0,)


def test_an_attribute_is_weighed_by_the_bin_of_the_pair_and_by_shortness():
    weights = Weights(time=0.4, section=0.2)
    for n_terms, short in ((720, 0.1), (80, 0.5), (0, 1.0)):
        logs = logs_of(weights, n_terms=n_terms)
        bins = [0, 1, 9]  # 0, 1 and 400 days
        assert logs["time"][:3] == pytest.approx(0.4 * (0.5 + short) * RATIOS["time"][bins])
        assert logs["section"][:3] == pytest.approx(0.2 * (0.5 + short) * np.array([0.5, 0.5, -1]))


def test_a_pair_without_values_is_left_alone():
    assert logs_of()["time"][3] == logs_of()["section"][3] == 0
    for name in ("time", "section"):
        assert logs_of(row=3)[name].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("name", ["hub", "time", "section"])
def test_a_weight_of_nothing_leaves_the_signal_out(name):
    assert name in logs_of()
    assert logs_of(Weights(**{name: 0.0})).keys() == logs_of().keys() - {name}


def test_ratios_of_zero_leave_the_signal_out():
    flat = adjustments(ratios=RATIOS | {"time": np.zeros(N_BINS, np.float32)})
    assert logs_of(context=flat).keys() == {"hub", "section"}


def test_an_attribute_that_a_draft_lacks_plays_no_part():
    draft = {"section": SECTION}
    assert logs_of(mine=draft).keys() == {"hub", "section"}
    later = {"time": Dates(np.array([399 * DAY]))}
    assert logs_of(Weights(time=0.4), mine=later)["time"][2] == pytest.approx(0.4 * RATIOS["time"][1])


@pytest.mark.parametrize("weights", [{"lexical": -0.1}, {"tags": 1.1}, {"hub": float("nan")}])
def test_weights_out_of_range_are_refused_by_name(weights):
    with pytest.raises(ValueError, match=f"from 0 to 1, got {next(iter(weights))}="):
        Weights(**weights)
