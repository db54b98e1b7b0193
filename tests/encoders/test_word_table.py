"""A table of word vectors: what is written is read, what is damaged is refused, and translations lie near each other."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from recommender import ArtifactError
from recommender.encoders.word_keys import word_keys
from recommender.encoders.word_table import WordTable, packaged_table, write_word_table

ROOT = Path(__file__).parents[2]
WORDS = ["water", "wasser", "вода", "天气", "data", "데이터"]


def made(path: Path, order: int = 1) -> tuple[Path, np.ndarray]:
    vectors = np.random.default_rng(3).standard_normal((len(WORDS) + 1, 64)).astype(np.float32)
    keys = np.concatenate([word_keys(WORDS), word_keys(["water"], "nl")])
    write_word_table(path, keys[::order], vectors[::order], ["de", "nl"])
    return path, vectors


def cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(first, axis=1)[:, None] * np.linalg.norm(second, axis=1)
    return np.asarray(first @ second.T / lengths)


def test_a_word_has_its_vector_and_an_unknown_one_has_none(tmp_path):
    file, vectors = made(tmp_path / "a")
    table = WordTable.open(file)
    found, known = table.rows_of(["Water", "ВОДА", "天气", "qqq", "two words", ""])
    assert known.tolist() == [True, True, True, False, False, False]
    assert cosines(found[:3], vectors[[0, 2, 3]]).diagonal().min() > 0.9
    assert np.linalg.norm(found[0]) == pytest.approx(np.linalg.norm(vectors[0]), rel=0.3)
    assert not found[3:].any()
    assert (len(table), table.dimensions, table.languages) == (7, 64, ("de", "nl"))
    assert table.rows_of([])[0].shape == (0, 64)


def test_a_language_has_words_of_its_own_before_those_of_all(tmp_path):
    file, vectors = made(tmp_path / "a")
    table = WordTable.open(file)
    for language, row in (("nl", 6), ("de", 0), ("fr", 0), (None, 0), ("", 0)):
        assert cosines(table.rows_of(["water"], language)[0], vectors)[0].argmax() == row


def test_a_word_with_an_ending_has_the_vector_of_its_beginning_and_counts_less(tmp_path):
    table = WordTable.open(made(tmp_path / "a")[0])
    vectors, known = table.rows_of(["wasserhahn", "wasserhahnventile", "데이터를", "dat", "водой"])
    assert known.tolist() == [True, False, True, False, False]
    whole = table.rows_of(["wasser"])[0]
    assert np.allclose(vectors[0], whole[0] * 0.6)


def test_the_same_vectors_in_any_order_give_the_same_bytes(tmp_path):
    assert made(tmp_path / "a")[0].read_bytes() == made(tmp_path / "b", order=-1)[0].read_bytes()


@pytest.mark.parametrize("damage", ["flip", "cut", "other", "empty", "missing", "version"])
def test_a_damaged_table_is_refused(tmp_path, damage):
    file, _ = made(tmp_path / "a")
    data = bytearray(file.read_bytes())
    if damage == "flip":
        data[-100] ^= 1
    changed = {
        "cut": data[:-64],
        "other": b"PK" + data,
        "empty": b"",
        "version": data.replace(b'"version": 1', b'"version": 9'),
    }
    file.write_bytes(changed.get(damage, data))
    if damage == "missing":
        file.unlink()
    with pytest.raises(ArtifactError, match="install the package again") as refused:
        WordTable.open(file)
    assert str(file) in str(refused.value)


def test_two_vectors_of_one_word_are_refused(tmp_path):
    with pytest.raises(ValueError, match="keys must differ"):
        write_word_table(tmp_path / "a", word_keys(["a", "a"]), np.ones((2, 4), np.float32), [])
    with pytest.raises(ValueError, match="single words"):
        word_keys(["two words"])


# Written for this test: one row a meaning, in order of the languages.
LANGUAGES = ["en", "de", "ru", "ar", "hi", "zh", "ko", "el"]
MEANINGS = [
    ["water", "wasser", "вода", "ماء", "पानी", "水", "물", "νερό"],
    ["school", "schule", "школа", "مدرسة", "स्कूल", "学校", "학교", "σχολείο"],
    ["hospital", "krankenhaus", "больница", "مستشفى", "अस्पताल", "医院", "병원", "νοσοκομείο"],
    ["war", "krieg", "война", "حرب", "युद्ध", "战争", "전쟁", "πόλεμος"],
    ["password", "passwort", "пароль", "كلمة", "पासवर्ड", "密码", "암호", "κωδικό"],
    ["city", "stadt", "город", "مدينة", "शहर", "城市", "도시", "πόλη"],
    ["france", "frankreich", "франция", "فرنسا", "फ़्रांस", "法国", "프랑스", "γαλλία"],
    ["monday", "montag", "понедельник", "الاثنين", "सोमवार", "周一", "월요일", "δευτέρα"],
]


def test_words_lie_near_their_translations_in_other_scripts():
    table = WordTable.open()
    english = table.rows_of([row[0] for row in MEANINGS], "en")[0]
    right = []
    for place, language in enumerate(LANGUAGES[1:], start=1):
        vectors, known = table.rows_of([row[place] for row in MEANINGS], language)
        nearest = cosines(vectors[known], english).argmax(axis=1)
        right += (nearest == np.flatnonzero(known)).tolist()
        assert known.sum() >= 6, language
    assert np.mean(right) > 0.9


def test_the_table_is_small_and_part_of_a_wheel():
    file = packaged_table()
    assert file.stat().st_size <= 25_000_000
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {"models/multilingual/words.table": "recommender/encoders/words.table"}
    assert WordTable.open().fingerprint in (ROOT / "models/multilingual/README.md").read_text(
        encoding="utf-8"
    )
    assert len(WordTable.open().languages) >= 40
