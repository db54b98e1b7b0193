"""Texts in several languages that say the same, read from the sources of README.md: one dict of language to text each."""

from __future__ import annotations

import io
import json
import re
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from source_files import blob, files_of_deb, paths, show
from source_languages import Unit, language_of
from wordnets import synsets

_HEALTH = "ar bn es-LA fa fr hi id mr ms pt-BR ru sw ta tl ur zh"  # translations of TICO-19 that are read


def read_all(folder: Path) -> dict[str, list[tuple[Unit, str]]]:
    """Return the units of all sources by name, each with the document that it is from or ""."""
    readers = {
        "news": _news,
        "manual": _manual,
        "sentences": _sentences,
        "health": _health,
        "wordnets": synsets,
        "names": _names,
        "interface": _interface,
    }
    return {name: list(reader(folder)) for name, reader in readers.items()}


def _news(folder: Path) -> Iterator[tuple[Unit, str]]:
    """Read NTREX-128: the sentences of 123 newspaper articles."""
    repository = folder / "MicrosoftTranslator+NTREX"
    documents = show(repository, "DOCUMENT_IDS.tsv").split("\n")
    texts = {}
    for path in paths(repository, "NTREX-128"):
        match = re.fullmatch(r"NTREX-128/newstest2019-(?:ref|src)\.(.+)\.txt", path)
        language = language_of(match[1].replace("por-BR", "por")) if match else ""
        if match and language and match[1] not in ("por", "hrv", "bos"):  # one variant of each
            texts[language] = show(repository, path).split("\n")
    for row, document in enumerate(documents[: len(texts["en"])]):
        if document:
            yield {language: lines[row] for language, lines in texts.items()}, document


def _manual(folder: Path) -> Iterator[tuple[Unit, str]]:
    """Read the user documentation of GNOME: the paragraphs of pages that have as many in both languages."""
    pages: dict[str, dict[str, bytes]] = defaultdict(dict)
    for name, data in files_of_deb(next(folder.glob("gnome-user-docs_*.deb"))):
        match = re.fullmatch(r"\./usr/share/help/([^/]+)/(.+\.page)", name)
        if match and match[1] not in ("pt", "hr"):
            language = "en" if match[1] == "C" else language_of(match[1])
            if language:
                pages[match[2]][language] = data
    for page in sorted(pages):
        english = _paragraphs(pages[page].get("en", b""))
        units: list[Unit] = [{"en": text} for _, text in english]
        for language, data in sorted(pages[page].items()):
            found = _paragraphs(data)
            if language == "en" or len(found) != len(english):
                continue
            for unit, (kind, text), (english_kind, english_text) in zip(units, found, english, strict=True):
                if kind == english_kind and text != english_text:
                    unit[language] = text
        yield from ((unit, page) for unit in units if len(unit) > 1)


def _sentences(folder: Path) -> Iterator[tuple[Unit, str]]:
    """Read the Tatoeba test sets of LASER: a thousand sentences a language with their English."""
    repository = folder / "facebookresearch+LASER"
    by_english: dict[str, Unit] = {}
    for path in paths(repository, "data/tatoeba/v1"):
        match = re.fullmatch(r".*tatoeba\.(\w+)-eng\.\1", path)
        language = language_of(match[1]) if match else ""
        if not language or language == "en":
            continue
        lines = show(repository, path).split("\n")
        for line, english in zip(lines, show(repository, f"{path[:-3]}eng").split("\n"), strict=False):
            if line and english:
                by_english.setdefault(english, {"en": english})[language] = line
    yield from ((unit, "") for unit in by_english.values())


def _health(folder: Path) -> Iterator[tuple[Unit, str]]:
    """Read the translation memories of TICO-19, about an epidemic."""
    repository = folder / "tico-19+tico-19.github.io"
    by_english: dict[str, Unit] = {}
    for code in _HEALTH.split():
        packed = zipfile.ZipFile(io.BytesIO(blob(repository, f"data/TM/all.en-{code}.tmx.zip")))
        for _, element in ElementTree.iterparse(io.BytesIO(packed.read(packed.namelist()[0]))):
            texts = ["".join(part.itertext()) for part in element.iter("seg")] if element.tag == "tu" else []
            if len(texts) == 2:
                by_english.setdefault(texts[0], {"en": texts[0]})[language_of(code)] = texts[1]
    yield from ((unit, "") for unit in by_english.values())


