"""Folders of Markdown and HTML pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.errors import InputError
from recommender.readers import read_articles

STORY = "The harbour board voted on Tuesday to widen the northern channel, after two years of hearings. "


def _page(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _one(folder: Path):
    (article,) = read_articles(folder)
    return article


def _problems(*args, **options):
    with pytest.raises(InputError) as caught:
        list(read_articles(*args, **options))
    return [str(problem) for problem in caught.value.problems]


def test_paths_are_ids_and_hidden_files_are_left_out(tmp_path: Path) -> None:
    for name in ("b/2.md", "a.md", "b/1.markdown", ".git/x.md", ".y.md", "notes.txt"):
        _page(tmp_path, name, f"# {name}")
    assert [article.article_id for article in read_articles(tmp_path)] == ["a", "b/1", "b/2"]


def test_the_heading_is_the_title_without_front_matter(tmp_path: Path) -> None:
    _page(tmp_path, "a.md", "# Fish & chips\n\nA *golden* tale.\n\n## Sauce\n\n|a|\n|-|\n|b|\n")
    article = _one(tmp_path)
    assert article.title == "Fish & chips"
    assert article.body.startswith("<p>A <em>golden</em> tale.</p>\n<h2>Sauce</h2>\n<table>")


def test_yaml_values_stay_as_written(tmp_path: Path) -> None:
    front = (
        "id: 007\ntitle: 1984\nlang: no\ndate: 2026-05-01 10:00:00 +0800\nsection:\npinned: yes\ntags: [a, b]"
    )
    _page(tmp_path, "a.md", f"---\n{front}\n---\nx")
    article = _one(tmp_path)
    assert (article.article_id, article.title, article.language, article.section) == (
        "007",
        "1984",
        "no",
        None,
    )
    assert article.published is not None
    assert article.published.isoformat() == "2026-05-01T02:00:00+00:00"
    assert article.metadata == {"pinned": "yes", "tags": ["a", "b"]}


def test_toml_dates_and_tables(tmp_path: Path) -> None:
    _page(tmp_path, "a.md", "+++\ntitle = 'T'\nlastmod = 2026-05-01\n[params]\nseen = 2026-05-02\n+++\n")
    article = _one(tmp_path)
    assert article.published is not None
    assert article.published.isoformat() == "2026-05-01T00:00:00+00:00"
    assert article.metadata == {"params": {"seen": "2026-05-02"}}


BAD_PAGES = {
    "---\ntitle: T\n": "front matter without end; close it with ---",
    "---\n[a]\n---\n": "front matter is not a mapping, got list; correct the front matter",
    "---\na: [\n---\n": "front matter that cannot be read, got ",
    "---\na: &a [*a]\n---\n": "front matter that cannot be read, got the alias *a is not allowed",
    "---\na: "
    + "[" * 60
    + "]" * 60
    + "\n---\n": "front matter that cannot be read, got nested deeper than 50",
    "+++\na = \n+++\n": "front matter that cannot be read, got ",
    "+++\na = " + "[" * 5000 + "\n+++\n": "front matter that cannot be read, got ",
    b"# caf\xe9": "not UTF-8, got byte 0xe9 after 5 valid bytes",
}


@pytest.mark.parametrize("content", BAD_PAGES, ids=range(len(BAD_PAGES)))
def test_a_bad_markdown_page_is_one_bad_row(content: str | bytes, tmp_path: Path) -> None:
    bad = _page(tmp_path, "bad.md", content)
    _page(tmp_path, "good.md", "# Good")
    assert _problems(tmp_path)[0].startswith(f"{bad}:1: {BAD_PAGES[content]}")
    assert [article.article_id for article in read_articles(tmp_path, on_error="skip")] == ["good"]


def test_a_page_with_an_impossible_date_is_an_article_without_one(tmp_path: Path) -> None:
    _page(tmp_path, "b.md", f"---\ntitle: T\ndate: 2026-02-30\n---\n{STORY}")
    with pytest.warns(UserWarning, match=r"b\.md: .*, got '2026-02-30' in 'published'"):
        assert _one(tmp_path).published is None


def test_folders_without_pages(tmp_path: Path) -> None:
    assert _problems(tmp_path)[0].startswith(f"{tmp_path}: no .md or .markdown or ")
    _page(tmp_path, "a.md", "# A")
    assert _problems(tmp_path, format="html")[0].startswith(f"{tmp_path}: no .html or .htm or .xhtml files")
    assert _one([tmp_path / "a.md"]).title == "A"


def test_a_folder_is_not_read_as_a_file(tmp_path: Path) -> None:
    assert "read from files, not folders" in _problems(tmp_path, format="jsonl")[0]


def test_parquet_without_columns_and_with_impossible_values(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "articles.parquet"
    parquet.write_table(pa.table({"name": ["a"]}), path)
    assert "no column 'id', got columns 'name'" in _problems(path)[0]
    days = pa.array([20_000, 2**30], pa.int32()).cast(pa.date32())
    parquet.write_table(
        pa.table({"id": [1, 2], "title": ["a", "b"], "published": days, "n": [1.5, None]}), path
    )
    reader = read_articles(path, on_error="skip")
    (article,) = reader
    assert (article.article_id, article.metadata) == ("1", {"n": 1.5})
    assert str(reader.problems[0]).startswith(f"{path}:2: a value that cannot be read")
    path.write_bytes(path.read_bytes()[:-20])
    assert "not Parquet, or damaged" in _problems(path)[0]


def test_the_first_pass_over_a_folder_reports_its_progress(tmp_path):
    for number in range(250):
        (tmp_path / f"{number}.md").write_text(f"# Rain {number}\n\nIt rained in valley {number}.\n")
    reports = []
    articles = list(read_articles(tmp_path, progress=lambda *report: reports.append(report)))
    assert len(articles) == 250
    assert reports == [("heads of pages", done, 250) for done in (0, 100, 200, 250)]


@pytest.mark.parametrize("suffix", ["md", "rst", "adoc", "org", "html", "txt.md"])
def test_a_page_of_zeros_is_named_and_is_no_article(tmp_path, suffix):
    (tmp_path / f"rain.{suffix}").write_bytes(bytes(300))
    (tmp_path / "oak.md").write_text("# Oak\n\nAn oak grows by the river.\n")
    reader = read_articles(tmp_path, on_error="skip")
    assert [each.title for each in reader] == ["Oak"]
    assert ["binary data" in problem.what for problem in reader.problems] == [True]


def test_a_stray_control_character_is_no_binary_data(tmp_path):
    text = "# Oak\n\nAn oak grows by the river.\x00 It is old, and its crown is wide. Herons nest in it.\n"
    (tmp_path / "oak.md").write_text(3 * text)
    assert len(list(read_articles(tmp_path))) == 1
