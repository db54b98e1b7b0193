"""Reading click logs: all formats give the same log, and every invalid row is reported with its line."""

import gzip
import io
import json
import tracemalloc

import pytest

from recommender.errors import InputError
from recommender.evaluation import ClickLog, read_clicks

ROWS = [("a b", "x,y", 1, True), ("a b", "ü", 2, False), ("7", "x,y", 10, True)]
EXPECTED = ClickLog.from_rows(ROWS)


def table(delimiter, *, header="query shown position clicked", extra=""):
    lines = [header.replace(" ", delimiter) + extra]
    for query, shown, position, clicked in ROWS:
        lines.append(delimiter.join([query, f'"{shown}"', str(position), str(int(clicked))]) + extra)
    return "\n".join(lines)


def json_lines():
    rows = [
        {"query": int(q) if q == "7" else q, "shown": d, "position": k, "clicked": c} for q, d, k, c in ROWS
    ]
    return "\n".join(map(json.dumps, rows))


FORMATS = {
    "csv": table(",").encode(),
    "semicolons": table(";").encode(),
    "tsv": table("\t").encode(),
    "jsonl": json_lines().encode(),
    "other columns too": table(",", extra=",desk").encode(),
    "mark and Windows line ends": ("\ufeff" + table(",").replace("\n", "\r\n") + "\r\n\r\n").encode(),
    "gzip": gzip.compress(table(",").encode()),
    "numbers as text, words for 0 and 1": b"\n".join(
        json.dumps(
            {"query": q, "shown": d, "position": f" {k} ", "clicked": "TRUE" if c else "false", "t": 1}
        ).encode()
        for q, d, k, c in ROWS
    ),
}


def same(one, other):
    names = ("query", "shown", "position", "impressions", "clicks")
    return one.article_ids == other.article_ids and all(
        getattr(one, name).tolist() == getattr(other, name).tolist() for name in names
    )


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
def test_every_format_gives_the_same_log(content, tmp_path):
    (tmp_path / "log").write_bytes(content)
    assert same(read_clicks(tmp_path / "log"), EXPECTED)
    assert same(read_clicks(io.BytesIO(content)), EXPECTED)


def test_columns_may_be_in_any_order(tmp_path):
    (tmp_path / "log.csv").write_text("clicked,position,shown,query\n1,2,d,q\n")
    log = read_clicks(tmp_path / "log.csv")
    assert (log.article_ids, log.position.tolist(), log.clicks.tolist()) == (("d", "q"), [2], [1])


BAD_ROWS = {
    "q,d,0,1": "expected a whole number from 1 to 1,000 as 'position', got '0'; count the first entry of a list as 1",
    "q,d,1001,1": "as 'position', got '1001'",
    "q,d,-1,1": "as 'position', got '-1'",
    "q,d,1.5,1": "as 'position', got '1.5'",
    "q,d,²,1": "as 'position', got '²'",
    "q,d,,1": "as 'position', got ''",
    "q,d,1,2": "expected 0 or 1 as 'clicked', got '2'",
    "q,d,1,yes": "expected 0 or 1 as 'clicked', got 'yes'",
    "q,d,1,": "expected 0 or 1 as 'clicked', got ''",
    ",d,1,1": "expected an article id as 'query', got ''",
    "q, ,1,1": "expected an article id as 'shown', got ' '",
    "q,d,1": "wrong number of cells, got 3 for 4 columns",
    "q,d,1,1,1": "wrong number of cells, got 5 for 4 columns",
    'q,"d"x,1,1': "invalid CSV",
    "q,\udcff,1,1": "not UTF-8",
}


@pytest.mark.parametrize("row", BAD_ROWS)
def test_a_bad_row_is_reported_with_its_line(row, tmp_path):
    path = tmp_path / "log.csv"
    text = f"query,shown,position,clicked\nq,d,1,0\n\n{row}\nq,e,2,1\n"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as caught:
        read_clicks(path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{path}:4: ")
    assert BAD_ROWS[row] in str(problem)


def test_all_problems_of_all_bad_rows_are_reported(tmp_path):
    path = tmp_path / "log.jsonl"
    lines = [
        '{"query": true, "shown": null, "position": true, "clicked": 3}',
        "[1]",
        "{cut",
        '{"query": "q"}',
    ]
    lines.insert(2, '{"query": "q", "shown": "d", "position": 1, "clicked": 1}')
    path.write_text("\n".join(lines))
    with pytest.raises(InputError) as caught:
        read_clicks(path)
    assert [problem.line for problem in caught.value.problems] == [1, 1, 1, 1, 2, 4, 5, 5, 5]
    assert all(problem.source == str(path) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no impressions"),
        (b"query,shown,position,clicked\n", "no impressions"),
        (b"query,shown,clicked\nq,d,1\n", "no column 'position'"),
        (b"query,shown,position,position,clicked\n", "no column 'position'"),
        (b"q,d,1,1\n", "no column 'query'"),
        (b'[{"query": "q"}]', "no column"),
        (gzip.compress(b"query,shown,position,clicked\n" * 999, mtime=0)[:30], "cut short"),
    ],
)
def test_errors_of_unusable_files_name_the_file(content, message, tmp_path):
    (tmp_path / "log").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_clicks(tmp_path / "log")
    assert message in str(caught.value)
    assert all(problem.source == str(tmp_path / "log") for problem in caught.value.problems)


def test_errors_of_a_missing_file_and_an_empty_folder_name_the_path(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match=str(path)):
            read_clicks(path)


def test_a_folder_is_read_as_all_its_files_together(tmp_path):
    (tmp_path / "clicks-2026-05-01.jsonl").write_text(json_lines())
    (tmp_path / "clicks-2026-05-02.jsonl.gz").write_bytes(gzip.compress(table(",").encode()))
    (tmp_path / ".hidden").write_text("no log")
    assert same(read_clicks(tmp_path), ClickLog.from_rows(ROWS + ROWS))
    (tmp_path / "clicks-2026-05-03.jsonl").write_text('{"query": "q"}\n')
    with pytest.raises(InputError, match=r"clicks-2026-05-03\.jsonl:1: "):
        read_clicks(tmp_path)


@pytest.mark.parametrize("end", [b'{"query": "q", "sho', b'{"query": "\xc3'])
def test_a_last_line_that_a_crash_cut_short_is_left_out_with_a_warning(end, tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(json_lines().encode() + b"\n" + end)
    with pytest.warns(UserWarning, match=f"{path}:4: the last line was cut short"):
        assert same(read_clicks(path), EXPECTED)
    with path.open("ab") as log:
        log.write(b"\n")  # a whole line that is wrong is no accident
    with pytest.raises(InputError, match=r"not JSON|not UTF-8"):
        read_clicks(path)


def test_memory_grows_with_distinct_entries_and_not_with_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("recommender.evaluation.clicks._CHUNK", 1_000)

    def peak(n_rows):
        rows = (f"query-{i % 10},shown-{i % 7},{i % 5 + 1},1\n" for i in range(n_rows))
        (tmp_path / "log.csv").write_text("query,shown,position,clicked\n" + "".join(rows))
        tracemalloc.start()
        assert read_clicks(tmp_path / "log.csv").impressions.sum() == n_rows
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(1_000)  # imports of the first call
    assert peak(80_000) < 1.2 * peak(20_000)
