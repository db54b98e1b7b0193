"""Markdown files that pages include, in the forms of the site generators."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recommender.readers import read_articles

PART = "The harbour master closes the bridge when the wind rises above nine."
DIRECTIVES = {
    "Quarto": "{{< include _part.md >}}",
    "Hugo": '{{% include file="_part.md" %}}',
    "mdBook": "{{#include _part.md}}",
    "Jekyll": "{% include_relative _part.md %}",
    "mkdocs-include-markdown": '{% include-markdown "_part.md" %}',
    "snippets": '--8<-- "_part.md"',
    "markdown-include": "{!_part.md!}",
    "DocFX": "[!INCLUDE [the part](_part.md)]",
    "VitePress": "<!-- @include: ./_part.md -->",
    "MyST": "```{include} _part.md\n```",
    "MDX": "import Part from './_part.md'\n\n<Part />",
}


def _write(folder: Path, pages: dict[str, str]) -> Path:
    for name, content in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def _texts(folder: Path) -> dict[str, str]:
    return {article.article_id: article.body for article in read_articles(folder)}


@pytest.mark.parametrize("generator", DIRECTIVES)
def test_a_page_has_the_text_of_its_parts(generator: str, tmp_path: Path) -> None:
    page = f"---\ntitle: The bridge\n---\n\n{DIRECTIVES[generator]}\n"
    part = f"---\ntitle: A part\n---\n{PART}\n"
    _write(tmp_path, {"guide/bridge.mdx": page, "guide/_part.md": part, "rain.md": PART})
    texts = _texts(tmp_path)
    assert texts.keys() == {"guide/bridge", "rain"}
    assert PART in texts["guide/bridge"]
    assert "part" not in texts["guide/bridge"].lower().replace(PART.lower(), "")
    assert _texts(tmp_path / "guide" / "bridge.mdx")["bridge"] == texts["guide/bridge"], "a page given alone"


@pytest.mark.parametrize(
    "name", ["/shared/_part.md", "shared/_part.md", "../shared/_part.md", "_part.md", "@/shared/_part.md"]
)
def test_where_parts_are_looked_for(name: str, tmp_path: Path) -> None:
    pages = {f"{folder}/_part.md": PART for folder in ("shared", "_includes")}
    pages |= {"guide/bridge.md": f"{{{{< include {name} >}}}}", "guide/rain.md": "Rain.", ".git/config": ""}
    _write(tmp_path, pages)
    assert PART in _texts(tmp_path)["guide/bridge"]
    assert PART in _texts(tmp_path / "guide")["bridge"], (
        "the root of the site lies above the folder that is read"
    )


def test_parts_include_parts_and_circles_end(tmp_path: Path) -> None:
    pages = {"bridge.md": "{{< include _a.md >}}", "_a.md": "Ferry. {{< include _b.md >}}", "rain.md": PART}
    _write(tmp_path, {**pages, "_b.md": f"{PART} {{{{< include _a.md >}}}} {{{{< include bridge.md >}}}}"})
    text = _texts(tmp_path)["bridge"]
    assert "Ferry." in text
    assert PART in text
    assert len(text) < 2_000


def test_nothing_outside_the_site_is_included(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(PART, encoding="utf-8")
    pages = {
        "bridge.md": f"Boats. {{{{< include ../secret.md >}}}} {{{{< include {secret} >}}}}",
        "rain.md": "Rain.",
    }
    site = _write(tmp_path / "site", {**pages, ".git/config": ""})
    (site / "_link.md").symlink_to(secret)
    (site / "fog.md").write_text("Fog. {{< include _link.md >}}", encoding="utf-8")
    assert not any(PART in text for text in _texts(site).values())


def test_parts_that_are_absent_or_no_files_are_left_out(tmp_path: Path) -> None:
    absent = " ".join(f"{{{{< include {name}.md >}}}}" for name in ("gone", "folder", "pipe"))
    page = f"Boats sail from the old harbour every morning at seven. {absent} And return."
    site = _write(tmp_path, {"bridge.md": page, "rain.md": PART, "folder.md/x.txt": ""})
    os.mkfifo(site / "pipe.md")
    text = _texts(site)["bridge"]
    assert "Boats sail" in text
    assert "And return." in text
    assert "include" not in text


def test_a_page_includes_a_bounded_number_of_characters(tmp_path: Path) -> None:
    uses = "import Part from './_part.md'\n\n" + "<Part />\n\n" * 5_000
    _write(tmp_path, {"bridge.mdx": uses, "_part.md": "rain " * 20_000, "rain.md": PART})
    assert len(_texts(tmp_path)["bridge"]) < 2**21
