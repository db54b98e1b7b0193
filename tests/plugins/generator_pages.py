"""A small blog for site generators, the snippets of the documentation, and its commands as a user types them."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner

from recommender.cli import main

DOCS = Path(__file__).resolve().parents[2] / "docs"
_FILE = re.compile(r"^`([^`\n]+)`:\n\n```[\w-]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)

RAIN = (
    "Rain fell on the hills of the upper valley for three days, and the river rose over the meadows. ",
    "The river came over the meadows of the upper valley after days of rain, and two roads are under water. ",
)
BREAD = (
    "The baker in the old mill bakes rye bread with a sour dough that is older than her daughter. ",
    "Rye bread with sour dough needs a day of rest; the baker in the mill shows how the dough is kept. ",
)
REGEN = (
    "Drei Tage fiel Regen auf die Berge des oberen Tals, und der Fluss trat über die Wiesen. ",
    "Nach Tagen mit Regen steht der Fluss im oberen Tal auf den Wiesen, und zwei Straßen sind gesperrt. ",
)
HOSTILE = """Floods & <script>alert("1")</script> {{ 7 }} ']}"""


def page(title: str, text: str, **front: str) -> str:
    """A page with front matter, in which the title is quoted as YAML wants it."""
    quoted = "'" + title.replace("'", "''") + "'"
    lines = [f"title: {quoted}", *(f"{name}: {value}" for name, value in front.items())]
    return "---\n" + "\n".join(lines) + "\n---\n\n" + text * 3 + "\n"


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def documented_files(name: str) -> dict[str, str]:
    """The files that a page of the documentation tells the user to write, by their paths."""
    found = dict(_FILE.findall((DOCS / name).read_text(encoding="utf-8")))
    assert found, name
    return found


def first_commands(name: str) -> list[str]:
    """The commands with which a page of the documentation begins, without comments and installation."""
    text = (DOCS / name).read_text(encoding="utf-8")
    block = _COMMANDS.search(text)
    assert block, name
    assert block.start() < 200, f"{name} does not begin with what to type"
    lines = [line.partition("  #")[0].strip() for line in block[1].splitlines()]
    return [line for line in lines if line and not line.startswith(("pip ", "npm ", "#"))]


def run(command: str, program: Mapping[str, str]) -> str:
    """Run a command in the working folder: ours in this process, a generator as the program that it is."""
    name, *words = shlex.split(command)
    if name == "recommender":
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output
        return result.output
    done = subprocess.run([program[name], *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def links_of(html: str) -> list[tuple[str, str]]:
    """The address and the escaped title of each entry of the list in a page."""
    _, _, after = html.partition('class="related"')
    return re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', after.partition("</aside>")[0], re.DOTALL)
