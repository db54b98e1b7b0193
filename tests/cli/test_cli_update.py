"""`recommender update` and `build --model`: what is changed, printed, refused and left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender import Recommender
from recommender.store.site_store import SiteStore

ROWS = [
    {"id": "a", "title": "Rain floods the valley road", "text": "Rain closed the valley road."},
    {"id": "b", "title": "Valley road open again", "text": "The road that rain had closed is open."},
    {"id": "c", "title": "Rain keeps the valley wet", "text": "More rain on the road, and more to come."},
    {
        "id": "d",
        "title": "Mud on the valley road",
        "text": "After the rain a crew cleared mud from the road.",
    },
]
NEW = {"id": "e", "title": "Rain over the valley", "text": "Rain fell on the valley road all night."}


def _lines(file: Path, *rows: dict[str, object]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


@pytest.fixture
def site(tmp_path: Path, invoke) -> Path:
    invoke("build", _lines(tmp_path / "articles.jsonl", *ROWS), "-o", tmp_path / "site.rec")
    return tmp_path / "site.rec"


def _lists(site: Path) -> dict[str, tuple[str, ...]]:
    return {found.article_id: found.article_ids for found in Recommender.load(site, check=True).related_all()}


def test_a_build_by_its_own_model_gives_the_same_lists(
    tmp_path: Path, sample: Path, site_rec, invoke
) -> None:
    again = tmp_path / "again.rec"
    invoke("build", sample / "articles.jsonl", "-o", again, "--model", site_rec)
    first, second = Recommender.load(site_rec), Recommender.load(again)
    assert list(first.related_all(why=True)) == list(second.related_all(why=True))
    assert first.model.fingerprint == second.model.fingerprint


def test_a_saved_model_alone_is_enough(tmp_path: Path, site: Path, invoke) -> None:
    Recommender.load(site).save_model(tmp_path / "model.rec")
    other = tmp_path / "other.rec"
    invoke("build", tmp_path / "articles.jsonl", "-o", other, "--model", tmp_path / "model.rec")
    assert _lists(other) == _lists(site)


def test_an_encoder_beside_a_model_is_refused_by_name(tmp_path: Path, site: Path, invoke) -> None:
    words = ["build", tmp_path / "articles.jsonl", "-o", tmp_path / "x.rec", "--model", site]
    assert "--encoder contradicts --model" in invoke(*words, "--encoder", "lexical", code=2).stderr
    assert not (tmp_path / "x.rec").exists()


def test_added_edited_and_deleted_articles_are_in_the_lists_or_in_none(
    tmp_path: Path, site: Path, invoke
) -> None:
    edited = {**ROWS[0], "title": "Floods close the valley road"}
    given = _lines(tmp_path / "new.jsonl", NEW, edited, ROWS[1])
    result = invoke("update", site, given, "--delete", "d")
    assert "1 added, 1 edited, 1 deleted, 1 unchanged" in result.stderr
    lists = _lists(site)
    assert lists.keys() == {"a", "b", "c", "e"}
    assert "e" in lists["b"]
    assert all("d" not in found for found in lists.values())
    assert Recommender.load(site).summaries.column("title")[0] == edited["title"]


def test_the_ids_of_changed_lists_are_printed_and_written(tmp_path: Path, site: Path, invoke) -> None:
    before = _lists(site)
    result = invoke("update", site, _lines(tmp_path / "new.jsonl", NEW), "--changed", tmp_path / "purge.txt")
    printed = result.stdout.splitlines()
    after = _lists(site)
    assert {each for each in after if after[each] != before.get(each)} <= set(printed)
    assert (tmp_path / "purge.txt").read_text().splitlines() == printed
    again = invoke("update", site, tmp_path / "new.jsonl", "--changed", tmp_path / "purge.txt")
    assert again.stdout == ""
    assert (tmp_path / "purge.txt").read_text() == ""


def test_json_holds_all_that_changed(site: Path, invoke) -> None:
    found = json.loads(invoke("update", site, "--delete", "d", "--delete", "x", "--json").stdout)
    assert (found["deleted"], found["unknown"], found["added"]) == (["d"], ["x"], [])
    assert set(found["lists"]) <= {"a", "b", "c"}


def test_ids_to_delete_come_from_a_file_or_standard_input(tmp_path: Path, site: Path, invoke) -> None:
    (tmp_path / "gone.txt").write_text("\ufeffa\n\n  b \n", encoding="utf-8")
    invoke("update", site, "--delete-from", tmp_path / "gone.txt")
    assert _lists(site).keys() == {"c", "d"}
    invoke("update", site, "--delete-from", "-", stdin="c\n")
    assert _lists(site).keys() == {"d"}


def test_an_article_that_became_a_draft_is_named_and_deleted_on_request(
    tmp_path: Path, site: Path, invoke
) -> None:
    given = _lines(tmp_path / "new.jsonl", {**ROWS[0], "draft": True}, {**NEW, "draft": True})
    told = invoke("update", site, given).stderr
    assert "1 article of the site is no longer published (draft 1)" in told
    assert "--delete-unpublished" in told
    assert "a" in _lists(site)
    assert "1 deleted" in invoke("update", site, given, "--delete-unpublished").stderr
    assert _lists(site).keys() == {"b", "c", "d"}


def test_sync_deletes_what_is_not_given_but_not_most_of_a_site(tmp_path: Path, site: Path, invoke) -> None:
    invoke("update", site, _lines(tmp_path / "most.jsonl", *ROWS[:3]), "--sync")
    assert _lists(site).keys() == {"a", "b", "c"}
    few = _lines(tmp_path / "few.jsonl", NEW)
    refused = invoke("update", site, few, "--sync", code=1).stderr
    assert "3 of 3 articles are not in ARTICLES" in refused
    assert "nothing was changed" in refused
    assert _lists(site).keys() == {"a", "b", "c"}
    invoke("update", site, few, "--sync", "--force")
    assert _lists(site).keys() == {"e"}


def test_sync_deletes_nothing_where_a_bad_row_may_be_the_article(tmp_path: Path, site: Path, invoke) -> None:
    file = _lines(tmp_path / "new.jsonl", *ROWS[:3])
    file.write_text(file.read_text() + '{"id": "d", "title": \n')
    told = invoke("update", site, file, "--sync", "--on-error", "skip").stderr
    assert "--sync deletes nothing" in told
    assert "d" in _lists(site)


def test_a_bad_row_changes_nothing_or_is_skipped(tmp_path: Path, site: Path, invoke) -> None:
    file = _lines(tmp_path / "new.jsonl", NEW)
    file.write_text("not JSON\n" + file.read_text())
    before = _lists(site)
    refused = invoke("update", site, file, code=1).stderr
    assert "new.jsonl:1: not JSON" in refused
    assert "nothing was changed" in refused
    assert _lists(site) == before
    assert "Skipped: " in invoke("update", site, file, "--on-error", "skip").stderr
    assert "e" in _lists(site)


def test_a_site_that_is_being_written_is_a_clear_error(site: Path, invoke) -> None:
    import threading

    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with SiteStore(site).lock():
            held.set()
            done.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(60)
        assert "is being written by" in invoke("update", site, "--delete", "a", code=1).stderr
        threading.Timer(0.2, done.set).start()
        invoke("update", site, "--delete", "a", "--wait", "60")
    finally:
        done.set()
        thread.join()
    assert "a" not in _lists(site)


def test_a_page_alone_does_not_become_a_second_article(tmp_path: Path, invoke) -> None:
    posts = tmp_path / "content" / "posts"
    posts.mkdir(parents=True)
    for row in ROWS:
        (posts / f"{row['id']}.md").write_text(f"---\ntitle: {row['title']}\n---\n{row['text']}\n")
    site = tmp_path / "site.rec"
    invoke("build", tmp_path / "content", "-o", site)
    assert "'posts/a'" in invoke("update", site, posts / "a.md", code=1).stderr
    (posts / "a.md").write_text("---\ntitle: Floods\n---\nRain closed the valley road again.\n")
    (posts / "d.md").unlink()
    assert "1 edited, 1 deleted" in invoke("update", site, tmp_path / "content", "--sync").stderr


def test_pins_that_contradict_each_other_change_nothing(tmp_path: Path, site: Path, invoke) -> None:
    wrong = {**NEW, "related_pins": ["e"]}
    assert "article 'e'" in invoke("update", site, _lines(tmp_path / "new.jsonl", wrong), code=1).stderr
    assert "e" not in _lists(site)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--sync"],
        ["-", "--sync"],
        ["-", "--changed", "x"],
        ["-", "-"],
        ["--watch"],
        ["articles.jsonl", "--watch"],
        ["articles.jsonl", "--force"],
        ["articles.jsonl", "--changed", "articles.jsonl"],
        ["--delete", "a", "--changed", "missing/x"],
    ],
)
def test_options_that_do_not_fit_are_usage_errors(words, site: Path, invoke, monkeypatch) -> None:
    monkeypatch.chdir(site.parent)
    invoke("update", site, *words, code=2)


def test_what_is_no_site_is_refused_before_anything_is_read(tmp_path: Path, invoke) -> None:
    assert "is not an artifact" in invoke("update", tmp_path, "-", code=1, stdin="x").stderr
    assert list(tmp_path.iterdir()) == []


def test_an_update_equals_the_model_applied_to_the_resulting_articles(
    site: Path, tmp_path: Path, invoke
) -> None:
    invoke("update", site, _lines(tmp_path / "new.jsonl", NEW), "--delete", "b")
    now = _lines(tmp_path / "now.jsonl", ROWS[0], *ROWS[2:], NEW)
    invoke("build", now, "-o", tmp_path / "now.rec", "--model", site)
    one, other = Recommender.load(site), Recommender.load(tmp_path / "now.rec")
    assert list(one.related_all(why=True)) == list(other.related_all(why=True))


def _export(invoke, site: Path, *words: object) -> tuple[list[dict[str, object]], str]:
    result = invoke("export", site, "--format", "jsonl", "-o", "-", *words)
    return [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_an_export_since_a_version_holds_what_changed_and_names_what_is_gone(
    tmp_path: Path, site: Path, invoke
) -> None:
    _, said = _export(invoke, site)
    assert "version 1" in said
    changed = set(invoke("update", site, _lines(tmp_path / "new.jsonl", NEW)).stdout.split())
    changed |= set(invoke("update", site, "--delete", "d").stdout.split())
    for _ in range(2):  # before and after a compaction
        rows, said = _export(invoke, site, "--since", 1)
        assert rows.pop() == {"article_id": "d", "deleted": True}
        every = {row["article_id"]: row for row in _export(invoke, site)[0]}
        assert rows == [every[each] for each in sorted(changed - {"d"})]
        assert f"{len(rows)} lists and 1 deleted article written to standard output; version 3" in said
        assert _export(invoke, site, "--since", 3)[0] == []
        invoke("compact", site)
    error = invoke("export", site, "--format", "jsonl", "-o", "-", "--since", 0, code=1).stderr
    assert "wanted a version from 1 to 3, got 0" in error
    assert "export all lists" in error


@pytest.mark.parametrize("format", ["csv", "json-dir", "sqlite", "html"])
def test_formats_that_cannot_name_deleted_articles_refuse_a_part_of_the_lists(
    tmp_path: Path, site: Path, invoke, format: str
) -> None:
    error = invoke("export", site, "--format", format, "-o", tmp_path / "out", "--since", 1, code=1).stderr
    assert "choose jsonl or parquet" in error
    assert not (tmp_path / "out").exists()


def test_parquet_names_deleted_articles_by_null(tmp_path: Path, site: Path, invoke) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    invoke("update", site, "--delete", "d")
    for _ in range(2):
        invoke("export", site, "--format", "parquet", "-o", tmp_path / "out.parquet", "--since", 1)
    rows = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert rows[-1] == {"article_id": "d", "related": None, "translations": None}
    assert all(row["related"] is not None for row in rows[:-1])


def test_an_export_of_deletions_alone_is_replaced_by_the_next(tmp_path: Path, site: Path, invoke) -> None:
    invoke("update", site, "--delete", "d", "--delete", "c", "--delete", "b", "--delete", "a")
    out = tmp_path / "out.jsonl"
    for _ in range(2):
        invoke("export", site, "--format", "jsonl", "-o", out, "--since", 1)
    assert [json.loads(line)["article_id"] for line in out.read_text().splitlines()] == ["a", "b", "c", "d"]


def test_compact_keeps_version_and_lists_and_inspect_tells_the_updates(
    tmp_path: Path, site: Path, invoke
) -> None:
    assert json.loads(invoke("inspect", site, "--json").stdout)["updates"] == {"count": 0, "bytes": 0}
    invoke("update", site, _lines(tmp_path / "new.jsonl", NEW))
    lists, facts = _lists(site), json.loads(invoke("inspect", site, "--json").stdout)
    assert (facts["version"], facts["updates"]["count"]) == (2, 1)
    assert facts["updates"]["bytes"] > 1_000
    assert "2, 1 update since the base" in invoke("inspect", site).stdout
    assert "version 2, 1 update made part of the base" in invoke("compact", site).stderr
    assert "nothing to do" in invoke("compact", site).stderr
    facts = json.loads(invoke("inspect", site, "--verify", "--json").stdout)
    assert (facts["version"], facts["updates"]["count"]) == (2, 0)
    assert _lists(site) == lists


@pytest.mark.parametrize("option", [None, "--no-compact"])
def test_an_update_compacts_when_updates_are_many(
    tmp_path: Path, site: Path, invoke, monkeypatch, option: str | None
) -> None:
    monkeypatch.setattr("recommender.updating.stored_site._MOST_UPDATES", 1)
    words = [option] if option else []
    invoke("update", site, _lines(tmp_path / "new.jsonl", NEW), *words)
    assert Recommender.load(site).n_updates == 1
    said = invoke("update", site, "--delete", "a", *words).stderr
    assert ("2 updates made part of the base" in said) == (option is None)
    assert Recommender.load(site).n_updates == (2 if option else 0)
    stream = "".join(json.dumps({"delete": each}) + "\n" for each in "bc")
    invoke("update", site, "-", *words, stdin=stream)
    assert sorted(Recommender.load(site)) == ["d", "e"]


def test_a_compaction_that_fails_is_a_warning_after_the_update(
    tmp_path: Path, site: Path, invoke, monkeypatch
) -> None:
    monkeypatch.setattr("recommender.updating.stored_site._MOST_UPDATES", 0)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recommender.store.artifact_folder.write_array", full)
    result = invoke("update", site, "--delete", "a")
    assert "Warning:" in result.stderr
    assert "No space left" in result.stderr
    assert "b" in result.stdout.split()
    assert "a" not in Recommender.load(site)
