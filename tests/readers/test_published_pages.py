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
        ("astro.config.mjs", "src"),
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


def test_folders_of_jekyll_with_an_underscore_are_published_if_they_are_collections(tmp_path: Path) -> None:
    pages = (
        "_posts/2020-01-02-rain.md",
        "_recipes/soup.md",
        "_pages/wind.md",
        "_trash/fog.md",
        "notes/ice.md",
    )
    _site(tmp_path, *pages, "attic/old.md", "sea/tide.md")
    settings = tmp_path / "_config.yml"
    settings.write_text("title: Site\ninclude: [_pages]\ncollections:\n  recipes:\n    output: true\n")
    assert _ids(tmp_path) == [
        "_pages/wind",
        "_posts/2020-01-02-rain",
        "_recipes/soup",
        "attic/old",
        "notes/ice",
        "sea/tide",
    ]
    settings.write_text("title: Site\nexclude:\n  - attic/\n  - sea/t*.md\n  - /notes/ice.md\n")
    assert _ids(tmp_path) == ["_posts/2020-01-02-rain"]


def test_the_source_of_jekyll_is_all_that_it_publishes(tmp_path: Path) -> None:
    _site(tmp_path, "source/_posts/2020-01-02-rain.md", "source/wind.md", "source/fog.md", "org/ice.md")
    (tmp_path / "_config.yml").write_text("source: ./source\n")
    assert _ids(tmp_path) == ["source/_posts/2020-01-02-rain", "source/fog", "source/wind"]


@pytest.mark.parametrize(
    "settings", ["title: [", "a: &a [x]\nb: *a", "- a", "", "exclude: 3\ncollections: true"]
)
def test_settings_that_cannot_be_read_hide_nothing(settings: str, tmp_path: Path) -> None:
    _site(tmp_path, "_posts/2020-01-02-rain.md", "wind.md")
    (tmp_path / "_config.yml").write_text(settings)
    assert _ids(tmp_path) == ["_posts/2020-01-02-rain", "wind"]


def test_folders_that_docusaurus_does_not_name_are_not_published(tmp_path: Path) -> None:
    old = [f"versioned_docs_archived/version-1/{name}.md" for name in ("rain", "wind", "fog", "ice", "hail")]
    _site(
        tmp_path,
        *old,
        "docs/rain.md",
        "versioned_docs/version-2/rain.md",
        "people/ann.md",
        "notes.md",
        "todo/a.md",
    )
    assert "todo/a" in _ids(tmp_path)
    (tmp_path / "docusaurus.config.js").write_text("plugins: [['docs', { path: './people' }]], //todo")
    assert _ids(tmp_path) == ["docs/rain", "people/ann", "versioned_docs/version-2/rain"]


def test_notes_without_front_matter_beside_posts_with_it_are_no_articles(tmp_path: Path) -> None:
    for name in ("posts/rain", "posts/wind", "posts/fog", "posts/hail", "posts/sleet"):
        _site(tmp_path, f"{name}.md")
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: A\n---\n{TEXT}")
    _site(tmp_path, "posts/ice.md", "docs/deploying.md", "BLOG.md")
    posts = [f"posts/{name}" for name in ("fog", "hail", "ice", "rain", "sleet", "wind")]
    everything = ["BLOG", "docs/deploying", *posts]
    assert _ids(tmp_path) == everything
    assert _ids(_site(tmp_path, "next.config.mjs")) == everything[2:]
    assert _ids(_site(tmp_path, "mkdocs.yml")) == everything, (
        "this generator reads pages without front matter"
    )


def test_home_pages_of_repositories_are_sections(tmp_path: Path) -> None:
    homes = ("content/pt-br/index.md", "src/pages/index.mdx", "app/(site)/page.mdx", "source/README.md")
    _site(tmp_path, *homes, "app/rain/page.mdx", "src/pages/wind/index.mdx", "package.json")
    articles = {each.article_id: each.title for each in read_articles(tmp_path)}
    assert articles == {"app/rain/page": "Rain", "src/pages/wind/index": "Wind"}


def test_lists_of_html_in_a_repository_of_markdown_are_recognised(tmp_path: Path) -> None:
    page = f"<title>Sea</title><article><h1>Sea</h1><p>{TEXT}</p></article>"
    _site(tmp_path, *(f"posts/{name}.md" for name in ("rain", "wind", "fog", "ice")))
    for name in ("tags/sea", "page/2/index", "reports/sea"):
        _site(tmp_path, f"{name}.html")
        (tmp_path / f"{name}.html").write_text(page)
    assert [each for each in _ids(tmp_path) if not each.startswith("posts")] == ["reports/sea"]


def test_html_that_jekyll_copies_is_static_beside_posts_in_html(tmp_path: Path) -> None:
    demos = [f"demos/{name}.html" for name in ("a", "b", "c", "d", "e")]
    posts = ["_posts/2020-01-02-rain.html", "_posts/2020-01-03-wind.html"]
    for name in (*demos, *posts):
        _site(tmp_path, name)
        (tmp_path / name).write_text(("---\ntitle: Sea\n---\n" if name in posts else "") + f"<p>{TEXT}</p>")
    assert len(_ids(tmp_path)) == 7
    (tmp_path / "_config.yml").write_text("title: Site")
    assert _ids(tmp_path) == [name.removesuffix(".html") for name in posts]


TOC = {
    "_toc.yml": "format: jb-book\nroot: intro\nparts:\n- chapters:\n  - file: rain\n    sections:\n"
    "    - file: sky/wind.md\n",
    "myst.yml": "project:\n  toc:\n  - file: intro.md\n  - title: Sky\n    children:\n    - file: ./rain.md\n"
    "    - file: sky/wind.md\n",
}


