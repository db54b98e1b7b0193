"""Input that is small and would take minutes or gigabytes without a limit takes seconds.

Each is large enough that a quadratic step would take minutes. It is read in a process of its own.
"""

import io
import os
import resource
import unicodedata
import warnings

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from recommender.errors import InputError
from recommender.readers import read_articles
from recommender.text.normalise import plain_text

SECONDS, MOST_BYTES = 20, 1_500 * 2**20
MB = 2**20

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def rss(item, before=""):
    entry = f"<item><guid>a</guid><title>t</title>{item}</item>"
    return f'{before}<rss version="2.0"><channel><title>x</title>{entry}</channel></rss>'


def parquet(**columns):
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, compression="zstd")
    return file.getvalue()


def repeated(n, text):
    return pa.DictionaryArray.from_arrays(pa.array([0] * n, pa.int32()), pa.array([text]))


ATTRIBUTES = " ".join(f"a{number}='1'" for number in range(40_000))
BOMBS = {
    "marks": lambda: ("jsonl", '{"id": 1, "title": "%s"}' % ("a" + "\u0300\u0323" * 500_000)),
    "keys": lambda: ("markdown", f"+++\n{'.'.join('a' * 250_000)} = 1\n+++\ntext"),
    "tables": lambda: ("markdown", f"+++\n[{'.'.join('a' * 250_000)}]\nb = 1\n+++\ntext"),
    "quoted keys": lambda: ("markdown", "+++\n" + '"a" . ' * 100_000 + "a = 1\n+++\ntext"),
    "columns": lambda: ("csv", ",".join(["id", "title", *(f"c{number}" for number in range(200_000))])),
    "equal columns": lambda: ("csv", "id,title" + ",c" * 200_000),
    "author": lambda: ("rss", rss(f"<author>{'a' * MB}</author>")),
    "editor": lambda: ("rss", rss("", f"<rss><channel><managingEditor>{'a.' * MB}</managingEditor></channel></rss>")),
    "newlines": lambda: ("rss", rss("", "\n" * MB)),
    "document type": lambda: ("rss", rss("", f"<!DOCTYPE{' ' * MB}>")),
    "attributes": lambda: ("rss", rss(f"<b {ATTRIBUTES}/>")),
    "attributes of a loose feed": lambda: ("rss", rss(f"</x><b {ATTRIBUTES} c=1/>")),
    "categories": lambda: ("rss", rss("".join(f"<category>{n}</category>" for n in range(12_000)))),
    "attributes of a page": lambda: ("html", f"<title>T</title><p {ATTRIBUTES}>It rained.</p>"),
    "one text in all rows": lambda: (
        "parquet", parquet(id=list(map(str, range(200))), title=["t"] * 200, text=repeated(200, "a" * MB))
    ),
    "one text in a list": lambda: (
        "parquet",
        parquet(id=["1"], title=["t"], x=pa.ListArray.from_arrays([0, 4_000], repeated(4_000, "a" * MB))),
    ),
    "many values in a row": lambda: (
        "parquet", parquet(id=["1"], title=["t"], x=pa.ListArray.from_arrays([0, 10**8], pa.nulls(10**8, pa.int8())))
    ),
    "many rows": lambda: ("parquet", parquet(id=pa.nulls(10**6, pa.string()), title=pa.nulls(10**6, pa.string()))),
    "packed": lambda: ("jsonl", zstandard.compress(b"\n" * (100 * MB))),
    "packed Parquet": lambda: ("parquet", zstandard.compress(b"PAR1" + bytes(100 * MB))),
}  # fmt: skip


def in_child(work):
    """Do something in a process that may take some seconds and bytes more. Return whether it came to an end."""
    child = os.fork()
    if not child:
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu = int(used.ru_utime + used.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu + SECONDS,) * 2)
        code = 1
        try:
            work()
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used.ru_maxrss
            code = 0 if grown * 1024 < MOST_BYTES else 3
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_seconds_and_little_memory(name):
    format, content = BOMBS[name]()
    content = content.encode() if isinstance(content, str) else content

    def read():
        warnings.simplefilter("ignore")
        try:
            for article in read_articles(io.BytesIO(content), format=format, on_error="skip", keep="all"):
                plain_text(article.title)
                plain_text(article.body)
        except InputError:
            pass

    assert in_child(read) == 0


def test_texts_of_many_marks_are_cut_and_others_are_not():
    assert plain_text("e\u0301" + "\u0323" * 100) == "\u1eb9" + "\u0323" * 28 + "\u0301"
    stacked = (
        "\u0e01\u0e34\u0e48 \u0f40\u0f71\u0f72 Z\u0351\u036b\u0343\u036a\u0302 - - - - - - - - - - - - - - -"
    )
    assert plain_text(stacked) == unicodedata.normalize("NFC", stacked)
    once = plain_text("a" + "\u0344" * 50 + "\uff9e" * 50)
    assert plain_text(once) == once


def test_repeated_texts_of_parquet_are_read_as_they_are(tmp_path):
    path = tmp_path / "articles.parquet"
    tags = pa.ListArray.from_arrays(range(0, 6_001, 2), repeated(6_000, "rain"))
    path.write_bytes(
        parquet(
            id=list(map(str, range(3_000))),
            title=["t"] * 3_000,
            text=repeated(3_000, "It rained. " * 90),
            tags=tags,
        )
    )
    articles = list(read_articles(path))
    assert [article.article_id for article in articles] == list(map(str, range(3_000)))
    assert {article.body for article in articles} == {"It rained. " * 90}
    assert all(article.metadata["tags"] == ["rain", "rain"] for article in articles)
