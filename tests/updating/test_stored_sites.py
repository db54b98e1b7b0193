"""A stored site is looked up, refreshed and compacted: what readers see is what the writer has."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from recommender import Article, ArtifactError, Policy, Recommender, UnknownArticleError
from recommender.store.journal_writer import JournalWriter
from recommender.store.layout import site_parts
from recommender.store.site_store import SiteStore
from recommender.updating import stored_site, stored_state
from recommender.updating.overlay import Overlay
from tests.updating.generated_articles import ENGLISH, IDS, articles

N_UPDATES = int(os.environ.get("RECOMMENDER_UPDATES", "60"))
"""How many updates go by a reader. RECOMMENDER_UPDATES=1000 is the full test."""


def lists_of(site: Recommender) -> dict[str, Any]:
    return {article_id: site[article_id] for article_id in site}


class StoredUpdates(RuleBasedStateMachine):
    """A writer, a reader that follows it, and the lists of every version."""

    @initialize(first=st.lists(articles(), max_size=8, unique_by=lambda article: article.article_id))
    def build(self, first: list[Article]) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "x.rec"
        self.writer = Recommender.from_articles(first, k=3, policy=Policy(floor=0.05))
        self.writer.save(self.path)
        self.reader, self.light = Recommender.load(self.path), Recommender.load(self.path)
        self.versions = {self.writer.version: lists_of(self.writer)}

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(
        given=st.lists(articles(), max_size=3, unique_by=lambda article: article.article_id),
        gone=st.sets(st.sampled_from(IDS), max_size=3),
        twice=st.booleans(),
    )
    def update(self, given: list[Article], gone: set[str], twice: bool) -> None:
        before = self.writer.version
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # unknown ids
            self.writer.update(given, sorted(gone - {article.article_id for article in given}))
            if twice:  # two updates in one step
                self.writer.update([Article("b", "Choir wins", ENGLISH[3] + ENGLISH[len(given)])])
        self.writer.save(self.path)
        assert self.reader.refresh() == (self.writer.version != before)
        self.versions[self.writer.version] = lists_of(self.writer)

    @rule()
    def compact(self) -> None:
        before = site_parts(self.writer.site)
        assert self.writer.compact() == self.reader.n_updates
        after = site_parts(Recommender.load(self.path, check=True).site)
        assert before.facts == after.facts
        for name, array in before.arrays.items():
            np.testing.assert_array_equal(array, after.arrays[name], name)
        assert len(list(self.path.glob("data-*"))) == 1
        assert not list(self.path.glob("updates-*"))
        assert lists_of(self.reader) == lists_of(self.writer)  # of the files that are gone
        assert not self.reader.refresh()
        assert self.reader.n_updates == self.writer.n_updates == 0

    @rule()
    def compare(self) -> None:
        whole = self.writer
        for reader in (self.reader, Recommender.load(self.path)):
            had_all = "whole" in vars(reader._state)  # since the draft of an earlier comparison
            assert (len(reader), list(reader)) == (len(whole), list(whole))
            assert list(reader.related_all()) == list(whole.related_all())
            for article_id in IDS:
                assert (article_id in reader) == (article_id in whole)
                if article_id not in whole:
                    with pytest.raises(UnknownArticleError):
                        reader[article_id]
                    continue
                assert reader.related(article_id, 2) == whole.related(article_id, 2)
                assert reader.related(article_id, 1, exclude=IDS[:3]) == whole.related(
                    article_id, 1, exclude=IDS[:3]
                )
            has_all = "whole" in vars(reader._state) and reader.n_updates
            assert had_all or not has_all or self.asked_all(reader)
        assert self.reader.related_to(ENGLISH[0], k=4) == whole.related_to(ENGLISH[0], k=4)

    def asked_all(self, reader: Recommender) -> bool:
        """A list that excludes too much was made anew, and so was the site."""
        return any(len(reader.related(each, 3, exclude=IDS[:3])) < 3 for each in reader)

    @rule(data=st.data())
    def ask_since(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(sorted(self.versions)))
        before, now = self.versions[version], self.versions[self.writer.version]
        for site in (self.writer, self.reader, Recommender.load(self.path)):
            found = site.changes_since(version)
            assert found.version == self.writer.version
            assert set(found.lists) >= {each for each, was in now.items() if before.get(each) != was}
            assert set(found.lists) <= now.keys()
            assert set(found.deleted) >= before.keys() - now.keys()
            assert not set(found.deleted) & now.keys()
            assert list(found.lists) == sorted(found.lists)
        assert not (found.lists or found.deleted) or version != self.writer.version


def test_readers_see_what_the_writer_has_whatever_is_updated_and_compacted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stored_site, "_MERGED", 2)  # updates are merged, with and without others after them
    run_state_machine_as_test(
        StoredUpdates,
        settings=settings(
            max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_what_is_merged_is_read_in_place_of_the_updates_before_it(tmp_path: Path, monkeypatch: Any) -> None:
    path, read = tmp_path / "x.rec", []
    monkeypatch.setattr(stored_site, "_MERGED", 4)
    site = a_site(path)
    for at in range(11):
        site.update(some(2, f"b{at}"), [f"a{at}"])
        site.save(path)
    after = Overlay.after
    monkeypatch.setattr(
        Overlay, "after", lambda self, updates: read.append(len(updates)) or after(self, updates)
    )
    assert lists_of(Recommender.load(path)) == lists_of(site)
    assert read == [1 + 3]
    journal = next(path.glob("updates-*.sqlite"))
    with closing(sqlite3.connect(journal)) as connection, connection:
        connection.execute("DROP TABLE merged")  # as in journals of earlier versions
    assert lists_of(Recommender.load(path)) == lists_of(site)
    assert read == [1 + 3, 11]
    for at in (11, 12):  # the twelfth and the thirteenth
        writer = Recommender.load(path)
        writer.update(some(1, f"c{at}"))
        writer.save(path)
    read.clear()
    assert lists_of(Recommender.load(path)) == lists_of(writer)
    assert read == [1 + 1]
    Recommender.load(path, check=True)


def test_few_large_updates_are_merged_too(tmp_path: Path, monkeypatch: Any) -> None:
    path, counts = tmp_path / "x.rec", []
    site = a_site(path)
    site.update(some(2, "b"))
    site.save(path)
    store = SiteStore(path)
    small = store.unmerged(store.open()).n_bytes
    monkeypatch.setattr(stored_state, "_LARGE", 3 * small)
    for at in range(6):
        site.update(some(2, f"c{at}"))
        site.save(path)
        counts.append(store.unmerged(store.open()).n_updates)
    store.close()
    assert counts[0] == 2
    assert 0 in counts
    assert max(counts) <= 4
    assert lists_of(Recommender.load(path)) == lists_of(site)


def test_an_update_is_stored_though_it_cannot_be_merged(tmp_path: Path, monkeypatch: Any) -> None:
    def full(self: Any, head: Any, position: Any) -> None:
        raise ArtifactError("no space left")

    path = tmp_path / "x.rec"
    monkeypatch.setattr(stored_site, "_MERGED", 1)
    monkeypatch.setattr(JournalWriter, "merge", full)
    site = a_site(path)
    site.update(some(2, "b"), ["a1"])
    site.save(path)
    assert lists_of(Recommender.load(path, check=True)) == lists_of(site)


def some(n: int, begin: str = "a") -> list[Article]:
    return [
        Article(f"{begin}{at}", f"Road {at // 2} after the rain", f"{ENGLISH[at % 9]} Road {at // 2} is wet.")
        for at in range(n)
    ]


def a_site(path: Path, n: int = 12) -> Recommender:
    site = Recommender.from_articles(some(n))
    site.save(path)
    return site


def test_only_lists_that_changed_after_a_version_are_told(tmp_path: Path) -> None:
    writer = a_site(tmp_path / "x.rec")
    changed = {}
    for at in range(4):
        found = writer.update(
            [Article(f"n{at}", f"Road {at} after the rain", f"Road {at} is wet.")], [f"a{at}"]
        )
        writer.save(tmp_path / "x.rec")
        changed[writer.version] = found
        if at == 1:
            writer.compact()
    for site in (writer, Recommender.load(tmp_path / "x.rec")):
        for version in range(1, 6):
            later = [each for at, each in changed.items() if at > version]
            found = site.changes_since(version)
            assert set(found.deleted) == {gone for each in later for gone in each.deleted}
            assert set(found.lists) == {one for each in later for one in each.lists if one in site}
    with pytest.raises(ArtifactError, match="wanted a version from 1 to 5, got 6"):
        site.changes_since(6)


def test_a_new_build_begins_a_new_history(tmp_path: Path) -> None:
    a_site(tmp_path / "x.rec")
    site = a_site(tmp_path / "x.rec")
    assert not site.changes_since(2).lists
    with pytest.raises(ArtifactError, match="export all lists"):
        site.changes_since(1)
    with pytest.raises(ArtifactError, match="not saved"):
        Recommender.from_articles(some(3)).changes_since(1)


def test_a_version_of_another_site_is_told_from_one_of_the_same_number(tmp_path: Path, monkeypatch) -> None:
    writer, seen = a_site(tmp_path / "x.rec"), {}
    for at in range(3):
        seen[writer.version] = writer.checksum
        writer.update(delete=[f"a{at}"])
        writer.save(tmp_path / "x.rec")
        if at == 1:
            shutil.copytree(
                tmp_path / "x.rec", tmp_path / "copy.rec"
            )  # goes its own way, as a restored backup
    seen[writer.version] = writer.checksum
    assert writer.compact() == 3
    writer.update(delete=["a9"])
    writer.save(tmp_path / "x.rec")
    seen[writer.version] = writer.checksum
    assert len(set(seen.values())) == 5
    copy = Recommender.load(tmp_path / "copy.rec")
    assert copy.checksum == seen[3]
    copy.update(delete=["a5"])
    copy.save(tmp_path / "copy.rec")
    for compacted in (False, True):
        if compacted:
            assert copy.compact() == 3
            assert writer.compact() == 1
        for site in (writer, Recommender.load(tmp_path / "x.rec")):
            assert site.checksum == seen[5]
            for version, checksum in seen.items():
                assert site.changes_since(version, checksum) == site.changes_since(version)
        for version in (1, 2, 3):
            assert copy.changes_since(version, seen[version]).deleted
        assert copy.changes_since(4, copy.checksum).lists == ()
        for wrong in ((4, seen[4]), (3, seen[2])):
            with pytest.raises(ArtifactError, match="another site's; export all lists"):
                copy.changes_since(*wrong)


def test_the_checksums_of_the_newest_versions_are_kept(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("recommender.updating.history._FEWEST_CHECKSUMS", 2)
    writer, seen = a_site(tmp_path / "x.rec", 4), {}
    for gone in ("a0", "a1", "a2"):
        seen[writer.version] = writer.checksum
        writer.update(delete=[gone])
        writer.save(tmp_path / "x.rec")
    writer.compact()
    assert writer.changes_since(3, seen[3]).deleted == ("a2",)
    assert writer.changes_since(2).deleted == ("a1", "a2")
    with pytest.raises(ArtifactError, match="another site's"):
        writer.changes_since(2, seen[2])
    assert Recommender.from_articles(some(3)).checksum is None


def test_more_deletions_than_are_kept_shorten_the_history(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("recommender.updating.history._FEWEST_DELETED", 2)
    writer = a_site(tmp_path / "x.rec", 4)
    for gone in ("a0", "a1", "a2"):
        writer.update(delete=[gone])
        writer.save(tmp_path / "x.rec")
    assert writer.changes_since(1).deleted == ("a0", "a1", "a2")
    writer.compact()
    assert writer.changes_since(2).deleted == ("a1", "a2")
    with pytest.raises(ArtifactError, match="from 2 to 4, got 1"):
        writer.changes_since(1)


def test_a_reader_of_a_site_that_was_compacted_goes_on_to_the_newest_for_what_it_has_not_read(
    tmp_path: Path,
) -> None:
    writer = a_site(tmp_path / "x.rec")
    writer.update(some(2, "b"))
    writer.save(tmp_path / "x.rec")
    reader = Recommender.load(tmp_path / "x.rec")
    writer.update(some(2, "c"))
    writer.save(tmp_path / "x.rec")
    writer.compact()
    assert "c0" not in reader
    assert reader["b0"] == Recommender.load(tmp_path / "x.rec")["b0"] or reader.version == 2
    assert reader.related_to("Road 0 after the rain") == writer.related_to("Road 0 after the rain")
    assert "c0" in reader


def test_a_refresh_that_fails_leaves_the_lists_of_before(tmp_path: Path) -> None:
    writer = a_site(tmp_path / "x.rec")
    reader = Recommender.load(tmp_path / "x.rec")
    before = lists_of(reader)
    writer.update(some(2, "b"))
    writer.save(tmp_path / "x.rec")
    writer.compact()
    manifest = tmp_path / "x.rec" / "manifest.json"
    content = manifest.read_bytes()
    manifest.write_bytes(content.replace(b"n_articles", b"n_artikles"))
    with pytest.raises(ArtifactError, match="damaged"):
        reader.refresh()
    assert lists_of(reader) == before
    manifest.write_bytes(content)
    assert reader.refresh()
    assert "b0" in reader


def test_unsaved_updates_are_not_lost_by_a_refresh_or_a_compaction(tmp_path: Path) -> None:
    site = a_site(tmp_path / "x.rec")
    site.update(some(2, "b"))
    for act in (site.refresh, site.compact):
        with pytest.raises(ArtifactError, match="not saved"):
            act()
    assert "b0" in site


READER = """
import sys
from recommender import Recommender
site = Recommender.load(sys.argv[1])
print("ready", flush=True)
n_new = 0
while "last" not in site:
    n_new += site.refresh()
    for article_id in list(site):
        found = site[article_id]
        assert all(entry.article_id in site for entry in found), found
