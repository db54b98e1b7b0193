"""One writer at a time, whatever happens to the one before."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from recommender.errors import ArtifactError, BusyError
from recommender.store.write_lock import LOCK_FILE, holds_lock, write_lock

HOLD = """
import sys, time
from pathlib import Path
from recommender.store.write_lock import write_lock
with write_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock of `tmp_path`."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_writer_is_told_who_writes_and_gets_in_when_the_first_is_killed(tmp_path, holder):
    with pytest.raises(BusyError, match=f"written by process {holder.pid}; try again"), write_lock(tmp_path):
        pass
    assert issubclass(BusyError, ArtifactError)
    holder.send_signal(signal.SIGKILL)
    with write_lock(tmp_path, wait_s=10):
        assert holds_lock(tmp_path)
    assert not holds_lock(tmp_path)
    assert (tmp_path / LOCK_FILE).read_bytes() == b""


def test_a_writer_waits_as_long_as_it_is_asked_to(tmp_path, holder):
    threading.Timer(0.2, holder.kill).start()
    with write_lock(tmp_path, wait_s=20):
        pass


def test_threads_exclude_each_other_and_one_may_take_the_lock_twice(tmp_path):
    found = []

    def try_it():
        try:
            with write_lock(tmp_path):
                found.append("in")
        except BusyError as error:
            found.append(str(error))

    with write_lock(tmp_path), write_lock(tmp_path):
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
    assert "another thread of this process" in found[0]
    try_it()
    assert found[1] == "in"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_neither_holds_nor_keeps_nor_releases_the_lock(tmp_path):
    reading, writing = os.pipe()
    with write_lock(tmp_path):
        child = os.fork()
        if not child:
            os.write(writing, b"1" if holds_lock(tmp_path) else b"0")
            time.sleep(60)
            os._exit(0)
        try:
            assert os.read(reading, 1) == b"0"
            with pytest.raises(BusyError):
                _in_thread(lambda: write_lock(tmp_path).__enter__())
        except BaseException:
            os.kill(child, signal.SIGKILL)
            raise
    with write_lock(tmp_path):  # though the child lives on
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    os.close(writing)


def _in_thread(call):
    errors = []

    def run():
        try:
            call()
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    with pytest.raises(ArtifactError, match="cannot be written"), write_lock(tmp_path / "none"):
        pass
