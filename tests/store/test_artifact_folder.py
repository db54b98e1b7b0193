"""An artifact is whole or not there, and says so where it is damaged."""

import json
import os
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import Article, ArtifactError, Recommender, UnknownArticleError
from recommender.collection import string_column, summary_table
from recommender.collection.string_column import StringColumn
from recommender.collection.summary_table import OWN_FIELDS, SummaryTable
from recommender.store import manifest
from recommender.store.artifact_folder import open_folder, save_folder
from recommender.store.layout import site_parts
from recommender.store.manifest import SCHEMA, Manifest

ARRAYS = {"a": np.arange(6, dtype=np.int32).reshape(2, 3), "empty": np.empty((0, 4), np.float32)}


def test_arrays_and_facts_come_back_memory_mapped(tmp_path):
    save_folder(tmp_path / "x.rec", ARRAYS, {"k": 3, "name": "中"})
    arrays, facts = open_folder(tmp_path / "x.rec")
    assert facts == {"k": 3, "name": "中"}
    assert set(arrays) == set(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array)
    assert not arrays["a"].flags.owndata
    assert not arrays["a"].flags.writeable


def test_a_reader_of_the_old_manifest_gets_the_new_artifact(tmp_path, monkeypatch):
    path = tmp_path / "x.rec"
    save_folder(path, ARRAYS, {"k": 1})
    read, replaced = Manifest.read, []

    def read_then_replaced(path):
        manifest = read(path)
        if not replaced:
            replaced.append(True)
            save_folder(path, {"a": np.zeros(3)}, {"k": 2})
        return manifest

    monkeypatch.setattr(Manifest, "read", read_then_replaced)
    arrays, facts = open_folder(path)
    assert facts == {"k": 2}
    assert arrays["a"].tolist() == [0, 0, 0]


def test_the_same_contents_give_the_same_bytes(tmp_path):
    for name in ("one.rec", "two.rec"):
        save_folder(tmp_path / name, ARRAYS, {"k": 3})
    one, two = (
        {p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()}
        for n in ("one.rec", "two.rec")
    )
    assert one == two


def test_a_second_save_replaces_the_first_and_leaves_nothing_behind(tmp_path):
    path = tmp_path / "x.rec"
    save_folder(path, ARRAYS, {"k": 1})
    old_arrays, _ = open_folder(path)
    save_folder(path, {"a": np.zeros(3)}, {"k": 2})
    arrays, facts = open_folder(path)
    assert facts == {"k": 2}
    assert arrays["a"].tolist() == [0, 0, 0]
    assert old_arrays["a"].tolist() == [[0, 1, 2], [3, 4, 5]]  # who had the old one open still reads it
    assert len(list(path.iterdir())) == 3  # manifest, data, lock
    save_folder(path, {"a": np.zeros(3)}, {"k": 2})
    assert len(list(path.iterdir())) == 3  # manifest, data, lock


