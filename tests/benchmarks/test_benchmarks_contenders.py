"""What every contender promises, each in a process of its own; those that are not installed are skipped."""

import numpy as np
import pytest

from benchmarks.compare.child import Job
from benchmarks.compare.processes import events
from benchmarks.contenders.contract import MODES, Task, without_itself
from benchmarks.contenders.registry import CONTENDERS
from benchmarks.truth import query_truth, recall, self_join_truth
from benchmarks.vectors import open_vectors

N, D, K = 3_000, 32, 5
TASKS = [Task(mode, N, D, K, full) for mode in MODES for full in (False, True)]
PAIRS = [(name, mode) for name, contender in CONTENDERS.items() for mode in contender.modes]


@pytest.fixture(scope="module")
def vectors(tmp_path_factory):
    """Groups of ten around far centres, so that whoever searches at all finds a vector's nearest."""
    random = np.random.default_rng(0)
    centres = random.standard_normal(((N + 100) // 10, D)).repeat(10, axis=0)
    folder = tmp_path_factory.mktemp("vectors")
    np.save(folder / "groups.npy", (centres + 0.3 * random.standard_normal(centres.shape)).astype(np.float32))
    return open_vectors(vectors=folder / "groups.npy", n_queries=100, cache=folder / "cache")


def run(vectors, out, name, mode):
    """Build the first index of a contender's grid and search it with the most effort."""
    last = len(CONTENDERS[name].sweeps(Task(mode, N, D, K))[0].searches) - 1
    files = str(vectors.vectors_path), str(vectors.queries_path)
    return list(events(Job(name, mode, *files, K, 2, False, 0, [last], 120, str(out)))), out / f"{last}.npy"


@pytest.mark.parametrize(("name", "mode"), PAIRS, ids=[f"{name}-{mode}" for name, mode in PAIRS])
def test_every_contender_finds_nearly_all_and_never_the_vector_itself(name, mode, vectors, tmp_path):
    if missing := CONTENDERS[name].missing():
        pytest.skip(f"not installed; run: {missing}")
    told, file = run(vectors, tmp_path, name, mode)
    assert [event["event"] for event in told] == ["ready", "built", "searched"], told
    rows = np.load(file)
    if mode == "selfjoin":
        assert rows.shape == (N, K)
        assert (rows != np.arange(N)[:, None]).all()
        found = recall(rows.astype(np.int64), self_join_truth(vectors, K, N), vectors)
        assert told[-1]["search_s"] > 0
    else:
        assert rows.shape == (100, K)
        found = recall(rows, query_truth(vectors, K), vectors)
        assert told[-1]["n_asked"] == 100
        assert 0 < told[-1]["p50_us"] <= told[-1]["p95_us"] <= told[-1]["p99_us"]
        assert told[-1]["index_bytes"] > 0
    assert found.mean() == 1 if CONTENDERS[name].exact else found.mean() >= 0.9


@pytest.mark.parametrize("name", CONTENDERS)
def test_a_grid_has_as_many_points_for_few_vectors_as_for_many_and_more_when_it_is_full(name):
    contender = CONTENDERS[name]
    sizes = {}
    for task in TASKS:
        if task.mode not in contender.modes:
            continue
        shapes = [
            [len(sweep.searches) for sweep in contender.sweeps(task._replace(n=n))] for n in (4_096, 10**6)
        ]
        assert len(shapes[0]) == len(shapes[1])
        assert min(map(min, shapes)) >= 1
        sizes[task.mode, task.full] = sum(shapes[1])
    for mode in contender.modes:
        assert sizes[mode, True] >= sizes[mode, False]
        assert contender.exact or sizes[mode, True] > sizes[mode, False]


def test_what_is_not_installed_says_how_to_install_it(monkeypatch):
    contender = CONTENDERS["hnswlib"]
    monkeypatch.setattr(contender, "package", "no-such-package")
    assert contender.missing() == "pip install no-such-package"
    assert CONTENDERS["scikit-learn"].missing() is None


def test_itself_is_left_out_by_its_row_and_else_the_farthest_is():
    rows = np.array([[0, 1, 2], [2, 1, 0], [1, 0, 3], [0, 1, 3]])
    assert without_itself(rows).tolist() == [[1, 2], [2, 0], [1, 0], [0, 1]]
