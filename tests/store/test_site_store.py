"""A base and its updates: what a reader sees, and what a writer may do."""

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from made_up_store import WHOLE, a_store, arrays_of, names, seen

from recommender.errors import ArtifactError, BusyError
from recommender.store import journal, journal_writer
from recommender.store.manifest import Manifest
from recommender.store.site_store import SiteStore


def test_updates_are_numbered_from_the_base_and_a_new_base_counts_on(tmp_path):
    store, base, position = a_store(tmp_path / "x.rec", 3)
    assert (base.version, position.version) == (1, 4)
    assert seen(store) == (0, [0, 1, 2])
    assert names(store.path) == ["data", "manifest", "updates", "write"]
    newer = store.replace(arrays_of(1), {"is": 7})
    assert newer.version == 5
    assert seen(store) == (7, [])
    assert names(store.path) == ["data", "manifest", "write"]
    compacted = store.replace(arrays_of(2), {"is": 8}, version=5)
    assert compacted.version == 5
    with pytest.raises(ValueError, match="version of 5 or more, got 4"):
        store.replace(arrays_of(3), {"is": 9}, version=4)
    assert seen(store) == (8, [])


def test_a_reader_asks_for_what_is_newer_and_learns_of_a_new_base(tmp_path):
    store, base, position = a_store(tmp_path / "x.rec")
    reader = SiteStore(store.path)
    held, updates = reader.load()
    assert updates == reader.updates(held, held.position) == []
    position = store.append(base, position, (arrays_of(1), {"is": 1}))
    position = store.append(base, position, (arrays_of(2), {"is": 2}))
    first, second = reader.updates(held, held.position)
    assert (first.facts["is"], second.position) == (1, position)
    assert [each.version for each in reader.updates(held, first.position)] == [3]
    assert reader.updates(held, position) == []
    store.replace(arrays_of(1), {"is": 3})
    assert reader.updates(held, position) is None
    assert held.arrays["numbers"].tolist() == [0, 1, 2, 3, 4]  # who has the old base open still reads it


def test_a_reader_of_heads_verifies_them_and_reads_nothing_else(tmp_path):
    store, base, position = a_store(tmp_path / "x.rec")
    head = {"changed": np.arange(3)}, {"lists": ["a", "b"]}
    store.append(base, position, (arrays_of(9), {"is": 9}), head)
    store.close()
    (found,) = store.updates(base, position, heads=True)
    assert found.arrays.keys() == {"changed"}
    assert found.facts == {"lists": ["a", "b"]}
    (whole,) = store.updates(base, position)
    assert whole.arrays.keys() == {"changed", *arrays_of(9)}
    assert whole.facts == {"lists": ["a", "b"], "is": 9}
    assert whole.position == found.position
    (file,) = store.path.glob("updates-*")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE updates SET payload = CAST(payload || x'00' AS BLOB)")
    assert store.updates(base, position, heads=True)[0].facts == {"lists": ["a", "b"]}
    with pytest.raises(ArtifactError, match="is damaged"):
        store.updates(base, position)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE updates SET head = CAST(head || x'00' AS BLOB)")
    with pytest.raises(ArtifactError, match="is damaged"):
        store.updates(base, position, heads=True)


def merged_store(path):
    """Return a store with three updates, of which the first two are merged."""
    store, base, position = a_store(path, 2)
    store.merge(base, position, (arrays_of(1), {"merged": "both"}))
    store.append(base, position, (arrays_of(2), {"is": 2}), ({}, {"is": "third"}))
    store.close()
    return store, base, position


def test_a_reader_of_heads_reads_what_is_merged_in_place_of_the_first_updates(tmp_path):
    store, base, position = merged_store(tmp_path / "x.rec")
    first, second = store.load(heads=True)[1]
    assert (first.facts, first.position, second.facts) == ({"merged": "both"}, position, {"is": "third"})
    assert first.arrays["numbers"].tolist() == [0]
    assert [each.version for each in store.heads(base, position.version - 1)] == [2, 3, 4]
    assert seen(store) == (0, [0, 1, 2])  # who reads all does not notice
    store.merge(base, position, (arrays_of(1), {"merged": "too late"}))
    assert store.load(heads=True)[1][0].facts == {"merged": "both"}
    store.verify()
    store.replace(arrays_of(1), {"is": 3})
    assert store.heads(base) is None
    assert store.load(heads=True)[1] == []


@pytest.mark.parametrize(
    "change",
    ["UPDATE merged SET head = CAST(head || x'00' AS BLOB)", "UPDATE merged SET head = 'text'",
     "UPDATE merged SET version = 2", "UPDATE merged SET version = 9", "UPDATE merged SET checksum = digest",
     "DELETE FROM updates WHERE version = 3", "UPDATE updates SET checksum = digest WHERE version = 3"],
)  # fmt: skip
def test_merged_updates_that_were_altered_are_an_error_that_names_the_file(tmp_path, change):
    store, _, _ = merged_store(tmp_path / "x.rec")
    (file,) = store.path.glob("updates-*")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(change)
    for reading in (lambda: store.load(heads=True), store.verify):
        with pytest.raises(ArtifactError, match=f"{file.name}: is damaged"):
            reading()


