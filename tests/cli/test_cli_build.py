"""`recommender build`: inputs, atomic output, messages and exit codes."""

from __future__ import annotations

import contextlib
import gzip
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from recommender import Policy, Recommender
from recommender.editors import Block, EditorRules, Pin

ROWS = [
    {"id": "a", "title": "Rain floods the valley road", "text": "Rain closed the valley road."},
    {"id": "b", "title": "Valley road open again", "text": "The road that rain had closed is open."},
    {"id": "c", "title": "Rain keeps the valley wet", "text": "More rain on the road, and more to come."},
]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def _two_files(folder: Path) -> list[object]:
    first, second = folder / "1.jsonl", folder / "2.jsonl"
    first.write_text(json.dumps(ROWS[0]))
    second.write_text("".join(json.dumps(row) + "\n" for row in ROWS[1:]))
    return [first, second]


def _csv(folder: Path) -> list[object]:
    file = folder / "articles.csv"
    file.write_text(
        "id,title,text\n" + "".join(",".join(f'"{v}"' for v in row.values()) + "\n" for row in ROWS)
    )
    return [file]


def _gzipped(folder: Path) -> list[object]:
    file = folder / "articles.jsonl.gz"
    file.write_bytes(gzip.compress(LINES.encode()))
    return [file]


def _misnamed(folder: Path) -> list[object]:
    file = folder / "articles.dat"
    file.write_text(LINES)
    return [file, "--format", "jsonl"]


def _pages(folder: Path) -> list[object]:
    pages = folder / "pages"
    pages.mkdir()
    for row in ROWS:
        (pages / f"{row['id']}.md").write_text(
            f"---\nid: {row['id']}\ntitle: {row['title']}\n---\n{row['text']}\n"
        )
    return [pages]


@pytest.mark.parametrize("given", [_two_files, _csv, _gzipped, _misnamed, _pages, None])
def test_every_input_gives_the_same_lists(given, tmp_path: Path, invoke) -> None:
    words = ["-"] if given is None else given(tmp_path)
    invoke("build", *words, "-o", tmp_path / "site.rec", stdin=LINES)
    site = Recommender.load(tmp_path / "site.rec")
    assert {found.article_id: set(found.article_ids) for found in site.related_all()} == {
        "a": {"b", "c"},
        "b": {"a", "c"},
        "c": {"a", "b"},
    }


def test_the_summary_has_counts_and_the_next_command(tmp_path: Path, sample: Path, invoke) -> None:
    output = tmp_path / "my site.rec"
    result = invoke("build", sample / "articles.jsonl", "-o", output, "-k", "3")
    assert "208 articles" in result.stdout
    assert f"recommender related '{output}' avian-flu-cats" in result.stdout
    assert result.stderr == ""
    assert Recommender.load(output).k == 3


def test_json_is_one_document_with_the_same_facts(tmp_path: Path, invoke) -> None:
    facts = json.loads(
        invoke("build", "-", "-o", tmp_path / "s.rec", "-k", "1", "--json", stdin=LINES + "\n\n").stdout
    )
    assert facts["articles"] == facts["lists"] == 3
    assert (facts["k"], facts["mean_length"], facts["empty_lists"]) == (1, 1.0, 0)
    assert (facts["rejected"], facts["rejects"], facts["blank_lines"]) == (0, None, 2)
    assert facts["artifact"] == str(tmp_path / "s.rec")


def test_a_high_min_score_leaves_only_copies(tmp_path: Path, invoke) -> None:
    copy = json.dumps(ROWS[0] | {"id": "copy"})
    words = "--min-score", "0.95", "--copies", "keep"
    invoke("build", "-", "-o", tmp_path / "s.rec", *words, stdin=LINES + copy)
    site = Recommender.load(tmp_path / "s.rec")
    assert site.related("a").article_ids == ("copy",)
    assert site.related("b").article_ids == ()


def test_all_bad_rows_are_listed_and_nothing_is_written(bad_rows: Path, tmp_path: Path, invoke) -> None:
    result = invoke("build", bad_rows, "-o", tmp_path / "site.rec", code=1)
    assert [f"{bad_rows}:{line}: " in result.stderr for line in (1, 2, 3, 4, 5)] == [
        False,
        True,
        True,
        False,
        True,
    ]
    assert "nothing was written" in result.stderr
    assert "--on-error skip" in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == [bad_rows]


