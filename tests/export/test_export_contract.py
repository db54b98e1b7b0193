"""Requirements on every format: lists survive a round trip, writes are atomic, and bytes are reproducible."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import warnings
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from recommender.errors import InputError, RecommenderError
from recommender.export import FORMATS, export

NAMES = {"jsonl": "lists.jsonl", "csv": "lists.csv", "json-dir": "lists", "parquet": "lists.parquet"}
NAMES |= {"sqlite": "lists.sqlite", "html": "lists.html", "json": "related.json", "wp-cli": "related.php"}
CARD = ("title", "url", "description", "image")
PIPED = ("jsonl", "csv", "html", "json", "wp-cli")
NO_LISTS_OF_ENTRIES = ("html", "wp-cli")  # their own tests read them


def read_jsonl(path: Path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_csv(path: Path):
    """Return lists by article. Empty lists have no row in this format."""
    lists: dict[str, list] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            entry = {"article_id": row["related_id"], "rank": int(row["rank"]), "score": float(row["score"])}
            entry |= {name: row[name] or None for name in ("source", *CARD)}
            if "parts" in row:
                entry |= {"parts": json.loads(row["parts"]), "terms": json.loads(row["terms"])}
            lists.setdefault(row["article_id"], []).append(entry)
    return [{"article_id": article_id, "related": related} for article_id, related in lists.items()]


def read_folder(path: Path):
    files = json.loads((path / "index.json").read_text(encoding="utf-8"))["files"]
    on_disk = {str(p.relative_to(path)) for p in path.rglob("*.json")} - {"index.json"}
    assert set(files.values()) == on_disk
    lists = [json.loads((path / name).read_text(encoding="utf-8")) for name in files.values()]
    assert [related["article_id"] for related in lists] == list(files)
    return lists


def read_parquet(path: Path):
    import pyarrow.parquet

    lists = pyarrow.parquet.read_table(path).to_pylist()
    assert [related.pop("translations") for related in lists] == [[]] * len(lists)
    for entry in (entry for related in lists for entry in related["related"] if "parts" in entry):
        entry["parts"] = dict(entry["parts"])
    return lists


def read_sqlite(path: Path):
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        lists = {row[0]: [] for row in database.execute("SELECT article_id FROM articles ORDER BY rowid")}
        shown = f"SELECT related.*, {', '.join(CARD)} FROM related JOIN articles ON articles.article_id = related_id"
        for row in map(dict, database.execute(f"{shown} ORDER BY related.article_id, rank")):
            lists[row["article_id"]].append(
                {"article_id": row["related_id"]}
                | {name: row[name] for name in ("rank", "score", "source", *CARD)}
                | {name: json.loads(row[name]) for name in ("parts", "terms") if name in row}
            )
    return [{"article_id": article_id, "related": related} for article_id, related in lists.items()]


def read_json(path: Path):
    """Return the lists with ranks by place. Entries have scores with reasons only."""
    lists = json.loads(path.read_text(encoding="utf-8"))
    return [
        {
            "article_id": article_id,
            "related": [
                {"article_id": e.pop("id"), "rank": rank, "score": e.pop("score", None), **e}
                for rank, e in enumerate(entries, 1)
            ],
        }
        for article_id, entries in lists.items()
    ]


READERS = {
    "json": read_json,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "json-dir": read_folder,
    "parquet": read_parquet,
}
READERS["sqlite"] = read_sqlite


def expected(site, format, k=None, why=False):
    lists = []
    for related in site.related_all(k, why=why):
        entries = [
            {name: getattr(e, name) for name in ("article_id", "rank", "score", "source", *CARD)}
            for e in related
        ]
        if why:
            for entry, e in zip(entries, related, strict=True):
                entry["parts"] = dict(e.parts)
                entry["terms"] = [{"term": t.term, "share": t.share} for t in e.terms]
        if format == "json" and not why:
            entries = [entry | {"score": None} for entry in entries]
        if entries or format != "csv":
            lists.append({"article_id": related.article_id, "related": entries})
    return lists


@pytest.fixture(params=[name for name in FORMATS if name not in NO_LISTS_OF_ENTRIES])
def format(request):
    if request.param == "parquet":
        import_module("pyarrow")
    return request.param


@pytest.fixture(params=FORMATS)
def any_format(request):
    if request.param == "parquet":
        import_module("pyarrow")
    return request.param


@pytest.fixture(autouse=True)
def _formulas_are_expected():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "1 article ids and .* begin like a formula")
        yield


def tree(path: Path) -> dict[str, bytes]:
    """Return the bytes of every file at or below a path."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return {str(p.relative_to(path.parent)): p.read_bytes() for p in files}


