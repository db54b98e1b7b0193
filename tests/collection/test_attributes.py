"""How alike two articles are by date, section and tags."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Article
from recommender.collection.attributes import Dates
from recommender.collection.labels import LABEL_FIELDS, Labels, LabelVocabulary, labels_of
from recommender.collection.summary_table import NO_DATE, SummaryTable, microseconds
from recommender.metadata import TAG_FIELDS

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
NOON = datetime(2026, 3, 1, 10, 37, 11, 5, tzinfo=UTC)  # a time of day that is no round part of one


def articles_with(field, values):
    return [Article(f"a{number}", "x", **{field: value}) for number, value in enumerate(values)]


def vocabularies_of(articles):
    return {
        field: LabelVocabulary.of([labels_of(article, field) for article in articles])
        for field in LABEL_FIELDS
    }


def attributes_of(articles, vocabularies=None):
    """Return the attributes that two or more articles have, by the labels of a site or their own."""
    vocabularies = vocabularies or vocabularies_of(articles)
    dates = Dates(SummaryTable.of(articles).published)
    found = {"time": dates} if (dates.published != NO_DATE).sum() > 1 else {}
    for field in LABEL_FIELDS:
        rows = vocabularies[field].rows([labels_of(article, field) for article in articles])
        if (rows.lengths > 0).sum() > 1:
            found[field] = Labels(rows)
    return found


def one(article, field, site):
    """Return an article that is not on the site as the only row of an attribute."""
    if field == "time":
        return Dates(np.array([microseconds(article.published)]))
    return Labels(vocabularies_of(site)[field].rows([labels_of(article, field)]))


def moments(*published):
    return attributes_of(articles_with("published", published))["time"]


def labels_from(*sets):
    sets = [frozenset(each) for each in sets]
    return Labels(LabelVocabulary.of(sets).rows(sets))


def pairs(attribute, *others):
    """Bins of row 0 with others."""
    return attribute.bins(attribute, np.zeros(len(others), int), np.array(others)).tolist()


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(("bin_", "edge"), list(enumerate(Dates.edges)))
def test_a_gap_at_an_edge_is_in_the_upper_bin_whatever_the_hour(bin_, edge):
    starts = np.random.default_rng(0).integers(-(10**15), 2 * 10**15, 1000)
    for more, expected in ((-1, bin_), (0, bin_ + 1), (1, bin_ + 1)):  # microseconds
        both = Dates(np.concatenate([starts, starts + int(edge * (DAY / TICK)) + more]))
        first, second = np.arange(1000), np.arange(1000, 2000)
        assert (both.bins(both, first, second) == expected).all()
        assert (both.bins(both, second, first) == expected).all()


def test_years_apart_are_in_the_last_bin():
    ages = moments("1450-01-01", "2199-12-31", "1970-06-01")
    assert pairs(ages, 0, 1, 2) == [0, len(Dates.edges), len(Dates.edges)]


def test_without_a_date_nothing_is_known():
    some = moments(NOON, None, NOON, None)
    rows = np.array([0, 0, 1, 1])
    assert some.bins(some, rows, np.array([1, 2, 2, 3])).tolist() == [-1, 0, -1, -1]


def test_the_same_moment_in_any_form_is_no_time_apart():
    same = moments(
        "2026-05-02T04:30:00Z", "2026-05-01T23:30:00-05:00", "2026-05-02T04:30:00",
        datetime(2026, 5, 2, 6, 30, tzinfo=timezone(timedelta(hours=2))),
    )  # fmt: skip
    assert len(set(same.published.tolist())) == 1
    assert pairs(moments(date(2026, 5, 1), "2026-05-01T00:00:00Z", "2026-05-01"), 1, 2) == [0, 0]


# ---------------------------------------------------------------- labels


def weighted(sets):
    """Unit rows of rarity weights, by hand."""
    names = sorted(set().union(*sets))
    holds = np.array([[name in each for name in names] for each in sets], dtype=float).reshape(
        len(sets), len(names)
    )
    rows = holds * (1 + np.log((1 + len(sets)) / (1 + holds.sum(axis=0))))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


SETS = st.lists(st.frozensets(st.sampled_from("abcdefgh"), max_size=5), min_size=1, max_size=25)


@settings(deadline=None, max_examples=150)
@given(SETS)
def test_bins_of_labels_are_those_of_the_cosine(sets):
    labels = labels_from(*sets)
    rows, others = np.indices((len(sets), len(sets))).reshape(2, -1)
    unit = weighted(sets)
    cosines = (unit @ unit.T).ravel()
    kept = labels.rows.to_csr(8)
    assert (kept @ kept.T).toarray().ravel() == pytest.approx(cosines, abs=1e-6)
    bins = labels.bins(labels, rows, others)
    expected = np.searchsorted(labels.edges, cosines, side="right")
    some = np.array([bool(each) for each in sets])
    unknown = ~(some[rows] & some[others])
    clear = np.abs(cosines[:, None] - labels.edges).min(axis=1) > 1e-5  # of two sums, rounded differently
    assert (bins[unknown] == -1).all()
    assert (bins[~unknown & clear] == expected[~unknown & clear]).all()
    assert (bins == labels.bins(labels, others, rows)).all()


def test_labels_from_none_in_common_to_all():
    labels = labels_from({"a", "b"}, {"c"}, {"a", "b"}, set())
    assert pairs(labels, 0, 1, 2, 3) == [len(labels.edges), 0, len(labels.edges), -1]


def test_a_rare_label_in_common_is_worth_more_than_a_frequent_one():
    labels = labels_from({"news", "rare"}, {"news", "x"}, {"rare", "y"}, *[{"news"}] * 20)
    by_news, by_rare = pairs(labels, 1, 2)
    assert by_rare > by_news > 0


def test_many_pairs_and_few_get_the_same_bins():
    rng = np.random.default_rng(3)
    labels = labels_from(*(set(rng.choice(list("abcdefghijkl"), rng.integers(0, 6))) for _ in range(40)))
    rows, others = rng.integers(0, 40, (2, 1000))
    at_once = labels.bins(labels, rows, others)  # enough for the compiler
    few = [labels.bins(labels, rows[at : at + 100], others[at : at + 100]) for at in range(0, 1000, 100)]
    assert at_once.tolist() == np.concatenate(few).tolist()
    assert len(set(at_once.tolist())) > 4


def test_no_pair_has_no_bin():
    labels, none = labels_from({"a"}, {"a"}), np.empty(0, int)
    assert labels.bins(labels, none, none).shape == (0,)
    assert moments(NOON, NOON).bins(moments(NOON, NOON), none, none).shape == (0,)


# ---------------------------------------------------------------- where labels come from


@pytest.mark.parametrize("field", TAG_FIELDS)
@pytest.mark.parametrize(
    "wrap", [lambda tag: tag, lambda tag: [tag], lambda tag: (tag, None)], ids=["text", "list", "tuple"]
)
def test_tags_come_from_every_field_as_text_and_as_list(field, wrap):
    articles = articles_with("metadata", [{field: wrap("Sea")}, {"tags": [" SEA "]}, {"tags": "land"}, {}])
    assert pairs(attributes_of(articles)["tags"], 1, 2, 3) == [len(Labels.edges), 0, -1]


def test_tags_of_several_fields_are_one_set():
    articles = articles_with(
        "metadata", [{"tags": "a", "keywords": ["b", "A"]}, {"series": "b", "topics": ["a"]}]
    )
    assert pairs(attributes_of(articles)["tags"], 1) == [len(Labels.edges)]


def test_case_plays_no_part():
    sections = attributes_of(articles_with("section", ["Straße", "STRASSE", "Platz", None]))["section"]
    assert pairs(sections, 1, 2, 3) == [len(Labels.edges), 0, -1]


@pytest.mark.parametrize("field", TAG_FIELDS)
@pytest.mark.parametrize(
    "value",
    [
        "Harbour, ice plant,", ["harbour", "Ice Plant"], [" HARBOUR ", "ice plant", "", None],
        [{"name": "Harbour"}, {"name": "Ice plant", "slug": "ice"}], "ice plant , harbour, Harbour",
    ],
    ids=repr,
)  # fmt: skip
def test_tags_are_the_same_as_text_with_commas_as_a_list_and_as_objects(field, value):
    articles = articles_with(
        "metadata", [{field: value}, {"tags": ["ice plant", "harbour"]}, {"tags": "harbour"}]
    )
    tags = attributes_of(articles)["tags"]
    assert pairs(tags, 1) == [len(Labels.edges)]
    assert 0 < pairs(tags, 2)[0] < len(Labels.edges)


def test_a_tag_of_a_draft_is_found_however_it_is_written():
    articles = articles_with("metadata", [{"tags": ["Ice plant"]}, {"tags": "harbour, ice plant"}])
    site = attributes_of(articles)["tags"]
    draft = one(Article("d", "x", metadata={"keywords": "Road, ICE PLANT"}), "tags", articles)
    assert site.bins(draft, np.zeros(1, int), np.zeros(1, int)).tolist() == [len(Labels.edges)]


def test_numbers_are_tags():
    articles = articles_with("metadata", [{"tags": [2021, "sea"]}, {"tags": ["2021", "Sea"]}, {"tags": 2021}])
    assert pairs(attributes_of(articles)["tags"], 1)[0] == len(Labels.edges)
    assert pairs(attributes_of(articles)["tags"], 2)[0] > 0


NO_TAGS = [None, True, "", "  ", [], [None, ""], {"a": "sea"}, [["sea"]], ", ,", "nan"]


@pytest.mark.parametrize("value", NO_TAGS, ids=repr)
def test_what_names_nothing_is_no_tag(value):
    articles = articles_with(
        "metadata", [{"tags": value}, {"tags": "sea"}, {"tags": ["sea"]}, {"other": "sea"}]
    )
    assert pairs(attributes_of(articles)["tags"], 1, 3) == [-1, -1]


def test_half_a_character_in_a_tag_is_no_crash():
    articles = articles_with("metadata", [{"tags": "\ud800"}, {"tags": "\ud800"}, {"tags": "\ud801"}])
    assert pairs(attributes_of(articles)["tags"], 1, 2) == [len(Labels.edges)] * 2


def test_what_fewer_than_two_articles_carry_is_left_out():
    one = Article("a", "x", published=NOON, section="s", metadata={"tags": "t"})
    bare = Article("b", "x")
    assert attributes_of([]) == attributes_of([bare]) == attributes_of([one, bare]) == {}
    assert list(attributes_of([one, bare, one])) == ["time", "section", "tags"]


# ---------------------------------------------------------------- an article that is not on the site

SITE = [
    Article("a", "x", published=NOON, section="Sea", metadata={"tags": ["ferry", "storm"]}),
    Article("b", "x", published=NOON + 2 * DAY, section="Land", metadata={"tags": ["storm", "wind"]}),
    Article("c", "x", published=None, section="sea", metadata={"keywords": "ferry"}),
    Article("d", "x"),
]  # fmt: skip
EVERY = np.arange(len(SITE))


@pytest.mark.parametrize("article", SITE, ids=lambda article: article.article_id)
def test_an_article_handed_in_again_is_as_similar_as_it_is_on_the_site(article):
    row = SITE.index(article)
    for name, attribute in attributes_of(SITE).items():
        here = attribute.bins(one(article, name, SITE), np.zeros(len(SITE), int), EVERY)
        assert here.tolist() == attribute.bins(attribute, np.full(len(SITE), row), EVERY).tolist()


def test_labels_that_the_site_does_not_know_are_left_out():
    tags = attributes_of(SITE)["tags"]
    zeros = np.zeros(len(SITE), int)
    known = one(Article("x", "x", metadata={"tags": ["storm", "ferry"]}), "tags", SITE)
    more = one(Article("x", "x", metadata={"tags": ["Storm", "ferry", "moon", 5]}), "tags", SITE)
    assert tags.bins(more, zeros, EVERY).tolist() == tags.bins(known, zeros, EVERY).tolist()
    nothing = one(Article("x", "x", metadata={"tags": ["moon"]}), "tags", SITE)
    assert tags.bins(nothing, zeros, EVERY).tolist() == [-1] * len(SITE)
