"""Who names whose title: the same as the shares of all titles in all texts say."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender import Article, Recommender
from recommender.index.sparse_rows import SparseRows
from recommender.lists.drafts import draft_query
from recommender.scoring import mentions
from recommender.scoring.mention_kernels import named_by_others
from recommender.scoring.mention_rows import mention_rows
from recommender.scoring.weights import Weights

N_TERMS = 8


def matrix(rows, n_terms=N_TERMS):
    """Rows from mappings of term to weight."""
    dense = np.zeros((len(rows), n_terms), dtype=np.float32)
    for row, entries in zip(dense, rows, strict=True):
        for term, weight in entries.items():
            row[term] = weight
    return csr_matrix(dense)


class Found:
    """Mentions as a whole matrix."""

    def __init__(self, found, n):
        self.n_naming, self.rows = found.n_naming, found.strengths
        self.strengths = found.strengths.to_csr(n)


def find_mentions(titles, sparse, n_jobs=None):
    n = sparse.shape[0]
    rows = SparseRows.of(titles), SparseRows.of(sparse)
    frequencies = np.bincount(rows[1].indices, minlength=sparse.shape[1]).astype(np.int32)
    return Found(mentions.find_mentions(*rows, mentions.MentionRules(frequencies, n), n_jobs=n_jobs), n)


def texts(*sets):
    return matrix([dict.fromkeys(terms, 1.0) for terms in sets])


def strengths_of(shares):
    """Strengths from what share of title j text i holds, all pairs at once."""
    shares = np.where(shares >= 0.5, shares, 0).astype(np.float64)
    np.fill_diagonal(shares, 0)
    n, n_naming = len(shares), (shares > 0).sum(axis=0)
    rarity = np.clip(np.log(max(n, 1) / (1 + n_naming)) / np.log(max(n, 2)), 0, 1)
    one_way = shares**2 * rarity
    return one_way + one_way.T, n_naming


def shares_of(titles, sparse):
    return (sparse.toarray() > 0) @ (titles.toarray() ** 2).T


# Squares of quarters are exact in float32, so that a share of a half is a half. What is missing to unit length
# are words that no other article has.
TITLES = st.lists(
    st.tuples(st.integers(0, N_TERMS - 1), st.sampled_from([0.25, 0.5, 0.75])),
    max_size=6,
    unique_by=lambda entry: entry[0],
).map(lambda entries: dict(entries) if sum(weight**2 for _, weight in entries) <= 1 else {})


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(TITLES, st.sets(st.integers(0, N_TERMS - 1))), max_size=12))
def test_mentions_are_those_that_all_pairs_show(articles):
    titles, sparse = matrix([title for title, _ in articles]), texts(*(terms for _, terms in articles))
    found = find_mentions(titles, sparse)
    strengths, n_naming = strengths_of(shares_of(titles, sparse))
    assert found.n_naming.tolist() == n_naming.tolist()
    assert found.strengths.toarray() == pytest.approx(strengths, abs=1e-6)
    assert (found.strengths != found.strengths.T).nnz == 0
    assert not found.strengths.diagonal().any()
    assert all((np.diff(found.rows.row(row).columns) > 0).all() for row in range(len(articles)))


@pytest.mark.parametrize("n_terms", [1, 2, 3])
def test_half_of_a_title_is_a_mention_and_less_is_none(n_terms):
    titles = matrix([{0: 0.5, 1: 0.5, 2: 0.5, 3: 0.5}, {}, {}])
    found = find_mentions(titles, texts({0, 1, 2, 3}, set(range(n_terms)), {7}))
    assert found.n_naming.tolist() == ([0, 0, 0] if n_terms == 1 else [1, 0, 0])
    rarity = np.log(3 / 2) / np.log(3)
    assert found.strengths[1, 0] == pytest.approx({1: 0, 2: 0.5, 3: 0.75}[n_terms] ** 2 * rarity)


def test_a_title_that_everybody_names_tells_nothing():
    found = find_mentions(matrix([{0: 1.0}, {1: 1.0}, {}, {}]), texts({0, 1}, {0, 1}, {0}, {0}))
    assert found.n_naming.tolist() == [3, 1, 0, 0]
    assert found.strengths[0, 2] == 0
    assert found.strengths[0, 1] == pytest.approx(np.log(4 / 2) / np.log(4))  # what is left: 0 names 1


@pytest.mark.parametrize("title", [{}, {0: 0.3}], ids=["no title", "words that nobody else has"])
def test_a_title_without_known_terms_is_named_by_nobody(title):
    found = find_mentions(matrix([title, {}, {}]), texts({0, 1}, {0, 1}, {0}))
    assert not found.n_naming.any()
    assert found.strengths.nnz == 0


@pytest.mark.parametrize("n", [0, 1])
def test_sites_of_no_article_and_of_one(n):
    found = find_mentions(matrix([{0: 1.0}] * n), texts(*[{0}] * n))
    assert found.strengths.shape == (n, n)
    assert found.strengths.nnz == 0
    assert found.n_naming.tolist() == [0] * n


def test_two_of_one_title_name_each_other():
    titles = matrix([{0: 1.0}, {0: 1.0}, {}])
    found = find_mentions(titles, texts({0}, {0}, {5}))
    both = 2 * np.log(3 / 2) / np.log(3)
    assert found.strengths.toarray() == pytest.approx(np.array([[0, both, 0], [both, 0, 0], [0, 0, 0]]))
    # and nothing if there are no others: then the title tells nobody from anybody
    assert find_mentions(titles[:2], texts({0}, {0})).strengths.nnz == 0


def test_terms_that_too_many_articles_hold_are_passed_over(monkeypatch):
    half = np.sqrt(0.5) + 1e-4
    titles = matrix([{0: half, 1: np.sqrt(0.3)}, {}, {}, {}, {}, {}])
    sparse = texts({0, 1}, {0, 1}, {0}, {0}, {1}, set())
    assert find_mentions(titles, sparse).n_naming[0] == 3
    monkeypatch.setattr(
        mentions, "_COMMON", 3
    )  # four hold term 0, so that .3 of the title is all that is left
    assert find_mentions(titles, sparse).n_naming[0] == 0
    monkeypatch.setattr(mentions, "_COMMON_SHARE", 0.7)  # 4 of 6 articles are not too many on this site
    assert find_mentions(titles, sparse).n_naming[0] == 3


def test_slight_terms_are_not_looked_for():
    words = dict.fromkeys(range(1, 21), np.float32(0.09))  # .0081 of the title each
    titles = matrix([{0: 0.8, **words}, {}, {}], n_terms=30)
    sparse = matrix([dict.fromkeys(range(21), 1.0), dict.fromkeys(range(21), 1.0), {25: 1.0}], n_terms=30)
    found = find_mentions(titles, sparse)
    assert found.strengths[0, 1] == pytest.approx(0.64**2 * np.log(3 / 2) / np.log(3), rel=1e-5)


def test_threads_change_nothing(monkeypatch):
    rng = np.random.default_rng(1)
    titles = csr_matrix(0.5 * (rng.random((60, 20)) < 0.15), dtype=np.float32)
    sparse = csr_matrix(rng.random((60, 20)) < 0.4, dtype=np.float32)
    whole = find_mentions(titles, sparse, n_jobs=1)
    assert whole.strengths.nnz
    monkeypatch.setattr(mentions, "_BLOCK", 7)  # nine pieces
    pieces = find_mentions(titles, sparse, n_jobs=3)
    assert pieces.n_naming.tobytes() == whole.n_naming.tobytes()
    for part in ("indptr", "indices", "data"):
        assert getattr(pieces.strengths, part).tobytes() == getattr(whole.strengths, part).tobytes()


def test_titles_and_texts_in_runs_have_the_mentions_of_all():
    rng = np.random.default_rng(2)
    titles = csr_matrix(0.5 * (rng.random((60, 20)) < 0.15), dtype=np.float32)
    sparse = csr_matrix(rng.random((60, 20)) < 0.4, dtype=np.float32)
    whole = find_mentions(titles, sparse, n_jobs=1)
    rules = mentions.MentionRules(np.bincount(sparse.indices, minlength=20).astype(np.int32), 60)
    rows = SparseRows.of(titles), SparseRows.of(sparse)
    bounds = [range(23), range(23, 24), range(24, 60)]
    texts = [(run.start, rows[1].take(np.array(run))) for run in bounds]
    named = [mentions.named_titles(rows[0], run, texts, rules, None) for run in bounds]
    found = [mention_rows(named, run, 60) for run in bounds]
    assert np.concatenate([each.n_naming for each in named]).tolist() == whole.n_naming.tolist()
    for part in ("indices", "data"):
        assert (
            np.concatenate([getattr(each, part) for each in found]).tobytes()
            == getattr(whole.rows, part).tobytes()
        )


# ---------------------------------------------------------------- drafts

STORIES = [
    ("Ferry sinks off Skelmar", "The ferry went down in the storm near the lighthouse; divers search the wreck."),
    ("Choir wins the Lindholm prize", "Forty singers sang by heart and the jury of the prize stood up."),
    ("Glass factory to close", "The furnace at Orrin goes cold in autumn after ninety years of glass."),
    ("Bridge of Tamm reopens", "Cars cross the river again; the bridge had been shut since the flood."),
]  # fmt: skip
REPORTS = [
    ("One year on", "Ferry sinks off Skelmar, we wrote a year ago. The divers still search the wreck."),
    ("Songs", "Choir wins the Lindholm prize was the headline. The jury still talks about it."),
    (
        "Work",
        "After glass factory to close and bridge of Tamm reopens, what next for the river and its cars?",
    ),
    *((f"Notes of day {day}", f"Weather, sport and the market on day {day} of spring.") for day in range(5)),
]


@pytest.fixture(scope="module")
def site():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return Recommender.from_articles(
            Article(f"a{number:02}", *text) for number, text in enumerate(STORIES + REPORTS)
        )


def draft_of(site, title, body):
    query, _ = draft_query(
        site.site, Article("draft", title, body), (title, body), np.zeros(0, np.float32), 10
    )
    named = np.zeros(len(site))
    mentioned = query.vectors.mentions.row(0)
    named[mentioned.columns] = mentioned.values
    return named


def test_an_article_handed_in_again_has_the_mentions_it_has_on_the_site(site):
    opened, n = site.collection, len(site)
    for row, (title, body) in enumerate(STORIES + REPORTS):
        stored = np.zeros(n)
        stored[opened.mentions.row(row).columns] = opened.mentions.row(row).values
        named = draft_of(site, title, body)
        # itself, who holds its own title, is one more that names the draft
        m = int(opened.n_naming[row])
        loss = np.log(n / (2 + m)) / np.log(n / (1 + m))
        others = np.arange(n) != row
        assert (stored[others] > 0).tolist() == (named[others] > 0).tolist()
        assert (named[others] <= stored[others] + 0.05).all()
        assert (named[others] >= loss * stored[others] - 1e-6).all()
        assert named[row] > 0 or row >= len(STORIES)  # words of the other titles are nobody else's


def test_the_mentions_of_the_reports_are_those_that_were_written(site):
    partners = {
        row: site.collection.mentions.row(row).columns.tolist() for row in range(len(STORIES), len(site))
    }
    assert {row: partners[row] for row in (4, 5, 6)} == {4: [0], 5: [1], 6: [2, 3]}


def test_a_draft_that_names_a_story_lifts_it_in_its_list(site):
    body = "The divers search the river and the cars cross the bridge; shut since the flood, said the jury."
    plain = site.related_to("Monday", body, why=True)
    naming = site.related_to("Monday", f"{body} Glass factory to close", why=True)
    assert "a02" not in plain.article_ids[:2]
    assert naming.article_ids[0] == "a02"
    parts = {entry.article_id: entry.parts for entry in naming}
    assert parts["a02"]["mention"] > 0
    # the words of the title alone do less
    wordy_model = site.model.changed(weights=Weights(mention=0.0))
    without = site.replaced(site.site.changed(model=wordy_model))
    wordy = {e.article_id: e.score for e in without.related_to("Monday", f"{body} Glass factory to close")}
    scores = {entry.article_id: entry.score for entry in naming}
    assert scores["a02"] > wordy["a02"] + 0.005


def test_a_copy_is_known_by_its_terms_whatever_their_order():
    # the columns of a row are in no order; the third text is another one
    texts = SparseRows(
        np.array([0, 5, 10, 15]),
        np.int32([9, 1, 7, 3, 5, 1, 3, 5, 7, 9, 1, 2, 4, 6, 8]),
        np.ones(15, np.float32),
    )
    titles = SparseRows(np.array([0, 1, 2, 3]), np.int32([1, 3, 2]), np.ones(3, np.float32))
    rows = titles.read_only(), texts.read_only()
    assert named_by_others(*rows, np.array([0]), np.array([1])).tolist() == [False, False, False]
    assert named_by_others(*rows, np.array([0]), np.array([2])).tolist() == [True, False, False]