@pytest.mark.parametrize("k", [None, 1, 2, 99])
@pytest.mark.parametrize("why", [False, True])
def test_lists_survive_a_round_trip(site, format, tmp_path, k, why):
    out = tmp_path / NAMES[format]
    assert export(site, out, format, k=k, why=why) == len(site)
    assert READERS[format](out) == expected(site, format, k, why)


def test_every_format_has_the_display_fields(site, format, tmp_path):
    export(site, tmp_path / NAMES[format], format)
    first = READERS[format](tmp_path / NAMES[format])[0]["related"]
    assert [(e["title"], e["url"], e["description"], e["image"]) for e in first] == [
        ("Title of Plain-Slug", "https://example.org/1", "The road is open.", None),
        ("Title of ../../etc/passwd", "https://example.org/2", None, "/img/2.jpg"),
        (
            "Title of ..",
            "https://example.org/3",
            '"It rained", <b>said</b> he; 海峽, a/b\\c',
            "https://cdn.example.org/3.jpg",
        ),
    ]


def test_no_articles(site_of, format, tmp_path):
    out = tmp_path / NAMES[format]
    assert export(site_of([]), out, format) == 0
    assert READERS[format](out) == []


def test_one_article_with_an_empty_list_is_counted(site_of, format, tmp_path):
    out = tmp_path / NAMES[format]
    assert export(site_of(["only"]), str(out), format) == 1
    assert READERS[format](out) == ([] if format == "csv" else [{"article_id": "only", "related": []}])


def test_the_same_lists_give_the_same_bytes(site, any_format, tmp_path):
    first, second = tmp_path / "1" / NAMES[any_format], tmp_path / "2" / NAMES[any_format]
    for out in (first, second):
        out.parent.mkdir()
        export(site, out, any_format, why=True)
    assert tree(first) == tree(second)


def test_an_earlier_export_is_replaced(site, site_of, any_format, tmp_path):
    out, fresh = tmp_path / NAMES[any_format], tmp_path / "fresh"
    export(site_of(["old", "older"]), out, any_format)
    export(site, out, any_format)
    fresh.mkdir()
    export(site, fresh / out.name, any_format)
    assert tree(out) == tree(fresh / out.name)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([out.name, "fresh"])


@pytest.mark.parametrize("before", [True, False])
def test_an_error_in_the_source_changes_nothing(site, site_of, any_format, tmp_path, before):
    out = tmp_path / NAMES[any_format]
    if before:
        export(site_of(["old", "older"]), out, any_format)
    was = tree(tmp_path)
    site.breaks_at = len(site) // 2
    with pytest.raises(RuntimeError, match="the source broke"):
        export(site, out, any_format)
    assert tree(tmp_path) == was
    assert [p.name for p in tmp_path.iterdir()] == ([out.name] if before else [])


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_changes_nothing_and_is_reported(site_of, any_format, tmp_path):
    import resource

    out = tmp_path / NAMES[any_format]
    export(site_of(["old", "older"]), out, any_format)
    was = tree(tmp_path)
    large = site_of([f"article-{row}" for row in range(2_000)])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(RecommenderError, match="cannot be written") as caught:
            export(large, out, any_format)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(out) in str(caught.value)
    assert tree(tmp_path) == was
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from conftest import make_site
from recommender.export import export
site = make_site([f"article-{row}" for row in range(300)])
def lists(k=None, *, why=False, each=site.related_all):
    for row, related in enumerate(each(k, why=why)):
        if row == 200:
            os.kill(os.getpid(), signal.SIGKILL)
        yield related
site.related_all = lists
export(site, sys.argv[2], sys.argv[3])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_export_keeps_the_old_one(site_of, any_format, tmp_path):
    out = tmp_path / NAMES[any_format]
    export(site_of(["old", "older"]), out, any_format)
    was = tree(out)
    run = [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(out), any_format]
    assert subprocess.run(run, check=False).returncode == -signal.SIGKILL
    assert tree(out) == was


