"""Malformed input of every format yields articles and problems, and never a traceback.

Each input was well-formed until some of its bytes, lines or values were changed. RECOMMENDER_MALFORMED=10000 sets the
number of inputs of each format. Limits count processor time.
"""

from __future__ import annotations

import io
import json
import os
import random
import time
import warnings
from contextlib import suppress
from pathlib import Path

import pytest
from malformed import MUTATIONS
from odd_documents import DOCUMENTS
from written_articles import FORMATS, WRITERS

from recommender.articles import Article
from recommender.collection.summary_table import SummaryTable
from recommender.errors import InputError
from recommender.readers import read_articles, recognise

N_INPUTS = int(os.environ.get("RECOMMENDER_MALFORMED", "150"))
SLOWEST = 20.0  # seconds of the processor; exceeded only by a hang


def _files(written: Path) -> list[Path]:
    return sorted(path for path in written.rglob("*.*")) if written.is_dir() else [written]


def _read(source: object, format: str | None) -> list[Article]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = read_articles(source, format=format, on_error="skip", keep="all")  # type: ignore[arg-type]
        articles: list[Article] = []
        with suppress(InputError):
            articles.extend(reader)
        return articles


@pytest.mark.parametrize("kind", WRITERS)
def test_malformed_input_yields_articles_and_problems(kind: str, tmp_path: Path) -> None:
    (tmp_path / "well-formed").mkdir()
    originals = [path.read_bytes() for path in _files(WRITERS[kind](tmp_path / "well-formed"))]
    _attack(kind, FORMATS.get(kind, kind), originals, N_INPUTS)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_malformed_documents_yield_articles_and_problems(kind: str) -> None:
    format, content = DOCUMENTS[kind]
    assert _read(io.BytesIO(content), format)
    _attack(kind, format, [content], N_INPUTS if N_INPUTS > 150 else 30)


def test_every_format_is_attacked() -> None:
    attacked = {FORMATS.get(kind, kind) for kind in WRITERS} | {format for format, _ in DOCUMENTS.values()}
    assert attacked == set(recognise.FORMATS)


def _attack(kind: str, format: str, originals: list[bytes], n_inputs: int) -> None:
    rng = random.Random(f"{kind} 7")
    for number in range(n_inputs):
        content = rng.choice(originals)
        for _ in range(rng.choice((1, 1, 2, 5))):
            content = rng.choice(MUTATIONS)(content, rng)
        started = time.process_time()
        articles = _read(io.BytesIO(content), format)
        if number % 4 == 0:
            articles += _read(io.BytesIO(content), None)  # format recognised by content
        assert time.process_time() - started < SLOWEST, f"input {number} of {kind} took too long"
        _is_kept_by_an_artifact(articles)


def _is_kept_by_an_artifact(articles: list[Article]) -> None:
    table = SummaryTable.of(articles)
    for row, article in enumerate(articles):
        kept = table[row]
        assert (kept.article_id, kept.published) == (article.article_id, article.published)
        json.dumps(dict(kept.metadata), allow_nan=False).encode("utf-8")


OPENINGS = ("[", '{"a":', '[{"title":', "<div>", "<item>", "> ", "- ", "[a](", "**", "`", "{% if %}")


@pytest.mark.parametrize("opening", OPENINGS)
def test_deep_nesting_does_not_crash_the_reader(opening: str, tmp_path: Path) -> None:
    deep = opening * 20_000
    heads = {
        "jsonl": '{"id": "a", "title": "T", "x": ' + deep,
        "json": deep,
        "rss": f'<rss version="2.0"><channel><item><title>{deep}</title></item></channel></rss>',
        "markdown": deep,
        "html": f"<html><body>{deep}</body></html>",
        "csv": f'id,title\n1,"{deep}"',
    }
    for format, text in heads.items():
        started = time.process_time()
        _read(io.BytesIO(text.encode()), format)
        assert time.process_time() - started < SLOWEST, format
