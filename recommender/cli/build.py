"""`recommender build`: articles in, an artifact with all lists out."""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.cli.options import command_line, example, json_option, progress_options
from recommender.cli.reading import counted_line, left_out_lines, reading_of, reading_options, verbose_option
from recommender.cli.rules import editors_of, policy_of, policy_options
from recommender.cli.terminal import Bars, plural, print_json, print_lines, say
from recommender.errors import ArtifactError, InputError

if TYPE_CHECKING:
    from recommender.editors import EditorRules
    from recommender.encoders.named import DenseEncoder
    from recommender.engine import Recommender
    from recommender.readers import ArticleReader

__all__ = ["command"]

_CANDIDATES = 200


@click.command(
    "build",
    epilog=example(
        "recommender build articles.jsonl -o site.rec",
        "recommender build content -o site.rec --verbose",
        "recommender build old.csv new.jsonl.gz -o site.rec -k 5 --on-error skip",
        "zcat export.gz | recommender build - -o site.rec --format jsonl",
        "recommender build articles.jsonl -o site.rec --encoder all-MiniLM-L6-v2 --cache vectors",
        "recommender build articles.jsonl -o site.rec --editors pins.yaml --fallback section",
    ),
)
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLES...")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Artifact to write.")
@click.option("-k", type=click.IntRange(min=1), default=10, show_default=True, help="Longest list.")
@click.option("--n-jobs", type=int, default=-1, metavar="N", help="Threads.  [default: one a core]")
@click.option(
    "--encoder",
    default="lexical",
    show_default=True,
    metavar="MODEL",
    help="Words alone, or with them the vectors of a model: a folder, an installed one such as all-MiniLM-L6-v2, or "
    "a name on the hub, from where it is fetched if it is not here.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that keeps a model's vectors, so that the next build encodes only what changed.",
)
@reading_options
@click.option(
    "--on-error",
    type=click.Choice(("raise", "skip")),
    default="raise",
    show_default=True,
    help="With bad rows: list them all and write nothing, or build without them.",
)
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where --on-error skip puts bad rows.  [default: OUTPUT.rejects.jsonl]",
)
@click.option(
    "--candidates",
    type=click.IntRange(min=1),
    help=f"Articles scored exactly for each list, at least -k.  [default: {_CANDIDATES}, or -k if larger]",
)
@policy_options
@verbose_option
@json_option
@progress_options
def command(
    articles: tuple[str, ...],
    output: Path,
    k: int,
    n_jobs: int,
    encoder: str,
    cache: Path | None,
    on_error: str,
    rejects: Path | None,
    candidates: int | None,
    verbose: bool,
    as_json: bool,
    progress: bool | None,
    **options: Any,
) -> None:
    """Work out all related-article lists of a site.

    ARTICLES are files (JSON, JSON Lines, CSV, TSV, Parquet, RSS, Atom, JSON Feed, exports of WordPress and Ghost; also
    packed as .gz or .zst), folders of Markdown or HTML pages, or - for standard input. Several are read as one site.
    What is not published (drafts, redirects, tag pages and the like) is left out and counted. The lists go into an
    artifact, which is a folder; an older one at OUTPUT is replaced when the new one is complete, and anything
    else there is left alone.
    """
    from recommender.artifact.folder import check_place
    from recommender.engine import Recommender

    _check_usage(articles, n_jobs, k, candidates, on_error, rejects)
    if cache is not None and encoder == "lexical":
        raise click.UsageError("--cache keeps the vectors of a model; name one with --encoder")
    check_place(output)  # before the long work, not after it
    reading = reading_of(options)
    policy, editors = policy_of(options), editors_of(options) or _editors_kept(output)
    started = time.monotonic()
    if on_error == "skip" and rejects is None:
        rejects = output.with_name(output.name + ".rejects.jsonl")
        rejects.parent.mkdir(parents=True, exist_ok=True)  # as saving would, a little later
    reader = _reader(articles, reading, on_error, rejects)
    try:
        with reader, Bars(progress) as bars:
            site = Recommender.from_articles(
                reader,
                k=k,
                encoder=_encoder(encoder, cache, n_jobs),
                policy=policy,
                editors=editors,
                n_candidates=max(_CANDIDATES, k) if candidates is None else candidates,
                n_jobs=n_jobs,
                progress=bars,
            )
    except InputError as error:
        error.add_note(f"{output}: nothing was written" + _advice(reader))
        raise
    site = _with_indexes_kept(site, output)
    site.save(output)
    if not len(site):
        say(f"Warning: no articles in {', '.join(articles)}; the artifact is empty")
    for note in reader.notes:
        say(f"Note: {note}")
    if verbose:
        say("\n".join([*left_out_lines(reader), *map(str, reader.warnings)]) or "nothing was left out")
    if reader.n_rejected:
        say(f"Warning: {plural(reader.n_rejected, 'bad row')} left out and kept in {rejects}")
    facts = _facts(site, reader, output, time.monotonic() - started)
    facts["rejects"] = str(rejects) if reader.n_rejected else None
    if as_json:
        print_json(facts)
    else:
        print_lines(_summary(site, facts))


