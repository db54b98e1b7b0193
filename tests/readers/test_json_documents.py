"""JSON documents: where the articles are found, and messages if there are none."""

from __future__ import annotations

import io
import json
import time
import warnings
from typing import Any

import pytest

from recommender.articles import Article
from recommender.errors import InputError
from recommender.readers import read_articles

_RAIN = {"id": "a", "title": "Rain", "text": "It rained.", "published": "2026-05-01"}
_SUN = {"id": "b", "title": "Sun", "text": "It shone.", "published": "2026-05-02"}


def _read(content: str | bytes, format: str | None = "json") -> list[Article]:
    content = content.encode() if isinstance(content, str) else content
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(read_articles(io.BytesIO(content), format=format))


def _problem(content: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        _read(content)
    return str(caught.value.problems[0])


_WRAPPED: dict[str, Any] = {
    "an array": [_RAIN, _SUN],
    "posts": {"posts": [_RAIN, _SUN], "meta": {"pages": 1}},
    "data": {"data": [_RAIN, _SUN]},
    "deep": {"status": "ok", "response": {"total": 2, "results": [_RAIN, _SUN]}},
    "a search": {
        "took": 1,
        "hits": {"total": 2, "hits": [{"_id": each["id"], "_source": each} for each in (_RAIN, _SUN)]},
    },
    "beside others": {"tags": [{"id": n, "name": f"tag {n}"} for n in range(9)], "articles": [_RAIN, _SUN]},
}


@pytest.mark.parametrize("document", _WRAPPED.values(), ids=_WRAPPED)
def test_nested_articles_are_found(document: Any) -> None:
    for indent in (None, 2):
        articles = _read(json.dumps(document, indent=indent))
        assert [(article.article_id, article.title, article.body) for article in articles] == [
            ("a", "Rain", "It rained."),
            ("b", "Sun", "It shone."),
        ]


@pytest.mark.parametrize("between", ["", "\n", " , ", "\n\n"])
@pytest.mark.parametrize("indent", [None, 2])
def test_concatenated_objects_are_read(between: str, indent: int | None) -> None:
    content = between.join(json.dumps(each, indent=indent) for each in (_RAIN, _SUN))
    assert [article.article_id for article in _read(content)] == ["a", "b"]


def test_one_object_is_one_article() -> None:
    (article,) = _read(
        json.dumps(_RAIN | {"related": [{"id": "x", "title": "Other"}], "comments": [{"text": "Nice"}]})
    )
    assert article.article_id == "a"


def test_an_empty_document_has_no_articles() -> None:
    assert _read("[]") == []


def test_values_that_are_not_objects_are_bad_rows() -> None:
    assert _problem(json.dumps([_RAIN, 5, _SUN])).startswith("<stream>:2: not a JSON object, got int")


@pytest.mark.parametrize(
    "document", [[1, 2], 5, "text", None, {"error": "no key"}, {"code": 404, "message": "No"}]
)
def test_a_document_without_articles_is_reported_with_its_keys(document: Any) -> None:
    message = _problem(json.dumps(document))
    assert message.startswith("<stream>:")
    assert "give" in message
    if isinstance(document, dict):
        assert next(iter(document)) in message


def test_nan_and_infinity_become_none() -> None:
    (article,) = _read(
        '[{"id": "a", "title": "Rain", "text": "It rained.", "score": NaN, "high": -Infinity}]'
    )
    assert article.title == "Rain"
    json.dumps(dict(article.metadata), allow_nan=False)


@pytest.mark.parametrize(
    "content",
    [
        "{" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000,
        '[{"id": "a", "n": ' + "9" * 5_000 + "}]",
    ],
)
def test_hostile_documents_fail_fast(content: str) -> None:
    started = time.process_time()
    assert _problem(content).startswith("<stream>")
    assert time.process_time() - started < 10


def test_errors_are_located() -> None:
    assert _problem('[\n{"id": "a",\n}]').startswith("<stream>:3: not JSON")
    assert "not UTF-8" in _problem('[{"title": "caf\xe9"}]'.encode("latin-1"))
