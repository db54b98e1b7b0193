"""Write what the examples print now into docs/ and notebooks/: `python tests/docs/refresh.py`, then read the diff.

For a change of the engine that changes figures on purpose. Outputs that still match, `...` included, are left as they
are; the prose around them is yours to check.
"""

from __future__ import annotations

import doctest
import os
import re
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "notebooks"))

from test_docs_console import refresh_all
from test_docs_run import PAGES, ROOT, examples_of
from test_notebooks import NOTEBOOKS, executed, nbformat, printed, saved


class _Printed(doctest.DocTestRunner):
    """Keeps what examples printed where that differs from the page."""

    def __init__(self) -> None:
        super().__init__(optionflags=doctest.ELLIPSIS)
        self.differ: list[tuple[doctest.Example, str]] = []

    def report_failure(self, out, test, example, got):
        self.differ.append((example, re.sub(r"(?m)^(Traceback .*\n)(?: .*\n)+", r"\1    ...\n", got)))

    def report_unexpected_exception(self, out, test, example, exc_info):
        raise exc_info[1]


def refresh_page(page: Path) -> int:
    """Return the number of outputs that were replaced."""
    runner = _Printed()
    runner.run(examples_of(page), out=lambda text: None)
    lines = page.read_text(encoding="utf-8").splitlines()
    for example, got in reversed(runner.differ):
        start = example.lineno + example.source.count("\n")
        stop = start + example.want.count("\n")
        lines[start:stop] = [line or "<BLANKLINE>" for line in got.splitlines()]
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(runner.differ)


def refresh_notebook(path: Path, folder: Path) -> int:
    """Return the number of texts that differ; with none the notebook and its pictures stay as they are."""
    fresh = executed(path, folder)
    differ = sum(one != other for one, other in zip(printed(saved(path)), printed(fresh), strict=False))
    differ += abs(len(printed(saved(path))) - len(printed(fresh)))
    if differ:
        for cell in fresh.cells:
            cell.metadata = {}
        fresh.metadata = saved(path).metadata
        nbformat.write(fresh, path)
    return differ


if __name__ == "__main__":
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "data").symlink_to(ROOT / "data")
            os.chdir(folder)
            print(f"{page.relative_to(ROOT)}: {refresh_page(page)} outputs replaced")
            os.chdir(ROOT)
    refresh_all()
    for path in NOTEBOOKS:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{path.relative_to(ROOT)}: {refresh_notebook(path, Path(folder))} outputs replaced")
