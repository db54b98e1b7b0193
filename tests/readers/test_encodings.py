"""Text encodings: by byte order mark, by content, and by label as in browsers."""

from __future__ import annotations

import pytest

from recommender.errors import Problem
from recommender.readers.inputs.encodings import decoded, decoded_chunks


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        ("café – “bar” €", "cp1252", "ISO-8859-1"),
        ("café – bar", "cp1252", "us-ascii"),
        ("caf\xe9", "latin-1", "latin1"),
        ("雨水晶片镕", "gb18030", "gb2312"),
        ("雨水", "gbk", "GBK"),
        ("日本①", "cp932", "x-sjis"),
        ("日本", "euc_jp", "euc-jp"),
        ("日本", "iso2022_jp", "iso-2022-jp"),
        ("한국똠", "cp949", "ks_c_5601-1987"),
        ("臺灣", "big5", "big5"),
        ("Спутник", "koi8-r", "koi8-r"),
        ("Спутник", "cp1251", " Windows-1251 "),
        ("őű", "iso8859-2", "latin2"),
    ],
)
def test_labels_are_decoded_as_by_browsers(text: str, codec: str, label: str) -> None:
    assert decoded(text.encode(codec), label) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("label", [None, "iso-8859-1", "nonesuch"])
def test_a_byte_order_mark_overrides_the_label(encoding: str, label: str | None) -> None:
    assert decoded("café 雨".encode(encoding), label) == "café 雨"


@pytest.mark.parametrize("label", [None, "utf-16", "iso-8859-1", "gbk", "nonesuch", ""])
def test_valid_utf8_overrides_the_label(label: str | None) -> None:
    assert decoded("café 雨".encode(), label) == "café 雨"


@pytest.mark.parametrize("label", [None, "utf-8", "nonesuch"])
def test_other_bytes_without_a_usable_label_are_a_problem(label: str | None) -> None:
    found = decoded(b"caf\xe9", label)
    assert isinstance(found, Problem)
    assert "0xe9" in found.got


@pytest.mark.parametrize(
    "label", ["windows-1252", "gbk", "shift_jis", "euc-kr", "big5", "euc-jp", "koi8-u", "iso-2022-kr"]
)
def test_every_byte_decodes_to_encodable_text(label: str) -> None:
    found = decoded(bytes(range(256)), label)
    assert isinstance(found, Problem) or found.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "label"),
    [("caf\xe9 – x", "cp1252"), ("日本語", "shift_jis"), ("雨水", "gbk"), ("café 雨", None)],
)
def test_chunks_may_end_within_a_character(text: str, label: str | None) -> None:
    content = text.encode(label or "utf-8")
    assert "".join(decoded_chunks([content[at : at + 1] for at in range(len(content))], label)) == text


def test_a_stray_byte_of_another_encoding_does_not_refuse_a_text_in_utf8() -> None:
    text = "Café in May. " * 50
    assert decoded(text.encode() + b"caf\xe9", None) == text + "caf\ufffd"
    assert isinstance(decoded(text.encode("latin-1"), None), Problem)
