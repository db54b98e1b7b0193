"""`recommender update SITE FOLDER --watch`: pages that are saved, half-written, moved away and deleted."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from recommender import Recommender, read_articles
from recommender.cli.update_report import UpdateReport
from recommender.cli.update_watch import FolderWatch
from recommender.live_site import LiveSite
from recommender.progress import no_progress

PAGES = {
    "a": ("Rain floods the valley road", "Rain closed the valley road."),
    "b": ("Valley road open again", "The road that rain had closed is open."),
    "c": ("Rain keeps the valley wet", "More rain on the road, and more to come."),
    "d": ("Mud on the valley road", "After the rain a crew cleared mud from the road."),
}
NEW = "Rain over the valley", "Rain fell on the valley road all night."


def _write(folder: Path, name: str, page: tuple[str, str], more: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(f"---\ntitle: {page[0]}\n{more}---\n{page[1]}\n")


@pytest.fixture(scope="module")
def built(invoke, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("watch")
    for name, page in PAGES.items():
        _write(root / "content" / "posts", name, page)
    invoke("build", root / "content", "-o", root / "site.rec")
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "root"))


def _titles(root: Path) -> dict[str, str]:
    table = Recommender.load(root / "site.rec").summaries
    return dict(zip(table.column("article_id"), table.column("title"), strict=True))


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def _watching(root: Path, *, sync: bool = False, force: bool = False) -> Iterator[None]:
    stop = threading.Event()
    live = LiveSite(root / "site.rec", 60, 1, no_progress, print)
    watch = FolderWatch(
        root / "content", lambda: read_articles(root / "content", on_error="skip"), live,
        UpdateReport(False, True), force=force,
    )  # fmt: skip
    thread = threading.Thread(target=lambda: watch.run(stop, sync=sync, poll_s=0.05))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def test_pages_that_are_added_edited_and_deleted_change_the_site(root: Path) -> None:
    posts = root / "content" / "posts"
    with _watching(root):
        _write(posts, "e", NEW)
        _until(lambda: "posts/e" in _titles(root))
        _write(posts, "a", ("Floods in the valley", "Rain closed the valley road again."))
        _until(lambda: _titles(root)["posts/a"] == "Floods in the valley")
        (posts / "b.md").unlink()
        _until(lambda: "posts/b" not in _titles(root))
        _write(posts, "c", PAGES["c"], "draft: true\n")
        _until(lambda: "posts/c" not in _titles(root))
    assert _titles(root).keys() == {"posts/a", "posts/d", "posts/e"}


def test_a_page_that_cannot_be_read_keeps_its_article_and_is_named(root: Path, capsys) -> None:
    posts = root / "content" / "posts"
    with _watching(root):
        _write(posts, "e", NEW)
        _until(lambda: "posts/e" in _titles(root))
        (posts / "a.md").write_bytes(b"---\ntitle: \xff\xfe\xfa half\n---\n")
        _write(posts, "f", NEW)
        _until(lambda: "posts/f" in _titles(root))
        assert _titles(root)["posts/a"] == PAGES["a"][0]
        (posts / "a.md").unlink()
        _until(lambda: "posts/a" not in _titles(root))
    assert "a.md" in capsys.readouterr().err


def test_temporary_files_of_editors_are_no_articles(root: Path) -> None:
    posts = root / "content" / "posts"
    with _watching(root):
        for name in (".a.md.swp", "a.md~", "#a.md#", ".#a.md", "4913", "a.md.tmp"):
            (posts / name).write_text("half a page")
        _write(posts, "e", NEW)
        _until(lambda: "posts/e" in _titles(root))
    assert _titles(root).keys() == {f"posts/{name}" for name in "abcde"}


def test_a_folder_that_goes_away_and_comes_back_deletes_nothing(root: Path, capsys) -> None:
    content, aside = root / "content", root / "aside"
    told: list[str] = []

    def says(text: str) -> bool:
        told.append(capsys.readouterr().err)
        return text in "".join(told)

    with _watching(root):
        _write(content / "posts", "e", NEW)
        _until(lambda: "posts/e" in _titles(root))
        content.rename(aside)
        _until(lambda: says("is away"))
        content.mkdir()
        _until(lambda: says("in this folder"))
        shutil.copytree(aside, content, dirs_exist_ok=True)
        _write(content / "posts", "f", NEW)
        _until(lambda: "posts/f" in _titles(root))
    assert _titles(root).keys() == {f"posts/{name}" for name in "abcdef"}


def test_most_pages_do_not_go_at_once_without_force(root: Path, capsys) -> None:
    posts = root / "content" / "posts"
    for name in "abc":
        (posts / f"{name}.md").unlink()
    with _watching(root):
        pass
    assert "3 articles of the site not in" in capsys.readouterr().err
    with _watching(root, sync=True):
        _write(posts, "e", NEW)
        _until(lambda: "posts/e" in _titles(root))
    assert "--force deletes them" in capsys.readouterr().err
    assert _titles(root).keys() == {f"posts/{name}" for name in "abcde"}
    with _watching(root, sync=True, force=True):
        _until(lambda: _titles(root).keys() == {"posts/d", "posts/e"})


@pytest.mark.parametrize("change", ["an id that repeats", "a folder that is renamed"])
def test_a_site_is_not_doubled_under_other_ids(root: Path, capsys, change: str) -> None:
    posts = root / "content" / "posts"
    if change == "an id that repeats":
        for name, page in PAGES.items():
            _write(posts, name, page, f"id: own-{name}\n")
        with _watching(root, sync=True, force=True):
            _until(lambda: _titles(root).keys() == {f"own-{name}" for name in PAGES})
    before, told = _titles(root), []

    def says(text: str) -> bool:
        told.append(capsys.readouterr().err)
        return text in "".join(told)

    with _watching(root):
        _until(lambda: says("0 lists changed"))
        if change == "an id that repeats":
            _write(posts, "copy", NEW, "id: own-a\n")
        else:
            posts.rename(root / "content" / "articles")
        _until(lambda: says("would be on the site twice, under other ids"))
        assert _titles(root) == before
        if change == "an id that repeats":
            _write(posts, "copy", NEW, "id: own-e\n")
            _until(lambda: _titles(root).keys() == before.keys() | {"own-e"})
        else:
            (root / "content" / "articles").rename(posts)
            _write(posts, "e", NEW)
            _until(lambda: _titles(root).keys() == before.keys() | {"posts/e"})


def test_pages_whose_pins_contradict_each_other_hold_nothing_else_up(root: Path, capsys) -> None:
    posts = root / "content" / "posts"
    with _watching(root):
        _write(posts, "e", NEW)
        _until(lambda: "posts/e" in _titles(root))
        _write(posts, "a", NEW, "related_pins: [posts/b]\nrelated_blocks: [posts/b]\n")
        (posts / "c.md").unlink()
        _write(posts, "f", NEW)
        _until(lambda: _titles(root).keys() == {f"posts/{name}" for name in "abdef"})
        assert _titles(root)["posts/a"] == PAGES["a"][0]
        _write(posts, "a", NEW)
        _until(lambda: _titles(root)["posts/a"] == NEW[0])
    assert "'posts/a' stays as it was" in capsys.readouterr().err


def test_settings_of_a_generator_are_watched_too(root: Path) -> None:
    with _watching(root):
        _write(root / "content" / "notes", "e", NEW)
        _until(lambda: "notes/e" in _titles(root))
        (root / "content" / "_config.yml").write_text("title: Valley news\nexclude: [notes]\n")
        _until(lambda: "notes/e" not in _titles(root))


def test_a_site_that_is_moved_away_for_a_moment_is_waited_for(root: Path) -> None:
    site, posts = root / "site.rec", root / "content" / "posts"
    with _watching(root):
        _write(posts, "e", NEW)
        _until(lambda: "posts/e" in _titles(root))
        site.rename(root / "away.rec")
        _write(posts, "f", NEW)
        time.sleep(0.3)
        (root / "away.rec").rename(site)
        _until(lambda: "posts/f" in _titles(root))


def test_many_pages_that_cannot_be_read_keep_their_articles(root: Path, monkeypatch) -> None:
    monkeypatch.setattr("recommender.readers.article_reader.KEPT", 1)
    posts = root / "content" / "posts"
    with _watching(root):
        _write(posts, "e", NEW)
        _until(lambda: "posts/e" in _titles(root))
        for name in "ab":
            (posts / f"{name}.md").write_bytes(bytes(200))
        _write(posts, "f", NEW)
        _until(lambda: "posts/f" in _titles(root))
        assert _titles(root).keys() == {f"posts/{name}" for name in "abcdef"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_a_watching_process_prints_ids_and_ends_cleanly_on_ctrl_c(root: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "recommender",
        "update",
        str(root / "site.rec"),
        str(root / "content"),
        "--watch",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        _write(root / "content" / "posts", "e", NEW)
        assert [process.stdout.readline() for _ in range(5)] == [f"posts/{name}\n" for name in "abcde"]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
