"""Ways to damage a file. Each takes and returns bytes."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

_ODD_BYTES = (
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xf0\x9f",
    b"\r",
    b"\n\n",
    b"\x1b[31m",
    b"&",
    b"<",
    b"]]>",
    b'"',
    b"'",
)
_ODD_TEXTS = (
    *(
        b"&nbsp;",
        b"&#0;",
        b"&#xD800;",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"<![CDATA[",
        b"-->",
        b"<!--",
        b"{{",
        b"{%",
    ),
    *(
        b"---\n",
        b"+++\n",
        b"```\n",
        b"\\ud83d",
        b"\\u0000",
        b"NaN",
        b"1e999",
        b"9" * 400,
        b"[" * 300,
        b"{" * 300,
    ),
    *(
        b"<georss:where/>",
        b"<item>",
        b"</item>",
        b"<a xmlns:b='c'>",
        b"2026-13-45",
        b"0000-00-00",
        b"-1",
        b"\xef\xbb\xbf",
    ),
    *(
        b'"@graph":',
        b"<script type='application/ld+json'>",
        b"</script>",
        b"<meta http-equiv=refresh content=0>",
    ),
)
_ODD_VALUES = (
    *(
        None,
        True,
        0,
        -1,
        1.5,
        2**70,
        "",
        " ",
        "\ud83d",
        "\x00",
        "x" * 5_000,
        [],
        {},
        [[]],
        [None],
        {"a": None},
        [1, "b", {}],
    ),
    *({"rendered": None}, {"name": ["x"]}, [{"name": {}}], {"@value": []}, "2026-13-45", "nan"),
)


def cut(content: bytes, rng: random.Random) -> bytes:
    """Cut off the end."""
    return content[: rng.randrange(len(content) + 1)]


def lose_a_part(content: bytes, rng: random.Random) -> bytes:
    """Drop up to 40 bytes."""
    start = rng.randrange(len(content) + 1)
    return content[:start] + content[start + rng.randrange(40) :]


def repeat_a_part(content: bytes, rng: random.Random) -> bytes:
    """Duplicate up to 200 bytes."""
    start = rng.randrange(len(content) + 1)
    end = start + rng.randrange(200)
    return content[:end] + content[start:]


def flip_bytes(content: bytes, rng: random.Random) -> bytes:
    """Change up to five bytes."""
    changed = bytearray(content)
    for _ in range(rng.randrange(1, 6)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def insert_something_odd(content: bytes, rng: random.Random) -> bytes:
    """Insert something between two bytes."""
    place = rng.randrange(len(content) + 1)
    return content[:place] + rng.choice(_ODD_BYTES + _ODD_TEXTS) + content[place:]


def change_a_value(content: bytes, rng: random.Random) -> bytes:
    """Change the type of one JSON value, or the text between two tags."""
    values = list(
        re.finditer(rb'(?<=: )("(?:[^"\\]|\\.){0,2000}"|\[[^\[\]]{0,500}\]|true|false|null|-?\d+)', content)
    )
    if not values:
        values = list(re.finditer(rb"(?<=>)[^<>]+(?=<)", content))
    if not values:
        return content
    value = rng.choice(values)
    return content[: value.start()] + json.dumps(rng.choice(_ODD_VALUES)).encode() + content[value.end() :]


def change_the_encoding(content: bytes, rng: random.Random) -> bytes:
    """Change the encoding."""
    text = content.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-32", "latin-1", "cp1252", "gbk", "utf-7")), "replace")


def swap_lines(content: bytes, rng: random.Random) -> bytes:
    """Reorder the lines."""
    lines = content.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut,
    lose_a_part,
    repeat_a_part,
    flip_bytes,
    insert_something_odd,
    insert_something_odd,
    change_a_value,
    change_a_value,
    change_the_encoding,
    swap_lines,
)