def test_a_folder_or_file_that_is_not_an_export_is_refused(site, any_format, tmp_path):
    folder, file = tmp_path / "photographs", tmp_path / "articles.jsonl"
    folder.mkdir()
    (folder / "one.jpg").write_bytes(b"kept")
    file.write_text('{"id": "a", "title": "kept"}\n')
    was = tree(tmp_path)
    for out in (folder, file):
        with pytest.raises(InputError, match=f"{out.name}.*choose another path"):
            export(site, out, any_format)
    assert tree(tmp_path) == was


def test_an_export_of_another_format_is_refused(site, any_format, tmp_path):
    for other in set(FORMATS) - {any_format}:
        out = tmp_path / NAMES[other]
        if not out.exists():
            export(site, out, other)
        with pytest.raises(InputError, match="choose another path"):
            export(site, out, any_format)


def test_the_error_of_a_missing_folder_names_it(site, any_format, tmp_path):
    with pytest.raises(InputError, match="nowhere does not exist; create it first"):
        export(site, tmp_path / "nowhere" / "lists", any_format)


def test_an_inaccessible_path_is_an_error(site, any_format, tmp_path):
    with pytest.raises(RecommenderError, match=r"cannot be written.*choose another path"):
        export(site, tmp_path / ("x" * 300), any_format)
    assert list(tmp_path.iterdir()) == []


def test_a_device_is_never_replaced(site, format):
    with pytest.raises(InputError, match="exists and is not a f"):
        export(site, os.devnull, format)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_stays_a_link(site, any_format, tmp_path):
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    export(site, tmp_path / "real" / "lists", any_format)
    link.symlink_to(tmp_path / "real" / "lists")
    export(site, link, any_format, k=1)
    assert link.is_symlink()
    assert tree(link.resolve()) != {}


def test_a_stream_gets_the_bytes_of_the_file_and_stays_open(site, tmp_path):
    for format in PIPED:
        if format not in FORMATS:
            continue
        out, stream = tmp_path / NAMES[format], io.BytesIO()
        export(site, out, format)
        assert export(site, stream, format) == len(site)
        assert stream.getvalue() == out.read_bytes()


def test_a_dash_is_standard_output(site_of, capfdbinary):
    export(site_of(["a", "b"]), "-", "jsonl")
    assert capfdbinary.readouterr().out.startswith(
        b'{"article_id":"a","related":[{"article_id":"b","rank":1,'
    )


@pytest.mark.parametrize("format", sorted(set(FORMATS) - set(PIPED)))
def test_binary_formats_cannot_be_streamed(site, format):
    with pytest.raises(InputError, match="cannot be written to a stream; name a file"):
        export(site, "-", format)


def test_invalid_arguments_are_value_errors(site, tmp_path):
    with pytest.raises(ValueError, match=r"must be one of jsonl, .*got 'xml'"):
        export(site, tmp_path / "x", "xml")
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        export(site, tmp_path / "x", "jsonl", k=0)


def test_progress_sees_every_list(site, any_format, tmp_path):
    seen = []

    def progress(lists):
        for related in lists:
            seen.append(related.article_id)
            yield related

    export(site, tmp_path / NAMES[any_format], any_format, progress=progress)
    assert seen == [summary.article_id for summary in site.summaries]


def test_a_file_with_the_same_lists_is_not_touched(site, any_format, tmp_path):
    """So a program that watches it does nothing."""
    if any_format == "json-dir":
        pytest.skip("a folder is replaced whole")
    out = tmp_path / NAMES[any_format]
    export(site, out, any_format)
    was = out.stat()
    export(site, out, any_format)
    assert (out.stat().st_ino, out.stat().st_mtime_ns) == (was.st_ino, was.st_mtime_ns)
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


def test_permissions_of_the_old_export_are_kept(site, tmp_path):
    out = tmp_path / "lists.jsonl"
    export(site, out, "jsonl")
    out.chmod(0o640)
    export(site, out, "jsonl", k=1)
    assert out.stat().st_mode & 0o777 == 0o640
