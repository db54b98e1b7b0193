"""Commands reject damaged artifacts and name the file."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from recommender.cli.group import main
from recommender.store.manifest import SCHEMA

ARTICLES = [
    {
        "id": f"flood-{number}",
        "title": f"Rain floods the valley road, day {number}",
        "text": f"Rain closed the valley road on day {number}. Crews with pumps cleared bridge {number}.",
        "published": f"2026-05-0{number}",
        "section": "local",
        "language": "en",
        "url": f"https://example.org/flood-{number}",
        "desk": "roads",
    }
    for number in range(1, 6)
]


class Ran(NamedTuple):
    """Exit code and output of a command."""

    code: int | str | None
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command in this process and return its exit code and output."""

    def run_command(*words: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        return Ran(ended.value.code, *capsys.readouterr())

    return run_command


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    source = folder / "articles.jsonl"
    source.write_text("\n".join(map(json.dumps, ARTICLES)), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["build", str(source), "-o", str(folder / "site.rec"), "--n-jobs", "1"])
    assert not ended.value.code
    return folder / "site.rec"


@pytest.fixture
def artifact(built: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(built, tmp_path / "site.rec"))


def arrays_of(artifact: Path) -> list[Path]:
    return sorted(artifact.glob("data-*/*.npy"))


def flip(file: Path, place: int) -> None:
    """Flip the lowest bit of one byte. A second call restores it."""
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def change_manifest(artifact: Path, change: Callable[[dict], object]) -> None:
    file = artifact / "manifest.json"
    manifest = json.loads(file.read_bytes())
    change(manifest)
    file.write_text(json.dumps(manifest), encoding="utf-8")


def commands_on(artifact: Path, folder: Path) -> list[list[object]]:
    """Return every command that opens an artifact."""
    qrels = folder / "qrels.tsv"
    qrels.write_text("flood-1 0 flood-2 1\n", encoding="utf-8")
    return [
        ["related", artifact, "flood-1"],
        ["export", artifact, "--format", "jsonl", "-o", folder / "lists.jsonl"],
        ["evaluate", artifact, qrels],
        ["inspect", artifact],
        ["inspect", artifact, "--verify"],
    ]


def assert_rejected(ran: Ran, *named: object) -> None:
    assert ran.code == 1
    assert ran.out == ""
    assert "Traceback" not in ran.err
    for name in named:
        assert str(name) in ran.err


def test_every_command_works_on_the_intact_artifact(artifact: Path, tmp_path: Path, run) -> None:
    for words in commands_on(artifact, tmp_path):
        assert run(*words).code == 0, words


def test_verify_passes_on_the_intact_artifact(artifact: Path, run) -> None:
    plain = run("inspect", artifact, "--verify")
    assert (plain.code, plain.err) == (0, "")
    with_json = run("inspect", artifact, "--verify", "--json")
    assert with_json.code == 0
    assert json.loads(with_json.out)["articles"] == len(ARTICLES)


def test_verify_finds_one_flipped_bit_in_any_array(artifact: Path, run) -> None:
    files = arrays_of(artifact)
    assert len(files) > 20
    for file in files:
        size = file.stat().st_size
        for place in (0, 20, size // 2, size - 1):  # magic, header, middle, last byte
            flip(file, place)
            assert_rejected(run("inspect", artifact, "--verify"), file)
            flip(file, place)
    assert run("inspect", artifact, "--verify").code == 0


def test_verify_names_every_damaged_file_and_the_next_move(artifact: Path, run) -> None:
    files = [file for file in arrays_of(artifact) if np.load(file).size]  # empty arrays have only a header
    for file in files[::3]:
        flip(file, -1)
    ran = run("inspect", artifact, "--verify")
    assert_rejected(ran, *files[::3])
    assert not [file for file in files if file not in files[::3] and str(file) in ran.err]
    assert "build it again" in ran.err


def test_a_truncated_file_is_found_without_verify(artifact: Path, run) -> None:
    for file in arrays_of(artifact):
        content = file.read_bytes()
        file.write_bytes(content[:-1])
        assert_rejected(run("inspect", artifact), file)
        file.write_bytes(content)
    assert run("inspect", artifact).code == 0


@pytest.mark.parametrize(
    "damage", [lambda file: file.write_bytes(b""), Path.unlink], ids=["empty", "missing"]
)
def test_every_command_rejects_an_artifact_with_a_damaged_file(
    damage: Callable[[Path], object], artifact: Path, tmp_path: Path, run
) -> None:
    file = next(file for file in arrays_of(artifact) if file.name == "lists_rows.npy")
    damage(file)
    for words in commands_on(artifact, tmp_path):
        assert_rejected(run(*words), file)
    assert not (tmp_path / "lists.jsonl").exists()


MANIFESTS = {
    "cut": b'{"format": "recommender-artifact", "sch',
    "empty": b"",
    "not text": bytes(range(128, 160)),
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "another program's": b'{"format": "web-app", "schema": 4}',
    "without files": b'{"format": "recommender-artifact", "schema": 4, "data": "data-0"}',
}


@pytest.mark.parametrize("content", MANIFESTS.values(), ids=MANIFESTS)
def test_every_command_rejects_a_damaged_manifest(
    content: bytes, artifact: Path, tmp_path: Path, run
) -> None:
    (artifact / "manifest.json").write_bytes(content)
    for words in commands_on(artifact, tmp_path):
        assert_rejected(run(*words), artifact)


MANIFEST_CHANGES = {
    "an array left out": lambda manifest: manifest["files"].pop("lists_rows"),
    "a file without its size": lambda manifest: manifest["files"]["vectors_dense"].pop("bytes"),
    "a file without its name": lambda manifest: manifest["files"]["vectors_dense"].pop("file"),
    "a file outside": lambda manifest: manifest["files"]["vectors_dense"].update(file="../manifest.json"),
    "files as a list": lambda manifest: manifest.update(files=[]),
    "facts left out": lambda manifest: manifest.pop("facts"),
    "k left out": lambda manifest: manifest["facts"].pop("k"),
    "data elsewhere": lambda manifest: manifest.update(data="../data-0"),
    "data not there": lambda manifest: manifest.update(data="data-0"),
}


@pytest.mark.parametrize("change", MANIFEST_CHANGES.values(), ids=MANIFEST_CHANGES)
def test_an_incomplete_manifest_is_rejected(
    change: Callable[[dict], object], artifact: Path, tmp_path: Path, run
) -> None:
    change_manifest(artifact, change)
    for words in commands_on(artifact, tmp_path):
        assert_rejected(run(*words), artifact)


def test_the_error_of_another_schema_names_both(artifact: Path, tmp_path: Path, run) -> None:
    change_manifest(artifact, lambda manifest: manifest.update(schema=999))
    for words in commands_on(artifact, tmp_path):
        assert_rejected(run(*words), artifact, f"schema {SCHEMA}", "schema 999", "build it again")


def test_the_error_of_another_encoder_names_both(artifact: Path, run) -> None:
    def exchange(manifest: dict) -> None:
        manifest["facts"].update(vectors_fingerprint="of-another")
        content = {name: value for name, value in manifest.items() if name != "sha256"}
        manifest["sha256"] = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    change_manifest(artifact, exchange)
    own = json.loads((artifact / "manifest.json").read_bytes())["facts"]["model"]["encoder"]["fingerprint"]
    assert_rejected(run("related", artifact, "flood-1"), "of-another", own)


def test_the_error_of_a_missing_artifact_has_the_next_move(tmp_path: Path, run) -> None:
    for words in commands_on(tmp_path / "none.rec", tmp_path):
        assert_rejected(run(*words), tmp_path / "none.rec", "does not exist", "recommender build")
    assert not (tmp_path / "none.rec").exists()


def test_other_folders_and_files_are_rejected(tmp_path: Path, run) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "todo.txt").write_text("milk", encoding="utf-8")
    for place in (notes, notes / "todo.txt"):
        for words in commands_on(place, tmp_path):
            assert_rejected(run(*words), place, "not an artifact")


def test_building_again_repairs_a_damaged_artifact(artifact: Path, built: Path, run) -> None:
    expected = run("related", artifact, "flood-1", "--json").out
    arrays_of(artifact)[0].write_bytes(b"")
    assert run("build", built.parent / "articles.jsonl", "-o", artifact, "--n-jobs", "1").code == 0
    assert run("inspect", artifact, "--verify").code == 0
    assert run("related", artifact, "flood-1", "--json").out == expected
