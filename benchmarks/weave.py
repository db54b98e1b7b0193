"""``run weave``: the time to write lists into the pages of a site, beside that of building the site from them."""

from __future__ import annotations

import hashlib
import html
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.corpora import Corpus, open_corpus
from benchmarks.processes import Cost, run_python
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table
from recommender import Article, read_articles

__all__ = ["command", "measure", "table"]

NAME = "weave"
_EDITED = 10  # pages with new content before the last run
_STEPS = ("build", "first", "same", "edited")
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | A site</title>
<link rel="stylesheet" href="/style.css"><link rel="canonical" href="https://site.example/{path}/"></head>
<body class="post"><header><a href="/">A site</a><nav><ul>{menu}</ul></nav></header>
<main><article><header><h1>{title}</h1></header><div class="content">
{paragraphs}
</div><footer>Share this page</footer></article></main>
<aside class="sidebar"><h2>About</h2><p>This site is written by many people.</p></aside>
<footer><ul>{menu}</ul></footer></body></html>
"""
_MENU = "".join(f'<li><a href="/section-{n}/">Section {n}</a></li>' for n in range(15))
_PARAGRAPH = 600  # characters


def measure(corpus: Corpus, *, n_pages: int, seed: int) -> Result:
    """Measure whole processes over pages that are written from a corpus.

    ``build`` builds a site from the pages. ``first`` weaves them without a state, ``same`` weaves them again, and
    ``edited`` once more after ten pages have changed.
    """
    result = new_result(NAME, seed, {"pages": n_pages, "edited": _EDITED})
    articles = sorted(read_articles(corpus.articles), key=lambda each: _shuffled(each, seed))[:n_pages]
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as root:
        public, state = Path(root) / "public", Path(root) / "state"
        for article in articles:
            _write(public, article)
        size = sum(file.stat().st_size for file in public.rglob("*.html"))
        costs: dict[str, Cost] = {}
        woven: dict[str, Any] = {}
        build = ("build", str(public), "-o", str(Path(root) / "site.rec"), "--id", "path", "-k", "5", "-q")
        costs["build"], _ = run_python("-m", "recommender", *build)
        for step in _STEPS[1:]:
            if step == "edited":
                _edit(public, articles)
            weave = ("weave", str(public), "--state", str(state), "--json", "-q")
            costs[step], output = run_python("-m", "recommender", *weave)
            facts = json.loads(output)
            woven[step] = {name: facts[name] for name in ("n_pages", "n_articles", "n_lists")}
            woven[step] |= {name: len(facts[name]) for name in ("changed", "placeless")}
    figures = {"bytes": size, "costs": {step: cost._asdict() for step, cost in costs.items()}, "woven": woven}
    return result | {"corpus": corpus.describe(), "figures": figures}


def _shuffled(article: Article, seed: int) -> bytes:
    return hashlib.sha256(f"{seed} {article.article_id}".encode()).digest()


def _write(public: Path, article: Article) -> None:
    path = hashlib.sha256(article.article_id.encode()).hexdigest()[:16]
    paragraphs = "\n".join(f"<p>{html.escape(part)}</p>" for part in _parts(article.body))
    page = _PAGE.format(title=html.escape(article.title), path=path, menu=_MENU, paragraphs=paragraphs)
    file = public / path / "index.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8", errors="replace")


def _parts(text: str) -> Iterator[str]:
    """Yield a text in pieces, cut between words."""
    words, piece = text.split(), ""
    for word in words:
        piece = f"{piece} {word}" if piece else word
        if len(piece) > _PARAGRAPH:
            yield piece
            piece = ""
    if piece:
        yield piece


def _edit(public: Path, articles: Sequence[Article]) -> None:
    """Write some pages again, each with the text of another one behind its own, as a generator does."""
    for at, article in enumerate(articles[:_EDITED]):
        other = articles[-1 - at]
        _write(public, Article(article.article_id, article.title, f"{article.body} {other.body}"))


def table(results: Sequence[Result]) -> str:
    """Return a table of the seconds of each run, and of what it wrote."""
    header = [
        "corpus",
        "pages",
        "MB",
        "lists",
        "build s",
        "weave s",
        "times the build",
        "again s",
        "of the first",
    ]
    header += [
        "ten pages edited s",
        "of the first",
        "pages written then",
        "without a place",
        "load",
        "commit",
        "started",
    ]
    return markdown_table(header, map(_row, results))


def _row(result: Result) -> list[str]:
    figures = result["figures"]
    costs, woven = figures["costs"], figures["woven"]
    build, first, same, edited = (costs[step]["cpu_s"] for step in _STEPS)
    return [
        result["corpus"]["name"],
        f"{woven['first']['n_pages']:,}",
        f"{figures['bytes'] / 1e6:.1f}",
        f"{woven['first']['n_lists']:,}",
        f"{build:.1f}",
        f"{first:.1f}",
        f"{first / build:.2f}",
        f"{same:.1f}",
        f"{same / first:.3f}",
        f"{edited:.1f}",
        f"{edited / first:.3f}",
        f"{woven['edited']['changed']:,}",
        f"{woven['first']['placeless']:,}",
        f"{result['load_average_before'][0]:.1f}",
        *origin(result),
    ]


@click.command(NAME)
@click.option("--corpus", type=click.Path(path_type=Path), required=True, help="Folder or file of articles.")
@click.option(
    "--pages", type=click.IntRange(min=20), default=10_000, show_default=True, help="Pages of the site."
)
@click.option("--seed", default=0, show_default=True, help="Seed of the choice of articles.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(corpus: Path, pages: int, seed: int, out: Path) -> None:
    """Write lists into pages made from a corpus, again, and after ten edits; compare with the build alone.

    Seconds are those of the processor, of all threads.
    """
    found = open_corpus(corpus)
    result = measure(found, n_pages=pages, seed=seed)
    path = write_result(out, result, found.name)
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
