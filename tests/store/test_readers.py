"""Reading processes that see updates and new bases go by never fail.

RECOMMENDER_UPDATES=1000 sets the number of updates.
"""

import os
import subprocess
import sys

from made_up_store import a_store, arrays_of

N_UPDATES = int(os.environ.get("RECOMMENDER_UPDATES", "150"))

READER = """
import sys, time
from pathlib import Path
from recommender.store.site_store import SiteStore
store, newest, n_reads = SiteStore(Path(sys.argv[1])), 0, 0
fresh = sys.argv[2] == "fresh"
print("ready", flush=True)
base, updates = store.load()
while True:
    n_reads += 1
    version = updates[-1].version if updates else base.version
    position = updates[-1].position if updates else base.position
    assert version >= newest, (version, newest)
    for each in updates:
        assert (each.arrays["numbers"] == range(each.facts["is"])).all()
    newest = version
    if (updates[-1] if updates else base).facts.get("last"):
        break
    newer = None if fresh else store.updates(base, position)
    if newer is None:
        base, updates = store.load()
    else:
        updates = newer or updates[-1:]
print(n_reads)
"""


def test_readers_see_updates_and_new_bases_go_by(tmp_path):
    store, base, position = a_store(tmp_path / "x.rec", 1)
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(store.path), kind], stdout=subprocess.PIPE, text=True
        )
        for kind in ("fresh", "held", "held")
    ]
    try:
        for each in readers:
            assert each.stdout.readline() == "ready\n"
        for number in range(N_UPDATES):
            if number % 3 == 0:
                store.close()  # moves the log into the file
            if number % 40 == 39:
                base = store.replace(arrays_of(3), {"is": 3})
                position = base.position
            facts = {"is": number % 9, "last": number == N_UPDATES - 1}
            position = store.append(base, position, (arrays_of(number % 9, number), facts))
        for each in readers:
            printed = each.communicate(timeout=60)[0]
            assert each.returncode == 0
            assert int(printed) > 3
    finally:
        for each in readers:
            each.kill()
            each.wait()
    store.close()
