"""What the documentation shows passes a strict type checker in a user's project."""

from __future__ import annotations

import doctest
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

PAGES = [Path("README.md"), *sorted(Path("docs").glob("*.md"))]
ROOT = Path(__file__).resolve().parents[2]
ALLOWED = "# mypy: allow-redefinition\n"
FENCE = "```"
MISSPELT = """from recommender import Recommender
site = Recommender.load('site.rec')
site.related('a', flor=3)
site.related_to('Rain', exclude=5)
site.related('a', floor=0.3, where={'section': ['sport']}, same='author')
"""


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
        # an expression by itself is what an interpreter shows; assigning it keeps the checker from complaining
        (project / f"page_{page.stem}.py").write_text(ALLOWED + code_of(page), encoding="utf-8")
    (project / "misspelt.py").write_text(MISSPELT, encoding="utf-8")
    # the settings and the folder of `make lint`, whose results are then at hand: a run of its own takes minutes
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", *map(str, sorted(project.glob("*.py")))],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        if ": error:" in line:
            found.setdefault(Path(line.partition(".py:")[0]).name, []).append(line)
    return found


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_the_code_of_a_page_passes_a_strict_type_checker(page: Path, errors: dict[str, list[str]]) -> None:
    assert not errors.get(f"page_{page.stem}")


def test_a_misspelt_setting_fails_in_the_type_checker(errors: dict[str, list[str]]) -> None:
    lines = errors["misspelt"]
    assert [line.split(":")[1] for line in lines] == ["3", "4"], lines
    assert "flor" in lines[0]


def test_a_checker_reads_the_types_of_an_installed_package() -> None:
    assert resources.files("recommender").joinpath("py.typed").is_file()
