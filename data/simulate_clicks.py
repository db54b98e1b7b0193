"""Write `sample/clicks.csv.gz`: what readers who never were clicked on the sample site.

`python data/simulate_clicks.py`. The same file each time: the readers' chance is seeded, and how they choose stands below.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

SAMPLE = Path(__file__).parent / "sample"
CLICKS = SAMPLE / "clicks.csv.gz"

EXAMINED = (1.0, 0.7, 0.5, 0.4, 0.35)  # chance that a reader looks at an entry, by position
CLICKED = {0: 0.02, 1: 0.1, 2: 0.3}  # chance that an entry looked at is clicked, by its grade in qrels.tsv
STRANGERS = 3  # unrelated stories among those that a list is drawn from
VERSIONS = 4  # times that the lists were built anew, in another order
VIEWS = 6  # of each page under each version
ABSENT = 10  # every so many-th page has no readers


def pages() -> dict[str, dict[str, int]]:
    """Return for each page the stories its lists are drawn from, with their grades."""
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in (SAMPLE / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, _, shown, grade = line.split("\t")
        grades[query][shown] = int(grade)
    return dict(sorted(grades.items()))


def rows(seed: int = 0) -> Iterator[tuple[str, str, int, int]]:
    """Yield query, shown, position and clicked, one row an impression."""
    chance = Random(seed).random  # noqa: S311 - simulated readers, no secrets
    lines = (SAMPLE / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    stories = [json.loads(line)["id"] for line in lines]
    for number, (query, grades) in enumerate(pages().items()):
        if number % ABSENT == ABSENT - 1:
            continue
        strangers = {stories[int(chance() * len(stories))]: 0 for _ in range(STRANGERS)}
        candidates = {**strangers, **grades}
        candidates.pop(query, None)
        for _ in range(VERSIONS):
            # better ones tend to stand higher, and not always
            place = {story: grade + 2 * chance() for story, grade in candidates.items()}
            shown = sorted(place, key=lambda story: (-place[story], story))[: len(EXAMINED)]
            for _ in range(VIEWS):
                for position, (story, examined) in enumerate(zip(shown, EXAMINED, strict=False), start=1):
                    yield query, story, position, int(chance() < examined * CLICKED[candidates[story]])


if __name__ == "__main__":
    text = "query,shown,position,clicked\n" + "".join(",".join(map(str, row)) + "\n" for row in rows())
    CLICKS.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{CLICKS}: {text.count(chr(10)) - 1:,} impressions, {CLICKS.stat().st_size:,} bytes")
