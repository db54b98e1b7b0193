"""Malformed settings, policies, rules, judgements and changes are an error of ours, and never a traceback or a hang.

RECOMMENDER_MALFORMED=10000 sets the number of inputs of each kind.
"""

from __future__ import annotations

import random
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from attacked_children import count_of
from malformed import MUTATIONS

from recommender.cli.group import COMMANDS, main
from recommender.cli.settings_file import check_tables, read_settings, settings_of
from recommender.editors import read_editor_rules
from recommender.errors import RecommenderError
from recommender.evaluation import read_clicks, read_qrels, read_run
from recommender.readers import read_articles
from recommender.rules.policy_file import read_policy

N_INPUTS = count_of("RECOMMENDER_MALFORMED", 60)
SLOWEST = 20.0  # seconds of the processor; exceeded only by a hang

SETTINGS = """
[build]
k = 5
on-error = "skip"
min-score = 0.2
encoder = "lexical"

[export]
format = "jsonl"
"""
POLICY = """
floor: 0.4
copies: sections
copy_sections: [news, "local"]
same: [author]
where: {section: [news, sport]}
diversity: 0.2
published_after: 2026-01-01
half_lives: {news: 3, guides: 400}
"""
RULES = """
pins:
  - {on: rain, show: sun, position: 1, by: ann, at: "2026-05-01T10:00:00Z"}
  - on: rain
    show: wind
blocks:
  - everywhere: hail
  - pair: [rain, snow]
  - {on: rain, hide: fog}
"""
TABLE = "action,article,other,position,by,at\npin,rain,sun,1,ann,2026-05-01\nblock,rain,fog,,,\nblock-everywhere,hail,,,,\n"
RUN = "rain Q0 sun 1 0.9 x\nrain Q0 wind 2 0.8 x\nsun Q0 rain 1 0.7 x\n"
CLICKS = "query,shown,position,clicked\nrain,sun,1,1\nrain,wind,2,0\nsun,rain,1,0\n"
MDX = """---
id: rain
title: Rain
date: 2026-05-01
tags: [weather, roads]
---
import Map from './map'
export const meta = {title: "Rain"}

# Rain

<Map place="valley" zoom={3} />

It rained {meta.title} on the **valley** road. ![map](map.png)
"""


def _settings(file: Path) -> None:
    source, tables = read_settings(file)
    check_tables(tables, COMMANDS, source)
    context = main.make_context("recommender", ["build", "x"], resilient_parsing=True)
    for name in ("build", "export"):
        command = main.get_command(context, name)
        assert command is not None
        settings_of(command, tables.get(name, {}), source)


def _mdx(file: Path) -> None:
    list(read_articles(file.parent, format="markdown", on_error="skip", keep="all"))


KINDS: dict[str, tuple[str, str, Callable[[Path], object]]] = {
    "settings": ("recommender.toml", SETTINGS, _settings),
    "pyproject": ("pyproject.toml", SETTINGS.replace("[", "[tool.recommender."), _settings),
    "policy": ("policy.yaml", POLICY, read_policy),
    "rules as yaml": ("rules.yaml", RULES, read_editor_rules),
    "rules as csv": ("rules.csv", TABLE, read_editor_rules),
    "judgements": ("qrels.tsv", "rain 0 sun 1\nrain 0 wind 2\n", read_qrels),
    "run": ("run.tsv", RUN, read_run),
    "clicks": ("clicks.csv", CLICKS, read_clicks),
    "mdx": ("pages/rain.mdx", MDX, _mdx),
}


@pytest.mark.parametrize("kind", KINDS)
def test_malformed_settings_are_an_error(tmp_path: Path, kind: str) -> None:
    name, text, read = KINDS[kind]
    file, rng, refused = tmp_path / name, random.Random(kind), 0
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    warnings.simplefilter("ignore")
    read(file)
    for number in range(N_INPUTS):
        content = text.encode()
        for _ in range(rng.choice((1, 1, 2, 5))):
            content = rng.choice(MUTATIONS)(content, rng)
        file.write_bytes(content)
        started = time.process_time()
        try:
            read(file)
        except RecommenderError:
            refused += 1
        except Exception as error:
            raise AssertionError(f"input {number}: {content!r}") from error
        assert time.process_time() - started < SLOWEST, f"input {number}: {content!r}"
    assert refused or kind == "mdx"
