"""A table of a few words in several languages, each of which stands for one concept; the interface of `WordTable`."""

from __future__ import annotations

import numpy as np

from recommender.encoders.multilingual import MultilingualEncoder
from recommender.encoders.tokenizer import count_terms, join_fields
from recommender.text.characters import fold

WORDS = (
    "rain regen 大雨 дождь", "road strasse straße 道路 дорога", "valley tal 谷の долина", "closed gesperrt 通行 закрыта",
    "open frei 開通 открыта", "choir chor хор", "prize preis приз", "silver silbernen серебро", "songs liedern песни",
    "ferry fähre паром", "islands inseln острова", "crowns kronen кроны", "bridges brücken мосты",
    "monday montag 月曜 понедельник", "dam damm плотина", "harbour hafen порт", "keeper torwart вратарь",
)  # fmt: skip


def word_hash(word: str) -> int:
    text, offsets = join_fields([("", fold(word))])
    return int(count_terms(text, offsets, title_weight=1, decay=600, pairs=False).hashes[0])


class ConceptTable:
    languages = ("de", "en", "ja", "ru")

    def __init__(self, words: tuple[str, ...] = WORDS) -> None:
        self.n_dimensions = len(words) + 1
        rows = {word_hash(word): place for place, each in enumerate(words) for word in each.split()}
        self._hashes = np.array(sorted(rows), dtype=np.uint64)
        self._concepts = np.array([rows[each] for each in sorted(rows)])

    def fingerprint(self) -> str:
        return self._hashes.tobytes().hex()[:32]

    def places(self, hashes: np.ndarray, language: str) -> np.ndarray:
        at = np.searchsorted(self._hashes, hashes)
        at[at == len(self._hashes)] = 0
        return np.where((self._hashes[at] == hashes) & (language in self.languages), at, -1)

    def vectors(self, places: np.ndarray) -> np.ndarray:
        found = np.full((len(places), self.n_dimensions), 0.1, dtype=np.float32)
        found[np.arange(len(places)), self._concepts[places]] = 1
        return found


def concept_encoder() -> MultilingualEncoder:
    return MultilingualEncoder(ConceptTable())
