"""`recommender inspect`: shows the contents of an artifact and statistics of its lists."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from math import exp
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from recommender.cli.drift_advice import drift_text
from recommender.cli.health import health, health_rows
from recommender.cli.inspected_article import article_json, article_lines
from recommender.cli.lists import row_of, summary_json
from recommender.cli.options import artifact_argument, example, json_option
from recommender.cli.terminal import counted, plural, print_json, print_lines, table
from recommender.cli.translated import translated, translated_text
from recommender.engine import Recommender
from recommender.listing import NEVER, never_listed_because
from recommender.rules.expiry import clock
from recommender.store.layout import group_sizes, site_parts
from recommender.store.site_store import SiteStore

__all__ = ["command"]

_MOST_SHOWN = 10
_LISTED = 20  # sections, languages and boilerplate segments in the text output
_UNITS = {"time": "days apart: ", "tags": "cosine: ", "title": "cosine of spelling: "}


@click.command(
    "inspect",
    epilog=example(
        "recommender inspect site.rec",
        "recommender inspect site.rec some-article-id",
        "recommender inspect site.rec --verify --json",
    ),
)
@artifact_argument
@click.argument("article_id", metavar="[ID]", required=False)
@click.option(
    "--verify",
    is_flag=True,
    help="Read everything and compare every file and every update with its checksum.",
)
@json_option
def command(artifact: Path, article_id: str | None, verify: bool, as_json: bool) -> None:
    """Show the contents of an artifact, or its data on the article ID."""
    if verify:
        SiteStore(artifact).verify()
    site = Recommender.load(artifact)
    if article_id is not None:
        row = row_of(site, article_id)
        if as_json:
            print_json(article_json(site, row))
        else:
            print_lines(article_lines(site, row))
        return
    facts = {"artifact": str(artifact), "verified": verify, **_stored(site, artifact), **_site(site)}
    if as_json:
        print_json(facts)
    else:
        print_lines(_site_lines(facts))


def _stored(site: Recommender, artifact: Path) -> dict[str, Any]:
    store = SiteStore(artifact)
    _, size = store.sizes(store.open())
    return {"version": site.version, "updates": {"count": site.n_updates, "bytes": size}}


def _site(site: Recommender) -> dict[str, Any]:
    rows, built = site.lists.rows, site.site
    lengths = (rows >= 0).sum(axis=1)
    shown_in = _shown_in(rows)
    first, last = _dates(site.summaries.published)
    return {
        "articles": len(site),
        "without_usable_text": built.n_without_usable_text,
        "left_out": dict(built.left_out),
        "not_listed": _not_listed(site),
        "first_date": first,
        "last_date": last,
        "sections": _counts(site, "section"),
        "languages": _counts(site, "language"),
        "translated": translated(site),
        "list_lengths": {str(length): n for length, n in sorted(Counter(lengths.tolist()).items())},
        "orphans": int((shown_in == 0).sum()),
        "orphans_with_a_copy": int(((shown_in == 0) & _shown_by_copy(site, shown_in)).sum()),
        "most_shown": [
            {"lists": int(shown_in[row]), **summary_json(site.summaries[row])}
            for row in _most_shown(shown_in, site.collection.id_order)
        ],
        "lists": health(site),
        "drift": site.drift().to_dict(),
        "settings": _settings(site),
        "log_ratios": _ratios(site),
        "model_fingerprint": built.model.fingerprint,
        "bytes": group_sizes(site_parts(built).arrays),
        "boilerplate": [{"text": text, "articles": count} for text, count in site.boilerplate.segments],
    }


def _not_listed(site: Recommender) -> dict[str, int]:
    """Return how many articles no list may hold now, by reason."""
    until = site.collection.listed_until
    found = Counter(
        never_listed_because(site.summaries[row].metadata) for row in np.flatnonzero(until == NEVER).tolist()
    )
    expired = int(((until != NEVER) & (until <= clock(site.policy))).sum())
    return dict(sorted(found.items())) | ({"expired": expired} if expired else {})


def _shown_by_copy(site: Recommender, shown_in: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which articles are in a list themselves or by a near copy."""
    groups = np.asarray(site.collection.copies.groups)
    return np.asarray(np.bincount(groups, weights=shown_in, minlength=len(groups))[groups] > 0)


