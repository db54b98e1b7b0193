"""Tests for every format: the same articles round-trip in each."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest
import zstandard
from written_articles import ARTICLES, FORMATS, WRITERS

from recommender.errors import InputError
from recommender.readers import read_articles

BY_ID = sorted(ARTICLES, key=lambda article: article.article_id)


@pytest.fixture(params=WRITERS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def written(kind: str, tmp_path: Path) -> Path:
    return WRITERS[kind](tmp_path)


def _read(*args, **options):
    return sorted(read_articles(*args, **options), key=lambda article: article.article_id)


def test_articles_round_trip(written: Path) -> None:
    assert _read(written) == BY_ID


def test_the_format_can_be_named(written: Path, kind: str) -> None:
    assert _read(str(written), format=FORMATS.get(kind, kind)) == BY_ID


def test_files_are_recognised_under_a_misleading_name(written: Path, kind: str, tmp_path: Path) -> None:
    if written.is_dir():
        pytest.skip("folders are recognised by the names in them")
    for name in ("other.csv", "other.jsonl", "other.md", "other"):
        assert _read(written.rename(tmp_path / name)) == BY_ID
        written = tmp_path / name


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress], ids=["plain", "gz", "zst"])
def test_standard_input_and_open_files_compressed_or_not(
    written: Path, pack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if written.is_dir():
        pytest.skip("a folder is not a stream")
    packed = pack(written.read_bytes())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(packed)))
    assert _read("-") == BY_ID
    assert not sys.stdin.buffer.closed
    stream = io.BytesIO(packed)
    assert _read(stream) == BY_ID
    assert not stream.closed
    path = tmp_path / "packed.gz"
    path.write_bytes(packed)
    assert _read(path) == BY_ID


def test_a_byte_order_mark_is_not_part_of_the_text(written: Path, kind: str) -> None:
    if kind == "parquet":
        pytest.skip("binary")
    for path in written.rglob("*.*") if written.is_dir() else [written]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert _read(written) == BY_ID


def test_a_repeated_id_across_sources_names_both_places(written: Path, tmp_path: Path) -> None:
    first = tmp_path / "first.jsonl"
    first.write_text('\n{"id": "story-2", "title": "Before"}')
    reader = read_articles([first, written])
    with pytest.raises(InputError) as caught:
        list(reader)
    (problem,) = caught.value.problems
    assert str(written) in problem.source
    assert problem.what == f"id seen twice, first at {first}:2"
    assert problem.got == "'story-2'"
    assert (reader.n_read, reader.n_rejected, reader.n_blank) == (4, 1, 1)


def test_skipping_bad_rows_keeps_the_others(written: Path, tmp_path: Path) -> None:
    first = tmp_path / "first.jsonl"
    first.write_text('{"id": "story-2", "title": "Before"}')
    reader = read_articles([first, written], on_error="skip")
    assert [article.article_id for article in reader].count("story-2") == 1
    assert (reader.n_read, reader.n_rejected, len(reader.problems)) == (4, 1, 1)