def test_many_bad_rows_are_all_listed(tmp_path: Path, invoke) -> None:
    rows = '{"title": "no id"}\n' * 150
    result = invoke("build", "-", "-o", tmp_path / "s.rec", code=1, stdin=rows)
    assert all(f"-:{line}: " in result.stderr for line in range(1, 151))


def test_bad_rows_leave_an_existing_artifact_unchanged(bad_rows: Path, tmp_path: Path, invoke) -> None:
    output = tmp_path / "s.rec"
    invoke("build", "-", "-o", output, stdin=LINES)
    before = {file: file.read_bytes() for file in output.rglob("*") if file.is_file()}
    invoke("build", bad_rows, "-o", output, code=1)
    assert {file: file.read_bytes() for file in output.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("named", [False, True])
def test_skip_builds_without_bad_rows_and_saves_them(
    named: bool, bad_rows: Path, tmp_path: Path, invoke
) -> None:
    output = tmp_path / "new" / "site.rec"
    rejects = tmp_path / "mine.jsonl" if named else tmp_path / "new" / "site.rec.rejects.jsonl"
    words = ["--rejects", rejects] if named else []
    result = invoke("build", bad_rows, "-o", output, "--on-error", "skip", "--json", *words)
    facts = json.loads(result.stdout)
    assert (facts["articles"], facts["rejected"], facts["rejects"]) == (2, 3, str(rejects))
    assert f"3 bad rows left out and saved in {rejects}" in result.stderr
    assert [json.loads(line)["line"] for line in rejects.read_text().splitlines()] == [2, 3, 5]
    assert len(Recommender.load(output)) == 2


def test_an_occupied_output_is_an_error_before_anything_is_read(tmp_path: Path, invoke) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    (tmp_path / "file").write_text("text")
    for output in (tmp_path / "photos", tmp_path / "file", tmp_path / "file" / "site.rec"):
        result = invoke("build", "-", "-o", output, code=1, stdin="this would be a bad row")
        assert "bad row" not in result.stderr
        assert str(output) in result.stderr
        assert len(result.stderr.splitlines()) == 1
    assert (tmp_path / "photos" / "cat.jpg").read_bytes() == b"cat"


def test_no_articles_give_an_empty_artifact_and_a_warning(tmp_path: Path, invoke) -> None:
    result = invoke("build", "-", "-o", tmp_path / "s.rec", stdin="")
    assert result.stderr.startswith("Warning: no articles")
    assert "next:" not in result.stdout
    assert json.loads(invoke("inspect", tmp_path / "s.rec", "--json").stdout)["articles"] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "ARTICLES"),
        (["x.jsonl"], "--output"),
        (["-", "-", "-o", "s.rec"], "only once"),
        (["-", "-o", "s.rec", "-k", "0"], "-k"),
        (["-", "-o", "s.rec", "-k", "ten"], "-k"),
        (["-", "-o", "s.rec", "--n-jobs", "0"], "--n-jobs"),
        (["-", "-o", "s.rec", "--cache", "vectors"], "--encoder"),
        (["-", "-o", "s.rec", "--format", "docx"], "jsonl"),
        (["-", "-o", "s.rec", "--candidates", "5"], "-k 10"),
        (["-", "-o", "s.rec", "--min-score", "2"], "--min-score"),
        (["-", "-o", "s.rec", "--rejects", "r.jsonl"], "--on-error skip"),
    ],
    ids=" ".join,
)
def test_invalid_usage_is_exit_2_and_names_the_option(words, message, tmp_path, monkeypatch, invoke) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke("build", *words, code=2, stdin=LINES)
    assert message in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_missing_model_is_a_one_line_error_and_nothing_is_written(tmp_path: Path, invoke) -> None:
    model = tmp_path / "no-model"
    result = invoke("build", "-", "-o", tmp_path / "s.rec", "--encoder", model, code=1, stdin=LINES)
    assert f"no such folder, got {model}" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_rejects_never_overwrite_the_articles(bad_rows: Path, tmp_path: Path, invoke) -> None:
    before = bad_rows.read_bytes()
    words = ["--on-error", "skip", "--rejects", bad_rows]
    result = invoke("build", bad_rows, "-o", tmp_path / "s.rec", *words, code=2)
    assert "overwrite" in result.stderr
    assert bad_rows.read_bytes() == before


