"""When an update says that it is time to build again, and what `inspect` shows of drift."""

from __future__ import annotations

import json
import random
from pathlib import Path

from recommender import Article, Recommender

WORDS = ("comet", "orbit", "dust", "tail", "ice", "observatory", "lens", "night", "mirror", "dome")


def _new(file: Path, n: int) -> Path:
    source = random.Random(0)
    rows = [
        {
            "id": f"comet-{number}",
            "title": f"Comet watch {number}",
            "text": " ".join(source.choices(WORDS, k=40)),
        }
        for number in range(n)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_update_and_inspect_advise_to_build_again(invoke, tmp_path: Path) -> None:
    site = tmp_path / "site.rec"
    old = [
        Article(f"a{number:02}", f"Harbour news {number}", "Cargo cranes lift harbour news " * 9)
        for number in range(40)
    ]
    Recommender.from_articles(old).save(site)
    assert "drift      none, all articles are as they were" in invoke("inspect", site).stdout
    found = invoke("update", site, _new(tmp_path / "new.jsonl", 20))
    assert "Note: build the site again: the model does not know" in found.stderr
    assert "Note" not in found.stdout
    facts = json.loads(invoke("inspect", site, "--json").stdout)["drift"]
    assert (facts["n_added"], facts["n_edited"], facts["n_fitted"]) == (20, 0, 40)
    assert facts["advice"] in found.stderr or facts["unknown_rise"] > 0.2
    assert "20 added and 0 edited, fitted on 40; unknown terms" in invoke("inspect", site).stdout


def test_a_stream_says_it_once(invoke, tmp_path: Path) -> None:
    site = tmp_path / "site.rec"
    old = [
        Article(f"a{number:02}", f"Harbour news {number}", "Cargo cranes lift harbour news " * 9)
        for number in range(40)
    ]
    Recommender.from_articles(old).save(site)
    lines = _new(tmp_path / "new.jsonl", 1_200).read_text()  # more than one batch
    assert invoke("update", site, "-", stdin=lines).stderr.count("build the site again") == 1