def _shown_in(rows: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    return np.bincount(rows[rows >= 0], minlength=len(rows))


def _most_shown(shown_in: NDArray[np.int64], id_order: NDArray[np.int32]) -> list[int]:
    order = np.lexsort((id_order, -shown_in))[:_MOST_SHOWN]
    return [row for row in order.tolist() if shown_in[row]]


def _dates(published: NDArray[np.int64]) -> tuple[str | None, str | None]:
    known = published[published != np.iinfo(np.int64).min]
    if not len(known):
        return None, None
    first, last = (
        datetime.fromtimestamp(int(each) / 1e6, UTC).isoformat() for each in (known.min(), known.max())
    )
    return first, last


def _counts(site: Recommender, name: str) -> dict[str, int]:
    counted = Counter(site.summaries.column(name))
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _ratios(site: Recommender) -> dict[str, list[dict[str, float | None]]]:
    """Return the bins of each attribute [from, below), with their log ratios."""
    found = {}
    for name, ratios in site.model.log_ratios.items():
        edges = site.collection.attributes[name].edges.tolist()
        logs = (round(float(each), 4) for each in ratios)
        bins = zip([0.0, *edges], [*edges, None], logs, strict=True)
        found[name] = [{"from": low, "below": high, "log_ratio": log} for low, high, log in bins]
    return found


def _settings(site: Recommender) -> dict[str, Any]:
    settings, model = site.site.settings, site.model
    return {
        "k": settings.k,
        "n_candidates": settings.n_candidates,
        "weights": asdict(model.weights),
        "encoder": {"name": "lexical", "fingerprint": model.lexical.fingerprint},
        "neural": model.neural,
        "index": {kind: str(plan) for kind, plan in site.index.plans.items()} | {"tuned": site.index.tuned},
    }


def _site_lines(facts: dict[str, Any]) -> list[str]:
    lengths = {int(length): n for length, n in facts["list_lengths"].items()}
    mean = sum(length * n for length, n in lengths.items()) / max(1, facts["articles"])
    settings = facts["settings"]
    weights = ", ".join(f"{name} {value}" for name, value in settings["weights"].items())
    checked = "  (all checksums match)" if facts["verified"] else ""
    updates = facts["updates"]
    since = f"{plural(updates['count'], 'update')} since the base, {updates['bytes'] / 1e6:,.1f} MB"
    rows = [
        ("version", f"{facts['version']}" + (f", {since}" if updates["count"] else "")),
        ("articles", f"{facts['articles']:,}, {facts['without_usable_text']:,} of them without usable text"),
        *([("left out", counted(facts["left_out"]))] if facts["left_out"] else []),
        *([("not listed", counted(facts["not_listed"]))] if facts["not_listed"] else []),
        (
            "published",
            f"{facts['first_date'][:10]} to {facts['last_date'][:10]}" if facts["first_date"] else "no dates",
        ),
        ("sections", _named(facts["sections"])),
        ("languages", _named(facts["languages"])),
        *([("translated", translated_text(facts["translated"]))] if facts["translated"]["articles"] else []),
        ("lists", f"up to {settings['k']}, {mean:.1f} long on average, {lengths.get(0, 0):,} empty"),
        ("lengths", ", ".join(f"{length}: {n:,}" for length, n in lengths.items())),
        (
            "orphans",
            f"{plural(facts['orphans'], 'article')} in no list, "
            f"{facts['orphans_with_a_copy']:,} of them represented by a near copy",
        ),
        *health_rows(facts["lists"]),
        ("drift", drift_text(facts["drift"])),
        ("encoder", f"{settings['encoder']['name']}, fingerprint {settings['encoder']['fingerprint']}"),
        ("model", _model(settings["neural"])),
        ("drafts", _searched(settings)),
        ("weights", f"{weights}; {settings['n_candidates']} candidates per list"),
        (
            "size",
            ", ".join(f"{name} {size / 1e6:,.1f} MB" for name, size in facts["bytes"].items()) + checked,
        ),
    ]
    lines = [f"{name:<10} {text}" for name, text in rows]
    lines += _ratio_lines(facts["log_ratios"])
    if facts["most_shown"]:
        lines += ["", "most shown, with the number of lists"]
        lines += table([(f"  {each['article_id']}", f"{each['lists']:,}") for each in facts["most_shown"]])
    if facts["boilerplate"]:
        segments = facts["boilerplate"]
        lines += [
            "",
            f"boilerplate removed from texts: {plural(len(segments), 'segment')}, with article counts",
        ]
        lines += [
            f"  {each['articles']:>8,}  {' '.join(each['text'].split())}" for each in segments[:_LISTED]
        ]
        lines += [f"  ... and {len(segments) - _LISTED:,} more"] if len(segments) > _LISTED else []
    return lines


def _searched(settings: dict[str, Any]) -> str:
    """Describe the nearest-neighbour search for drafts, for each kind of vectors."""
    kinds = {"dense": "word vectors"} | ({"neural": "model vectors"} if settings["neural"] else {})
    plans = "; ".join(f"{settings['index'][kind]} ({name})" for kind, name in kinds.items())
    tuned = settings["index"]["tuned"]
    return f"nearest by {plans}, {'tuned' if tuned else 'chosen by size'}"


def _model(neural: dict[str, Any] | None) -> str:
    if neural is None:
        return "none, words only"
    name = neural["settings"].get("model")
    kind = neural["name"]
    return f"{f'{name} ({kind})' if name else kind}, fingerprint {neural['fingerprint']}"


def _ratio_lines(ratios: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return one line per attribute, without bins of log ratio 0."""
    lines = []
    for name, bins in ratios.items():
        factors = [f"{_span(name, each)} ×{exp(each['log_ratio']):.2g}" for each in bins if each["log_ratio"]]
        unit = _UNITS.get(name, "") if factors else ""
        lines.append(f"  {name:<8} {unit}{', '.join(factors) or 'too little data'}")
    heading = (
        "attributes of related articles: their frequency among nearest neighbours relative to random pairs, "
        "or for dates, to pairs on the same topic; titles count by how far they are names"
    )
    return ["", heading, *lines] if lines else []


def _span(name: str, each: dict[str, Any]) -> str:
    low, high = each["from"], each["below"]
    if name == "section":
        return "same" if high is None else "different"
    if name in ("tags", "title"):
        return f"{low:.2f} to {high or 1:.2f}" if low else "none in common"
    return f"{low:g} to {high:g}" if high else f"{low:g} or more"


def _named(counts: dict[str, int]) -> str:
    named = [f"{name or '(none)'} {n:,}" for name, n in list(counts.items())[:_LISTED]]
    return ", ".join(named + ([f"and {len(counts) - _LISTED:,} more"] if len(counts) > _LISTED else []))