def test_a_missing_file_is_a_one_line_error(tmp_path: Path, invoke) -> None:
    result = invoke("build", tmp_path / "no.jsonl", "-o", tmp_path / "s.rec", code=1)
    assert "no.jsonl: no such file" in result.stderr


def test_bars_are_shown_on_request_and_never_on_stdout(tmp_path: Path, invoke) -> None:
    loud = invoke("build", "-", "-o", tmp_path / "s.rec", "--progress", "--json", stdin=LINES)
    assert "encoding" in loud.stderr
    assert json.loads(loud.stdout)["articles"] == 3
    quiet = invoke("build", "-", "-o", tmp_path / "s.rec", "--progress", "--quiet", stdin=LINES)
    assert quiet.stderr == ""


def test_a_warning_of_the_engine_is_one_line(tmp_path: Path, invoke) -> None:
    alone = json.dumps({"id": "z", "title": "Zzyzx"})
    result = invoke("build", "-", "-o", tmp_path / "s.rec", stdin=LINES + alone)
    (line,) = result.stderr.splitlines()
    assert line.startswith("Warning: 1 of 4 articles")


def _rebuilt(invoke, folder: Path, rows: list[dict[str, str]], *options: object):
    articles = folder / "articles.jsonl"
    articles.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return invoke("build", articles, "-o", folder / "x.rec", *options)


def test_a_rebuild_keeps_the_policy_that_is_not_given_anew_and_says_so(tmp_path: Path, invoke) -> None:
    _rebuilt(invoke, tmp_path, ROWS, "--min-score", 0.2, "--diversity", 0.5)
    kept = _rebuilt(invoke, tmp_path, ROWS, "--diversity", 0.1)
    policy = Recommender.load(tmp_path / "x.rec").policy
    assert (policy.floor, policy.diversity) == (0.2, 0.1)
    assert "floor: kept from the policy" in kept.stderr
    assert "diversity (0.5 before): replaced" in kept.stderr
    (tmp_path / "policy.yaml").write_text("diversity: 0.3\n")
    assert (
        "floor (0.2 before)" in _rebuilt(invoke, tmp_path, ROWS, "--policy", tmp_path / "policy.yaml").stderr
    )
    again = _rebuilt(invoke, tmp_path, ROWS, "--default", "diversity")
    assert Recommender.load(tmp_path / "x.rec").policy == Policy()
    assert "kept from" not in again.stderr


def test_a_rebuild_counts_what_changed_and_names_the_lists(tmp_path: Path, invoke) -> None:
    purge = tmp_path / "purge.txt"
    first = _rebuilt(invoke, tmp_path, ROWS, "--changed", purge, "--json")
    assert json.loads(first.stdout)["changes"] is None
    assert purge.read_text().split() == ["a", "b", "c"]
    same = _rebuilt(invoke, tmp_path, ROWS, "--changed", purge)
    assert "since the last build: 3 unchanged; 0 lists changed" in same.stdout
    assert purge.read_text() == ""
    new = {
        "id": "d",
        "title": "Choir sings on the wet road",
        "text": "The choir sang on the road in the rain.",
    }
    rows = [ROWS[0] | {"title": "Rain closes the valley road"}, ROWS[1], new]
    before = {each.article_id: each for each in Recommender.load(tmp_path / "x.rec").related_all()}
    facts = json.loads(_rebuilt(invoke, tmp_path, rows, "--changed", purge, "--json").stdout)
    assert facts["deleted"] == ["c"]
    counts = facts["changes"]
    assert {name: counts[name] for name in ("added", "edited", "deleted", "unchanged")} == {
        "added": 1, "edited": 1, "deleted": 1, "unchanged": 1,
    }  # fmt: skip
    after = {each.article_id: each for each in Recommender.load(tmp_path / "x.rec").related_all()}
    assert purge.read_text().split() == [
        name for name, found in after.items()
        if name not in before or _shown(found) != _shown(before[name])
    ]  # fmt: skip
    assert counts["lists"] == len(purge.read_text().split())


def _shown(found):
    return [(each.article_id, each.title, each.url, each.description, each.source) for each in found]