def _check_usage(
    articles: tuple[str, ...],
    n_jobs: int,
    k: int,
    candidates: int | None,
    on_error: str,
    rejects: Path | None,
) -> None:
    if articles.count("-") > 1:
        raise click.UsageError("standard input, '-', can be read only once")
    if n_jobs == 0:
        raise click.BadParameter("0 threads; give 1 or more, or -1 for one a core", param_hint="--n-jobs")
    if candidates is not None and candidates < k:
        raise click.BadParameter(f"{candidates} is less than -k {k}", param_hint="--candidates")
    if rejects is not None and on_error != "skip":
        raise click.UsageError("--rejects is for --on-error skip; add that")


def _encoder(model: str, cache: Path | None, n_jobs: int) -> DenseEncoder | None:
    if model == "lexical":
        return None
    from recommender.encoders.named import open_encoder

    return open_encoder(model, cache=cache, n_jobs=n_jobs)


def _reader(
    articles: tuple[str, ...], reading: dict[str, Any], on_error: str, rejects: Path | None
) -> ArticleReader:
    from recommender.readers import read_articles

    try:
        return read_articles(list(articles), on_error=on_error, rejects=rejects, **reading)
    except InputError:
        raise
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--rejects") from error


def _earlier(output: Path) -> Recommender | None:
    """Return the artifact that is replaced, if there is one that this version can read."""
    from recommender.engine import Recommender

    try:
        return Recommender.load(output)
    except ArtifactError:
        return None


def _editors_kept(output: Path) -> EditorRules | None:
    """Return the pins and blocks of the artifact that is replaced: they are editors' work, not the build's."""
    earlier = _earlier(output)
    if earlier is None or not (earlier.editors.pins or earlier.editors.blocks):
        return None
    n_pins, n_blocks = len(earlier.editors.pins), len(earlier.editors.blocks)
    say(
        f"{plural(n_pins, 'pin')} and {plural(n_blocks, 'block')} of {output} are kept; --editors gives others"
    )
    return earlier.editors


def _with_indexes_kept(site: Recommender, output: Path) -> Recommender:
    """Return the site with the indexes of the artifact that it replaces, if that was tuned on the same vectors."""
    from recommender.tuning import keep_tuning

    earlier = _earlier(output)
    if earlier is None or not (earlier.facts.get("index") or {}).get("tuned"):
        return site
    kept = keep_tuning(site, earlier)
    if kept is None:
        again = shlex.join(["recommender", "tune", str(output)])
        say(
            f"Warning: {output} was tuned on other vectors, so indexes are chosen by size; tune again: {again}"
        )
    return kept or site


def _advice(reader: ArticleReader) -> str:
    return "; --on-error skip builds without the bad rows" if reader.n_rejected else ""


def _facts(site: Recommender, reader: ArticleReader, output: Path, seconds: float) -> dict[str, Any]:
    lengths = (site.arrays["list_rows"] >= 0).sum(axis=1)
    return {
        "artifact": str(output),
        "articles": len(site),
        "lists": len(lengths),
        "k": site.facts["k"],
        "mean_length": float(lengths.mean()) if len(lengths) else 0.0,
        "empty_lists": int((lengths == 0).sum()),
        "rejected": reader.n_rejected,
        "blank_lines": reader.n_blank,
        "left_out": dict(reader.left_out),
        "warnings": reader.n_warnings,
        "seconds": round(seconds, 3),
    }


def _summary(site: Recommender, facts: dict[str, Any]) -> list[str]:
    lines = [
        f"{plural(facts['articles'], 'article')} in {facts['seconds']:.1f} s: "
        f"{plural(facts['lists'], 'list')} of up to {facts['k']}, {facts['mean_length']:.1f} long on average, "
        f"{facts['empty_lists']:,} empty",
        *counted_line(facts["left_out"]),
        f"written to {facts['artifact']}",
    ]
    if len(site):
        article_id = site.summaries.column("article_id")[0]
        lines.append(f"next: {command_line('related', facts['artifact'], article_id, options=('--why',))}")
    return lines