@pytest.mark.parametrize("name", TOC)
def test_a_book_holds_what_its_table_of_contents_lists(name: str, tmp_path: Path) -> None:
    _site(tmp_path, "book/intro.md", "book/rain.md", "book/sky/wind.md", "book/paper.md", "other/note.md")
    (tmp_path / "book" / name).write_text(TOC[name], encoding="utf-8")
    reader = read_articles(tmp_path)
    assert sorted(article.article_id for article in reader) == ["book/rain", "book/sky/wind", "other/note"]
    assert reader.left_out == {"section": 1, "unlisted": 1}


@pytest.mark.parametrize(
    "toc",
    [
        "- file: intro\n- glob: '*'\n",
        "- sections:\n  - local: intro\n",
        "root: elsewhere\n",
        "[",
        "- file: [intro]\n",
        "a: &a 1\nb: *a\nfile: rain\n",
    ],
)
def test_a_table_that_names_no_page_or_uses_patterns_leaves_out_no_page(toc: str, tmp_path: Path) -> None:
    _site(tmp_path, "rain.md", "wind.md")
    (tmp_path / "_toc.yml").write_text(toc, encoding="utf-8")
    assert _ids(tmp_path) == ["rain", "wind"]


def test_the_nearest_table_of_contents_counts(tmp_path: Path) -> None:
    _site(tmp_path, "intro.md", "rain.md", "sky/index.md", "sky/wind.md")
    (tmp_path / "_toc.yml").write_text("root: intro\nchapters: [{file: rain}]", encoding="utf-8")
    (tmp_path / "sky" / "_toc.yml").write_text("root: index\nchapters: [{file: wind}]", encoding="utf-8")
    assert _ids(tmp_path) == ["rain", "sky/wind"]


@pytest.mark.parametrize(
    ("settings", "content"),
    [
        ("hugo.toml", "publishDir = 'public_html'"),
        ("_quarto.yml", "project:\n  output-dir: public_html"),
        ("mkdocs.yml", "site_dir: public_html/"),
        ("_config.yml", "destination: ./public_html"),
        ("book.toml", '[build]\nbuild-dir = "public_html"'),
        ("pelicanconf.py", "OUTPUT_PATH = 'public_html/'"),
    ],
)
def test_what_a_generator_wrote_into_its_repository_is_a_copy(
    settings: str, content: str, tmp_path: Path
) -> None:
    page = f"<title>Rain</title><article><h1>Rain</h1><p>{TEXT}</p></article>"
    _site(tmp_path, "note/rain.md", "note/wind.md", settings, "public_html/rain/index.html")
    for name in ("rain", "wind", "tags", "snow"):
        (tmp_path / "public_html" / f"{name}.html").write_text(page, encoding="utf-8")
    assert any("public_html" in name for name in _ids(tmp_path))
    (tmp_path / settings).write_text(content, encoding="utf-8")
    assert _ids(tmp_path) == ["note/rain", "note/wind"]
    for name in ("rain", "wind"):
        (tmp_path / "note" / f"{name}.md").unlink()
    assert "public_html/snow" in _ids(tmp_path), "without its sources it is the site"


@pytest.mark.parametrize("settings", ["_quarto.yml", "conf.py", "zensical.toml"])
def test_the_index_beside_settings_is_the_home_page(settings: str, tmp_path: Path) -> None:
    inside = "nbs/docs/" if settings == "zensical.toml" else "nbs/"
    _site(tmp_path, f"nbs/{settings}", f"{inside}index.md", f"{inside}rain.md", f"{inside}sky/index.md")
    assert _ids(tmp_path) == [f"{inside}rain", f"{inside}sky/index"]


def test_a_folder_of_tests_that_sphinx_reads_holds_pages_if_it_has_an_index(tmp_path: Path) -> None:
    _site(
        tmp_path,
        "conf.py",
        "pyproject.toml",
        "rain.md",
        "wind.md",
        "fog.md",
        "tests/write.md",
        "tests/index.md",
    )
    assert "tests/write" in _ids(tmp_path)
    (tmp_path / "tests" / "index.md").unlink()
    assert _ids(tmp_path) == ["fog", "rain", "wind"]


def test_tests_hold_no_pages_beside_the_folder_of_a_site(tmp_path: Path) -> None:
    _site(tmp_path, "pyproject.toml", "website/docs/rain.md", "tests/a.md", "tests/b.md", "tests/c.md")
    assert _ids(tmp_path) == ["tests/a", "tests/b", "tests/c", "website/docs/rain"]
    _site(tmp_path, "website/docusaurus.config.ts")
    (tmp_path / "tests" / "bad.md").write_bytes(b"caf\xe9 \xe0\xff\x81")
    assert _ids(tmp_path) == ["website/docs/rain"]


def test_notes_on_components_beside_their_code_are_no_pages(tmp_path: Path) -> None:
    _site(tmp_path, "src/components/Slider/Slider.mdx", "src/pages/rain.md", "src/pages/wind.md")
    assert len(_ids(tmp_path)) == 3
    _site(tmp_path, "gatsby-config.js")
    assert _ids(tmp_path) == ["src/pages/rain", "src/pages/wind"]


def test_a_draft_that_is_given_alone_is_left_out_too(tmp_path):
    for name in ("_drafts/rain.md", "_drafts/may/fair.md", "posts/oak.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# Rain\n\nIt rained all night.\n")
    files = sorted(tmp_path.rglob("*.md"))
    reader = read_articles(files)
    assert [each.article_id for each in reader] == ["oak"]
    assert reader.left_out == {"draft": 2}
    assert len(list(read_articles(files, keep="draft"))) == 3
