"""`recommender update SITE -`: order, batches, bad lines, and how a stream ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from recommender import Recommender
from recommender.cli import update_stream
from recommender.cli.update_report import UpdateReport
from recommender.cli.update_stream import LineOptions, follow_lines
from recommender.live_site import LiveSite
from recommender.progress import no_progress

ROWS = [
    {"id": "a", "title": "Rain floods the valley road", "text": "Rain closed the valley road."},
    {"id": "b", "title": "Valley road open again", "text": "The road that rain had closed is open."},
    {"id": "c", "title": "Rain keeps the valley wet", "text": "More rain on the road, and more to come."},
]
NEW = {"id": "e", "title": "Rain over the valley", "text": "Rain fell on the valley road all night."}
BAD = '{"id": "f", "title": '


@pytest.fixture(scope="module")
def built(invoke, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stream")
    invoke("build", "-", "-o", folder / "site.rec", stdin=_text(*ROWS))
    return folder / "site.rec"


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "site.rec"))


def _text(*lines: object) -> str:
    return "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)


def _titles(site: Path) -> dict[str, str]:
    table = Recommender.load(site, check=True).summaries
    return dict(zip(table.column("article_id"), table.column("title"), strict=True))


def test_lines_are_applied_in_order_and_the_last_of_an_id_wins(site: Path, invoke) -> None:
    lines = [NEW, {"delete": "a"}, {**NEW, "title": "First"}, {"delete": "b"}, {**ROWS[1], "title": "Back"},
             {**NEW, "title": "Last"}, {**ROWS[0], "title": "Gone"}, {"delete": "a"}]  # fmt: skip
    result = invoke("update", site, "-", stdin=_text(*lines))
    assert _titles(site) == {"b": "Back", "c": ROWS[2]["title"], "e": "Last"}
    assert result.stdout.splitlines() == ["b", "c", "e"]
    assert "1 added, 1 edited, 1 deleted" in result.stderr


def test_a_batch_gives_what_single_lines_give(site: Path, tmp_path: Path, invoke, monkeypatch) -> None:
    other = Path(shutil.copytree(site, tmp_path / "other.rec"))
    lines = [NEW, {"delete": "c"}, {**ROWS[0], "text": "Mud on the road."}, "", {**ROWS[2], "title": "Wet"}]
    invoke("update", site, "-", stdin=_text(*lines))
    monkeypatch.setattr(update_stream, "_BATCH", 1)
    result = invoke("update", other, "-", "--json", stdin=_text(*lines))
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["added"] + each["edited"] + each["deleted"] for each in documents] == [
        ["e"],
        ["c"],
        ["a"],
        ["c"],
    ]
    one, two = Recommender.load(site), Recommender.load(other)
    assert list(one.related_all()) == list(two.related_all())


def test_a_bad_line_ends_the_stream_after_the_lines_before_it(site: Path, invoke) -> None:
    result = invoke("update", site, "-", stdin=_text(NEW, BAD, {"delete": "a"}), code=1)
    assert "-:2: not JSON" in result.stderr
    assert _titles(site).keys() == {"a", "b", "c", "e"}


def test_a_bad_line_is_skipped_and_named(site: Path, invoke) -> None:
    lines = _text(NEW, BAD, {"title": "No id"}, {"delete": 3.5}, "[1]", {"delete": "a"})
    told = invoke("update", site, "-", "--on-error", "skip", stdin=lines).stderr
    for number in (2, 3, 4, 5):
        assert f"Skipped: -:{number}: " in told
    assert _titles(site).keys() == {"b", "c", "e"}


def test_a_line_that_an_update_refuses_does_not_take_others_with_it(site: Path, invoke) -> None:
    lines = _text({"delete": "a"}, {**NEW, "related_pins": ["e"]}, {"delete": "b"})
    other = invoke("update", site, "-", stdin=lines, code=1)
    assert "-:2: " in other.stderr
    assert _titles(site).keys() == {"b", "c"}
    assert "Skipped: -:2: " in invoke("update", site, "-", "--on-error", "skip", stdin=lines).stderr
    assert _titles(site).keys() == {"c"}


def test_drafts_are_named_or_deleted(site: Path, invoke) -> None:
    lines = _text({**ROWS[0], "draft": True})
    assert "--delete-unpublished" in invoke("update", site, "-", stdin=lines).stderr
    assert "a" in _titles(site)
    invoke("update", site, "-", "--delete-unpublished", stdin=lines)
    assert "a" not in _titles(site)
    invoke("update", site, "-", "--keep", "draft", stdin=lines)
    assert "a" in _titles(site)


def test_another_format_is_read_whole(site: Path, invoke) -> None:
    invoke("update", site, "-", "--format", "csv", stdin="id,title,text\nz,Rain in May,Rain on the road\n")
    assert "z" in _titles(site)


def test_an_empty_stream_changes_nothing(site: Path, invoke) -> None:
    result = invoke("update", site, "-", stdin="")
    assert (result.stdout, result.stderr) == ("", "")


def _pipe(site: Path, stop: threading.Event) -> tuple[int, threading.Thread]:
    """Follow a pipe in a thread; return the end to write to."""
    read, write = os.pipe()
    live = LiveSite(site, 60, 1, no_progress, print)
    words = LineOptions(None, (), True, False), UpdateReport(False, True), stop
    thread = threading.Thread(target=lambda: follow_lines(os.fdopen(read, "rb"), live, *words))
    thread.start()
    return write, thread


def test_what_has_arrived_is_applied_at_a_stop_but_not_half_a_line(site: Path, capsys) -> None:
    stop = threading.Event()
    write, thread = _pipe(site, stop)
    os.write(write, (_text(NEW, {"delete": "a"}) + BAD).encode())
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    os.close(write)
    assert _titles(site).keys() == {"b", "c", "e"}
    assert capsys.readouterr().out.splitlines() == ["b", "c", "e"]


def test_another_writer_between_two_batches_is_not_undone(site: Path, capsys) -> None:
    stop = threading.Event()
    write, thread = _pipe(site, stop)
    os.write(write, _text(NEW).encode())
    while "e" not in _titles(site):
        pass
    with LiveSite(site, 60, 1, no_progress, print).locked() as other:
        other.update(delete=["b"])
        other.save(site)
    os.write(write, _text({"delete": "c"}).encode())
    os.close(write)
    thread.join(60)
    assert _titles(site).keys() == {"a", "e"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_a_process_ends_cleanly_on_sigterm_with_its_lines_applied_and_printed(site: Path) -> None:
    command = [sys.executable, "-m", "recommender", "update", str(site), "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write(_text(NEW))
        process.stdin.flush()
        assert [process.stdout.readline() for _ in range(4)] == ["a\n", "b\n", "c\n", "e\n"]
        assert "e" in _titles(site)  # saved before it is printed
        process.stdin.write(_text({"delete": "a"}))
        process.stdin.flush()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stdout.read().split() == ["b", "c", "e"]
    assert "a" not in _titles(site)
