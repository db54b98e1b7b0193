"""Which pages of a repository are published: settings of generators, partials, tools and tables of contents."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.readers import read_articles

TEXT = "The ferry to the islands sails twice a day until the autumn storms begin."


def _site(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT if path.suffix in (".md", ".mdx", ".qmd") else "", encoding="utf-8")
    return folder


def _ids(folder: Path) -> list[str]:
    return sorted(article.article_id for article in read_articles(folder))


@pytest.mark.parametrize("settings", ["_quarto.yml", "docusaurus.config.ts", "astro.config.mjs"])
def test_names_with_an_underscore_are_partials_where_the_generator_says_so(
    settings: str, tmp_path: Path
) -> None:
    pages = ("guide/rain.md", "guide/wind.md", "guide/_examples/demo.md", "_tools/shots/site/about.md")
    _site(tmp_path, settings, *pages, "guide/_parts/deep/note.md", "_tools/shots/site/_quarto.yml")
    assert _ids(tmp_path) == ["guide/rain", "guide/wind"]
    assert _ids(tmp_path / "guide") == ["rain", "wind"], "the settings lie above the folder"
    assert _ids(tmp_path / "guide" / "_examples") == ["demo"], "what is given is read"


def test_collections_with_an_underscore_are_articles_elsewhere(tmp_path: Path) -> None:
    _site(tmp_path, "_config.yml", "_recipes/soup.md", "blog/_posts/2020-01-02-rain.md", "wind.md")
    assert _ids(tmp_path) == ["_recipes/soup", "blog/_posts/2020-01-02-rain", "wind"]


def test_settings_beyond_the_repository_do_not_count(tmp_path: Path) -> None:
    _site(tmp_path, "_quarto.yml", "site/_recipes/soup.md", "site/wind.md", "site/.git/config")
    assert _ids(tmp_path / "site") == ["_recipes/soup", "wind"]


def test_quarto_does_not_publish_readmes(tmp_path: Path) -> None:
    pages = _site(tmp_path, "rain.qmd", "guide/README.md", "guide/wind.md")
    assert "guide/README" in _ids(pages)
    assert _ids(_site(tmp_path, "_quarto.yml")) == ["guide/wind", "rain"]


@pytest.mark.parametrize(
    ("settings", "content"),
    [
        ("mkdocs.yml", "docs"),
        ("hugo.toml", "content"),
        ("config.yaml", "content"),
        ("site/mkdocs.yaml", "site/docs"),
        ("book.toml", "src"),
    ],
)
def test_generators_that_read_one_folder(settings: str, content: str, tmp_path: Path) -> None:
    inside = [f"{content}/{name}" for name in ("rain.md", "wind.md", "guide/fog.md")]
    outside = [f"{settings.rpartition('/')[0]}/{name}".lstrip("/") for name in ("notes/a.md", "b.md")]
    _site(tmp_path, settings, *inside, *outside, f"{content}/SUMMARY.md")
    assert _ids(tmp_path) == sorted(name.removesuffix(".md") for name in inside)


def test_a_book_is_what_its_table_of_contents_lies_in(tmp_path: Path) -> None:
    older = [f"first-edition/src/{name}.md" for name in ("rain", "wind", "fog", "hail")]
    _site(tmp_path, "book.toml", "src/SUMMARY.md", "src/rain.md", "src/wind.md", *older)
    assert _ids(tmp_path) == ["src/rain", "src/wind"]


def test_a_folder_that_holds_few_of_the_pages_is_not_all_that_is_published(tmp_path: Path) -> None:
    _site(tmp_path, "mkdocs.yml", "docs/rain.md", "wiki/wind.md", "wiki/fog.md", "wiki/hail.md")
    assert _ids(tmp_path) == ["docs/rain", "wiki/fog", "wiki/hail", "wiki/wind"]


def test_tools_of_a_repository_are_no_articles(tmp_path: Path) -> None:
    pages = ("rain.md", "guide/tests/wind.md", "tests/data/page.md", "scripts/fog.md", "static/raw/hail.md")
    _site(tmp_path, *pages, "guide/claude.md", "guide/CLAUDE.md", "guide/static/ice.md")
    assert {"tests/data/page", "scripts/fog", "static/raw/hail"} < set(_ids(tmp_path)), (
        "folders of a site without settings"
    )
    assert _ids(_site(tmp_path, "package.json")) == [
        "guide/claude",
        "guide/static/ice",
        "guide/tests/wind",
        "rain",
    ]
