"""Parts: a second run goes on from them, and what is damaged or foreign is made again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Article
from recommender.errors import RecommenderError
from recommender.progress import no_progress
from recommender.sharding import article_shards
from recommender.sharding.article_shards import articles_of, cut
from recommender.sharding.part_file import BadPart, opened_part, part_blocks
from recommender.sharding.work_folder import forget_checks, open_work_folder, part_name


def parts(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mtime_ns for file in folder.glob("*.part")}


def of(folder: Path, kind: str) -> list[Path]:
    return sorted(folder.glob(f"{kind}-*.part"))


def put(file: Path, content: bytes) -> None:
    """Put other bytes in the place of a file that this process may have mapped."""
    file.unlink()
    file.write_bytes(content)


def test_a_run_that_was_killed_goes_on_where_it_was(
    in_memory, cut_build, assert_same_bytes, tmp_path
) -> None:
    class Killed(BaseException):
        pass

    def kill(step: str, done: int, total: int) -> None:
        if step == "tasks" and done == 4:
            raise Killed

    with pytest.raises(Killed):
        cut_build(tmp_path, progress=kill, n_jobs=1)
    (tmp_path / "rank-rows-0.xyz.writing").write_bytes(b"half of a part")
    before = parts(tmp_path)
    assert_same_bytes(in_memory, cut_build(tmp_path))
    after = parts(tmp_path)
    assert {name: after[name] for name in before} == before
    assert len(before) < len(after)


def test_damaged_cut_and_foreign_parts_are_made_again(
    in_memory, cut_build, assert_same_bytes, tmp_path
) -> None:
    cut_build(tmp_path)
    content = bytearray(of(tmp_path, "encode-shard")[0].read_bytes())
    content[len(content) // 2] ^= 1
    put(of(tmp_path, "encode-shard")[0], content)
    put(of(tmp_path, "join-shards")[0], of(tmp_path, "join-shards")[0].read_bytes()[:1_000])
    one, other = of(tmp_path, "rank-rows")[:2]
    put(other, one.read_bytes())
    put(of(tmp_path, "fit-model")[0], b"")
    before = parts(tmp_path)
    forget_checks()
    assert_same_bytes(in_memory, cut_build(tmp_path))
    after = parts(tmp_path)
    assert after.keys() == before.keys()
    made = {name for name in after if after[name] != before[name]}
    assert {name.rpartition("-")[0] for name in made} == {
        "encode-shard",
        "join-shards",
        "rank-rows",
        "fit-model",
    }
    assert len(made) == 4


def test_a_part_damaged_between_two_tasks_is_made_again(
    in_memory, cut_build, assert_same_bytes, tmp_path
) -> None:
    damaged = []

    def damage(step: str, done: int, total: int) -> None:
        if (found := of(tmp_path, "encode-shard")) and not damaged and not of(tmp_path, "join-shards"):
            damaged.append(found[0])
            put(found[0], found[0].read_bytes()[:-1])

    assert_same_bytes(in_memory, cut_build(tmp_path, progress=damage, n_jobs=1))
    assert damaged


def test_another_policy_keeps_what_does_not_depend_on_it(cut_build, in_memory, tmp_path) -> None:
    cut_build(tmp_path, model=in_memory.model)
    encoded = of(tmp_path, "encode-shard")
    cut_build(tmp_path, model=in_memory.model, k=3)
    assert of(tmp_path, "encode-shard") == encoded
    assert len(of(tmp_path, "join-shards")) == 1
    assert len(of(tmp_path, "complete-site")) == 2


def test_parts_in_object_storage_give_the_same_bytes_and_are_checked(
    in_memory, cut_build, assert_same_bytes
) -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")
    url, storage = "memory://site/work", fsspec.filesystem("memory")
    assert_same_bytes(in_memory, cut_build(url))
    names = storage.ls("/site/work", detail=False)
    damaged = next(name for name in names if "rank-rows" in name)
    storage.pipe_file(damaged, storage.cat_file(damaged)[:-1] + b"?")
    open_work_folder.cache_clear()  # as another process, which has no copies
    assert_same_bytes(in_memory, cut_build(url))
    assert storage.ls("/site/work", detail=False) == names


def test_a_work_folder_that_cannot_be_written_is_named(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecommenderError, match=r"file: cannot be written .*choose another --work"):
        open_work_folder(str(tmp_path / "file")).write("x", {}, {})


@settings(deadline=None, max_examples=30)
@given(place=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_no_changed_byte_of_a_part_is_believed(place: int, flip: int, tmp_path_factory) -> None:
    file = tmp_path_factory.getbasetemp() / "one.part"
    content = bytearray(b"".join(part_blocks("name", {"a": np.arange(5), "b": np.zeros((0, 3))}, {"n": 1})))
    file.write_bytes(content)
    whole = opened_part(file, "name")
    assert (whole.arrays["a"].tolist(), whole.arrays["b"].shape, whole.facts) == (
        [0, 1, 2, 3, 4],
        (0, 3),
        {"n": 1},
    )
    with pytest.raises(BadPart, match="another part"):
        opened_part(file, "other")
    content[place % len(content)] ^= flip
    file.write_bytes(content)
    with pytest.raises(BadPart):
        opened_part(file, "name")


@settings(deadline=None, max_examples=30)
@given(
    ids=st.sets(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=5), max_size=40),
    random=st.randoms(use_true_random=False),
)
def test_shards_are_runs_of_ascending_ids_that_hold_each_article_once(
    ids: set[str], random, tmp_path_factory
) -> None:
    folder = open_work_folder(str(tmp_path_factory.getbasetemp() / "cut"))
    articles = [Article(each, "Rain", "x" * random.randrange(200)) for each in sorted(ids)]
    shards = cut(articles, folder, 600, 5, no_progress)
    found = [article for name in shards.names for article in articles_of(folder.read(name))]
    assert found == articles
    assert shards.n_articles == len(ids)
    random.shuffle(articles)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(article_shards, "_OPEN_FILES", 2)
        assert cut(articles, folder, 600, 5, no_progress) == shards


def test_names_of_parts_differ_where_their_input_does() -> None:
    names = {
        part_name("a", 1),
        part_name("b", 1),
        part_name("a", "1"),
        part_name("a", 1, None),
        part_name("a", [1]),
    }
    assert len(names) == 5