def _names(folder: Path) -> Iterator[tuple[Unit, str]]:
    """Read CLDR: names of emoji with their keywords, of territories, languages and cities."""
    units: dict[str, Unit] = defaultdict(dict)
    for package in ("cldr-annotations-full", "cldr-localenames-full", "cldr-dates-full"):
        with tarfile.open(next(folder.glob(f"{package}-*.tgz"))) as packed:
            for member in packed:
                language = language_of(member.name.split("/")[-2])
                stream = packed.extractfile(member) if language and member.name.endswith(".json") else None
                if stream is not None:
                    for key, text in _cldr_names(member.name.split("/")[-1], json.load(stream)):
                        units[key][language] = text
    yield from ((unit, "") for unit in units.values() if "en" in unit)


def _cldr_names(
    file: str, data: dict[str, dict[str, dict[str, dict[str, dict[str, str]]]]]
) -> Iterator[tuple[str, str]]:
    if file == "annotations.json":
        for character, texts in data["annotations"]["annotations"].items():
            yield character, " / ".join([*texts.get("tts", []), *texts.get("default", [])])
    elif file in ("territories.json", "languages.json"):
        names = next(iter(data["main"].values()))["localeDisplayNames"]
        for code, name in next(iter(names.values())).items():
            if "-alt" not in code:
                yield file + code, str(name)
    elif file == "timeZoneNames.json":
        yield from _cities(next(iter(data["main"].values()))["dates"]["timeZoneNames"]["zone"], "zone")


def _cities(zones: dict[str, object], path: str) -> Iterator[tuple[str, str]]:
    for name, inner in zones.items():
        if name == "exemplarCity":
            yield path, str(inner)
        elif isinstance(inner, dict):
            yield from _cities(inner, f"{path}/{name}")


def _interface(folder: Path) -> Iterator[tuple[Unit, str]]:
    """Read the messages of Firefox."""
    units: dict[tuple[str, str], Unit] = defaultdict(dict)
    for deb in sorted(folder.glob("firefox-esr-l10n-*.deb")):
        code = deb.name.removeprefix("firefox-esr-l10n-").split("_")[0]
        language = language_of(code.replace("en-gb", "en"))
        if not language or code in ("hr", "bs"):
            continue
        for name, data in files_of_deb(deb):
            if name.endswith(".xpi"):
                for key, text in _messages(zipfile.ZipFile(io.BytesIO(data))):
                    units[key][language] = text
    for unit in units.values():
        if len(unit.get("en", "")) > 3 and len(unit) > 3:
            yield unit, ""


def _messages(pack: zipfile.ZipFile) -> Iterator[tuple[tuple[str, str], str]]:
    for name in pack.namelist():
        if not name.endswith((".ftl", ".properties")):
            continue
        parts = name.split("/")
        root = max((parts.index(word) for word in ("locale", "localization") if word in parts), default=0)
        file = "/".join(part for part in parts[root:] if part != parts[root + 1])  # without the language
        values: dict[str, list[str]] = defaultdict(list)
        key = ""
        for line in pack.read(name).decode("utf8", "replace").split("\n"):
            message = re.match(r"([A-Za-z0-9_.-]+)\s*=\s*(.*)", line)
            attribute = re.match(r"\s+\.([a-z-]+)\s*=\s*(.*)", line)
            if message:
                key, text = message[1], message[2]
            elif attribute and key:
                key, text = f"{key.split('|')[0]}|{attribute[1]}", attribute[2]
            else:
                text = line if line.startswith(" ") else ""
            text = re.sub(r"\{[^{}]*\}|<[^>]*>|&[a-z;]+|%\S*|\\u\w{4}|\\n", " ", text).strip()
            if key and text:
                values[key].append(text)
        yield from (((file, key), " ".join(texts)) for key, texts in values.items())


def _paragraphs(data: bytes) -> list[tuple[str, str]]:
    try:
        elements = list(ElementTree.fromstring(data).iter()) if data else []
    except ElementTree.ParseError:
        return []
    found = ((element.tag.split("}")[-1], element) for element in elements if "mallard" in element.tag)
    return [
        (kind, " ".join("".join(one.itertext()).split()))
        for kind, one in found
        if kind in ("p", "title", "desc")
    ]
