"""`recommender update` with pages of another folder than the one that was built: no page becomes two articles."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from recommender import Recommender

NOTES = ("redis", "mysql", "valkey")


def _write(file: Path, own_id: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    head = f"title: On {file.stem}\n" + (f"id: {own_id}\n" if own_id else "")
    file.write_text(f"---\n{head}---\nThe {file.stem} keeps keys and values on disk and in memory.\n")


@pytest.fixture(scope="module")
def built(invoke, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("doors")
    for name in NOTES:
        _write(root / "d/content/note" / f"{name}.md")
    _write(root / "d/top.md")
    _write(root / "d/tools/tool.md")
    invoke("build", root / "d", "-o", root / "d.rec", "-q")
    invoke("build", root / "d", "-o", root / "e.rec", "-q", "--exclude", "tools/*")
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = Path(shutil.copytree(built, tmp_path / "root"))
    _write(place / "d/content/note/valgrind.md")
    _write(place / "d/newer/page.md")
    monkeypatch.chdir(place)
    return place


def _ids(site: Path | str = "d.rec") -> set[str]:
    return set(Recommender.load(site))


BUILT = {*(f"content/note/{name}" for name in NOTES), "top", "tools/tool"}


@pytest.mark.parametrize(
    ("given", "wrong", "right"),
    [
        (["d/content/note/valgrind.md"], "valgrind", "content/note/valgrind"),
        (["d/content/note/redis.md"], "redis", "content/note/redis"),
        (["d/newer/page.md"], "page", "newer/page"),
        (["d/newer"], "page", "newer/page"),
        (["d/content/note"], "mysql", "content/note/mysql"),
        (["d/content"], "note/mysql", "content/note/mysql"),
        (["d/content", "--sync"], "note/mysql", "content/note/mysql"),
        (["d/content", "--watch"], "note/mysql", "content/note/mysql"),
        (["."], "d/top", "top"),
        (["d", "--id", "file"], "top.md", "top"),
    ],
)
def test_pages_that_would_get_other_ids_are_refused(
    root: Path, invoke, given: list[str], wrong: str, right: str
) -> None:
    said = invoke("update", "d.rec", *given, code=1).stderr
    assert (
        f"{given[0]}: pages would get other ids than by the build, got {wrong!r} instead of {right!r}" in said
    )
    assert ("--id of the build" if "--id" in given else "give d, or its folders that were built") in said
    assert _ids() == BUILT


def test_the_folder_itself_its_top_and_pages_with_their_own_ids_are_read(root: Path, invoke) -> None:
    _write(root / "d/flat.md")
    _write(root / "d/own.md", "mine")
    _write(root / "other/page.md")
    assert "2 added" in invoke("update", "d.rec", "d/flat.md", "d/own.md").stderr
    assert "1 added" in invoke("update", "d.rec", "other").stderr  # pages of another place
    assert "2 added" in invoke("update", "d.rec", "d").stderr
    assert _ids() == BUILT | {"flat", "mine", "page", "content/note/valgrind", "newer/page"}


def test_folders_that_share_the_built_one_are_read(root: Path, invoke) -> None:
    assert "1 added, 4 unchanged" in invoke("update", "d.rec", "d/content", "d/tools").stderr


def test_all_ids_may_be_changed_by_force(root: Path, invoke) -> None:
    invoke("update", "d.rec", "d/content", "--sync", "--force")
    assert _ids() == {f"note/{name}" for name in (*NOTES, "valgrind")}


def test_a_page_whose_folder_is_not_at_hand_is_compared_by_name(root: Path, invoke) -> None:
    for name in ("elsewhere/redis.md", "elsewhere/content/note/fresh.md"):
        _write(root / name)
        said = invoke("update", "d.rec", name, code=1).stderr
        assert f"got {Path(name).stem!r} instead of 'content/note/{Path(name).stem}'" in said
    assert _ids() == BUILT


def test_excluded_pages_do_not_come_back_unnoticed(root: Path, invoke) -> None:
    site = "e.rec"
    assert "1 excluded then; give the --exclude of the build" in invoke("update", site, "d", code=1).stderr
    assert "tools/tool" not in _ids(site)
    done = invoke("update", site, "d", "--exclude", "tools/*")
    assert "left out: excluded 1 (--verbose lists them)" in done.stderr
    assert "2 added" in done.stderr
    assert "tools/tool" not in _ids(site)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("id: own-{}", "id: own-{}\ncopy: id: own-1"),
        ("id: own-{}\ncopy: id: own-1", "id: own-{}\ncopy: id: own-9"),
        ("url: /blog/{}/", "url: /blog/{}/"),
    ],
    ids=["an id repeats", "an id repeats no more", "the build names a field"],
)
def test_a_folder_does_not_double_a_site(tmp_path: Path, invoke, before: str, after: str) -> None:
    def write(matter: str) -> None:
        own, _, copy = matter.partition("\ncopy: ")
        for n in range(5):
            (tmp_path / "c" / f"p{n}.md").write_text(
                f"---\ntitle: Rain {n}\n{own.format(n)}\n---\nRain in valley {n}.\n"
            )
        if copy:
            (tmp_path / "c" / "copy.md").write_text(f"---\ntitle: Oak\n{copy}\n---\nAn oak.\n")

    (tmp_path / "c").mkdir()
    write(before)
    options = ["--id", "url"] if "url" in before else []
    invoke("build", tmp_path / "c", "-o", tmp_path / "s.rec", *options)
    ids = list(Recommender.load(tmp_path / "s.rec"))
    write(after)
    told = invoke("update", tmp_path / "s.rec", tmp_path / "c", code=1).stderr
    assert "would be on the site twice, under other ids" in told
    assert list(Recommender.load(tmp_path / "s.rec")) == ids
    invoke("update", tmp_path / "s.rec", tmp_path / "c", "--sync", "--force")
    assert len(list(Recommender.load(tmp_path / "s.rec"))) == len(ids) + ("copy" in after) - (
        "copy" in before
    )