@pytest.mark.parametrize("step", ["numpy.save", "pathlib.Path.rename", "pathlib.Path.replace", "os.fsync"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_save_that_fails_anywhere_leaves_the_old_artifact(tmp_path, monkeypatch, step, error):
    path = tmp_path / "x.rec"
    save_folder(path, ARRAYS, {"k": 1})

    def fail(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(step, fail)
    expected = ArtifactError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected) as caught:
        save_folder(path, {"a": np.zeros(3)}, {"k": 2})
    monkeypatch.undo()
    if expected is ArtifactError:
        assert "No space left" in str(caught.value)
        assert "unchanged" in str(caught.value)
    arrays, facts = open_folder(path)
    arrays.check(contents=True)
    assert facts == {"k": 1}
    assert not list(path.glob("data-part-*"))


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_save_that_is_stopped_after_the_swap_leaves_the_new_artifact(tmp_path, monkeypatch, error):
    path = tmp_path / "x.rec"
    save_folder(path, ARRAYS, {"k": 1})
    write = Manifest.write

    def write_and_fail(self, path):
        write(self, path)
        raise error

    monkeypatch.setattr(Manifest, "write", write_and_fail)
    with pytest.raises((ArtifactError, KeyboardInterrupt)):
        save_folder(path, {"a": np.zeros(3)}, {"k": 2})
    monkeypatch.undo()
    arrays, facts = open_folder(path)
    arrays.check(contents=True)
    assert facts == {"k": 2}
    assert len(list(path.iterdir())) == 3


@pytest.mark.parametrize("step", ["numpy.save", "os.fsync"])
def test_a_first_save_that_fails_leaves_nothing_and_can_be_tried_again(tmp_path, monkeypatch, step):
    def fail(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(step, fail)
    with pytest.raises(ArtifactError, match="No space left"):
        save_folder(tmp_path / "x.rec", ARRAYS, {"k": 1})
    monkeypatch.undo()
    assert not (tmp_path / "x.rec").exists()
    save_folder(tmp_path / "x.rec", ARRAYS, {"k": 1})
    assert open_folder(tmp_path / "x.rec")[1] == {"k": 1}


def test_a_first_save_that_was_killed_can_be_made_again(tmp_path):
    path = tmp_path / "x.rec"
    for left in ("data-part-a1_b2c3d", "data-0123456789abcdef", "data-0123456789abcdef-2"):
        (path / left).mkdir(parents=True)
        (path / left / "a.npy").write_bytes(b"half")
    save_folder(path, ARRAYS, {"k": 1})
    assert open_folder(path)[1] == {"k": 1}
    assert len(list(path.iterdir())) == 3  # manifest, data, lock
    (path / "manifest.json").unlink()
    (path / "data-of-mine").mkdir()
    with pytest.raises(ArtifactError, match="not an artifact"):
        save_folder(path, ARRAYS, {"k": 1})


def test_something_else_at_the_place_is_never_replaced(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("mine")
    (tmp_path / "file.rec").write_text("mine")
    for name in ("folder", "file.rec"):
        with pytest.raises(ArtifactError, match="not an artifact"):
            save_folder(tmp_path / name, ARRAYS, {})
    assert (tmp_path / "folder" / "mine.txt").read_text() == (tmp_path / "file.rec").read_text() == "mine"


def test_every_flipped_byte_is_detected(tmp_path):
    save_folder(tmp_path / "x.rec", ARRAYS, {})
    for file in (tmp_path / "x.rec").glob("data-*/*.npy"):
        data = bytearray(file.read_bytes())
        for place in range(len(data)):
            data[place] ^= 1
            file.write_bytes(data)
            with pytest.raises(ArtifactError, match=file.name):
                open_folder(tmp_path / "x.rec")
            data[place] ^= 1
        file.write_bytes(data)
    open_folder(tmp_path / "x.rec")[0].check(contents=True)


def test_missing_and_short_files_are_all_named_on_opening(tmp_path):
    save_folder(tmp_path / "x.rec", ARRAYS, {})
    files = sorted((tmp_path / "x.rec").glob("data-*/*.npy"))
    files[0].unlink()
    os.truncate(files[1], 10)
    with pytest.raises(ArtifactError, match=r"(?s)a\.npy: is missing.*empty\.npy: wanted .* bytes, got 10"):
        open_folder(tmp_path / "x.rec")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m | {"schema": 99}, f"schema {SCHEMA}, got schema 99"),
        (lambda m: m | {"format": "other"}, "not the manifest"),
        (lambda m: m | {"data": "../elsewhere"}, "not one"),
        (lambda m: [1, 2], "not the manifest"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(tmp_path, change, said):
    path = tmp_path / "x.rec"
    save_folder(path, ARRAYS, {})
    changed = change(json.loads((path / "manifest.json").read_text()))
    if isinstance(changed, dict):
        changed["sha256"] = manifest._sha256_of(manifest._unsigned(changed))
    (path / "manifest.json").write_text(json.dumps(changed))
    with pytest.raises(ArtifactError, match=said):
        open_folder(path)


def test_nothing_there_says_how_to_make_one(tmp_path):
    with pytest.raises(ArtifactError, match=r"does not exist; make one with: recommender build"):
        Recommender.load(tmp_path / "none.rec")


def test_objects_are_never_written(tmp_path):
    with pytest.raises(ValueError, match="pickle"):
        save_folder(tmp_path / "x.rec", {"a": np.array([object()])}, {})
    assert not (tmp_path / "x.rec" / "manifest.json").exists()


def test_vectors_of_another_encoder_are_refused_naming_both(tmp_path):
    site = Recommender.from_articles([Article("a", "rain in may"), Article("b", "rain in june")])
    arrays, facts = site_parts(site.site)
    save_folder(tmp_path / "x.rec", arrays, facts | {"vectors_fingerprint": "0" * 32})
    with pytest.raises(ArtifactError) as caught:
        Recommender.load(tmp_path / "x.rec")
    assert "0" * 32 in str(caught.value)
    assert site.model.lexical.fingerprint in str(caught.value)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_string_columns_give_back_any_text(texts):
    column = StringColumn.of([text.encode() for text in texts])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(string_column, "_BLOCK", 3)
        assert list(column) == texts
    assert [column[row] for row in range(len(column))] == texts
    assert column[::-1] == texts[::-1]
    assert column.take(range(0, len(texts), 2)) == [text.encode() for text in texts[::2]]


def some_articles():
    return [
        Article(
            "z/1",
            "Rain",
            "b",
            published="1969-12-31T23:59:59.000001Z",
            section="s",
            language="en",
            url="u",
            description="Es regnete. 雨。",
            image="/a.jpg",
            metadata={"tags": ["x"], "n": 1},
        ),
        Article("中", "雨", "b"),
        Article("a" * 1000, "", "b", published=datetime(9999, 12, 31, tzinfo=UTC)),
    ]


def test_summaries_keep_everything_but_the_text():
    articles = some_articles()
    table = SummaryTable.of(articles)
    for row, article in enumerate(articles):
        summary = table[row]
        for name in ("article_id", "title", "published", *OWN_FIELDS):
            assert getattr(summary, name) == getattr(article, name)
        assert dict(summary.metadata) == dict(article.metadata)
        assert table.row(article.article_id) == row
    with pytest.raises(IndexError):
        table[3]
    for name in OWN_FIELDS:
        assert list(table.values(name)) == [getattr(article, name) for article in articles]


def test_ids_with_the_same_hash_are_still_told_apart(monkeypatch):
    monkeypatch.setattr(summary_table, "_hash", lambda _: np.uint64(7))
    table = SummaryTable.of(some_articles())
    assert [table.row(article.article_id) for article in some_articles()] == [0, 1, 2]
    with pytest.raises(UnknownArticleError, match="'nobody' among the 3"):
        table.row("nobody")


def test_a_built_site_has_its_articles_in_the_order_of_sorted_ids():
    site = Recommender.from_articles(some_articles())
    ids = [article.article_id for article in some_articles()]
    assert list(site) == sorted(ids)
    assert site.collection.id_order.tolist() == [0, 1, 2]
