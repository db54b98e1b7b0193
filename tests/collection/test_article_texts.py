"""Compressed texts of articles, of which the title can be read alone."""

from __future__ import annotations

import zlib

import pytest

from recommender.collection.article_texts import ArticleTexts
from recommender.collection.string_column import StringColumn
from recommender.errors import ArtifactError

TITLES = ["", "Rain", "Überschwemmung im Tal " * 60]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_that_is_read_alone_is_that_of_the_text(title: str) -> None:
    texts = ArticleTexts.of([(title, "It rained. " * 500), (title, "")], [[0, 2], []])
    assert [texts.title(row) for row in (0, 1)] == [texts[row][0] for row in (0, 1)] == [title, title]


@pytest.mark.parametrize("packed", [b"no text", zlib.compress(b"no title"), zlib.compress(b"x" * 5_000)[:9]])
def test_a_damaged_text_has_no_title(packed: bytes) -> None:
    texts = ArticleTexts(StringColumn.of([packed]))
    with pytest.raises(ArtifactError, match="a text"):
        texts.title(0)