print(n_new, *(site[article_id].article_ids for article_id in site), sep="|")
"""


def test_a_reader_process_sees_updates_and_compactions_go_by(tmp_path: Path) -> None:
    path = tmp_path / "x.rec"
    writer = a_site(path)
    reader = subprocess.Popen([sys.executable, "-c", READER, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for at in range(N_UPDATES):
            writer.update(some(1 + at % 3, f"n{at % 5}-"), [f"n{(at + 2) % 5}-0"] if at > 5 else [])
            writer.save(path)
            if at % 20 == 19:
                writer.compact()
        writer.update([Article("last", "Road 0 after the rain", "Road 0 is wet.")])
        writer.save(path)
        printed = reader.communicate(timeout=60)[0]
        assert reader.returncode == 0
    finally:
        reader.kill()
        reader.wait()
    n_new, *lists = printed.strip().split("|")
    assert int(n_new) > 3
    assert lists == [str(writer[article_id].article_ids) for article_id in writer]


def test_a_reader_that_knows_the_files_as_the_newest_sees_the_next_update(tmp_path: Path) -> None:
    writer = a_site(tmp_path / "x.rec")
    reader = Recommender.load(tmp_path / "x.rec")
    for begin in ("b", "c"):
        writer.update(some(1, begin))
        writer.save(tmp_path / "x.rec")
        assert reader.refresh()
        for file in (tmp_path / "x.rec").glob("updates-*"):
            os.utime(file, (1, 1))  # written long ago, so that a look at the files is enough
        assert not reader.refresh()
        assert not reader.refresh()
    assert f"{begin}0" in reader
