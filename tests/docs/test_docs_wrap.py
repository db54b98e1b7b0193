"""Pages of the documentation wrap at 100 characters, so that their source is read without scrolling."""

from __future__ import annotations

from pathlib import Path

import pytest

PAGES = [*map(Path, ("README.md", "CHANGELOG.md", "CONVENTIONS.md")), *sorted(Path("docs").glob("*.md"))]
LONGEST = 100
MARKS = ("|", "#", "<", "![")  # a row of a table, a heading, an element or a picture stays on its line


def too_long(line: str) -> bool:
    """Return whether a line of prose could have been broken before its end."""
    body = line.lstrip().removeprefix("- ")
    is_code = line.startswith("    ")
    return len(line) > LONGEST and " " in body and not is_code and not body.startswith(MARKS)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_prose_wraps(page: Path) -> None:
    is_code, found = False, []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code and too_long(line):
            found.append(f"{page}:{number}: {len(line)} characters")
    assert not found
