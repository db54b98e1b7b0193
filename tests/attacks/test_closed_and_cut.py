"""Closed streams, file descriptors, dates that nobody gave, and Markdown that is all brackets."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from recommender import Article, Recommender, read_articles
from recommender.dates import parse_date

ARTICLES = [Article(str(number), f"Rain on road {number // 2}", f"Pumps {number}.") for number in range(6)]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site") / "x.rec"
    Recommender.from_articles(ARTICLES).save(path)
    return path


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("closed", "words", "code"),
    [
        (">&-", ["related", "0"], 1),
        (">&-", ["export", "--format", "jsonl", "-o", "-"], 1),
        ("2>&-", ["related", "0"], 0),
    ],
)
def test_a_closed_stream_is_no_traceback(path: Path, closed: str, words: list[str], code: int) -> None:
    command = [sys.executable, "-m", "recommender", words[0], str(path), *words[1:]]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *command], capture_output=True, check=False, text=True
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (code == 0)
    assert done.stderr == ("" if code == 0 else "Error: Bad file descriptor\n")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs the list of open files")
def test_a_small_site_holds_no_file_open(path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    site = Recommender.load(path)
    assert site["0"]
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_small_site_outlives_the_loss_of_its_bytes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the size of all its files: that of one does not count."""
    monkeypatch.setattr("recommender.store.array_folder._SMALL_FILE", 0)
    site = Recommender.load(path)
    expected = [site[each].article_ids for each in site]
    for file in path.glob("data-*/*.npy"):
        os.truncate(file, 0)
    assert [site[each].article_ids for each in site] == expected
    assert site.related_to("Rain on road 2", "Pumps.")


@pytest.mark.parametrize("text", ["2026-05-01T12:12:12:12", "2026-13-45", "Mon, 31 Feb 2026 10:00:00 GMT"])
def test_no_date_is_made_up(text: str) -> None:
    with pytest.raises(ValueError, match=text[:10]):
        parse_date(text)


def test_brackets_without_end_are_text() -> None:
    def body(text: str) -> str:
        (article,) = read_articles(
            io.BytesIO(f"---\nid: a\ntitle: Rain\n---\n{text}".encode()), format="markdown", keep="all"
        )
        return article.body

    assert 'href="b"' in body("[" * 100 + "[a](b)")
    assert body("![" * 50_000) == f"<p>{'![' * 50_000}</p>"
