"""A small site for the plugs, what runs their programs, and what reads the pages that these write."""

import os
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

ROOT = Path(__file__).parents[2]
SUBJECTS = {
    "ferry": "The ferry left the harbour on the tide, and the pilot marked the channel between the buoys",
    "orchard": "Frost took the apple blossom, and the grafts in the old orchard were wrapped before the night",
    "loom": "A weaver set the loom with wool from the dye house, and the shuttle carried the weft across",
    "comet": "The comet was seen through the lens of the dome, and its orbit was drawn on the star chart",
}
HOSTILE = "Comet <script>alert(1)</script> & \"so\" 'it' is"
"""Title of the first page about comets."""


def pages():
    """Return the title and the text of twelve pages by name: three of each subject."""
    made = {}
    for subject, text in SUBJECTS.items():
        for part in (1, 2, 3):
            title = f"{subject.title()} {('log', 'notes', 'letters')[part - 1]}"
            made[f"{subject}-{part}"] = (title, f"{text}. This is part {part} of the {subject} papers.")
    made["comet-1"] = (HOSTILE, made["comet-1"][1])
    return made


def documented(page, language):
    """Return the first block in a language on a page of the documentation: what a new user types."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    return text.split(f"```{language}\n", 1)[1].split("```", 1)[0]


def installed(folder):
    """Write the metadata of an installed package, from pyproject.toml, and return the paths to import from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    info = folder / "recommender-0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: recommender\nVersion: 0\n")
    groups = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(groups))
    return [str(folder), str(ROOT), str(ROOT / "namespaces")]


def run(paths, folder, *command):
    """Run a module of Python in a folder, and return what it said. It must succeed."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "NUMBA_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


class Read(HTMLParser):
    """What a page shows of its list."""

    def __init__(self, text):
        super().__init__()
        self.links, self.titles, self.headings, self.images, self.tags = [], [], [], [], []
        self._in, self._depth = None, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        named = given.get("class") or ""
        self.tags.append(tag)
        if named == "related-articles-link":
            self.links.append(given["href"])
            self.titles.append("")
        if named == "related-articles-heading":
            self.headings.append("")
        if named == "related-articles-thumbnail":
            self.images.append(given["src"])
        self._in = named

    def handle_endtag(self, tag):
        self._in = None

    def handle_data(self, data):
        if self._in == "related-articles-link":
            self.titles[-1] += data
        if self._in == "related-articles-heading":
            self.headings[-1] += data


def lists(site):
    """Return the pages that each page of a built site links in its list, as paths in its folder.

    Every link must lead to a page.
    """
    found = {}
    for file in sorted(site.rglob("*.html")):
        page = file.relative_to(site).as_posix()
        read = Read(file.read_text("utf-8"))
        assert len(read.headings) <= 1, f"{page} has two lists"
        if read.headings:
            found[page] = [target(site, page, link) for link in read.links]
    return found


def target(site, page, link):
    """Return the file of a site that a link on a page leads to."""
    path = unquote(urlsplit(urljoin(f"https://site.example/{page}", link)).path).lstrip("/")
    file = site / path
    file = file / "index.html" if file.is_dir() else file
    assert file.is_file(), f"{page} links {link}, which does not exist"
    return file.relative_to(site).as_posix()


def subject(page):
    """Return the subject of a page by its path."""
    return next((each for each in SUBJECTS if each in page), None)
