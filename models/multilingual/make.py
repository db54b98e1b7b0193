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

from parallel_texts import read_all
from sentence_vectors import sentence_vectors
from source_languages import GLOSS, LANGUAGES, Unit
from word_vectors import Texts, fitted, read_texts, weighed

from recommender.encoders.tokenizer import count_terms, join_fields
from recommender.encoders.word_keys import ALIASES, language_seed
from recommender.encoders.word_table import write_word_table
from recommender.text.characters import fold

ROWS = 335_000
_MANY_SITES = "de es fr it ja nl pl pt ru tr zh"
_SOME_SITES = "ar bg cs da el fa fi he hi hu id ko nb ro sk sr sv th uk vi"
PRIORITY = (
    {"en": 40.0} | dict.fromkeys(_MANY_SITES.split(), 4.0) | dict.fromkeys(_SOME_SITES.split(), 1.5)
)  # how much a word counts by its language when rows are chosen, 1 by default
WORDS = 40_000  # frequent English words that are encoded by themselves
CUT = 160  # characters of a text that are encoded
TRUST = {"wordnets": 0.7, "names": 0.7, "interface": 0.7}  # of a unit of these; of others 1


def main() -> None:
    """Read the sources, encode their English, fit each language, choose the words that tell most, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path(__file__).parent / "words.table")
    parser.add_argument(
        "--hold-out", action="store_true", help="leave a third of the documents out, to measure on them"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes; the result does not depend on them")
    parser.add_argument("--languages", nargs="+", default=sorted(LANGUAGES), help="default: all")
    options = parser.parse_args()

    units, trust, held_out = read_units(options.sources)
    goals = goals_of(units, options.sources, options.jobs)
    if options.hold_out:
        trust[held_out] = 0

    def fit(language: str) -> tuple[NDArray[np.uint64], NDArray[np.float16], NDArray[np.float64]]:
        texts = texts_of(units, language)
        found = fitted(texts, goals, trust)
        found = found * np.sqrt(weighed(texts)[1])[:, None]  # so no idf is needed where the table is used
        worth = how_frequent(texts, language, options.sources) * np.linalg.norm(found, axis=1)
        worth *= PRIORITY.get(language, 1.0)
        mine = np.lexsort((texts.words, -worth))[: ROWS // 4]
        seed = language_seed(None if language == "en" else language)  # English words serve all languages
        print(
            f"{language}: {len(texts.units):,} texts, {len(texts.words):,} words", file=sys.stderr, flush=True
        )
        return texts.words[mine] ^ seed, found[mine].astype(np.float16), worth[mine]

    parts = in_processes(fit, options.languages, options.jobs)
    keys, rows, worths = zip(*parts, strict=True)
    all_keys, worth = np.concatenate(keys), np.concatenate(worths)
    chosen = np.lexsort((all_keys, -worth))[:ROWS]
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


def read_units(sources: Path) -> tuple[list[Unit], NDArray[np.float32], NDArray[np.bool_]]:
    """Return all units, how much each counts, and which are held out of a fit that is measured."""
    units: list[Unit] = []
    trust, held_out = [], []
    for source, found in read_all(sources).items():
        for unit, document in found:
            units.append(unit)
            trust.append(TRUST.get(source, 1.0))
            held_out.append(bool(document) and is_held_out(document))
    words = [word for word in dict(word_frequencies("en", sources)) if word.isalpha()][:WORDS]
    units += ({"en": word} for word in words)
    trust += [1.0] * len(words)
    held_out += [False] * len(words)
    return units, np.array(trust, dtype=np.float32), np.array(held_out)


def goals_of(units: Sequence[Unit], sources: Path, jobs: int) -> NDArray[np.float32]:
    """Return the vector that the words of each unit shall add up to: that of its English by the sentence encoder."""
    texts = [unit.get(GLOSS, unit.get("en", ""))[:CUT] for unit in units]
    different = sorted(set(texts) - {""})
    place = {text: row for row, text in enumerate(different)}
    vectors = sentence_vectors(different, sources, jobs)
    return np.stack([vectors[place[text]] if text else np.zeros(vectors.shape[1]) for text in texts]).astype(
        np.float32
    )


def is_held_out(document: str) -> bool:
    """Return whether a document is left out of a fit that is measured: every third one, by its hash."""
    return int(hashlib.sha256(document.encode()).hexdigest(), 16) % 3 == 0


def texts_of(units: Sequence[Unit], language: str) -> Texts:
    """Return the texts of a language, and of its variants after them."""
    forms = sorted({name for unit in units for name in unit if name.split("+")[0] == language})
    where = [(row, unit[form]) for form in forms for row, unit in enumerate(units) if form in unit]
    return read_texts(np.array([row for row, _ in where], dtype=np.int64), [text for _, text in where])


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


if __name__ == "__main__":
    main()