def test_a_rebuild_with_other_ids_and_over_a_damaged_artifact_says_what_is_lost(
    tmp_path: Path, invoke
) -> None:
    _rebuilt(invoke, tmp_path, ROWS)
    other = _rebuilt(invoke, tmp_path, [row | {"id": f"x/{row['id']}"} for row in ROWS])
    assert "no article has an id that" in other.stderr
    manifest = tmp_path / "x.rec" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"version": 2', '"version": 7'))
    assert "are kept as they can be read, and may not be all" in _rebuilt(invoke, tmp_path, ROWS).stderr
    manifest.write_text("half of a manife")
    articles, site = tmp_path / "articles.jsonl", tmp_path / "x.rec"
    refused = invoke("build", articles, "-o", site, code=1).stderr
    assert "cannot be read" in refused
    assert "--editors FILE" in refused
    (tmp_path / "pins.yaml").write_text("pins: []\n")
    invoke("build", articles, "-o", site, "--editors", tmp_path / "pins.yaml")
    assert len(Recommender.load(site)) == 3


@pytest.mark.parametrize("harm", ["schema", "array", "journal", "manifest"])
def test_pins_and_blocks_outlive_damage_and_another_schema(tmp_path: Path, invoke, harm: str) -> None:
    _rebuilt(invoke, tmp_path, ROWS, "--min-score", 0.1)
    path = tmp_path / "x.rec"
    ids = [row["id"] for row in ROWS]
    for rule in (Pin(ids[0], ids[2], 1), Block(ids[1])):
        site = Recommender.load(path)
        site.edit(replace(site.editors, **{
            "pins" if isinstance(rule, Pin) else "blocks": (rule,)
        }))  # fmt: skip
        site.save(path)
    del site  # closes the journal
    manifest = path / "manifest.json"
    content = json.loads(manifest.read_text())
    if harm == "schema":
        manifest.write_text(json.dumps(content | {"schema": 4}))
    elif harm == "array":
        (path / content["data"] / "lists_rows.npy").write_bytes(b"")
    elif harm == "journal":
        with contextlib.closing(sqlite3.connect(path / content["journal"])) as journal:
            journal.execute("PRAGMA user_version = 7")
    else:
        manifest.write_text(json.dumps(content | {"sha256": "0"}))
    built = _rebuilt(invoke, tmp_path, ROWS)
    assert ("may not be all" in built.stderr) == (harm == "journal")
    after = Recommender.load(path)
    assert after.editors == EditorRules((Pin(ids[0], ids[2], 1),), (Block(ids[1]),))
    assert after.policy.floor == 0.1


def test_a_file_of_changed_lists_never_replaces_the_articles(tmp_path: Path, invoke) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_text(LINES)
    assert (
        "would overwrite ARTICLES"
        in invoke("build", articles, "-o", tmp_path / "x.rec", "--changed", articles, code=2).output
    )


@pytest.mark.parametrize("left", [0, 1])
def test_an_export_that_was_cut_off_does_not_empty_a_site(tmp_path: Path, invoke, left: int) -> None:
    _rebuilt(invoke, tmp_path, ROWS)
    before = Recommender.load(tmp_path / "x.rec")
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS[:left]))
    refused = invoke("build", tmp_path / "articles.jsonl", "-o", tmp_path / "x.rec", code=1)
    assert f"instead of the 3 of {tmp_path / 'x.rec'}; check that ARTICLES are all" in refused.stderr
    assert list(Recommender.load(tmp_path / "x.rec")) == list(before)
    _rebuilt(invoke, tmp_path, ROWS[:left], "--force")
    assert len(Recommender.load(tmp_path / "x.rec")) == left


def test_a_site_with_more_than_half_as_many_articles_is_replaced(tmp_path: Path, invoke) -> None:
    _rebuilt(invoke, tmp_path, ROWS)
    _rebuilt(invoke, tmp_path, ROWS[:2])
    assert len(Recommender.load(tmp_path / "x.rec")) == 2


def test_a_file_in_another_encoding_is_not_called_bad_rows(tmp_path: Path, invoke) -> None:
    table = tmp_path / "articles.csv"
    rows = [f"{n},Überschwemmung,Die Straße {n} ist gesperrt." for n in range(3)]
    table.write_text("\n".join(["id,title,text", *rows]), encoding="latin-1")
    told = invoke("build", table, "-o", tmp_path / "x.rec", code=1).stderr
    assert told.count("not UTF-8") == 3
    assert told.count("iconv -f WINDOWS-1252 -t UTF-8") == 1
    assert "--on-error skip" not in told
