"""Recognise files that are no articles but could hold them, and say what to give instead."""

from __future__ import annotations

import re

from recommender.errors import Problem

__all__ = ["foreign_file"]

_UNPACK = "unpack it, and give the file or the folder that it holds"
_AS_A_TABLE = "save the table of the articles as CSV"
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a zip archive", _UNPACK),
    (b"BZh", "a file packed with bzip2", "unpack it with bunzip2"),
    (b"\xfd7zXZ\x00", "a file packed with xz", "unpack it with unxz"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a rar archive", _UNPACK),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an old Office", f"{_AS_A_TABLE}, or a text as HTML"),
    (b"%PDF-", "a PDF document", "give the pages that it was made of"),
    (b"SQLite format 3\x00", "a database of SQLite", "write the table of the articles to a file with sqlite3 -csv -header"),
    (b"ARROW1\x00\x00", "a file of Arrow", "save the table as Parquet or CSV"),
    (b"version https://git-lfs.github.com/spec/v1", "a pointer of Git LFS, not the file itself",
     "fetch the file with git lfs pull"),
)  # fmt: skip
_IN_ZIP: tuple[tuple[bytes, str, str], ...] = (
    (b"xl/", "a workbook of Excel", _AS_A_TABLE),
    (b"word/", "a document of Word", "save it as HTML"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "a spreadsheet of OpenDocument", _AS_A_TABLE),
    (b"mimetypeapplication/vnd.oasis.opendocument", "a document of OpenDocument", "save it as HTML"),
    (b"mimetypeapplication/epub", "an EPUB book", "unpack it, and give its folder with the pages in XHTML"),
)
_LOCAL_FILE = re.compile(rb"PK\x03\x04(?=.{26}(.{0,120}))", re.DOTALL)
_SQL = re.compile(
    rb"/\*!\d|(?:--|#)[^\n]*(?:dump|phpmyadmin)|(?:CREATE|DROP|INSERT|BEGIN|PRAGMA|SET)\s", re.IGNORECASE
)
_SQL_STATEMENT = re.compile(
    rb"^[ \t]{0,9}(?:CREATE[ \t]{1,9}TABLE|INSERT[ \t]{1,9}INTO|COPY[ \t]{1,9}\S{1,200}[ \t]{1,9}\()",
    re.IGNORECASE | re.MULTILINE,
)
_TIDDLYWIKI = re.compile(
    rb"<meta\b[^<>]{0,200}\b(?:application-name|generator)[\"'][^<>]{0,200}\bTiddlyWiki\b", re.IGNORECASE
)
_BLOGGER_THEME = re.compile(
    rb"<html\b[^<>]{0,2000}\bxmlns:b\s*=\s*[\"']http://www\.google\.com/2005/gml/b[\"']"
)
_CONFLUENCE = re.compile(rb"<hibernate-generic\b")


def foreign_file(head: bytes) -> Problem | None:
    """Return the problem with a file of another kind that is often given as articles, or None.

    Parameters
    ----------
    head : bytes
        The start of the file, unpacked.

    Examples
    --------
    >>> print(foreign_file(b"%PDF-1.7"))
    a PDF document, which is not read; give the pages that it was made of
    """
    for mark, what, move in _SIGNATURES:
        if head.startswith(mark):
            return _in_zip(head) if mark.startswith(b"PK") else _not_read(what, move)
    start = head.lstrip()
    if start.startswith(b"<"):
        return _of_markup(start)
    if _SQL.match(start) and _SQL_STATEMENT.search(start):
        return _not_read(
            "a dump of a database in SQL", "write the table of the articles to a file of CSV or JSON"
        )
    return None


def _in_zip(head: bytes) -> Problem:
    """Return what a zip archive is by the names of its first files."""
    names = [found[1] for found in _LOCAL_FILE.finditer(head)]
    for mark, what, move in _IN_ZIP:
        if any(name.startswith(mark) for name in names):
            return _not_read(what, move)
    return _not_read("a zip archive", _UNPACK)


def _of_markup(start: bytes) -> Problem | None:
    if _BLOGGER_THEME.search(start):
        move = "download the content of the blog: Settings, Manage blog, Back up content"
        return Problem("a theme of Blogger, which holds no posts", "", move)
    if _TIDDLYWIKI.search(start):
        return _not_read(
            "a TiddlyWiki", "export its tiddlers as JSON (Tools, Export all), and read them with --id title"
        )
    if _CONFLUENCE.search(start):
        return _not_read("a backup of Confluence in XML", "export the space as HTML, and give the folder")
    return None


def _not_read(what: str, move: str) -> Problem:
    return Problem(f"{what}, which is not read", "", move)
