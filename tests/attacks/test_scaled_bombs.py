"""Input that costs more than its size takes time and memory in proportion: twice the size never takes four times as much.

RECOMMENDER_BOMBS=1 reads each bomb at one, two and four times a size of 50 to 400 kB, and compares processor
times and the most memory that is in use. Without it each is read once, much smaller.
"""

from __future__ import annotations

import io
import os
import time
import warnings
from collections.abc import Callable

import pytest
from attacked_children import count_of, in_child

from recommender.errors import InputError
from recommender.readers import read_articles
from recommender.text.normalise import plain_text

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

MEASURED = bool(count_of("RECOMMENDER_BOMBS", 0))
KB = 1_000


def _rss(item: str, before: str = "") -> str:
    entry = f"<item><guid>a</guid><title>t</title>{item}</item>"
    return f'{before}<rss version="2.0"><channel><title>x</title>{entry}</channel></rss>'


def _page(text: str) -> str:
    return f"# Rain\n\n{text}"


def _many(pattern: str, n: int) -> str:
    return " ".join(pattern.format(number) for number in range(n))


BOMBS: dict[str, tuple[str, int, Callable[[int], str]]] = {
    "marks": ("jsonl", 400 * KB, lambda n: '{"id": 1, "title": "%s"}' % ("a" + "\u0300\u0323" * (n // 4))),
    "long line": ("jsonl", 400 * KB, lambda n: '{"id": 1, "title": "T", "text": "%s"}' % ("rain " * (n // 5))),
    "one word": ("jsonl", 400 * KB, lambda n: '{"id": 1, "title": "T", "text": "%s"}' % ("a" * n)),
    "deep": ("json", 400 * KB, lambda n: "[" * n),
    "toml keys": ("markdown", 100 * KB, lambda n: f"+++\n{'.'.join('a' * (n // 2))} = 1\n+++\ntext"),
    "yaml": ("markdown", 100 * KB, lambda n: f"---\na: {'[' * n}\n---\ntext"),
    "yaml keys": ("markdown", 50 * KB, lambda n: "---\n" + "\n".join(f"k{i}: 1" for i in range(n // 8)) + "\n---\ntext"),
    "columns": ("csv", 400 * KB, lambda n: "id,title," + ",".join(f"c{i}" for i in range(n // 7)) + "\n1,T\n"),
    "quotes": ("csv", 400 * KB, lambda n: 'id,title\n1,"' + '""' * (n // 2)),
    "author": ("rss", 400 * KB, lambda n: _rss(f"<author>{'a' * n}</author>")),
    "newlines": ("rss", 400 * KB, lambda n: _rss("", "\n" * n)),
    "doctype": ("rss", 400 * KB, lambda n: _rss("", f"<!DOCTYPE{' ' * n}>")),
    "attributes": ("rss", 200 * KB, lambda n: _rss(f"<b {_many('a{}=1', n // 8)}/>")),
    "categories": ("rss", 100 * KB, lambda n: _rss("<category>c</category>" * (n // 22))),
    "markup": ("rss", 200 * KB, lambda n: _rss(f"<description>{'&lt;b&gt;' * (n // 9)}</description>")),
    "tags": ("html", 200 * KB, lambda n: f"<title>T</title>{'<div>' * (n // 5)}rain"),
    "page attributes": ("html", 200 * KB, lambda n: f"<title>T</title><p {_many('a{}=1', n // 8)}>rain</p>"),
    "open tags": ("html", 200 * KB, lambda n: f"<title>T</title><p>rain {'<' * n}"),
    "comments": ("html", 200 * KB, lambda n: f"<title>T</title><p>rain {'<!--' * (n // 4)}"),
    "entities": ("html", 200 * KB, lambda n: f"<title>T</title><p>rain {'&amp' * (n // 4)}"),
    "images": ("markdown", 100 * KB, lambda n: _page("![" * (n // 2))),
    "closed images": ("markdown", 100 * KB, lambda n: _page("![" * (n // 2) + "]")),
    "links": ("markdown", 50 * KB, lambda n: _page("![a](" * (n // 5))),
    "emphasis": ("markdown", 50 * KB, lambda n: _page("_a* " * (n // 4))),
    "ticks": ("markdown", 100 * KB, lambda n: _page("".join("`" * (i % 60 + 1) + " " for i in range(n // 31)))),
    "quoted": ("markdown", 100 * KB, lambda n: _page("> " * (n // 2))),
    "lists": ("markdown", 50 * KB, lambda n: _page("- a\n " * (n // 5))),
    "templates": ("markdown", 100 * KB, lambda n: _page("{{" * (n // 2))),
    "liquid": ("markdown", 100 * KB, lambda n: _page("{% a " * (n // 5))),
    "shortcodes": ("markdown", 100 * KB, lambda n: _page("[a b=" * (n // 5))),
    "jsx": ("markdown", 100 * KB, lambda n: _page("<A b={" * (n // 6))),
    "imports": ("markdown", 100 * KB, lambda n: _page("import a from 'b'\n" * (n // 18))),
}  # fmt: skip


def _read(format: str, content: bytes) -> None:
    warnings.simplefilter("ignore")
    try:
        for article in read_articles(io.BytesIO(content), format=format, on_error="skip", keep="all"):
            plain_text(article.title)
            plain_text(article.body)
    except InputError:
        pass


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_time_in_proportion(name: str) -> None:
    format, size, of_size = BOMBS[name]
    if not MEASURED:
        assert in_child(lambda: _read(format, of_size(size // 20).encode())).how == "done"
        return
    _read(format, of_size(KB).encode())  # imports
    ended = [in_child(lambda factor=factor: _costs(format, of_size(factor * size))) for factor in (1, 2, 4)]  # type: ignore[misc]
    assert {each.how for each in ended} == {"done"}, ended
    costs = [tuple(map(float, each.text.split())) for each in ended]
    print(name, costs)
    seconds, megabytes = zip(*costs, strict=True)
    assert seconds[2] < 7 * seconds[0] + 0.3, costs
    assert seconds[0] < 10, costs
    assert megabytes[2] < 7 * megabytes[0] + 20, costs


def _costs(format: str, text: str) -> str:
    """Read a bomb in a process that has just begun, and return its seconds and the megabytes by which it grew."""
    before, content = _most_megabytes(), text.encode()
    started = time.process_time()
    _read(format, content)
    return f"{time.process_time() - started:.2f} {_most_megabytes() - before:.1f}"


def _most_megabytes() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
