"""Folders of Markdown sources: titles, dates, languages, tags, images, and which pages are articles."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from recommender.articles import Article
from recommender.control_characters import without_controls
from recommender.errors import InputError
from recommender.readers import read_articles

TEXT = "The ferry to the islands sails twice a day until the autumn storms begin."


def _write(folder: Path, **pages: str) -> Path:
    return _write_all(folder, {f"{name}.md": content for name, content in pages.items()})


def _write_all(folder: Path, pages: dict[str, str]) -> Path:
    for name, content in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return folder


def _one(folder: Path, name: str, content: str) -> Article:
    (article,) = read_articles(_write_all(folder, {name: content}))
    return article


def _ids(folder: Path, **options) -> list[str]:
    return sorted(article.article_id for article in read_articles(folder, **options))


def _reasons(folder: Path) -> dict[str, str]:
    reader = read_articles(folder)
    list(reader)
    return {Path(row.source).relative_to(folder).as_posix(): row.reason for row in reader.left_out_rows}


TITLES = {
    # front matter
    "---\ntitle: Rain\n---\n# Storm\n": "Rain",
    "---\ntitle: '**Rain** in `May`'\n---\n": "Rain in May",
    "---\ntitle: snake_case and 2 * 3\n---\n": "snake_case and 2 * 3",
    "---\ntitle:\n---\n# Storm\n": "Storm",
    # the first heading of level one
    "# Rain\n\n# Storm\n": "Rain",
    "Rain\n====\n": "Rain",
    "Words before.\n\n# Rain\n": "Rain",
    "## Part\n\n# Rain\n": "Rain",
    "![badge](a.svg)\n\n# *Rain* in `May` {#rain .lead}\n": "Rain in May",
    "# [Rain](rain.md) &amp; sun\n": "Rain & sun",
    "<h1 align=center>Rain <b>falls</b></h1>\n": "Rain falls",
    "<!-- # Draft -->\n# Rain\n": "Rain",
    "```\n# comment\n```\n# Rain\n": "Rain",
    "# ![The quay](a.jpg)\n": "The quay",
    "$$\nx\n=\n1\n$$\n\nWords.\n": "Low tide",
    # the name of the file
    "Words without a heading.\n": "Low tide",
    "## References\n\nWords.\n": "Low tide",
}


@pytest.mark.parametrize("content", TITLES)
def test_the_title_of_a_page(content: str, tmp_path: Path) -> None:
    assert _one(tmp_path, "2026-05-01-low-tide.md", f"{content}\n{TEXT}\n").title == TITLES[content]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Low tide.md", "Low tide"),
        ("low_tide.nl.md", "Low tide"),
        ("low-tide/index.md", "Low tide"),
        ("iPhone-tips.md", "iPhone tips"),
        ("0042.md", "Part"),
        ("5f2b9c1e.md", "Part"),
        ("untitled-3.md", "Part"),
    ],
)
def test_an_informative_file_name_precedes_a_lower_heading(name: str, title: str, tmp_path: Path) -> None:
    assert _one(tmp_path, name, f"## Part\n\n{TEXT}\n").title == title


def test_the_title_heading_is_removed_from_the_text(tmp_path: Path) -> None:
    assert _one(tmp_path, "a.md", f"# Rain\n\n{TEXT}\n\n## Part\n").body == f"<p>{TEXT}</p>\n<h2>Part</h2>"


DATES = {
    "2026-05-01-rain.md": ("", "2026-05-01"),
    "2026-05-02-rain.md": ("date: 2026-04-01", "2026-04-01"),
    "2026/05/03/rain.md": ("", "2026-05-03"),
    "a.md": ("pubDate: 'Jul 08 2022'", "2022-07-08"),
    "b.md": ("created: 2026-05-01\nupdated: 2026-06-01", "2026-05-01"),
    "c.md": ("lastmod: 2026-05-01", "2026-05-01"),
    "d.md": ("date:\n  created: 2026-05-01\n  updated: 2026-05-20", "2026-05-01"),
    "e.md": ("published: true\ndate: 2026-05-01 23:30:00 +0200", "2026-05-01"),
    "f.md": ("publishDate: 2026-05-01T10:00:00Z\ndate: 2026-04-01", "2026-04-01"),
}


@pytest.mark.parametrize("name", DATES)
def test_the_date_of_a_page(name: str, tmp_path: Path) -> None:
    front, date = DATES[name]
    (article,) = read_articles(
        _write_all(tmp_path, {name: f"---\ntitle: Rain\n{front}\n---\n{TEXT}"}), now="2027-01-01"
    )
    assert article.published is not None
    assert article.published.date().isoformat() == date


def test_known_fields_are_mapped_and_others_are_metadata(tmp_path: Path) -> None:
    article = _one(
        tmp_path,
        "rain.pt-BR.md",
        "---\ntitle: Rain\ncategories: [sea]\ntags: storm tide\ndescription: A wet night\nheader:\n  teaser: a.jpg\n"
        f"permalink: /rain/\nauthor: Ann\n---\n{TEXT}",
    )
    assert (article.section, article.language, article.url, article.description, article.image) == (
        "sea",
        "pt-BR",
        "/rain/",
        "A wet night",
        "a.jpg",
    )
    assert article.metadata["tags"] == ["storm", "tide"]
    assert article.metadata["author"] == "Ann"
    assert "categories" not in article.metadata


def test_taxonomies_of_zola_are_tags(tmp_path: Path) -> None:
    article = _one(tmp_path, "a.md", f'+++\ntitle = "Rain"\n[taxonomies]\ntags = ["storm"]\n+++\n{TEXT}')
    assert article.metadata["tags"] == ["storm"]


def test_pages_with_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    article = _one(tmp_path, "a.md", f"\ufeff---\r\ntitle: Rain\r\ntags: [a]\r\n---\r\n\r\n{TEXT}\r\n")
    assert (article.title, article.body, article.metadata) == ("Rain", f"<p>{TEXT}</p>", {"tags": ["a"]})


def test_pages_left_out_have_their_reason(tmp_path: Path) -> None:
    lists = "{% for post in site.posts %}<li>{{ post.title }}</li>{% endfor %}\n"
    pages = {
        "index.md": f"# Home\n\n{TEXT}",
        "a.md": TEXT,
        "guide/index.md": f"# Guide\n\n{TEXT}",
        "guide/_index.md": "---\ntitle: Guide\n---\n",
        "blog/index.md": "# Blog\n",
        "post/rain/index.md": "---\ntitle: Rain\ndate: 2020-05-01\n---\n![rain](rain.jpg)\n",
        "post/film.md": "---\ntitle: Film\ndate: 2020-05-01\n---\n{{< youtube w7Ft2ymGmfc >}}\n",
        "post/later.md": f"---\ntitle: Later\ndate: 2099-05-01\n---\n{TEXT}",
        "post/unfinished.md": f"---\ntitle: Not yet\ndraft: true\n---\n{TEXT}",
        "all.md": f"---\ntitle: All posts\n---\n{lists}",
        "news/index.md": f"---\ntitle: News\ndescription: What is new on the islands\n---\n{lists}",
        "every.html": f"---\nlayout: page\ntitle: Every post\n---\n<ul>{lists}</ul>",
        "part.html": f"<ul>{lists}</ul>",
        "404.md": f"# Not found\n\n{TEXT}",
        "tagged.md": f"---\nlayout: tags\n---\n{TEXT}",
        "pages/start.md": f"---\npermalink: /\n---\n{TEXT}",
        "CONTRIBUTING.md": f"# How to help\n\n{TEXT}",
    }
    _write_all(tmp_path, pages)
    assert _ids(tmp_path) == ["a", "guide/index", "post/film", "post/rain/index"]
    assert _reasons(tmp_path) == {
        "index.md": "section",
        "guide/_index.md": "section",
        "blog/index.md": "section",
        "post/later.md": "future",
        "post/unfinished.md": "draft",
        "all.md": "listing",
        "news/index.md": "listing",
        "every.html": "listing",
        "part.html": "template",
        "pages/start.md": "section",
        "404.md": "error-page",
        "tagged.md": "listing",
        "CONTRIBUTING.md": "template",
    }
    kept = _ids(tmp_path, keep=["listing", "section"])
    assert {"all", "news/index", "tagged", "index", "blog/index", "guide/_index"} < set(kept)


def test_empty_notes_are_left_out_and_short_ones_stay(tmp_path: Path) -> None:
    pages = {
        "2026-05-01.md": "",
        "Low tide.md": "\n",
        "Stub.md": "---\ntags: [sea]\n---\n",
        "Link.md": "---\ntitle: A link\n---\n",
        "Picture.md": "![The quay](a.jpg)\n",
        "2026-05-02.md": TEXT,
    }
    assert _ids(_write_all(tmp_path, pages)) == ["2026-05-02", "Link", "Picture"]
    assert set(_reasons(tmp_path).values()) == {"other"}


def test_short_pages_in_scripts_without_blanks_are_articles(tmp_path: Path) -> None:
    prose = "潮が引くと干潟が現れ、島へ渡る道が歩いて通れるようになるが、帰りの時刻に気をつけなければならないと漁師は話す。"
    _write_all(tmp_path, {"a.md": "{{< toc >}}\n\n" + prose, "b.md": "{{< toc >}}\n"})
    assert _ids(tmp_path) == ["a"]


def test_html_with_front_matter_is_a_source(tmp_path: Path) -> None:
    source = (
        f"---\ntitle: About\nlang: en\n---\n<div>\n\n    <p>{TEXT}</p>\n</div>\n{{% include foot.html %}}"
    )
    _write_all(tmp_path, {"a.md": TEXT, "about.html": source})
    about = next(article for article in read_articles(tmp_path) if article.article_id == "about")
    assert (about.title, about.language) == ("About", "en")
    assert f"<p>{TEXT}</p>" in about.body
    assert "include" not in about.body


def test_the_reference_time_decides_what_is_published(tmp_path: Path) -> None:
    _write(tmp_path, a=f"---\ndate: 2026-05-01\n---\n{TEXT}", b=f"---\ndate: 2026-06-01\n---\n{TEXT}")
    assert _ids(tmp_path, now=datetime(2026, 5, 15, tzinfo=UTC)) == ["a"]
    assert _ids(tmp_path, now=datetime(2026, 6, 15, tzinfo=UTC)) == ["a", "b"]


def test_repeated_docusaurus_ids_are_replaced_by_paths(tmp_path: Path) -> None:
    page = f"---\nid: intro\ntitle: Introduction\n---\n{TEXT}"
    _write_all(tmp_path, {"sea/rain.md": page, "land/rain.md": page})
    with pytest.warns(UserWarning, match="repeated ids, got 'intro'"):
        assert _ids(tmp_path) == ["land/rain", "sea/rain"]


def test_a_single_page_is_an_article_under_any_name(tmp_path: Path) -> None:
    _write_all(tmp_path, {"index.md": f"# Home\n\n{TEXT}"})
    assert _ids(tmp_path) == ["index"]


def test_templates_of_new_posts_do_not_refuse_a_site(tmp_path: Path) -> None:
    pages = {
        "source/_posts/rain.md": f"---\ntitle: Rain\ndate: 2020-05-01\n---\n{TEXT}",
        "scaffolds/post.md": "---\ntitle: {{ title }}\ndate: {{ date }}\ntags:\n---\n",
        "scaffolds/page.md": f"title: {{{{ title }}}}\ndate: {{{{ date }}}}\n---\n{TEXT}",
        "templates/own.md": f"---\ntitle: {{{{ it's }}}}\n---\n{TEXT}",
        "_layouts/post.md": f"---\n{{% if page.title %}}title: [{{{{ title }}}}\n---\n{TEXT}",
    }
    _write_all(tmp_path, pages)
    assert _ids(tmp_path) == ["source/_posts/rain"]
    assert set(_reasons(tmp_path).values()) == {"template"}


def test_a_page_left_out_that_cannot_be_read_is_refused_where_it_is_kept(tmp_path: Path) -> None:
    pages = {"rain.md": TEXT, "_drafts/wind.md": f"---\ntitle: [Wind\n---\n{TEXT}"}
    _write_all(tmp_path, pages)
    assert _reasons(tmp_path) == {"_drafts/wind.md": "draft"}
    with pytest.raises(InputError, match=r"wind\.md:1: front matter that cannot be read"):
        _ids(tmp_path, keep=["draft"])


@pytest.mark.parametrize(
    "name", ["پیوند یادداشت\u200cها", "क\u200dष", "👩\u200d💻", "10:30\u202fAM", "new \U0001fae9"]
)
def test_file_names_of_every_script_are_ids_and_titles(name: str, tmp_path: Path) -> None:
    article = _one(tmp_path, f"{name}.md", f"---\nurl: /{name}/\n---\n{TEXT}")
    assert (article.article_id, article.url) == (name, f"/{name}/")
    assert without_controls(article.title) == article.title


def test_pages_outside_the_content_of_a_generator_are_no_articles(tmp_path: Path) -> None:
    pages = {f"content/{name}.md": TEXT for name in ("rain", "wind", "test/storm")}
    _write_all(tmp_path, pages | {"tools/test/fixture.md": TEXT, "pelicanconf.py": "PATH = 'content'"})
    assert _ids(tmp_path) == ["content/rain", "content/test/storm", "content/wind"]
    assert _reasons(tmp_path) == {"tools/test/fixture.md": "template"}


def test_folders_of_titles_that_a_template_fills_are_listings(tmp_path: Path) -> None:
    months = {
        f"archive-of/2020-0{month}.md": f"---\ntitle: Month {month}\ndate: 2020-0{month}-01\n---\n"
        for month in range(1, 4)
    }
    photos = {
        f"photos/{name}.md": f"---\ntitle: {name}\nimage: {name}.jpg\n---\n"
        for name in ("quay", "pump", "crane")
    }
    posts = {f"posts/{name}.md": TEXT for name in ("rain", "wind", "fog", "hail", "snow", "ice")}
    _write_all(tmp_path, months | photos | posts | {"posts/note.md": "---\ntitle: A title alone\n---\n"})
    assert set(_reasons(tmp_path).items()) == {(path, "listing") for path in months}
    only = tmp_path / "archive-of"
    assert len(_ids(only)) == 3, "a site of titles has nothing else"


@pytest.mark.parametrize(
    ("text", "is_article"),
    [
        ("{{< youtube w7Ft2ymGmfc >}}\nThe talk of last week.", True),
        ("---\ntitle: Imprint\ndate: 2018-05-26\n---\n{{% styling big %}}\nQuay 1\n{{% /styling %}}", True),
        ("---\ntitle: All\ndate: 2018-05-26\n---\n{{< recent-posts >}}", False),
        ("---\ntitle: All\ndate: 2018-05-26\n---\n{% for post in posts %}{{ post }}{% endfor %}", False),
        ("{{% styling big %}}\nQuay 1\n{{% /styling %}}", False),
    ],
    ids=["a film", "dated", "recent posts", "a loop", "neither"],
)
def test_short_pages_of_folders_with_shortcodes(text: str, is_article: bool, tmp_path: Path) -> None:
    _write_all(tmp_path, {"rain.md": TEXT, "short/index.md": text})
    assert ("short/index" in _ids(tmp_path)) is is_article


def test_licences_are_no_articles_and_articles_on_licences_are(tmp_path: Path) -> None:
    _write_all(
        tmp_path,
        {"LICENSE-GFDL-1.3.md": TEXT, "LICENCE.CC-BY.md": TEXT, "license-change.md": TEXT, "a.md": TEXT},
    )
    assert _ids(tmp_path) == ["a", "license-change"]


def test_front_matter_that_is_not_valid_is_read_by_line_and_told(tmp_path: Path) -> None:
    pages = {"bind.md": f"---\ntitle: bind: a value\ndate: 2020-05-01\n---\n{TEXT}", "rain.md": TEXT}
    _write_all(tmp_path, {**pages, "wind.md": f"---\ntitle: a: b\ndraft: true\n---\n{TEXT}"})
    with pytest.warns(
        UserWarning, match=r"bind\.md:1: front matter that is not valid, got .* in line 1 of it"
    ):
        articles = {article.article_id: article for article in read_articles(tmp_path)}
    assert articles.keys() == {"bind", "rain"}
    assert articles["bind"].title == "bind: a value"
    assert articles["bind"].published == datetime(2020, 5, 1, tzinfo=UTC)
    with pytest.warns(UserWarning, match=r"bind\.md:1: front matter"):
        (alone,) = read_articles(tmp_path / "bind.md")
    assert alone.title == "bind: a value"


def test_dates_that_a_generator_puts_and_words_of_a_theme_are_no_faults(tmp_path: Path) -> None:
    matter = "date: last-modified\nlang: pt\nlanguage:\n  section-title-footnotes: Notas"
    article = _one(tmp_path, "rain.qmd", f"---\ntitle: Rain\n{matter}\n---\n{TEXT}")
    assert (article.published, article.language) == (None, "pt")


@pytest.mark.parametrize(
    ("given", "tag"), [("[English]", "en"), ("Español", "es"), ("中文", "zh"), ("en-GB", "en-GB")]
)
def test_languages_by_name(given: str, tag: str, tmp_path: Path) -> None:
    assert _one(tmp_path, "rain.md", f"---\ntitle: Rain\nlanguage: {given}\n---\n{TEXT}").language == tag


def test_a_table_that_a_template_fills_is_a_listing(tmp_path: Path) -> None:
    script = "<script>\nexport default { computed: { commands() { return pages.filter(page => page.path) } } }\n</script>"
    table = '<table><tr><th>Command</th></tr>\n<tr v-for="each in commands"><td>{{ each.title }}</td></tr></table>'
    _write_all(
        tmp_path,
        {"prompt.md": f"# Prompt\n\n{script}\n\n{table}\n", "rain.md": f"# Rain\n\n{TEXT}\n\n{table}"},
    )
    assert _reasons(tmp_path) == {"prompt.md": "listing"}
    assert _ids(tmp_path) == ["rain"]


def test_an_empty_note_is_left_out_and_refuses_nothing(tmp_path: Path) -> None:
    for name, text in {
        "2021_07_14.md": "-\n",
        "2021_07_15.md": "- \n- \n",
        "rain.md": "- It rained.\n",
    }.items():
        (tmp_path / name).write_text(text)
    reader = read_articles(tmp_path)
    assert [article.article_id for article in reader] == ["rain"]
    assert dict(reader.left_out) == {"other": 2}


def test_metadata_of_maps_in_files_named_qmd_are_no_articles(tmp_path: Path) -> None:
    layer = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis><title>Rivers</title></qgis>\n"
    _write_all(tmp_path, {"rivers.qmd": layer, "rain.qmd": f"# Rain\n\n{TEXT}"})
    assert _reasons(tmp_path) == {"rivers.qmd": "other"}


@pytest.mark.parametrize(
    "name",
    [
        "publishedAt",
        "published_at",
        "publishedOn",
        "Date",
        "datePublished",
        "created-at",
        "fecha",
        "updatedAt",
    ],
)
def test_dates_have_many_names(tmp_path: Path, name: str) -> None:
    article = _one(tmp_path, "rain.md", f"---\ntitle: Rain\n{name}: 2026-05-01\n---\n\n{TEXT}\n")
    assert article.published is not None
    assert article.published.date().isoformat() == "2026-05-01"
    assert name not in article.metadata


def test_of_two_dates_that_of_publication_counts(tmp_path: Path) -> None:
    matter = "createdAt: 2026-01-01\nupdatedAt: 2026-06-01\npublishedAt: 2026-05-01"
    article = _one(tmp_path, "rain.md", f"---\ntitle: Rain\n{matter}\n---\n\n{TEXT}\n")
    assert article.published is not None
    assert article.published.date().isoformat() == "2026-05-01"
