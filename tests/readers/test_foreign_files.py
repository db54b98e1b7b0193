"""Files of other kinds are refused with what to give instead, and folders of them are told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from recommender.errors import InputError
from recommender.readers import read_articles


def _zip(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(
                name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "Rain."
            )
    return packed.getvalue()


FOREIGN = {
    "a workbook of Excel, which is not read; save": _zip("[Content_Types].xml", "xl/workbook.xml"),
    "a document of Word, which is not read; save it as HTML": _zip(
        "[Content_Types].xml", "word/document.xml"
    ),
    "a document of OpenDocument": _zip("mimetype", "content.xml"),
    "a zip archive, which is not read; unpack it": _zip("posts/rain.html"),
    "a file packed with bzip2": b"BZh91AY&SY",
    "a PDF document": b"%PDF-1.7\n",
    "a database of SQLite": b"SQLite format 3\x00\x10\x00",
    "fetch the file with git lfs pull": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n",
    "a dump of a database in SQL": b"-- MySQL dump 10.13\n\nDROP TABLE IF EXISTS `posts`;\nCREATE TABLE `posts` (\n",
    "export its tiddlers as JSON": b'<!doctype html><html><head><meta name="application-name" content="TiddlyWiki" />',
    "export the space as HTML": b'<?xml version="1.0"?>\n<hibernate-generic datetime="2026-05-01">',
}


@pytest.mark.parametrize("said", FOREIGN)
def test_a_file_of_another_kind_is_refused_with_what_to_give(said: str) -> None:
    with pytest.raises(InputError, match=said):
        list(read_articles(io.BytesIO(FOREIGN[said])))


@pytest.mark.parametrize("text", ["drop,id,title\n1,1,Rain\n", '{"id": 1, "title": "CREATE TABLE rain"}'])
def test_articles_on_databases_are_no_dumps(text: str) -> None:
    assert len(list(read_articles(io.BytesIO(text.encode())))) == 1


def test_a_folder_of_files_without_pages_says_what_it_holds(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("It rained.\n")
    (tmp_path / "rain.png").write_bytes(b"")
    with pytest.raises(
        InputError, match=r"got 3 \.txt, 1 \.png; build the site, .* or convert them with pandoc"
    ):
        list(read_articles(tmp_path))
    for path in tmp_path.iterdir():
        path.unlink()
    (tmp_path / "rain.json").write_text("{}")
    with pytest.raises(InputError, match=r"got 1 \.json; name the \.json files, not their folder"):
        list(read_articles(tmp_path))


@pytest.mark.parametrize(
    ("suffix", "n_files", "is_told"), [(".json", 20, True), (".txt", 20, True), (".json", 19, False)]
)
def test_many_files_beside_few_pages_are_told(
    tmp_path: Path, suffix: str, n_files: int, is_told: bool, recwarn: pytest.WarningsRecorder
) -> None:
    (tmp_path / "rain.md").write_text("# Rain\n\nIt rained.")
    for number in range(n_files):
        (tmp_path / f"{number}{suffix}").write_text("{}")
    assert len(list(read_articles(tmp_path))) == 1
    said = [str(warning.message) for warning in recwarn]
    assert any(f"got 20 {suffix}, and only 1 pages that can be read" in line for line in said) == is_told


def test_notes_on_several_files_are_said_once(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.json" for number in range(3)]
    for number, file in enumerate(files):
        file.write_text(
            f'{{"id": {number}, "title": "Rain", "maintext": "It rained.", "date_publish": "2026-05-01"}}'
        )
    reader = read_articles(files)
    assert [article.body for article in reader] == ["It rained."] * 3
    (note,) = reader.notes
    assert note.startswith(f"{files[0]} and 2 more: fields are read under other names")
