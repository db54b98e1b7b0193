"""`backup` copies a site into one file, and `inspect --verify` reads its updates too."""

import json
import sqlite3
import tarfile
import threading

import pytest
from click.testing import CliRunner
from made_up_store import SAFELY

from recommender import Article, Recommender
from recommender.cli import main
from recommender.store import artifact_folder
from recommender.store.write_lock import write_lock


@pytest.fixture
def site_rec(tmp_path):
    articles = [
        Article(str(number), f"Rain on road {number // 2}", f"Pumps {number}.") for number in range(8)
    ]
    Recommender.from_articles(articles).save(tmp_path / "site.rec")
    return tmp_path / "site.rec"


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_backup_is_made_unpacked_and_read(site_rec, tmp_path):
    assert "version 1" in run("backup", site_rec, tmp_path / "site.tar").stderr
    with tarfile.open(tmp_path / "site.tar") as tar:
        tar.extractall(tmp_path / "out", **SAFELY)
    words = ["export", "--format", "jsonl", "-o", "-"]
    assert run(words[0], tmp_path / "out" / "site.rec", *words[1:]).stdout == run(
        words[0], site_rec, *words[1:]
    ).stdout  # fmt: skip
    (tmp_path / "mine").write_text("mine")
    refused = run("backup", site_rec, tmp_path / "mine")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "is not a backup; choose another name" in refused.stderr


def test_verify_names_a_damaged_journal(site_rec):
    site = Recommender.load(site_rec)
    site.update(delete=[next(iter(site))])
    site.save(site_rec)
    del site  # its log goes into the file
    assert json.loads(run("inspect", site_rec, "--verify", "--json").stdout)["verified"]
    (journal,) = site_rec.glob("updates-*")
    with sqlite3.connect(journal) as connection:
        connection.execute("UPDATE updates SET payload = x'00'")
    connection.close()
    found = run("inspect", site_rec, "--verify")
    assert found.exit_code == 1
    assert f"{journal.name}: is damaged" in found.stderr


def test_a_save_over_a_site_that_is_being_written_waits_and_then_says_who_writes(site_rec, monkeypatch):
    monkeypatch.setattr(artifact_folder, "_WAIT_S", 0.1)
    holds, done = threading.Event(), threading.Event()

    def hold():
        with write_lock(site_rec):
            holds.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    holds.wait()
    busy = run("relist", site_rec, "--diversity", "0.3")
    done.set()
    thread.join()
    assert (busy.exit_code, busy.stdout) == (1, "")
    assert "is being written by another thread of this process" in busy.stderr
    assert run("relist", site_rec, "--diversity", "0.3").exit_code == 0
