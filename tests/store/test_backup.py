"""A backup is a whole artifact of one moment, made while somebody writes."""

import os
import tarfile
import threading
from pathlib import Path

import pytest
from made_up_store import SAFELY, a_store, arrays_of, seen

from recommender import Article, ArtifactError, Recommender
from recommender.errors import BusyError
from recommender.store.backup import backup
from recommender.store.site_store import SiteStore
from recommender.store.write_lock import open_locked


def unpacked(file, folder):
    with tarfile.open(file) as tar:
        tar.extractall(folder, **SAFELY)
    (path,) = Path(folder).iterdir()
    return path


def test_a_backup_unpacks_to_a_site_of_the_same_name_that_loads_and_goes_on(tmp_path):
    store, _, position = a_store(tmp_path / "x.rec", 3)
    assert store.backup(tmp_path / "x.tar") == position
    path = unpacked(tmp_path / "x.tar", tmp_path / "out")
    assert path.name == "x.rec"
    copy = SiteStore(path)
    copy.verify()
    assert seen(copy) == (0, [0, 1, 2])
    copy.append(copy.open(), position, (arrays_of(3), {"is": 3}))
    copy.close()
    assert seen(copy) == (0, [0, 1, 2, 3])


def test_a_backup_of_a_built_site_gives_its_lists(tmp_path):
    articles = [
        Article(str(number), f"Rain on road {number // 2}", f"Pumps {number}.") for number in range(8)
    ]
    site = Recommender.from_articles(articles)
    site.save(tmp_path / "x.rec")
    assert backup(tmp_path / "x.rec", tmp_path / "x.tar").version == 1
    copy = Recommender.load(unpacked(tmp_path / "x.tar", tmp_path / "out"), check=True)
    assert list(copy.related_all()) == list(site.related_all())


def test_backups_made_while_a_writer_updates_and_replaces_are_of_one_moment(tmp_path):
    store, base, position = a_store(tmp_path / "x.rec", 1, size=5_000)
    stop = threading.Event()

    def write():
        number, at, held = 1, position, base
        while not stop.is_set():
            number += 1
            if number % 7:
                at = store.append(held, at, (arrays_of(number, 500), {"is": number}))
            else:
                held = store.replace(arrays_of(number, 5_000), {"is": number})
                at = held.position

    writer = threading.Thread(target=write)
    writer.start()
    try:
        versions = []
        for number in range(15):
            versions.append(backup(store.path, tmp_path / "x.tar").version)
            copy = SiteStore(unpacked(tmp_path / "x.tar", tmp_path / f"out{number}"))
            copy.verify()
            first, updates = seen(copy)
            assert updates == [*range(first or 0, (first or 0) + len(updates) + 1)][1:] or not first
    finally:
        stop.set()
        writer.join()
    assert versions == sorted(versions)
    assert len(set(versions)) > 2


def test_only_a_backup_is_overwritten(tmp_path):
    store, _, _ = a_store(tmp_path / "x.rec")
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    with tarfile.open(tmp_path / "mine.tar", "w") as tar:
        tar.add(mine)
    for name in ("mine.txt", "mine.tar", "x.rec"):
        before = (tmp_path / name).stat().st_mtime_ns
        with pytest.raises(ArtifactError, match="is not a backup; choose another name"):
            store.backup(tmp_path / name)
        assert (tmp_path / name).stat().st_mtime_ns == before
    with pytest.raises(ArtifactError, match="is not a folder"):
        store.backup(tmp_path / "none" / "x.tar")
    store.backup(tmp_path / "x.tar")
    store.backup(tmp_path / "x.tar")
    assert len(list(tmp_path.iterdir())) == 4


def test_a_damaged_artifact_is_not_backed_up(tmp_path):
    store, _, _ = a_store(tmp_path / "x.rec", 1)
    store.backup(tmp_path / "x.tar")
    before = (tmp_path / "x.tar").read_bytes()
    for file in [*store.path.glob("data-*/*"), *store.path.glob("updates-*")]:
        content = file.read_bytes()
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(ArtifactError, match=file.name):
            store.backup(tmp_path / "x.tar")
        file.write_bytes(content)
    assert (tmp_path / "x.tar").read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"x.rec", "x.tar"}


def test_two_backups_to_the_same_file_exclude_each_other(tmp_path):
    store, _, _ = a_store(tmp_path / "x.rec")
    descriptor = open_locked(tmp_path / ".x.tar.backup-part")
    with pytest.raises(BusyError):
        store.backup(tmp_path / "x.tar")
    os.close(descriptor)
    store.backup(tmp_path / "x.tar")
