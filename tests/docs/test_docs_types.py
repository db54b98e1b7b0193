"""What the documentation shows passes a strict type checker in a user's project."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

PAGES = [Path("README.md"), *sorted(Path("docs").glob("*.md"))]
FENCE = "```"


def code_of(page: Path) -> str:
    """Return the Python code of a page: its doctest examples and its fenced Python blocks, in their order."""
    text = page.read_text(encoding="utf-8")
    lines: list[str] = []
    for example in doctest.DocTestParser().get_examples(text.replace(f"\n{FENCE}", f"\n\n{FENCE}")):
        lines.append(example.source)
    for block in text.split(f"{FENCE}python\n")[1:]:
        code = block.partition(f"\n{FENCE}")[0]
        if not code.lstrip().startswith(">>>"):
            lines.append(code + "\n")
    return "".join(lines)


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Type errors by page, of one run of the checker over all pages."""
    project = tmp_path_factory.mktemp("project")
    for page in PAGES:
        code = code_of(page)
        # an expression by itself is what an interpreter shows; assigning it keeps the checker from complaining
        (project / f"page_{page.stem}.py").write_text(code, encoding="utf-8")
    (project / "mypy.ini").write_text(
        "[mypy]\n[mypy-qdrant_client.*]\nfollow_imports = skip\nignore_missing_imports = True\n"  # it takes 20 s
    )
    settings = ["--strict", "--allow-redefinition", "--no-incremental", "--no-error-summary"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *settings, "--disable-error-code=import-untyped", "."],
        capture_output=True, text=True, cwd=project, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        found.setdefault(line.partition(".py:")[0], []).append(line)
    return found


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_the_code_of_a_page_passes_a_strict_type_checker(page: Path, errors: dict[str, list[str]]) -> None:
    assert not errors.get(f"page_{page.stem}")


def test_a_misspelt_setting_fails_in_the_type_checker(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(
        "from recommender import Recommender\n"
        "site = Recommender.load('site.rec')\n"
        "site.related('a', flor=3)\n"
        "site.related_to('Rain', exclude=5)\n"
        "site.related('a', floor=0.3, where={'section': ['sport']}, same='author')\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "wrong.py"], capture_output=True, text=True, cwd=tmp_path,
        check=False,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert [line.split(":")[1] for line in lines] == ["3", "4"], done.stdout
    assert "flor" in lines[0]
