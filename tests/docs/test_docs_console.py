"""Every ```console block in docs/ runs and prints what the page shows.

A command that is shown with no output is run for what it leaves behind. Run as a script to write the outputs anew.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from recommender.cli import main

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGES = [
    page for page in sorted((ROOT / "docs").glob("*.md")) if BLOCK.search(page.read_text(encoding="utf-8"))
]


class Shown(NamedTuple):
    """A command of a page and the output under it, lines `start` to `stop` of the page."""

    command: str
    output: list[str]
    start: int
    stop: int


def sessions(text: str) -> list[Shown]:
    """Return the commands of a page in order; a line that ends in a backslash goes on in the next."""
    found = []
    for block in BLOCK.finditer(text):
        first = text.count("\n", 0, block.start(1))
        lines = block[1].splitlines()
        starts = [i for i, line in enumerate(lines) if line.startswith("$ ")]
        for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
            end = next(i for i in range(start, stop) if not lines[i].endswith("\\")) + 1
            command = " ".join(line.rstrip("\\").strip() for line in lines[start:end])
            found.append(Shown(command.removeprefix("$ "), lines[end:stop], first + end, first + stop))
    return found


def printed(command: str) -> list[str]:
    program, *words = shlex.split(command)
    assert program == "recommender", command
    result = CliRunner().invoke(main, words)
    assert result.exit_code in (0, 1), result.output
    return result.output.rstrip("\n").splitlines()


def refresh(page: Path) -> int:
    """Write what the commands print now into the page; return the number of outputs that were replaced."""
    lines = page.read_text(encoding="utf-8").splitlines()
    now = [(shown, printed(shown.command)) for shown in sessions("\n".join(lines))]
    changed = [(shown, output) for shown, output in now if shown.output and shown.output != output]
    for shown, output in reversed(changed):
        lines[shown.start : shown.stop] = output
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(changed)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_print_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    for shown in sessions(page.read_text(encoding="utf-8")):
        output = printed(shown.command)
        if shown.output:
            said = f"{page.name}:{shown.start}: if that is meant: python tests/docs/refresh.py"
            assert output == shown.output, said


def test_the_page_of_evaluation_shows_each_use() -> None:
    commands = [
        shown.command for shown in sessions((ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8"))
    ]
    for option in ("--against", "--clicks", "--fail-under", "--fail-drop", "--judged-only", "--run-out"):
        assert any(option in command for command in commands), option


def refresh_all() -> None:
    """Refresh every page, each in a folder of its own that holds data/."""
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "data").symlink_to(ROOT / "data")
            os.chdir(folder)
            print(f"{page.relative_to(ROOT)}: {refresh(page)} outputs of commands replaced")
            os.chdir(ROOT)


if __name__ == "__main__":
    refresh_all()
