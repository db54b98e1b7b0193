"""A table of a few words in several languages, each of which stands for one concept; the interface of `WordTable`."""

from __future__ import annotations

from typing import Any

import numpy as np

from recommender.encoders.multilingual import MultilingualEncoder
from recommender.text.characters import fold

WORDS = (
    "rain regen 大雨 дождь", "road strasse straße 道路 дорога", "valley tal 谷の долина", "closed gesperrt 通行 закрыта",
    "open frei 開通 открыта", "choir chor хор", "prize preis приз", "silver silbernen серебро", "songs liedern песни",
    "ferry fähre паром", "islands inseln острова", "crowns kronen кроны", "bridges brücken мосты",
    "monday montag 月曜 понедельник", "dam damm плотина", "harbour hafen порт", "keeper torwart вратарь",
)  # fmt: skip


class ConceptTable:
    languages = ("de", "en", "ja", "ru")

    def __init__(self, words: tuple[str, ...] = WORDS) -> None:
        self.dimensions = len(words) + 1
        self.fingerprint = " ".join(words)
        self._concepts = {
            fold(word).encode(): place for place, each in enumerate(words) for word in each.split()
        }

    def find(
        self, spelling: np.ndarray, offsets: np.ndarray, language: str | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        ends = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
        words = [bytes(spelling[start:stop]) if language else b"" for start, stop in ends]
        rows = np.array([self._concepts.get(word, -1) for word in words], dtype=np.int32)
        return rows, (rows >= 0).astype(np.float32)

    def vectors(self, rows: np.ndarray) -> np.ndarray:
        found = np.full((len(rows), self.dimensions), 0.1, dtype=np.float32)
        found[np.arange(len(rows)), rows] = 1
        return found


def concept_encoder(table: ConceptTable | None = None) -> MultilingualEncoder:
    given: Any = table or ConceptTable()
    return MultilingualEncoder(given)
