"""Wordnets: the words of many languages for one meaning, and what WordNet says of it in English."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from source_files import files_of_deb, paths, show
from source_languages import GLOSS, Unit, language_of

_VOWEL_SIGNS = re.compile("[\u064b-\u0652]")  # of Arabic, which texts leave out


def wordnet(folder: Path) -> Iterator[tuple[str, list[str], str]]:
    """Read the meanings of WordNet 3.0: the name that other wordnets have for each, such as 00001740-n, words, and gloss."""
    for file, data in files_of_deb(next(folder.glob("wordnet-base_*.deb"))):
        if not file.split("/")[-1].startswith("data."):
            continue
        for line in data.decode().split("\n"):
            if re.match(r"\d{8} ", line):
                facts, gloss = line.split(" | ", 1)
                offset, _, part, count, *rest = facts.split()
                words = [re.sub(r"\(\w+\)$", "", word) for word in rest[: 2 * int(count, 16) : 2]]
                name = f"{offset}-{part.replace('s', 'a')}"
                gloss = re.sub(r';? *"[^"]*"', "", gloss).strip()  # without its examples
                yield name, [word.replace("_", " ") for word in words], gloss


def synsets(folder: Path) -> Iterator[tuple[Unit, str]]:
    """Read the words of each meaning in the Open Multilingual Wordnet and in its extension from Wiktionary.

    Meanings of WordNet have a second English text, which says what they are.
    """
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    glosses = {}
    for name, words, gloss in wordnet(folder):
        found[name]["en"] += words
        glosses[name] = f"{', '.join(words)}: {gloss}"
    repository = folder / "omwn+omw-data"
    for path in paths(repository, "wns"):
        match = re.fullmatch(r"wns/\w+/wn-(?:data|wikt|cldr|nodia)-(\w+)\.tab", path)
        language = language_of(match[1]) if match and match[1] != "srp" else ""
        if not language:
            continue
        for line in show(repository, path).split("\n"):
            fields = line.split("\t")
            if len(fields) > 2 and fields[1].endswith("lemma"):
                lemma = _VOWEL_SIGNS.sub("", fields[2].replace("_", " "))
                if lemma not in found[fields[0]][language]:
                    found[fields[0]][language].append(lemma)
    for name, lemmas in found.items():
        if "en" in lemmas:
            unit = {language: " / ".join(words) for language, words in lemmas.items()}
            if name in glosses:
                unit[GLOSS] = glosses[name]
            yield unit, ""