def test_an_update_of_a_state_that_is_no_longer_the_newest_is_refused(tmp_path):
    store, base, position = a_store(tmp_path / "x.rec", 1)
    other = SiteStore(store.path)
    other.append(base, position, (arrays_of(1), {"is": 1}))
    with pytest.raises(ArtifactError, match="changed meanwhile"):
        store.append(base, position, (arrays_of(2), {"is": 2}))
    other.replace(arrays_of(1), {"is": 3})
    with pytest.raises(ArtifactError, match="changed meanwhile"):
        store.append(base, position, (arrays_of(2), {"is": 2}))
    assert seen(store) == (3, [])
    assert names(store.path) == ["data", "manifest", "write"]


def test_one_of_two_writers_is_refused(tmp_path):
    store, base, position = a_store(tmp_path / "x.rec")
    errors = []

    def update():
        try:
            SiteStore(store.path).append(base, position, (arrays_of(1), {"is": 1}))
        except BusyError as error:
            errors.append(error)

    with store.lock():
        thread = threading.Thread(target=update)
        thread.start()
        thread.join()
        assert len(errors) == 1
        store.append(base, position, (arrays_of(2), {"is": 2}))
    assert seen(store) == (0, [2])


def test_a_journal_that_lost_updates_and_grew_again_is_not_taken_for_the_same(tmp_path):
    store, base, position = a_store(tmp_path / "x.rec", 1)
    (journal,) = store.path.glob("updates-*")
    kept = journal.read_bytes()
    lost = store.append(base, position, (arrays_of(2), {"is": 2}))
    store.close()
    journal.write_bytes(kept)
    store.append(base, position, (arrays_of(3), {"is": 3}))
    assert store.updates(base, lost) is None
    assert seen(store) == (0, [0, 3])


@pytest.mark.parametrize("column", ["payload", "previous", "time"])
def test_an_altered_row_is_an_error_that_names_the_file(tmp_path, column):
    store, _, _ = a_store(tmp_path / "x.rec", 3)
    (journal,) = store.path.glob("updates-*")
    with sqlite3.connect(journal) as connection:
        connection.execute(
            f"UPDATE updates SET {column} = (SELECT {column} FROM updates LIMIT 1) WHERE version = 3"
        )
    connection.close()
    for reading in (store.load, store.verify):
        with pytest.raises(ArtifactError, match=f"{journal.name}: is damaged"):
            reading()


@pytest.mark.parametrize("change", ["DELETE FROM updates WHERE version = 3", "DELETE FROM updates WHERE version = 4",
                                    "DROP TABLE updates", "PRAGMA user_version = 2"])  # fmt: skip
def test_a_lost_row_is_an_error(tmp_path, change):
    store, _, _ = a_store(tmp_path / "x.rec", 3)
    (journal,) = store.path.glob("updates-*")
    with sqlite3.connect(journal) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(ArtifactError, match=f"{journal.name}: is damaged"):
        store.load()


def test_a_lost_journal_is_an_error_and_not_the_base_alone(tmp_path):
    store, _, _ = a_store(tmp_path / "x.rec", 1)
    (journal,) = store.path.glob("updates-*")
    journal.unlink()
    with pytest.raises(ArtifactError, match="is missing"):
        store.load()
    store.replace(arrays_of(1), {"is": 1})  # a build repairs it
    assert seen(store) == (1, [])


READ_ALONE = """
import mmap, os, sys  # numpy imports mmap later, when this user cannot read the interpreter's own files
from pathlib import Path
from recommender.store.site_store import SiteStore
if not os.geteuid():
    os.setuid(65534)
path = Path(sys.argv[1])
assert not os.access(path, os.W_OK)
base, updates = SiteStore(path).load()
SiteStore(path).verify()
print(base.facts["is"], len(updates))
"""


