"""Notes on code, cards of authors, pages of tags and parts of other pages are no articles of a site."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.readers import read_articles

TEXT = "The ferry to the islands sails twice a day until the autumn storms begin."
POST = f"---\ntitle: Ferry\n---\n{TEXT}\n"


def _read(folder: Path, pages: dict[str, str]) -> tuple[list[str], dict[str, int]]:
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    reader = read_articles(folder)
    return sorted(article.article_id for article in reader), dict(reader.left_out)


@pytest.mark.parametrize("top", ["public", "static", "tests"])
def test_a_folder_with_most_of_the_pages_is_the_content_whatever_its_name(top: str, tmp_path: Path) -> None:
    posts = {f"{top}/{name}/index.md": POST for name in ("rain", "wind", "snow")}
    found, left_out = _read(tmp_path, {"package.json": "{}", "CLAUDE.md": TEXT, **posts})
    assert found == sorted(name.removesuffix(".md") for name in posts)
    others = {f"content/{name}.md": POST for name in ("a", "b", "c", "d")}
    found, left_out = _read(tmp_path, others)
    assert found == sorted(name.removesuffix(".md") for name in others)
    assert left_out == {"template": 4}


def test_readmes_of_code_are_notes_where_pages_have_front_matter(tmp_path: Path) -> None:
    posts = {f"site/content/{name}/index.md": POST for name in ("rain", "wind", "snow")}
    notes = {"site/content/README.md": TEXT, "worker/readme.md": TEXT, "plugins/sea/README.md": TEXT}
    notes |= {
        "site/_posts/README.md": POST,
        "site/_posts/templates/2026-01-01-new.md": POST,
        "lib/sea/fixtures/src/rain.md": POST,
    }
    guide = {"guide/README.md": POST}
    found, _ = _read(tmp_path, {"package.json": "{}", **posts, **notes, **guide})
    assert found == sorted(name.removesuffix(".md") for name in (posts | guide))


def test_readmes_that_introduce_folders_are_pages(tmp_path: Path) -> None:
    pages = {f"{place}.md": TEXT for place in ("a/README", "a/rain", "b/README", "b/deep/wind", "c/README")}
    found, _ = _read(tmp_path, {"package.json": "{}", **pages})
    assert found == sorted(pages[:-3] for pages in pages)


def test_a_few_readmes_beside_no_page_are_notes(tmp_path: Path) -> None:
    pages = {f"docs/{number}/page.md": TEXT for number in range(30)}
    found, _ = _read(
        tmp_path, {"package.json": "{}", **pages, "plugins/sea/README.md": TEXT, "docs/README.md": TEXT}
    )
    assert "plugins/sea/README" not in found
    assert len(found) == 31


def test_notes_in_capitals_at_the_top_of_a_repository(tmp_path: Path) -> None:
    names = ("STYLEGUIDE.md", "RELEASE.md", "TRANSLATIONS.md", "release.md", "roadmap.md", "guide/RELEASE.md")
    assert _read(tmp_path, {".git/config": "", **dict.fromkeys(names, TEXT)})[0] == [
        "guide/RELEASE",
        "release",
        "roadmap",
    ]


def test_cards_of_authors_and_of_tags_are_listings(tmp_path: Path) -> None:
    pages = {
        "data/authors/ann.mdx": "---\nname: Ann\navatar: /ann.png\n---\nAnn writes about the sea.\n",
        "data/authors/tolkien.mdx": POST,
        "people/bo/index.md": "---\nname: Bo\nurl: https://example.org\n---\n\nBo rows.\n",
        "_world_speakers/2026/cy.md": "---\nfirst_name: Cy\nrole: Rower\n---\n\nCy rows.\n",
        "tags/sea.md": "---\ntitle: Sea\ndescription: All about the sea.\n---\n",
        "tags/how-tags-work.md": POST,
        "sea/description-alone.md": "---\ntitle: Sea\ndescription: All about the sea.\n---\n",
        "sitemap-de.md": POST,
        "sea/sitemap_pt-br.md": POST,
        "sea/sitemap.md": POST,
        "year-archive.md": POST,
        "years/2024.md": "---\ntitle: 2024\nlayout: archive-years\n---\n",
    }
    found, left_out = _read(tmp_path, pages)
    assert found == ["data/authors/tolkien", "sea/description-alone", "sea/sitemap", "tags/how-tags-work"]
    assert left_out == {"listing": 8}


@pytest.mark.parametrize(
    ("settings", "home"),
    [
        ("mkdocs.yml", "docs/index.md"),
        ("quartz.config.ts", "content/index.md"),
        ("docs/myst.yml", "docs/index.md"),
        ("site/_toc.yml", "site/README.md"),
    ],
)
def test_the_index_of_the_content_is_the_home_page(settings: str, home: str, tmp_path: Path) -> None:
    folder = home.partition("/")[0]
    pages = {f"{folder}/{name}.md": TEXT for name in ("rain", "wind", "sea/index")}
    found, left_out = _read(tmp_path, {settings: "", home: TEXT, **pages})
    assert found == sorted(name.removesuffix(".md") for name in pages)
    assert left_out == {"section": 1}


def test_the_slug_of_the_root_is_the_home_page(tmp_path: Path) -> None:
    pages = {
        "docs/intro.md": f"---\nslug: /\n---\n{TEXT}",
        "docs/a.md": f"---\nslug: /a\n---\n{TEXT}",
        "docs/b.md": TEXT,
    }
    assert _read(tmp_path, pages) == (["docs/a", "docs/b"], {"section": 1})


def test_quartz_publishes_its_content_alone(tmp_path: Path) -> None:
    pages = {**{f"content/{name}.md": TEXT for name in "abc"}, "docs/plugins.md": TEXT}
    assert _read(tmp_path, {"quartz.config.ts": "", **pages})[0] == ["content/a", "content/b", "content/c"]


def test_pages_without_titles_whose_names_recur_are_parts_of_those_beside_them(tmp_path: Path) -> None:
    pages = {}
    for number in range(10):
        pages[f"sea/{number}/task.md"] = f"# Task {number}\n\n{TEXT}"
        pages[f"sea/{number}/solution.md"] = TEXT
        pages[f"land/{number}/index.md"] = POST
        pages[f"land/{number}/practice/ann.md"] = TEXT
        pages[f"talk/{number}/index.md"] = TEXT
        pages[f"talk/{number}/answers/bo-{number}.md"] = TEXT
        pages[f"talk/{number}/answers/cy/index.md"] = TEXT
    pages["land/3/practice/solution.md"] = TEXT
    few = {
        f"air/{number}/{name}.md": text
        for number in range(9)
        for name, text in (("page", POST), ("note", TEXT))
    }
    found, left_out = _read(tmp_path, {**pages, **few})
    kept = [name for name in pages if name.endswith(("task.md", "index.md")) and "/cy/" not in name] + list(
        few
    )
    assert found == sorted(name.removesuffix(".md") for name in kept)
    assert left_out == {"template": 41}


def test_parts_that_pages_include_and_readmes_of_languages_are_no_articles(tmp_path: Path) -> None:
    footer = {
        "docs/snippets/footer.snippet.md": TEXT,
        "docs/sea/_.md": TEXT,
        "README_EN.md": TEXT,
        "readme-zh-cn.md": TEXT,
    }
    pages = {
        f"docs/sea/{name}.md": f"# {name}\n\n{TEXT}\n\n<!-- @include: @footer.snippet.md -->\n"
        for name in "ab"
    }
    found, left_out = _read(tmp_path, {**pages, **footer})
    assert found == ["docs/sea/a", "docs/sea/b"]
    assert left_out == {"template": 2, "section": 2}


def test_sources_of_org_mode_shown_as_pages_are_copies(tmp_path: Path) -> None:
    page = f"<title>&lrm;</title><h1>Rain</h1><p>{TEXT}</p>"
    pages = {"rain.html": page, "rain.org.html": page, "wind.org.html": page, "tag-sea.html": page}
    reader = read_articles(tmp_path)
    found, left_out = _read(tmp_path, pages)
    assert (found, left_out) == (["rain", "wind.org"], {"copy": 1, "listing": 1})
    assert {article.title for article in reader} == {"Rain"}


def test_sources_of_pages_that_are_read_cost_no_warning(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    pages = {f"content/{name}.md": POST for name in "abc"} | {f"tid/{name}.tid": "! Rain" for name in "abcd"}
    _read(tmp_path, pages)
    assert not [warning for warning in recwarn if "unsupported" in str(warning.message)]
    _read(tmp_path, {f"tid/{name}.tid": "! Rain" for name in "efgh"})
    assert [warning for warning in recwarn if "8 .tid" in str(warning.message)]
