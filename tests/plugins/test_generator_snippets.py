"""What the documentation tells users of Jekyll, Eleventy, Astro and Docusaurus to type and to write.

The commands run as they stand. The generators themselves run where they are installed; what their snippets do is
otherwise tested with Node, on values of the form that the generators document.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from generator_pages import BREAD, HOSTILE, RAIN, documented_files, first_commands, links_of, page, run, write

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="needs node on the path")

SITES = {
    "jekyll.md": ("_posts/2026-05-01-{}.md", "_data/related.json"),
    "eleventy.md": ("src/posts/{}.md", "src/_data/related.json"),
    "astro.md": ("src/content/blog/{}.md", "src/data/related.json"),
    "docusaurus.md": ("docs/guide/{}.md", "related.json"),
}
FOLDERS = {"eleventy.md": "src/", "astro.md": "src/content/"}


def pages_at(place: str) -> dict[str, str]:
    return {
        place.format("rain"): page("Rain in May", RAIN[0]),
        place.format("floods"): page(HOSTILE, RAIN[1]),
        place.format("rye-bread"): page("Rye bread", BREAD[0]),
        place.format("dough"): page("Sour dough", BREAD[1]),
        place.format("later"): page("A draft on rain", RAIN[0] + RAIN[1], draft="true", published="false"),
    }


def listed(folder: Path, document: str, monkeypatch: pytest.MonkeyPatch, **more: str) -> dict[str, Any]:
    """Write a site, type the commands of ours with which a page of the documentation begins; return the lists."""
    place, data = SITES[document]
    write(folder, {**pages_at(place), **documented_files(document), **more})
    (folder / data).parent.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(folder)
    for command in first_commands(document):
        if command.startswith("recommender "):
            run(command, {})
    return json.loads(Path(data).read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", ["astro.md"])
def test_lists_stand_under_the_paths_of_the_generator(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other generators are tested with their snippets below."""
    lists = listed(tmp_path, document, monkeypatch)
    place = SITES[document][0].removeprefix(FOLDERS.get(document, ""))
    assert [entry["id"] for entry in lists[place.format("dough")]] == [place.format("rye-bread")]
    assert place.format("later") not in lists


@pytest.mark.skipif(shutil.which("jekyll") is None, reason="needs jekyll on the path")
@pytest.mark.parametrize("with_plugin", [False, True])
def test_jekyll_shows_the_lists(with_plugin: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = "<title>{{ page.title | escape }}</title>{{ content }}\n{% include related.html %}"
    config = "baseurl: /blog\ndefaults: [{scope: {path: ''}, values: {layout: post}}]\npermalink: /:title/\n"
    listed(tmp_path, "jekyll.md", monkeypatch, **{"_layouts/post.html": layout, "_config.yml": config})
    if not with_plugin:
        shutil.rmtree("_plugins")
    Path("_posts/2026-05-01-dough.md").write_text(page("Sour dough", BREAD[1], published="false"))
    run("jekyll build", {"jekyll": str(shutil.which("jekyll"))})
    rain = links_of(Path("_site/rain/index.html").read_text(encoding="utf-8"))
    title = "Floods &amp; &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; {{ 7 }} &#39;]}"
    assert rain == [("/blog/floods/", title)]
    assert links_of(Path("_site/rye-bread/index.html").read_text(encoding="utf-8")) == []
    assert not any("rec" in path.name for path in Path("_site").iterdir())


def node(script: str) -> Any:
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


ELEVENTY = """
import fs from "node:fs";
import plugin from "./related.mjs";
let filter;
plugin({ addFilter: (name, made) => { filter = made; } });
const lists = JSON.parse(fs.readFileSync("src/_data/related.json", "utf8"));
const at = (name, url) => ({ inputPath: `./src/posts/${name}.md`, url });
const all = [at("rain", "/rain/"), at("floods", "/high-water/"), at("rye-bread", false), at("dough", "/dough/")];
const shown = (name, data = lists) => filter(data, all, `./src/posts/${name}.md`).map((page) => page.url);
console.log(JSON.stringify([shown("rain"), shown("dough"), shown("new"), shown("rain", null)]));
"""


@needs_node
def test_the_filter_of_eleventy_finds_published_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages as Eleventy documents them: `inputPath`, and `url`, which is false for pages that are not written."""
    listed(tmp_path, "eleventy.md", monkeypatch)
    assert node(ELEVENTY) == [["/high-water/"], [], [], []]


@pytest.mark.skipif(shutil.which("eleventy") is None, reason="needs eleventy on the path")
def test_eleventy_shows_the_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = (
        'import related from "./related.mjs";\nexport default function (config) {\n  config.addPlugin(related);\n'
        '  return { dir: { input: "src" }, pathPrefix: "/blog/" };\n}\n'
    )
    layout = '<title>{{ title }}</title>{{ content | safe }}{% include "related.njk" %}'
    data = '{"layout": "post.njk"}'
    more = {"eleventy.config.mjs": config, "src/_includes/post.njk": layout, "src/posts/posts.json": data}
    listed(tmp_path, "eleventy.md", monkeypatch, **more)
    run("eleventy", {"eleventy": str(shutil.which("eleventy"))})
    ((address, title),) = links_of(Path("_site/posts/rain/index.html").read_text(encoding="utf-8"))
    assert address == "/blog/posts/floods/"
    assert "&lt;script&gt;" in title


DOCUSAURUS = """
import related from "./related.mjs";
import path from "node:path";
const at = (name) => related({ filePath: path.resolve(name), fileContent: "Text.\\n" });
console.log(JSON.stringify(["docs/guide/rain.md", "docs/guide/dough.md", "docs/new.md"].map(at)));
"""


@needs_node
def test_the_preprocessor_of_docusaurus_links_to_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blog = {"blog/2026-05-02-high-water.md": page("High water", RAIN[1] + RAIN[0])}
    lists = listed(tmp_path, "docusaurus.md", monkeypatch, **blog)
    assert {entry["id"] for entry in lists["docs/guide/rain.md"]} == {"docs/guide/floods.md", *blog}
    Path("docs/guide/rye-bread.md").write_text(page("Rye bread", BREAD[0], draft="true"))
    rain, dough, new = node(DOCUSAURUS)
    link = r"[Floods \& \{\{ 7 \}\} \'\]\}](<./floods.md>)"
    assert rain == f"Text.\n\n## Related articles\n\n- {link}\n"
    assert dough == new == "Text.\n"