@pytest.mark.parametrize("writing", [False, True])
def test_a_reader_in_a_folder_without_write_permission_creates_nothing(writing):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        store, base, position = a_store(Path(folder) / "x.rec", 2)
        if writing:
            store.append(base, position, (arrays_of(2), {"is": 2}))
        before = {each: each.stat().st_mtime_ns for each in store.path.rglob("*")}
        folders = [store.path, *(each for each in store.path.iterdir() if each.is_dir())]
        try:
            for each in folders:
                each.chmod(0o555)
            command = [sys.executable, "-c", READ_ALONE, str(store.path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        finally:
            for each in folders:
                each.chmod(0o755)
        assert done.stdout == f"0 {2 + writing}\n", done.stderr
        assert {each: each.stat().st_mtime_ns for each in store.path.rglob("*")} == before


def test_readers_read_on_while_a_writer_keeps_its_log_open(tmp_path):
    store, base, position = a_store(tmp_path / "x.rec", 1)
    store.append(base, position, (arrays_of(1), {"is": 1}))
    assert list(store.path.glob("*-wal"))
    assert seen(SiteStore(store.path)) == (0, [0, 1])
    path = store.path
    del store
    assert not list(path.glob("*-wal"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_carries_no_connection_and_both_sides_go_on(tmp_path):
    store, base, position = a_store(tmp_path / "x.rec", 1)
    position = store.append(base, position, (arrays_of(1), {"is": 1}))
    child = os.fork()
    if not child:
        code = 1
        try:
            store.append(base, position, (arrays_of(2), {"is": 2}))
            store.close()
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    (newest,) = store.updates(base, position)
    store.append(base, newest.position, (arrays_of(3), {"is": 3}))
    assert seen(store) == (0, [0, 1, 2, 3])


@pytest.mark.parametrize("n_updates", [0, 1])
def test_an_append_that_fails_anywhere_leaves_the_old_state(tmp_path, monkeypatch, n_updates):
    store, base, position = a_store(tmp_path / "x.rec", n_updates)
    before = seen(store)

    def fail(*_args, **_kwargs):
        raise error

    if n_updates:
        error = sqlite3.OperationalError("database or disk is full")
        monkeypatch.setattr(journal_writer, "insert", fail)
    else:
        error = OSError(28, "No space left on device")
        monkeypatch.setattr(Manifest, "write", fail)
    with pytest.raises(ArtifactError, match=r"is full|No space left"):
        store.append(base, position, (arrays_of(1), {"is": 1}))
    monkeypatch.undo()
    assert seen(store) == before
    store.append(base, position, (arrays_of(1), {"is": 1}))
    assert seen(store) == (0, [*before[1], 1])


def test_a_first_update_that_is_interrupted_after_it_counts_is_kept(tmp_path, monkeypatch):
    store, base, position = a_store(tmp_path / "x.rec")
    write = Manifest.write

    def write_and_stop(self, path):
        write(self, path)
        raise KeyboardInterrupt

    monkeypatch.setattr(Manifest, "write", write_and_stop)
    with pytest.raises(KeyboardInterrupt):
        store.append(base, position, (arrays_of(1), {"is": 1}))
    monkeypatch.undo()
    assert seen(store) == (0, [1])


class AnyOrder(RuleBasedStateMachine):
    """Appends, replacements, readers that come and go, and what a killed writer leaves behind."""

    @initialize()
    def start(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "x.rec"
        self.store, self.base, self.position = a_store(self.path)
        self.facts, self.number, self.held = [0], 0, None
        self.held = SiteStore(self.path).load()[0], self.position, [0]

    @rule()
    def append(self):
        self.number += 1
        self.position = self.store.append(
            self.base, self.position, (arrays_of(self.number), {"is": self.number})
        )
        self.facts.append(self.number)

    @rule(other=st.booleans())
    def replace(self, other):
        self.number += 1
        store = SiteStore(self.path) if other else self.store
        self.base = store.replace(arrays_of(self.number), {"is": self.number})
        self.position, self.facts = self.base.position, [self.number]

    @rule()
    def change_the_writer(self):
        self.store = SiteStore(self.path)

    @rule()
    def leave_litter(self):
        for name in ("data-part-a1_b2c3d", "data-0123456789abcdef"):
            (self.path / name).mkdir(exist_ok=True)
            (self.path / name / "a.npy").write_bytes(b"half")
        for name in ("updates-0123456789abcdef.sqlite-wal", "manifest.part"):
            (self.path / name).write_bytes(b"half")

    @rule()
    def follow(self):
        base, position, facts = self.held
        updates = SiteStore(self.path).updates(base, position)
        if updates is None:
            base, updates = SiteStore(self.path).load()
            facts, position = [base.facts["is"]], base.position
        facts = facts + [each.facts["is"] for each in updates]
        self.held = base, updates[-1].position if updates else position, facts
        assert facts == self.facts
        assert self.held[1] == self.position

    @invariant()
    def readers_see_the_newest(self):
        base, updates = seen(SiteStore(self.path))
        assert [base, *updates] == self.facts

    def teardown(self):
        with self.store.lock():
            pass
        self.store.close()
        assert names(self.path) in WHOLE
        self.folder.cleanup()


AnyOrder.TestCase.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
TestAnyOrder = AnyOrder.TestCase


def test_a_log_that_cannot_be_read_for_a_moment_is_not_passed_over(tmp_path, monkeypatch):
    store, base, position = a_store(tmp_path / "x.rec", 1)
    store.append(base, position, (arrays_of(1), {"is": 1}))  # in the log
    reading, failures = journal._reading, iter([True])

    def busy(file, has_log):
        if has_log and next(failures, False):
            raise sqlite3.OperationalError("locking protocol")
        return reading(file, has_log)

    monkeypatch.setattr(journal, "_reading", busy)
    assert seen(SiteStore(store.path)) == (0, [0, 1])
    store.close()
