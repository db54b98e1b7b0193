"""A full disk leaves what was there and says so in one line."""

import subprocess
import sys

import pytest
from made_up_store import WHOLE, a_store, names, seen

from recommender.store.site_store import SiteStore

pytest.importorskip("resource")

LIMITED = """
import resource, sys
from pathlib import Path
import numpy as np
from recommender.errors import ArtifactError
from recommender.store.site_store import SiteStore
store = SiteStore(Path(sys.argv[1]))
base, updates = store.load()
position = updates[-1].position if updates else base.position
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
large = {"x": np.zeros(10**6)}
for work in (
    lambda: store.append(base, position, (large, {})),
    lambda: store.replace(large, {}),
    lambda: store.backup(Path(sys.argv[1] + ".tar")),
):
    try:
        work()
        print("no error")
    except ArtifactError as error:
        print(error)
"""


@pytest.mark.parametrize("n_updates", [0, 2])
def test_a_limit_of_file_size_is_one_clear_line_and_changes_nothing(tmp_path, n_updates):
    path = tmp_path / "x.rec"
    a_store(path, n_updates, size=50_000)
    before = seen(SiteStore(path))
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 3, done
    assert all(str(path) in line for line in lines)
    assert all("make room" in line for line in lines), lines
    assert seen(SiteStore(path)) == before
    assert names(path) in WHOLE
    assert [each.name for each in tmp_path.iterdir()] == ["x.rec"]
