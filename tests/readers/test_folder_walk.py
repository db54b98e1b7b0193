"""Folders of pages: several formats, links, and reports of skipped files."""

from __future__ import annotations

import os
import unicodedata
import warnings
from pathlib import Path

import pytest

from recommender.control_characters import has_controls
from recommender.errors import InputError
from recommender.readers import read_articles

TEXT = "The ferry to the islands sails twice a day until the autumn storms begin."
HTML = (
    "<!doctype html><html lang=en><head><title>Donate</title></head>"
    f"<body><article><h1>Donate</h1><p>{TEXT * 5}</p></article></body></html>"
)


def _write(folder: Path, name: str, content: str = TEXT) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def _ids(*args, **options) -> list[str]:
    return sorted(article.article_id for article in read_articles(*args, **options))


def test_each_page_is_read_by_its_suffix(tmp_path: Path) -> None:
    names = ("a.md", "b.markdown", "c.mkd", "d.mdx", "e.Rmd", "f.qmd", "g.mdown")
    for name in names:
        _write(tmp_path, name)
    _write(tmp_path, "h.html", HTML)
    assert _ids(tmp_path) == list("abcdefgh")
    assert _ids(tmp_path, format="html") == ["h"]


def test_unsupported_documents_are_counted_by_suffix(tmp_path: Path) -> None:
    for name in ("a.md", "b.textile", "c.textile", "d.tid", "picture.png"):
        _write(tmp_path, name)
    with pytest.warns(
        UserWarning, match=r"got 2 \.textile, 1 \.tid, and only 1 that can be read; build the site"
    ):
        assert _ids(tmp_path) == ["a"]


def test_templates_and_files_of_the_repository_are_not_counted_as_unsupported(tmp_path: Path) -> None:
    for name in ("a.md", "b.md", "src/_includes/page.njk", "src/layouts/base.liquid", "vendor/x/README.rdoc"):
        _write(tmp_path, name)
    with warnings.catch_warnings(action="error"):
        assert _ids(tmp_path) == ["a", "b"]
    _write(tmp_path, "src/posts/rain.njk")
    with pytest.warns(UserWarning, match=r"got 1 \.njk; build the site"):
        assert _ids(tmp_path) == ["a", "b"]


def test_a_folder_without_pages_is_reported_with_its_suffixes(tmp_path: Path) -> None:
    _write(tmp_path, "a.tid")
    with pytest.raises(InputError, match=r"no \.md or .* files in this folder, got 1 \.tid"):
        _ids(tmp_path)


def test_linked_folders_and_files_are_read_once(tmp_path: Path) -> None:
    _write(tmp_path, "shared/rain.md")
    _write(tmp_path, "content/a.md")
    _write(tmp_path, "content/v2/b.md")
    (tmp_path / "content/shared").symlink_to("../shared")
    (tmp_path / "content/shared-again").symlink_to("../shared")
    (tmp_path / "content/v2/up").symlink_to("..")
    (tmp_path / "content/latest").symlink_to("v2")
    (tmp_path / "content/dangling.md").symlink_to("nowhere")
    (tmp_path / "content/newest.md").symlink_to("a.md")
    with pytest.warns(UserWarning, match="links that are broken or lead to what is read already, got 5"):
        assert _ids(tmp_path / "content") == ["a", "shared/rain", "v2/b"]


def test_a_linked_file_is_read(tmp_path: Path) -> None:
    _write(tmp_path, "elsewhere.md")
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").symlink_to("../elsewhere.md")
    assert _ids(tmp_path / "content") == ["a"]


def test_names_in_decomposed_form_are_ids_in_composed_form(tmp_path: Path) -> None:
    _write(tmp_path, unicodedata.normalize("NFD", "Café.md"))
    assert _ids(tmp_path) == [unicodedata.normalize("NFC", "Café")]


@pytest.mark.parametrize(
    ("name", "article_id"),
    [
        (b"caf\xe9", "caf%E9"),
        ("rain\x80".encode(), "rain%C2%80"),
        (b"rain\n", "rain%0A"),
        (b"50% rain", "50% rain"),
    ],
)
def test_a_file_name_of_any_bytes_is_an_id_as_in_an_address(
    name: bytes, article_id: str, tmp_path: Path
) -> None:
    for file in (b"/_drafts/" + name, b"/" + name):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + file + b".md"))
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"It rained.\n\n[[{article_id}]]")
    [article] = read_articles(tmp_path)
    assert article.article_id == article_id
    assert not has_controls(article.title)


def test_what_is_wrong_with_a_page_names_its_file_whatever_its_bytes(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.md")).write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match="not UTF-8, got byte 0xe9") as caught:
        _ids(tmp_path)
    assert os.fsencode(str(caught.value)).startswith(os.fsencode(tmp_path) + b"/bad\xff.md:1: ")


def test_a_pipe_among_the_pages_is_skipped(tmp_path: Path) -> None:
    _write(tmp_path, "a.md")
    os.mkfifo(tmp_path / "b.md")
    assert _ids(tmp_path) == ["a"]


def test_rows_left_out_are_counted_by_reason_and_kept_on_request(tmp_path: Path) -> None:
    pages = {
        "_drafts/a.md": "draft",
        "_index.md": "section",
        "404.md": "error-page",
        "_includes/x.html": "template",
    }
    for name in (*pages, "good.md"):
        _write(tmp_path, name, "---\ntitle: T\n---\n" + TEXT)
    reader = read_articles(tmp_path)
    assert [article.article_id for article in reader] == ["good"]
    assert {
        Path(row.source).relative_to(tmp_path).as_posix(): row.reason for row in reader.left_out_rows
    } == pages
    assert reader.left_out == {"draft": 1, "section": 1, "error-page": 1, "template": 1}
    assert _ids(tmp_path, keep=["draft"]) == ["_drafts/a", "good"]
    assert len(_ids(tmp_path, keep="all")) == 5
    with pytest.raises(ValueError, match=r"keep must be 'all' or some of draft.*got 'drafts'"):
        read_articles(tmp_path, keep=["drafts"])


def test_the_reference_time_is_an_argument(tmp_path: Path) -> None:
    _write(tmp_path, "a.md", "---\ntitle: A\ndate: 2030-05-01\n---\n" + TEXT)
    _write(tmp_path, "b.md", "---\ntitle: B\ndate: 2020-05-01\n---\n" + TEXT)
    assert _ids(tmp_path, now="2029-01-01") == ["b"]
    assert _ids(tmp_path, now="2030-05-01") == ["a", "b"]
    with pytest.raises(ValueError, match="now must be"):
        read_articles(tmp_path, now="")
