"""SIGKILL at any moment leaves the old or the new, and the next command works and leaves nothing over.

RECOMMENDER_KILLS=200 sets the number of moments of each kind.
"""

import os
import random
import signal
import tarfile
import time

import pytest
from made_up_store import SAFELY, WHOLE, a_store, arrays_of, names, seen

from recommender.store.backup import backup
from recommender.store.site_store import SiteStore

N_KILLS = int(os.environ.get("RECOMMENDER_KILLS", "20"))
SIZE = 20_000

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def in_child(work, after_s=None):
    """Do something in a forked process and kill it after a time. Return the seconds that it took."""
    start = time.perf_counter()
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    if after_s is not None:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.perf_counter() - start


def moments(work):
    """Yield times at which to kill some work, spread over its length and a little beyond."""
    length = max(in_child(work) for _ in range(2))
    generator = random.Random(7)
    for _ in range(N_KILLS):
        yield generator.uniform(0, 1.2 * length)


def assert_goes_on(path, before, after):
    """The state is one of two, a writer goes on from it, and nothing is left over."""
    found = seen(SiteStore(path))
    assert found in (before, after)
    store = SiteStore(path)
    base, updates = store.load()
    store.append(base, updates[-1].position if updates else base.position, (arrays_of(3), {"is": 3}))
    store.close()
    assert seen(store) == (found[0], [*found[1], 3])
    assert_merged(store, [*found[1], 3])
    assert names(path) in WHOLE
    store.verify()


def assert_merged(store, numbers):
    """What is merged stands for the first updates, and the others follow it."""
    base, updates = store.load(heads=True)
    if updates and "merged" in updates[0].facts:
        place = updates[0].version - base.version - 1
        assert updates[0].facts["merged"] == numbers[place]
        assert updates[0].arrays["filling"].tolist() == [numbers[place]] * SIZE
        assert len(updates) == len(numbers) - place
    else:
        assert len(updates) == len(numbers)


@pytest.mark.parametrize("n_updates", [0, 2])
def test_a_killed_update(tmp_path, n_updates):
    def work():
        base, updates = SiteStore(path).load()
        position = updates[-1].position if updates else base.position
        SiteStore(path).append(base, position, (arrays_of(9, SIZE), {"is": 9}))

    path = tmp_path / "x.rec"
    a_store(path, n_updates)
    old = list(range(n_updates))
    for after_s in moments(work):
        a_store(path, n_updates)
        in_child(work, after_s)
        assert_goes_on(path, (0, old), (0, [*old, 9]))


@pytest.mark.parametrize("merged", [False, True], ids=["one by one", "merged"])
def test_a_killed_series_of_updates_keeps_each_that_was_done(tmp_path, merged):
    def work():
        store = SiteStore(path)
        with store.lock():
            base, _ = store.load()
            position = base.position
            for number in range(20):
                position = store.append(base, position, (arrays_of(number, SIZE), {"is": number}))
                os.write(writing, b".")
                if merged:
                    store.merge(base, position, (arrays_of(number, SIZE), {"merged": number}))

    path = tmp_path / "x.rec"
    a_store(path)
    reading, writing = os.pipe()
    for after_s in moments(work):
        os.set_blocking(reading, False)
        try:
            while os.read(reading, 100):
                pass
        except BlockingIOError:
            pass
        a_store(path)
        in_child(work, after_s)
        try:
            done = len(os.read(reading, 100))
        except BlockingIOError:
            done = 0
        assert_goes_on(path, (0, list(range(done))), (0, list(range(done + 1))))
    os.close(reading)
    os.close(writing)


def test_a_killed_compaction_or_build_over_a_site(tmp_path):
    def work():
        SiteStore(path).replace(arrays_of(7, SIZE), {"is": 7})

    path = tmp_path / "x.rec"
    a_store(path, 2, SIZE)
    for after_s in moments(work):
        a_store(path, 2, SIZE)
        in_child(work, after_s)
        assert_goes_on(path, (0, [0, 1]), (7, []))


def test_a_killed_first_build(tmp_path):
    def work():
        SiteStore(path).replace(arrays_of(7, SIZE), {"is": 7})

    path = tmp_path / "0.rec"
    for number, after_s in enumerate(moments(work)):
        path = tmp_path / f"{number + 1}.rec"
        in_child(work, after_s)
        if (path / "manifest.json").exists():
            assert seen(SiteStore(path)) == (7, [])
        SiteStore(path).replace(arrays_of(8), {"is": 8})
        assert_goes_on(path, (8, []), (8, []))


def test_a_killed_backup(tmp_path):
    def work():
        backup(path, file)

    path, file = tmp_path / "x.rec", tmp_path / "x.tar"
    store, base, position = a_store(path, 1, SIZE)
    backup(path, file)
    old = seen(store)
    for number, after_s in enumerate(moments(work)):
        position = store.append(base, position, (arrays_of(number), {"is": number}))
        store.close()
        in_child(work, after_s)
        new = seen(store)
        out = tmp_path / f"out{number}"
        with tarfile.open(file) as tar:
            tar.extractall(out, **SAFELY)
        assert seen(SiteStore(out / "x.rec")) in (old, new)
        backup(path, file)
        old = new
    assert {each.name for each in tmp_path.iterdir() if not each.name.startswith("out")} == {"x.rec", "x.tar"}
