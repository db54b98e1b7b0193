"""Bad rows are reported with problem, place and next step, and never dropped silently."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender.errors import InputError
from recommender.readers import read_articles
from recommender.readers.inputs import sources
from recommender.readers.json import jsonl

NAMED = "give each article an 'id' that never changes, or name another field with id= or --id"

GOOD = b'{"id": "good", "title": "Good"}'


def _problems(*args, **options):
    with pytest.raises(InputError) as caught:
        list(read_articles(*args, **options))
    return [str(problem) for problem in caught.value.problems]


BAD_LINES = {
    b"oops": "not JSON, got 'oops': ",
    b'{"id": "a", "title": "cut': "not JSON, got ",
    b"[1, 2]": "not a JSON object, got list; put one {...} on each line",
    b'"text"': "not a JSON object, got str; put one {...} on each line",
    b"null": "not a JSON object, got NoneType; put one {...} on each line",
    b'{"title": "x"}': f"no id, got ''; {NAMED}",
    b'{"id": null, "title": "x"}': f"no id, got ''; {NAMED}",
    b'{"id": "  ", "title": "x"}': f"no id, got '  '; {NAMED}",
    b'{"id": true, "title": "x"}': "'id' is not text, got True; give a string",
    b'{"id": 1.5, "title": "x"}': "'id' is not text, got 1.5; give a string",
    b'{"id": ["a"], "title": "x"}': "'id' is not text, got ['a']; give a string",
    b'{"id": "a\\u0000", "title": "x"}': "'id' contains control characters, got 'a\\x00'; use other characters",
    b'{"id": "a"}': "no text and no title; give at least one of 'title' and 'text'",
    b'{"id": "a", "title": "", "text": null}': "no text and no title; give at least one of 'title' and 'text'",
    b'{"id": "a", "title": 7}': "'title' is not text, got 7; give a string",
    b'{"id": "a", "text": {"n": 1}}': "'body' is not text, got {'n': 1}; give a string",
    b'{"id": "a", "title": "x", "metadata": 3}': "'metadata' is not a mapping, got 3; give name-value pairs",
    b'{"id": "a", "title": "caf\xe9"}': "not UTF-8, got byte 0xe9 after 25 valid bytes; convert the file to UTF-8",
    b'{"id": "a", "title": "\\ud83d"}': "not JSON, got ",
    b'{"id": "good", "title": "x"}': "id seen twice, first at {path}:1, got 'good'; give each article its own id, or",
}


@pytest.mark.parametrize("line", BAD_LINES)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_bad_json_line(line: bytes, end: bytes, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(GOOD + end + end + line + end + b'{"id": "last", "text": "Last"}')
    (message,) = _problems(path)
    assert message.startswith(f"{path}:3: " + BAD_LINES[line].replace("{path}", str(path)))
    reader = read_articles(path, on_error="skip")
    assert [article.article_id for article in reader] == ["good", "last"]
    assert (reader.n_read, reader.n_rejected, reader.n_blank) == (2, 1, 1)


def test_all_problems_of_a_row_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(GOOD + b'\n{"id": "good", "metadata": 3}')
    assert [message.removeprefix(f"{path}:2: ").partition(",")[0] for message in _problems(path)] == [
        "no text and no title; give at least one of 'title' and 'text'",
        "'metadata' is not a mapping",
        "id seen twice",
    ]


def test_articles_are_yielded_before_problems_are_raised(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b"bad\n" + GOOD + b"\nworse\n")
    reader = read_articles(path)
    assert next(reader).article_id == "good"
    with pytest.raises(InputError) as caught:
        next(reader)
    assert [problem.line for problem in caught.value.problems] == [1, 3]


def test_a_thousand_problems_are_kept_and_the_rest_counted(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b"{}\n" * 1_500)
    reader = read_articles(path)
    with pytest.raises(InputError) as caught:
        list(reader)
    assert (reader.n_rejected, reader.n_problems, len(reader.problems)) == (1_500, 3_000, 1_000)
    assert str(caught.value.problems[-1]) == "and 2,000 more problems"


def test_an_overlong_line_is_one_bad_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_LINE_BYTES", 100)
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 100)
    path = tmp_path / "articles.jsonl"
    path.write_bytes(GOOD + b"\n" + b'{"id": "' + b"x" * 500_000 + b'"}\n{"id": "last"}\n' + b"y" * 101)
    messages = _problems(path)
    assert messages[0] == f"{path}:2: line longer than 0 MiB; split the article"
    assert messages[1].startswith(f"{path}:3: no text")
    assert messages[2].startswith(f"{path}:4: line longer than")
    assert len(messages) == 3


def test_an_overlong_text_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps({"id": "a", "text": "x" * 10_000_001}))
    assert _problems(path) == [
        f"{path}:1: 'body' is longer than 10,000,000 characters, got 10,000,001; split the article"
    ]


TABLE = b'id,title,text\n1,"two\nlines",x\n'
BAD_RECORDS = {
    b"2,b\n": (4, "wrong number of cells, got 2 under 3 columns; quote"),
    b"2,b,c,d\n": (4, "wrong number of cells, got 4 under 3 columns; quote"),
    b"2,caf\xe9,x\n": (4, "not UTF-8, got byte 0xe9; convert the file to UTF-8: iconv"),
    b",b,c\n": (4, "no id"),
    b"2,,\n": (4, "no text and no title"),
    b'\n2,"a\nb",c\n1,x,y\n': (7, "id seen twice, first at {path}:2, got '1'"),
    b'2,"never closed\n3,b,c\n': (4, "not CSV, got unexpected end of data; check the quotes"),
    b'2,"x"y,c\n': (4, "not CSV, got "),
}


@pytest.mark.parametrize("record", BAD_RECORDS)
def test_a_bad_csv_record_is_located_at_its_first_line(record: bytes, tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_bytes((TABLE + record).replace(b"\n", b"\r\n"))
    line, what = BAD_RECORDS[record]
    (message,) = _problems(path)
    assert message.startswith(f"{path}:{line}: " + what.replace("{path}", str(path)))


def test_missing_columns_are_reported_with_those_found(tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_text("\ncolour,words,words\na,b,c\n")
    found = "got columns 'colour', 'words', 'words'; rename a column"
    assert _problems(path) == [
        f"{path}:2: no column 'id', {found}, or name one with id= or --id",
        f"{path}:2: no column 'title', 'text' or 'body', {found} or name it, as --field title=COLUMN, and check --format",
        f"{path}:2: duplicate column names, got 'words'; rename one",
    ]


def test_an_overlong_csv_line_is_not_read_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from recommender.readers.tabular import delimited

    monkeypatch.setattr(sources, "MAX_LINE_BYTES", 50)
    monkeypatch.setattr(delimited, "MAX_LINE_BYTES", 50)
    path = tmp_path / "articles.csv"
    path.write_bytes(TABLE + b"x" * 1000)
    assert _problems(path)[0].startswith(f"{path}:4: line longer than")


def test_rejects_contain_every_bad_row_with_its_place(tmp_path: Path) -> None:
    path, rejects = tmp_path / "articles.jsonl", tmp_path / "rejects.jsonl"
    rejects.write_text('{"source":"from an earlier run"}\n')
    rows = [
        GOOD,
        b"oops",
        b'{"id": "a", "n": 1e400}',
        b'{"id": 1.5, "section": "\xff"}',
        b'{"id": false, "n": [1]}',
    ]
    path.write_bytes(b"\n".join(rows))
    reader = read_articles(path, on_error="skip", rejects=rejects)
    assert [article.article_id for article in reader] == ["good"]
    kept = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [(row["source"], row["line"]) for row in kept] == [(str(path), line) for line in (2, 3, 4, 5)]
    assert [row["row"] for row in kept] == [
        "oops",
        '{"id": "a", "n": 1e400}',
        '{"id": 1.5, "section": "\\xff"}',
        {"id": False, "n": [1]},
    ]
    assert kept[3]["problem"].startswith("'id' is not text, got False; give a string; no text and no title")
    assert reader.n_rejected == len(kept)


def test_rejects_are_complete_after_an_early_stop_and_empty_without_bad_rows(tmp_path: Path) -> None:
    path, rejects = tmp_path / "articles.jsonl", tmp_path / "rejects.jsonl"
    path.write_bytes(b"oops\n" + GOOD + b"\nworse")
    with read_articles(path, on_error="skip", rejects=rejects) as reader:
        next(reader)
    assert len(rejects.read_text().splitlines()) == 1
    path.write_bytes(GOOD)
    list(read_articles(path, on_error="skip", rejects=rejects))
    assert rejects.read_text() == ""


def test_rejects_never_overwrite_a_source(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(GOOD)
    with pytest.raises(ValueError, match="overwrite the source"):
        read_articles(path, on_error="skip", rejects=tmp_path / "." / "articles.jsonl")
    with pytest.raises(ValueError, match="requires on_error='skip'"):
        read_articles(path, rejects=tmp_path / "rejects.jsonl")
    with pytest.raises(InputError, match="rejects file cannot be written"):
        list(read_articles(path, on_error="skip", rejects=tmp_path / "nowhere" / "rejects.jsonl"))
    assert path.read_bytes() == GOOD


def test_a_bad_row_does_not_reserve_its_id(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b'{"id": "good", "title": 7}\n' + GOOD)
    assert [article.title for article in read_articles(path, on_error="skip")] == ["Good"]
