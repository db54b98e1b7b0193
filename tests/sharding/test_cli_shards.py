"""`recommender build` in tasks: options, messages and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from recommender import Recommender
from recommender.cli import main
from recommender.cli.shards import ShardOptions
from recommender.sharding.work_folder import open_work_folder, part_name

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "articles.jsonl"


def invoke(*words: object, code: int = 0):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def test_a_build_in_shards_writes_the_same_artifact_and_tidies_up(
    in_memory, assert_same_bytes, tmp_path: Path
) -> None:
    words = ("build", SAMPLE, "-o", tmp_path / "site.rec", "--backend", "threading", "--shard-mb", ".2")
    result = invoke(*words, "--memory", "4G", "--progress")
    assert "208 articles" in result.stdout
    assert "tasks: 100%" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["site.rec"]
    assert_same_bytes(in_memory, Recommender.load(tmp_path / "site.rec"))
    invoke(*words, "--work", tmp_path / "kept")
    assert list((tmp_path / "kept").glob("gather-lists-*.part"))


def test_what_else_is_in_a_work_folder_stays(tmp_path: Path) -> None:
    options = ShardOptions(True, *[None] * 6, False)
    work = tmp_path / "site.rec.work"
    (work / "mine").mkdir(parents=True)
    for name in ("mine/notes.txt", "film.part", f"articles-{'0' * 32}.part.bak"):
        (work / name).write_text("mine")
    before = set(work.rglob("*"))
    open_work_folder(str(work)).write(part_name("encode-shard", 1), {}, {})
    (work / f"encode-shard-{'0' * 32}.ab_12cd.writing").write_text("of a killed task")
    options.tidy(tmp_path / "site.rec")
    assert set(work.rglob("*")) == before


def test_what_will_not_fit_is_refused_before_the_first_task(tmp_path: Path) -> None:
    words = ("build", SAMPLE, "-o", tmp_path / "site.rec", "--memory", "200M", "--backend", "threading")
    message = invoke(*words, code=1).stderr
    assert "GB in all processes, --memory allows 0.2 GB" in message
    assert not (tmp_path / "site.rec").exists()


def test_a_dry_run_prints_tasks_memory_and_time_and_writes_nothing(tmp_path: Path) -> None:
    words = ("build", SAMPLE, "-o", tmp_path / "site.rec", "--dry-run", "--shard-mb", ".2")
    found = json.loads(invoke(*words, "--json").stdout)
    assert found["articles"] == 208
    tasks = {each["name"]: each for each in found["tasks"]}
    assert tasks["encode a shard"]["n"] == -(-found["bytes"] // 200_000)
    assert all(each["seconds"] > 0 and each["memory"] > 0 for each in found["tasks"])
    assert found["work_bytes"] > 0
    assert found["seconds"]["32"] < found["seconds"]["1"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--scheduler", "tcp://a:1"), "add --backend dask"),
        (("--scheduler", "tcp://a:1", "--backend", "dask"), "requires --work"),
        (("--memory", "much"), "'much' is not a size"),
        (("--shards", "--encoder", "some-model", "--cache", "c"), "--cache has no effect"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    words: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    assert message in invoke("build", SAMPLE, "-o", tmp_path / "site.rec", *words, code=2).stderr
