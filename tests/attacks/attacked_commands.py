"""The commands that write, on small sites, for attacks on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from recommender import Article, Recommender
from recommender.cli import main
from recommender.store.site_store import SiteStore

__all__ = ["command", "file_of", "lists_of", "litter", "rows_of", "run_here", "site_of"]


def rows_of(kind: str, n: int = 8) -> list[Article]:
    """Return the articles of a small site; `kind` is part of their ids and texts."""
    return [
        Article(
            f"{kind}-{number}",
            f"Rain on {kind} road {number // 2}",
            f"Rain closed {kind} road {number // 2}. Crews came with {number % 3} pumps.",
        )
        for number in range(n)
    ]


def file_of(folder: Path, kind: str, n: int = 8) -> Path:
    """Write the articles of a site to a file."""
    file = folder / f"{kind}.jsonl"
    file.write_text(
        "".join(json.dumps(article.to_dict(), default=str) + "\n" for article in rows_of(kind, n))
    )
    return file


def site_of(path: Path, kind: str, n_updates: int = 0) -> Path:
    """Write a site with updates."""
    site = Recommender.from_articles(rows_of(kind))
    site.save(path)
    for number in range(n_updates):
        site.update([Article(f"more-{number}", f"Rain on {kind} road {number}", "Rain again.")])
        site.save(path)
    return path


def command(*words: object) -> None:
    """Run a command as the shell does. Raises SystemExit."""
    main([str(word) for word in words])


def run_here(*words: object) -> int:
    """Run a command in this process, and return its exit code."""
    try:
        command(*words)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def lists_of(path: Path) -> dict[str, Sequence[tuple[str, float]]]:
    """Return all lists of a site after a check of every file."""
    SiteStore(path).verify()
    site = Recommender.load(path)
    return {each: [(entry.article_id, entry.score) for entry in site[each]] for each in site}


def litter(path: Path) -> list[str]:
    """Return the names in an artifact that nothing needs."""
    names = sorted(each.name.partition("-")[0].partition(".")[0] for each in path.iterdir())
    whole = (["data", "manifest", "write"], ["data", "manifest", "updates", "write"])
    return [] if names in whole else sorted(each.name for each in path.iterdir())
