"""Missing, damaged, compressed, endless and misnamed sources."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import InputError, MissingExtraError
from recommender.readers import FORMATS, read_articles

LINES = b"".join(b'{"id": %d, "title": "Story %d"}\n' % (n, n * 7919) for n in range(20_000))


def _problems(*args, **options):
    with pytest.raises(InputError) as caught:
        list(read_articles(*args, **options))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
@pytest.mark.parametrize("on_error", ["raise", "skip"])
@pytest.mark.parametrize("kept", [0.001, 0.5, 0.9999])
def test_truncated_compressed_data_is_an_error(pack, on_error: str, kept: float, tmp_path: Path) -> None:
    packed = pack(LINES)
    path = tmp_path / "articles.jsonl.packed"
    path.write_bytes(packed[: int(len(packed) * kept) or 4])
    reader = read_articles(path, format="jsonl", on_error=on_error)
    with pytest.raises(InputError, match=r"cut short, got .*; download or compress the file again"):
        list(reader)
    assert reader.n_read < 20_000


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_concatenated_compressed_files_are_read(pack, tmp_path: Path) -> None:
    path = tmp_path / "articles"
    path.write_bytes(pack(LINES[:300_000]) + pack(b"") + pack(LINES[300_000:]))
    assert len(list(read_articles(path))) == 20_000


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor(write_checksum=True).compress])
def test_damaged_compression_is_an_error(pack, tmp_path: Path) -> None:
    packed = bytearray(pack(LINES))
    packed[len(packed) // 2] ^= 0xFF
    path = tmp_path / "articles.jsonl"
    path.write_bytes(packed)
    assert "check the file, or download it again" in _problems(path)[0]  # one problem for all affected rows


def test_an_empty_compressed_file_is_an_error_and_an_empty_file_is_not(tmp_path: Path) -> None:
    for name in ("none.jsonl", "none.csv", "none"):
        (tmp_path / name).touch()
        assert list(read_articles(tmp_path / name)) == []
    (tmp_path / "none.jsonl.gz").touch()
    assert "cut short" in _problems(tmp_path / "none.jsonl.gz")[0]


def test_an_endless_stream_is_read_as_it_comes() -> None:
    class Endless(io.RawIOBase):
        numbers = itertools.count()

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            line = b'{"id": %d, "title": "x"}\n' % next(self.numbers)  # a slow pipe: one line at a time
            buffer[: len(line)] = line
            return len(line)

    reader = read_articles(Endless())
    assert [article.article_id for article in itertools.islice(reader, 10_000)][-1] == "9999"


def test_all_missing_paths_are_reported_before_reading(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_articles([tmp_path / "a", tmp_path / "b"])
    assert [str(problem) for problem in caught.value.problems] == [
        f"{tmp_path / name}: no such file or folder; check the path" for name in "ab"
    ]


def test_a_file_without_read_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "articles.jsonl"
    path.touch()

    def refuse(self, *args):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    assert _problems(path) == [f"{path}: permission denied, got {str(path)!r}; check the permissions"]


def test_one_bad_source_does_not_hide_the_problems_of_the_next(tmp_path: Path) -> None:
    first, second = tmp_path / "first.gz", tmp_path / "second.jsonl"
    first.write_bytes(gzip.compress(LINES)[:-10])
    second.write_text('oops\n{"id": "a", "title": "x"}')
    messages = _problems([first, second])
    assert messages[0].startswith(f"{first}: compressed data that is cut short")
    assert messages[1].startswith(f"{second}:1: not JSON")


def test_unrecognised_and_unknown_formats(tmp_path: Path) -> None:
    path = tmp_path / "articles.doc"
    path.write_text("Once upon a time")
    known = ", ".join(FORMATS)
    assert _problems(path) == [
        f"{path}: format not recognised, got 'Once upon a time'; name it with format= or --format: {known}"
    ]
    with pytest.raises(InputError, match=f"unknown format, got 'word'; use one of {known}"):
        read_articles(path, format="word")
    with pytest.raises(ValueError, match="'raise' or 'skip', got 'ignore'"):
        read_articles(path, on_error="ignore")
    with pytest.raises(TypeError, match="unexpected keyword argument 'kept'"):
        read_articles(path, kept="all")  # type: ignore[call-arg]


def test_the_given_format_overrides_content_and_name(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text('{"id": "a", "title": "x"}')
    assert "no column 'id'" in _problems(path, format="csv")[0]


def test_json_about_json_feed_is_still_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    text = '{"version": "https://jsonfeed.org/version/1.1", "items": []}'
    path.write_text(json.dumps({"id": "a", "title": "JSON Feed", "text": text}))
    assert [article.article_id for article in read_articles(path)] == ["a"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_is_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    lines = "".join(f'{{"id": {n}, "title": "𝄞 {n}"}}\n' for n in range(30_000))
    path.write_text(("" if encoding == "utf-16" else "\ufeff") + lines, encoding=encoding)
    titles = [article.title for article in read_articles(path)]
    assert titles == [f"𝄞 {n}" for n in range(30_000)]


def test_a_text_file_object_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"binary file object.*open it with 'rb'"):
        list(read_articles(io.StringIO("{}")))  # type: ignore[arg-type]


def test_names_of_one_field_and_empty_values(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    row = {
        "article_id": 2**60,
        "body": "B",
        "text": None,
        "published": "",
        "url": "",
        "n": 1,
        "metadata": {"m": 2},
    }
    path.write_text(
        json.dumps(row) + "\n" + json.dumps({"id": "b", "article_id": "old", "text": "T", "body": "B"})
    )
    first, second = read_articles(path)
    assert (first.article_id, first.body, first.published, first.url) == (str(2**60), "B", None, None)
    assert first.metadata == {"n": 1, "m": 2}
    assert (second.article_id, second.body, second.metadata) == ("b", "T", {"article_id": "old", "body": "B"})


@pytest.mark.parametrize(
    ("package", "name", "extra"),
    [("pyarrow", "articles.parquet", "parquet"), ("trafilatura", "page.html", "html")],
)
def test_a_missing_extra_names_the_install_command(
    package: str, name: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [module for module in sys.modules if module.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(MissingExtraError, match=rf"pip install 'recommender\[{extra}\]'"):
        list(read_articles(tmp_path / name, on_error="skip"))


def test_importing_the_readers_imports_no_parser() -> None:
    heavy = "lxml feedparser defusedxml yaml markdown_it pyarrow trafilatura zstandard"
    code = f"import sys, recommender.readers; print(*sorted(set({heavy.split()!r}) & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "\n"
    )


_texts = st.text(st.characters(codec="utf-8"), max_size=40)
_ids = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(
    lambda t: t.isprintable() and t.strip()
)
_articles = st.lists(st.tuples(_ids, _texts, _texts.filter(bool)), unique_by=lambda row: row[0], max_size=6)


@settings(max_examples=150, deadline=None)
@given(_articles)
def test_json_lines_round_trip(rows: list[tuple[str, str, str]]) -> None:
    written = "".join(json.dumps({"id": i, "title": t, "text": b}) + "\n" for i, t, b in rows).encode()
    read = read_articles(io.BytesIO(written), format="jsonl")
    assert [(article.article_id, article.title, article.body) for article in read] == rows


@settings(max_examples=150, deadline=None)
@given(
    _articles, st.sampled_from([("csv", ","), ("csv", ";"), ("tsv", "\t")]), st.sampled_from(["\n", "\r\n"])
)
def test_tables_round_trip(rows: list[tuple[str, str, str]], form: tuple[str, str], end: str) -> None:
    import csv

    file = io.StringIO(newline="")
    table = csv.writer(file, delimiter=form[1], lineterminator=end, quoting=csv.QUOTE_ALL)
    table.writerows([("id", "title", "text"), *rows])
    read = read_articles(io.BytesIO(file.getvalue().encode()), format=form[0])
    assert [(article.article_id, article.title, article.body) for article in read] == rows
