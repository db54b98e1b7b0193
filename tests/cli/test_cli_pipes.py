"""The command line as a process: closed pipes, full disks, Ctrl-C and imports."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "recommender"]
SAMPLE = ROOT / "data" / "sample" / "articles.jsonl"
LIMIT = 60  # seconds after which a process counts as hung

on_posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals and pipes")


def start(*words: object, **options) -> subprocess.Popen[bytes]:
    env = {
        name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"
    }  # as for most users
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": ROOT, "env": env} | options
    return subprocess.Popen([*COMMAND, *map(str, words)], **options)


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "site.rec"
    done = start("build", SAMPLE, "-o", path)
    _, stderr = done.communicate(timeout=LIMIT)
    assert done.returncode == 0, stderr
    return path


@pytest.fixture(scope="module")
def article_id() -> str:
    with SAMPLE.open(encoding="utf-8") as file:
        return json.loads(file.readline())["id"]


# closed pipes


@on_posix
def test_an_export_ends_silently_when_its_reader_closes_the_pipe(artifact: Path) -> None:
    with start("export", artifact, "--format", "jsonl", "--why", "-o", "-") as process:
        first = process.stdout.readline()
        process.stdout.close()  # like `head -1`; the rest exceeds the buffer of a pipe
        assert process.wait(LIMIT) >= 0
        assert process.stderr.read() == b""
    assert json.loads(first)["related"]


@on_posix
@pytest.mark.parametrize(
    "words",
    [
        ["related", "ARTIFACT", "ID", "--why"],
        ["related", "ARTIFACT", "ID", "--json"],
        ["export", "ARTIFACT", "--format", "csv", "-o", "-"],
        ["export", "ARTIFACT", "--format", "html", "-o", "-"],
        ["evaluate", "ARTIFACT", "data/sample/qrels.tsv"],
        ["inspect", "ARTIFACT"],
        ["inspect", "ARTIFACT", "--json"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_commands_end_silently_if_the_pipe_is_closed(
    words: list[str], artifact: Path, article_id: str
) -> None:
    words = [{"ARTIFACT": str(artifact), "ID": article_id}.get(word, word) for word in words]
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        with start(*words, stdout=write_end) as process:
            _, stderr = process.communicate(timeout=LIMIT)
    finally:
        os.close(write_end)
    assert stderr == b""
    assert process.returncode >= 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "words",
    [
        ["related", "ARTIFACT", "ID"],
        ["inspect", "ARTIFACT", "--json"],
        ["export", "ARTIFACT", "--format", "jsonl", "-o", "-"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("buffered", [True, False])
def test_a_full_disk_under_standard_output_is_a_one_line_error(
    words: list[str], buffered: bool, artifact: Path, article_id: str
) -> None:
    words = [{"ARTIFACT": str(artifact), "ID": article_id}.get(word, word) for word in words]
    how = {} if buffered else {"env": os.environ | {"PYTHONUNBUFFERED": "1"}}
    with Path("/dev/full").open("wb") as full, start(*words, stdout=full, **how) as process:
        _, stderr = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert b"No space left" in stderr
    assert b"Traceback" not in stderr
    assert b"Exception ignored" not in stderr


# Ctrl-C


def _interrupted_build(output: Path, scratch: Path) -> tuple[int, str]:
    """Interrupt a build that reads a pipe. Return its exit code and messages."""
    scratch.mkdir()
    process = start(
        "build",
        "-",
        "-o",
        output,
        "--format",
        "jsonl",
        stdin=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(scratch)},
        # processes in the background of a shell inherit "ignore"
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    with process:
        row = json.dumps({"id": "a{}", "title": "Rain in May", "text": "It rained. " * 100})
        for number in range(2_000):  # far more than the buffer of a pipe, so most has been read by the end
            process.stdin.write(row.replace("{}", str(number)).encode() + b"\n")
        process.stdin.flush()
        code = _pressed_ctrl_c(process)
        process.stdin.close()
        stderr = process.stderr.read().decode()
        assert process.stdout.read() == b""
    return code, stderr


def _pressed_ctrl_c(process: subprocess.Popen[bytes]) -> int:
    for _ in range(LIMIT // 10):
        time.sleep(0.3)  # Python misses a signal between two reads of one buffer
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.wait(10)
    process.kill()
    raise AssertionError("Ctrl-C does not end the process")


@on_posix
def test_ctrl_c_ends_a_build_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    code, stderr = _interrupted_build(tmp_path / "site.rec", tmp_path / "scratch")
    assert code == 130
    assert "Traceback" not in stderr
    assert len(stderr.split()) < 10, stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["scratch"]


@on_posix
def test_ctrl_c_leaves_an_existing_artifact_unchanged(artifact: Path, tmp_path: Path) -> None:
    output = Path(shutil.copytree(artifact, tmp_path / "site.rec"))
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    assert before
    code, _ = _interrupted_build(output, tmp_path / "scratch")
    assert code == 130
    assert {path: path.read_bytes() for path in output.rglob("*") if path.is_file()} == before


# imports

HEAVY = ("scipy", "numba", "sklearn", "torch", "pandas", "pyarrow", "lxml")
IMPORTED = """
import sys
from recommender.cli.group import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    code = ended.code
print(code or 0, *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words",
    [
        ["related", "ARTIFACT", "ID"],
        ["related", "ARTIFACT", "ID", "--json"],
        ["related", "ARTIFACT", "ID", "-k", "3", "--why"],
        ["related", "ARTIFACT", "no-such-id"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_a_look_up_imports_nothing_heavy(words: list[str], artifact: Path, article_id: str) -> None:
    words = [{"ARTIFACT": str(artifact), "ID": article_id}.get(word, word) for word in words]
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *words], capture_output=True, cwd=ROOT, timeout=LIMIT, check=True
    )
    code, *modules = done.stderr.decode().splitlines()[-1].split()
    assert code == ("1" if "no-such-id" in words else "0")
    assert "recommender" in modules
    assert not set(HEAVY) & set(modules)
