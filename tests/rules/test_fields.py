"""What articles carry in a field, and that a filter on it finds the same as reading the articles."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import Article, Recommender
from recommender.collection.summary_table import SummaryTable
from recommender.metadata import TAG_FIELDS
from recommender.rules.article_fields import Field, values_of

PLAIN = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b", "true", "1", "B "])
VALUES = PLAIN | st.lists(PLAIN, max_size=4)


def articles_with(values):
    return [Article(f"a{row}", "A", metadata={"field": each}) for row, each in enumerate(values)]


@given(
    st.lists(VALUES, max_size=8), st.lists(st.sampled_from(["a", "b", "true", "1", "nowhere"]), max_size=3)
)
def test_a_filter_finds_what_has_one_of_the_values(values, wanted):
    articles = articles_with(values)
    field = Field.of(articles, "field")
    each = [values_of(article, "field") for article in articles]
    assert field.has_one_of(wanted).tolist() == [bool(set(has) & set(wanted)) for has in each]
    names = {code: name for name, code in field.codes.items()} | {-1: None}
    assert [names[code] for code in field.first.tolist()] == [has[0] if has else None for has in each]
    assert [
        tuple(names[code] for code in field.values[start:stop].tolist())
        for start, stop in zip(field.indptr[:-1], field.indptr[1:], strict=True)
    ] == each


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (True, ("true",)), ("True", ("True",)), (2026, ("2026",)), (0, ("0",)), (2.5, ("2.5",)), ("", ()), (None, ()),
        ([], ()), (["b", "a", "b", None, ""], ("b", "a")), (("a",), ("a",)), (date(2026, 5, 1), ("2026-05-01",)),
        (datetime(2026, 5, 1, 9, tzinfo=UTC), ("2026-05-01T09:00:00+00:00",)),
    ],
    ids=repr,
)  # fmt: skip
def test_values_are_the_same_when_built_and_when_loaded(value, texts):
    (article,) = articles_with([value])
    assert values_of(article, "field") == texts
    assert values_of(SummaryTable.of([article])[0], "field") == texts


@given(
    st.lists(
        st.tuples(VALUES, st.sampled_from([None, "sport", "Ärzte"]), st.sampled_from([None, "de-AT", "de"])),
        max_size=8,
    )
)
def test_a_field_of_an_artifact_is_read_from_its_column_alone(values):
    articles = [
        Article(f"a{row}", "A", section=section, language=language, metadata={"field": value, "section": "x"})
        for row, (value, section, language) in enumerate(values)
    ]
    table = SummaryTable.of(articles)
    for name in ("field", "section", "language", "url", "title", "nowhere"):
        read, given = Field.of(table, name), Field.of(articles, name)
        assert read.codes == given.codes
        assert read.indptr.tolist() == given.indptr.tolist()
        assert read.values.tolist() == given.values.tolist()


def test_fields_of_its_own_come_before_metadata_of_the_same_name():
    article = Article("a", "A", section="sport", url="https://a", metadata={"section": "x", "title": "t"})
    assert values_of(article, "section") == ("sport",)
    assert values_of(article, "url") == ("https://a",)
    assert values_of(article, "language") == ()
    assert values_of(Article("a", "A", language="de-AT"), "language") == ("de-AT", "de")
    assert values_of(article, "title") == ("t",)


@pytest.mark.parametrize("field", TAG_FIELDS)
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["fish"], [True, True, True, False]), (["FISH"], [True, True, True, False]),
        (["harbour"], [True, False, False, False]), (["harbour, bread"], [True, False, False, True]),
        (["fis"], [False] * 4), ([], [False] * 4),
    ],
    ids=repr,
)  # fmt: skip
def test_filters_compare_tags_each_by_itself_and_without_regard_to_case(field, wanted, found):
    values = ["harbour, Fish", ["fish"], [{"name": "Fish"}], "bread"]
    articles = [Article(f"a{row}", "A", metadata={field: each}) for row, each in enumerate(values)]
    assert Field.of(articles, field).has_one_of(wanted).tolist() == found
    assert Field.of(SummaryTable.of(articles), field).has_one_of(wanted).tolist() == found


def test_a_list_takes_what_has_a_tag_however_it_is_written():
    articles = [
        Article("a", "Ice in the harbour", "Ice lay in the harbour."),
        Article("b", "Harbour and ice", "The harbour had ice.", metadata={"tags": "harbour, Fish"}),
        Article("c", "Harbour ice", "Ice in the harbour again.", metadata={"tags": ["bread"]}),
    ]
    site = Recommender.from_articles(articles)
    assert [entry.article_id for entry in site.related("a", where={"tags": "fish"})] == ["b"]
    assert [entry.article_id for entry in site.related("a", where_not={"tags": ["FISH"]})] == ["c"]


def test_other_fields_are_compared_as_they_are_written():
    field = Field.of(articles_with(["a, B", "b"]), "field")
    assert field.has_one_of(["b"]).tolist() == [False, True]
    assert field.has_one_of(["a, B"]).tolist() == [True, False]


def test_a_field_that_nobody_has():
    field = Field.of(articles_with([None, 1]), "other")
    assert field.first.tolist() == [-1, -1]
    assert not field.has_one_of(["1"]).any()
    assert Field.of([], "field").first.dtype == np.int32
