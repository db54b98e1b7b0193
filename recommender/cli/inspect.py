"""``recommender inspect``: what is inside an artifact, and how it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from recommender.cli.console import SITE, json_option, print_json

if TYPE_CHECKING:
    from recommender.engine import Recommender

__all__ = ["inspect"]

_GROUPS = ("list", "sparse", "dense", "encoder")


@click.command()
@click.argument("site", type=SITE)
@click.argument("article_id", required=False)
@click.option("--verify", is_flag=True, help="Read every byte and compare it with its checksum.")
@json_option
def inspect(site: Path, article_id: str | None, verify: bool, as_json: bool) -> None:
    r"""Show what an artifact holds: counts, lists, hubs, removed boilerplate; or what it keeps of one article.

    \b
    recommender inspect site.rec
    recommender inspect site.rec --verify
    recommender inspect site.rec some-article-id
    """
    from recommender.engine import Recommender

    recommender = Recommender.load(site, check=verify)
    record = _site(recommender) if article_id is None else _article(recommender, article_id)
    if verify:
        record["verified"] = "every file has the bytes that were written"
    if as_json:
        print_json(record)
    else:
        _tell(record)


def _site(recommender: Recommender) -> dict[str, Any]:
    summaries, rows = recommender.summaries, recommender.arrays["list_rows"]
    lengths = (rows >= 0).sum(axis=1)
    shown = np.bincount(rows[rows >= 0], minlength=len(recommender))
    hubs = np.lexsort((np.arange(len(shown)), -shown))[:10]
    published = recommender.arrays["published"]
    dated = np.flatnonzero(published != np.iinfo(np.int64).min)
    dates = (
        [summaries[int(dated[end(published[dated])])].published for end in (np.argmin, np.argmax)]
        if len(dated)
        else []
    )
    facts = recommender.facts
    return {
        "articles": len(recommender),
        "without_usable_text": facts["n_without_usable_text"],
        "dated": len(dated),
        "dates": [date.date().isoformat() for date in dates if date is not None],
        "sections": _counts(summaries.column("section")),
        "languages": _counts(summaries.column("language")),
        "lists": {
            "k": facts["k"],
            "mean_length": round(float(lengths.mean()), 2) if len(lengths) else 0.0,
            "empty": int((lengths == 0).sum()),
            "shorter_than_k": int((lengths < facts["k"]).sum()),
        },
        "orphans": int((shown == 0).sum()),
        "most_shown": [
            {"article_id": summaries.column("article_id")[int(row)], "lists": int(shown[row])}
            for row in hubs
            if shown[row]
        ],
        "boilerplate": [
            {"text": text, "articles": n_articles} for text, n_articles in recommender.boilerplate.segments
        ],
        "encoder": {"name": facts["encoder"]["name"], "fingerprint": facts["encoder"]["fingerprint"]},
        "weights": facts["weights"],
        "bytes": _sizes(recommender),
    }


def _article(recommender: Recommender, article_id: str) -> dict[str, Any]:
    row = recommender.summaries.row(article_id)
    summary = recommender.summaries[row]
    columns, values = recommender.terms(article_id)
    return {
        "article_id": summary.article_id,
        "title": summary.title,
        "published": summary.published.isoformat() if summary.published else None,
        "section": summary.section,
        "language": summary.language,
        "url": summary.url,
        "metadata": dict(summary.metadata),
        "terms": [
            {"term": term, "weight": round(weight, 4)} for term, weight in zip(columns, values, strict=True)
        ],
        "related": [
            {"article_id": entry.article_id, "score": round(entry.score, 4)}
            for entry in recommender.related(article_id)
        ],
        "in_lists": int((recommender.arrays["list_rows"] == row).sum()),
    }


def _counts(column: Any) -> dict[str, int]:
    return dict(Counter(value or "(none)" for value in column).most_common(20))


def _sizes(recommender: Recommender) -> dict[str, int]:
    sizes: Counter[str] = Counter()
    for name, array in recommender.arrays.items():
        group = name.split("_")[0]
        sizes[group if group in _GROUPS else "articles"] += array.nbytes
    return dict(sizes)


def _tell(record: dict[str, Any], indent: str = "") -> None:
    """Print nested facts as an indented outline."""
    for name, value in record.items():
        label = f"{indent}{name.replace('_', ' ')}:"
        if isinstance(value, dict):
            click.echo(label)
            _tell(value, indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            click.echo(label)
            for entry in value:
                click.echo(f"{indent}  " + "  ".join(_said(part) for part in entry.values()))
        elif isinstance(value, list):
            click.echo(f"{label} {' to '.join(map(_said, value)) or 'none'}")
        else:
            click.echo(f"{label} {_said(value)}")


def _said(value: Any) -> str:
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
