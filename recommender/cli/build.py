"""`recommender build`: builds an artifact with all lists from articles."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.cli.options import (
    check_n_jobs,
    example,
    json_option,
    n_jobs_option,
    progress_options,
    take_options,
)
from recommender.cli.reading import left_out_lines, reading_of, reading_options, verbose_option
from recommender.cli.replaced_artifact import ReplacedArtifact
from recommender.cli.rules import policy_options
from recommender.cli.shards import ShardOptions, shard_options
from recommender.cli.terminal import Bars, plural, print_json, print_lines, say
from recommender.cli.update_report import change_counts, check_ids_file, write_ids
from recommender.errors import InputError
from recommender.readers.inputs.sources import NOT_UTF_8

if TYPE_CHECKING:
    from recommender.encoders.named import AnyEncoder
    from recommender.readers import ArticleReader
    from recommender.scoring.model import Model

__all__ = ["command"]

_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class _Options:
    output: Path
    k: int
    n_jobs: int
    encoder: str | None
    model: Path | None
    cache: Path | None
    on_error: str
    rejects: Path | None
    candidates: int | None
    changed: Path | None
    force: bool
    verbose: bool
    as_json: bool
    progress: bool | None

    @property
    def rejects_file(self) -> Path | None:
        """File for bad rows, with its default. None unless they are skipped."""
        if self.on_error == "skip" and self.rejects is None:
            return self.output.with_name(self.output.name + ".rejects.jsonl")
        return self.rejects

    @property
    def n_candidates(self) -> int:
        """Number of candidates per list, with its default."""
        return max(_CANDIDATES, self.k) if self.candidates is None else self.candidates


@click.command(
    "build",
    epilog=example(
        "recommender build articles.jsonl -o site.rec",
        "recommender build content -o site.rec --verbose",
        "recommender build old.csv new.jsonl.gz -o site.rec -k 5 --on-error skip",
        "zcat export.gz | recommender build - -o site.rec --format jsonl",
        "recommender build articles.jsonl -o site.rec --encoder all-MiniLM-L6-v2 --cache vectors",
        "recommender build articles.jsonl -o site.rec --cross-language",
        "recommender build articles.jsonl -o site.rec --editors pins.yaml --fallback section",
        "recommender build new.jsonl -o new.rec --model site.rec",
        "recommender build parts/*.parquet -o site.rec --shards --memory 2G",
    ),
)
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLES...")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Artifact to write.")
@click.option(
    "-k",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Maximum entries per list.",
)
@n_jobs_option
@click.option(
    "--encoder",
    metavar="MODEL",
    help="Model whose vectors are used in addition to words: a folder, an installed model such as "
    "all-MiniLM-L6-v2, or a name on the hub, which is downloaded if necessary. multilingual is the table of words "
    "in the package, for related articles in other languages and for short texts. lexical uses words only.  [default: "
    "multilingual with --cross-language on a site in several languages, else lexical]",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    metavar="OTHER",
    help="Artifact whose model is used as it is, encoder and weights included: nothing is learned from ARTICLES.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the vectors of the model. Later builds encode only changed articles.",
)
@reading_options
@click.option(
    "--on-error",
    type=click.Choice(("raise", "skip")),
    default="raise",
    show_default=True,
    help="Treatment of bad rows: list them all and write nothing, or build without them.",
)
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for the bad rows of --on-error skip.  [default: OUTPUT.rejects.jsonl]",
)
@click.option(
    "--candidates",
    type=click.IntRange(min=1),
    help=f"Articles scored exactly per list, at least -k.  [default: {_CANDIDATES}, or -k if larger]",
)
@click.option(
    "--changed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the ids of the articles whose lists are new or show something else than those of the artifact that is "
    "replaced to this file, one a line.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Replace an artifact with more than twice as many articles, if that is what is wanted.",
)
@shard_options
@policy_options
@verbose_option
@json_option
@progress_options
def command(articles: tuple[str, ...], **values: Any) -> None:
    """Build an artifact with all related-article lists of a site.

    ARTICLES are files (JSON, JSON Lines, CSV, TSV, Parquet, RSS, Atom, JSON Feed, exports of WordPress,
    Ghost, MediaWiki and Substack; also compressed as .gz or .zst), folders of pages in Markdown,
    AsciiDoc, Org mode, reStructuredText or HTML, exports of Medium and pages of DokuWiki, or - for standard
    input.
    Several are read as one site. Unpublished pages such as drafts, redirects and tag pages are left out and
    counted. The artifact is a folder. An existing artifact at OUTPUT is replaced when the new one is
    complete: its pins, blocks and policy are kept where no others are given, and what changed is counted.
    Other files are never overwritten.
    """
    from recommender.cli.build_report import build_facts, build_lines
    from recommender.engine import Recommender
    from recommender.store.artifact_folder import check_place

    options, shards = take_options(values, _Options), take_options(values, ShardOptions)
    output = options.output
    _check_usage(articles, options)
    shards.check({"cache": options.cache})
    check_place(output)  # fails before the build instead of after it
    reading, replaced = reading_of(values), ReplacedArtifact(output)
    policy, editors = replaced.policy(values), replaced.editors(values)
    started = time.monotonic()
    if options.on_error == "skip" and options.rejects is None:
        output.parent.mkdir(parents=True, exist_ok=True)  # for the file of bad rows
    bars = Bars(options.progress)
    reader = _reader(articles, reading | {"progress": bars}, options)
    settings: dict[str, Any] = {
        "k": options.k,
        "policy": policy,
        "editors": editors,
        "n_candidates": options.n_candidates,
    }
    try:
        with reader, bars:
            if shards.dry_run:
                shards.print_estimate(reader, options, _model(options), settings, bars)
                return
            if shards.wanted:
                site = shards.build(reader, options, _model(options), settings, bars)
            else:
                site = Recommender.from_articles(
                    reader,
                    encoder=_encoder(options),
                    model=_model(options),
                    n_jobs=options.n_jobs,
                    progress=bars,
                    **settings,
                )
            if not options.force:
                replaced.check_size(len(site))
    except InputError as error:
        error.add_note(f"{output}: nothing was written" + _advice(reader))
        raise
    site = replaced.with_indexes(site)
    changes = replaced.changes(site)
    site.save(output)
    shards.tidy(output)
    if options.changed is not None:
        write_ids(options.changed, site if changes is None else changes.lists)
    if not len(site):
        say(f"Warning: no articles in {', '.join(articles)}; the artifact is empty")
    _print_messages(reader, options)
    facts = build_facts(site, reader, output, time.monotonic() - started)
    facts["changes"] = None if changes is None else change_counts(changes)
    facts["deleted"] = [] if changes is None else list(changes.deleted)
    facts["rejects"] = str(options.rejects_file) if reader.n_rejected else None
    if options.as_json:
        print_json(facts)
    else:
        print_lines(build_lines(site, facts))


def _check_usage(articles: tuple[str, ...], options: _Options) -> None:
    check_ids_file(options.changed, articles)
    if articles.count("-") > 1:
        raise click.UsageError("standard input, '-', can be read only once")
    check_n_jobs(options.n_jobs)
    if options.candidates is not None and options.candidates < options.k:
        raise click.BadParameter(
            f"{options.candidates} is less than -k {options.k}", param_hint="--candidates"
        )
    if options.rejects is not None and options.on_error != "skip":
        raise click.UsageError("--rejects requires --on-error skip")
    if options.model is not None and options.encoder is not None:
        raise click.UsageError(
            "--encoder contradicts --model, which has its own encoder; give one of the two"
        )
    if options.cache is not None and options.encoder in (None, "lexical", "multilingual"):
        raise click.UsageError("--cache stores the vectors of a model; choose one with --encoder")


def _encoder(options: _Options) -> AnyEncoder | str | None:
    if options.encoder is None or options.encoder == "lexical":
        return options.encoder
    from recommender.encoders.named import open_encoder

    return open_encoder(options.encoder, cache=options.cache, n_jobs=options.n_jobs)


def _model(options: _Options) -> Model | None:
    if options.model is None:
        return None
    from recommender.store.site_folder import load_model

    return load_model(options.model)


def _reader(articles: tuple[str, ...], reading: dict[str, Any], options: _Options) -> ArticleReader:
    from recommender.readers import read_articles

    try:
        return read_articles(
            list(articles), on_error=options.on_error, rejects=options.rejects_file, **reading
        )
    except InputError:
        raise
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--rejects") from error


def _print_messages(reader: ArticleReader, options: _Options) -> None:
    for note in reader.notes:
        say(f"Note: {note}")
    if options.verbose:
        say("\n".join([*left_out_lines(reader), *_not_told(reader)]) or "nothing was left out")
    if reader.n_rejected:
        rejected = plural(reader.n_rejected, "bad row")
        say(f"Warning: {rejected} left out and saved in {options.rejects_file}")


def _not_told(reader: ArticleReader) -> list[str]:
    """Return the warnings of kinds of which the reader told the number and the first alone."""
    counts = Counter(each.what for each in reader.warnings)
    return [str(each) for each in reader.warnings if counts[each.what] > 1]


def _advice(reader: ArticleReader) -> str:
    """Return what a build can do about bad rows. Those of a file in another encoding are not bad: it is converted."""
    if not reader.n_rejected or any(each.what == NOT_UTF_8 for each in reader.problems):
        return ""
    return "; --on-error skip builds without the bad rows"
