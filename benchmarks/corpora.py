"""Corpora for measurements: articles and judgements at a path."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from recommender.errors import InputError, Problem

__all__ = ["Corpus", "check_names", "corpora_in", "corpora_options", "open_corpora", "open_corpus"]

_ARTICLES = ("articles.jsonl", "articles.jsonl.gz", "articles.jsonl.zst")
_QRELS = ("qrels.tsv", "qrels.tsv.gz")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles, with judgements if there are any.

    Parameters
    ----------
    name : str
        Name in tables: that of the folder, or of the file without its suffixes.
    articles : Path
        A file that `recommender.read_articles` reads.
    qrels : Path or None
        Judgements in TREC form.
    """

    name: str
    articles: Path
    qrels: Path | None = None

    def describe(self) -> dict[str, Any]:
        """Return name, sizes and sha256, by which runs on the same input are recognised; no path."""
        files = {"articles": self.articles, "qrels": self.qrels}
        return {"name": self.name} | {
            role: {"bytes": file.stat().st_size, "sha256": _sha256(file)}
            for role, file in files.items()
            if file is not None
        }


def open_corpus(path: Path) -> Corpus:
    """Return the corpus at `path`: a folder with articles.jsonl[.gz|.zst] and optionally qrels.tsv, or a file of articles.

    Raises
    ------
    InputError
        If there is neither.
    """
    if path.is_file():
        return Corpus(path.name.split(".")[0], path.resolve())
    if not path.is_dir():
        raise InputError(
            Problem("wanted a corpus", "no such file or folder", "check the path", source=str(path))
        )
    articles = _first(path, _ARTICLES)
    if articles is None:
        wanted = f"wanted a corpus, a folder with one of {', '.join(_ARTICLES)}"
        raise InputError(Problem(wanted, "a folder without", "give the file of articles", source=str(path)))
    return Corpus(path.resolve().name, articles, _first(path, _QRELS))


def corpora_in(folder: Path) -> list[Corpus]:
    """Return the corpora in the subfolders of `folder`, by name; other files and folders are ignored.

    Raises
    ------
    InputError
        If there are none.
    """
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [open_corpus(path) for path in inside if path.is_dir() and _first(path, _ARTICLES)]
    if not found:
        got = "none" if folder.is_dir() else "no such folder"
        raise InputError(
            Problem("wanted a folder of corpora, a folder each", got, "check the path", source=str(folder))
        )
    return found


def check_names(corpora: Sequence[Corpus]) -> None:
    """Raise InputError for every name shared by two corpora, as figures are stored by name."""
    names = [corpus.name for corpus in corpora]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(Problem("two corpora of one name", repr(name), "name each once") for name in twice)


def corpora_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that name corpora to a command, as its parameters `corpus_paths` and `folder`."""
    path = click.Path(path_type=Path)
    one = click.option(
        "--corpus", "corpus_paths", type=path, multiple=True, help="A corpus; may be repeated."
    )
    many = click.option("--corpora", "folder", type=path, help="A folder of corpora, each in a subfolder.")
    return one(many(command))


def open_corpora(corpus_paths: Sequence[Path], folder: Path | None) -> list[Corpus]:
    """Return the corpora of the options; click.UsageError if there are none."""
    if not corpus_paths and folder is None:
        raise click.UsageError("wanted --corpus PATH or --corpora FOLDER")
    return [open_corpus(path) for path in corpus_paths] + (corpora_in(folder) if folder else [])


def _first(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder.resolve() / name for name in names if (folder / name).is_file()), None)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
