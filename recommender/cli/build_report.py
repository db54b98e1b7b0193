"""What `recommender build` prints at its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recommender.cli.options import command_line
from recommender.cli.reading import counted_line
from recommender.cli.terminal import plural
from recommender.cli.update_report import changes_line
from recommender.engine import Recommender
from recommender.readers import ArticleReader

__all__ = ["build_facts", "build_lines"]


def build_facts(site: Recommender, reader: ArticleReader, output: Path, seconds: float) -> dict[str, Any]:
    """Return the counts of a build."""
    lengths = (site.lists.rows >= 0).sum(axis=1)
    return {
        "artifact": str(output),
        "articles": len(site),
        "lists": len(lengths),
        "k": site.k,
        "mean_length": float(lengths.mean()) if len(lengths) else 0.0,
        "empty_lists": int((lengths == 0).sum()),
        "rejected": reader.n_rejected,
        "blank_lines": reader.n_blank,
        "left_out": dict(reader.left_out),
        "warnings": reader.n_warnings,
        "seconds": round(seconds, 3),
    }


def build_lines(site: Recommender, facts: dict[str, Any]) -> list[str]:
    """Return the counts of a build as lines of text, and what to type next."""
    lines = [
        f"{plural(facts['articles'], 'article')} in {facts['seconds']:.1f} s: "
        f"{plural(facts['lists'], 'list')} of up to {facts['k']}, {facts['mean_length']:.1f} long on average, "
        f"{facts['empty_lists']:,} empty",
        *counted_line(facts["left_out"]),
        *([f"since the last build: {changes_line(facts['changes'])}"] if facts["changes"] else []),
        f"written to {facts['artifact']}",
    ]
    if len(site):
        article_id = site.summaries.column("article_id")[0]
        lines.append(f"next: {command_line('related', facts['artifact'], article_id, options=('--why',))}")
    return lines
