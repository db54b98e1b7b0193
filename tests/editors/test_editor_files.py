"""Reading editors' files: both formats give equal rules, and every problem is reported with its line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.editors import Block, EditorRules, Pin, read_editor_rules
from recommender.errors import InputError

RULES = EditorRules(
    (Pin("a", "b", 1), Pin("a", "c"), Pin("b", "a", 100)),
    (Block("d", "a"), Block("f", "e", pair=True), Block("z")),
)
YAML = """\
# maintained by the desk
pins:
  - {on: a, show: b, position: 1}
  - on: a
    show: c      # first free position
    note: until the verdict
  - {on: b, show: a, position: 100}

blocks:
  - {on: a, hide: d}
  - {pair: [e, f]}
  - {everywhere: z}
"""
CSV = """\
action,article,other,position
pin,a,b,1
pin,a,c,
pin,b,a,100
block,a,d,
block-pair,e,f,
block-everywhere,z,,
"""
EXCEL = (
    "\ufeff# the desk's; do not sort, it's \"ours\r\n\r\nAction;Article;Other;Position;Note\r\n"
    "pin;a ;b;1;\r\n;;;;\r\nPin;a;\u00a0c;;\"until the verdict;\r\nor later\"\r\n"
    "# pin;a;x;7\r\npin;b;a;100\r\nblock;a;d\r\nBlock pair;e;f;;\r\nblock_everywhere;;z;;\r\n"
)  # fmt: skip


@pytest.fixture
def read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def read_text(text, name="rules.yaml"):
        content = text if isinstance(text, bytes) else text.encode()
        (tmp_path / name).write_bytes(content)
        return read_editor_rules(name)

    return read_text


@pytest.fixture
def problems(read):
    def problems_of(text, name="rules.yaml"):
        with pytest.raises(InputError) as caught:
            read(text, name)
        return [str(problem) for problem in caught.value.problems]

    return problems_of


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.yaml", YAML),
        ("r.YML", YAML.replace("\n", "\r\n")),
        ("r.csv", CSV),
        ("r.csv", EXCEL),
        ("r.tsv", CSV.replace(",", "\t")),
        ("r.csv", CSV.replace(",", "\t")),
    ],
)
def test_all_formats_give_equal_rules(read, name, text) -> None:
    assert read(text, name) == RULES


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("r.yaml", YAML, [3, 4, 7, 10, 11, 12]),
        ("r.csv", CSV, [2, 3, 4, 5, 6, 7]),
        ("r.csv", EXCEL, [4, 6, 9, 10, 11, 12]),
    ],
)
def test_every_rule_has_its_line(read, name, text, lines) -> None:
    rules = read(text, name)
    assert [rule.line for rule in (*rules.pins, *rules.blocks)] == lines
    assert rules.pins[0].place == f"{name}:{lines[0]}"


def test_both_files_in_the_docs_give_equal_rules(read) -> None:
    page = (Path(__file__).parents[2] / "docs" / "editors.md").read_text(encoding="utf-8")
    yaml, table = (
        re.search(rf"^```{kind}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)[1] for kind in ("yaml", "text")
    )
    rules = read(yaml)
    assert rules == read(table, "rules.csv")
    assert (len(rules.pins), len(rules.blocks)) == (2, 3)


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "---\n", "pins:\nblocks:\n", "pins: []\n"])
def test_a_file_without_rules_gives_no_rules(read, text) -> None:
    assert read(text) == EditorRules()
    if not set(text) & set(":-"):
        assert read(text, "rules.csv") == EditorRules()


@pytest.mark.parametrize(
    "written", ["007", "1_000", "2024-01-01", "no", "null", "~", "1.50", "0x1F", "1e3", "="]
)
def test_a_yaml_id_is_the_text_as_written(read, written) -> None:
    rules = read(
        f"pins: [{{on: {written}, show: b}}]\nblocks: [{{pair: [{written}, c]}}, {{everywhere: x{written}}}]"
    )
    assert rules.pins[0].on == rules.blocks[0].on == written
    assert rules.blocks[1].hide == f"x{written}"


def test_all_problems_in_yaml_are_reported_with_their_lines(problems) -> None:
    reported = problems("""\
pins:
  - {on: a, show: a}
  - {on: a, shwo: b}
  - {on: a, show: b, position: 0}
  - {on: a, show: b, position: 1.5}
  - on: a
    show:
  - a, b
  - {on: [a], show: b}
  - {on: a, show: b, on: c}
blocks:
  - {on: a}
  - {pair: [a]}
  - {pair: [a, a]}
  - {everywhere: {a: b}}
  - {on: a, hide: b, position: 1}
block: []
""")
    assert reported == [
        "rules.yaml:2: an article pinned on itself, got 'a'; name two articles",
        "rules.yaml:3: expected {on: page, show: article} and optionally a position, got the keys on, shwo",
        "rules.yaml:4: the position must be a whole number from 1 to 100, got 0; omit it for the first free position",
        "rules.yaml:5: the position must be a whole number from 1 to 100, got '1.5'; omit it for the first free position",
        "rules.yaml:6: 'show' is empty; give an article id",
        "rules.yaml:8: expected {on: page, show: article} and optionally a position, got a, b",
        "rules.yaml:9: 'on' is not an article id, got ['a']; give one id as text",
        "rules.yaml:10: duplicate key, got 'on'; keep one",
        "rules.yaml:12: expected {on: page, hide: article}, {pair: [article, article]} or {everywhere: article}, "
        "got the keys on",
        "rules.yaml:13: 'pair' must be two article ids, got ['a']; give pair: [article, article]",
        "rules.yaml:14: an article blocked on itself, got 'a'; name two articles",
        "rules.yaml:15: 'hide' is not an article id, got {'a': 'b'}; give one id as text",
        "rules.yaml:16: expected {on: page, hide: article}, {pair: [article, article]} or {everywhere: article}, "
        "got the keys on, hide, position",
        "rules.yaml:17: unknown list, got 'block'; the lists are 'pins' and 'blocks'",
    ]


def test_all_problems_in_a_table_are_reported_with_their_lines(problems) -> None:
    reported = problems(
        "action,article,other,position\n"
        "pin,a,a,1\n"
        "pni,a,b,1\n"
        "pin,a,,1\n"
        "pin,a,b,first\n"
        "pin,a,b,-1\n"
        "pin,a,b,1,x\n"
        "block,,b,\n"
        "block,a,b,2\n"
        "block-everywhere,a,b,\n"
        "block-everywhere,,,\n"
        'pin,"a"x,b,\n'
        "block-pair,c,c\n",
        "rules.csv",
    )
    assert reported == [
        "rules.csv:2: an article pinned on itself, got 'a'; name two articles",
        "rules.csv:3: unknown action, got 'pni'; the actions are pin, block, block-pair, block-everywhere",
        "rules.csv:4: no article id under 'other'",
        "rules.csv:5: the position must be a whole number from 1 to 100, got 'first'; omit it for the first free position",
        "rules.csv:6: the position must be a whole number from 1 to 100, got -1; omit it for the first free position",
        "rules.csv:7: wrong number of cells, got 5 under 4 columns",
        "rules.csv:8: no article id under 'article'",
        "rules.csv:9: a block has no position, got '2'; empty the cell",
        "rules.csv:10: block-everywhere takes one article, got 'a' and 'b'",
        "rules.csv:11: no article id under 'article'",
        "rules.csv:12: not CSV, got ',' expected after '\"'; check the quotes of this row",
        "rules.csv:13: an article blocked on itself, got 'c'; name two articles",
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("pin,a,b,1", "no column 'action', got pin, a, b, 1; begin with the line action,article,other,position"),
        ("action,article,other,positon", "unknown column, got 'positon'; begin with the line "
         "action,article,other,position; put comments in a column 'note'"),
        ("action,article,other,other", "duplicate column, got 'other'; begin with the line "
         "action,article,other,position"),
    ],
)  # fmt: skip
def test_an_invalid_header_is_reported_once(problems, header, expected) -> None:
    assert problems(f"{header}\npin,a,b,1\n", "rules.csv") == [f"rules.csv:1: {expected}"]


def test_contradictions_are_reported_with_both_locations(problems) -> None:
    reported = problems("""\
blocks:
  - {on: a, hide: b}
  - {pair: [c, d]}
  - {everywhere: z}
  - {on: b, hide: a}
pins:
  - {on: a, show: b}
  - {on: d, show: c}
  - {on: d, show: z}
  - {on: e, show: f, position: 2}
  - {on: e, show: g, position: 2}
  - {on: e, show: f, position: 3}
  - {on: e, show: g, position: 2}
  - {on: z, show: d}
""")
    assert reported == [
        "rules.yaml:7: 'b' is pinned on 'a' and blocked there, first at rules.yaml:2; keep one of the two",
        "rules.yaml:8: 'c' is pinned on 'd' and blocked there, first at rules.yaml:3; keep one of the two",
        "rules.yaml:9: 'z' is pinned on 'd' and blocked everywhere, first at rules.yaml:4; keep one of the two",
        "rules.yaml:11: 'f' and 'g' are both pinned at position 2 on 'e', first at rules.yaml:10; keep one of the two",
        "rules.yaml:12: 'f' is pinned on 'e' twice, at position 2 and position 3, first at rules.yaml:10; "
        "keep one of the two",
    ]


def test_a_contradiction_is_found_among_invalid_rows_in_either_order(problems) -> None:
    reported = problems("action,article,other\npin,a,b\nnip,a,b\nblock,a,b\n", "rules.csv")
    assert reported[0].startswith("rules.csv:3: unknown action")
    assert reported[1:] == [
        "rules.csv:4: 'b' is pinned on 'a' and blocked there, first at rules.csv:2; keep one of the two"
    ]


def test_more_pins_than_positions_are_reported(problems) -> None:
    rows = "".join(f"pin,a,b{number}\n" for number in range(101))
    assert problems(f"action,article,other\n{rows}", "rules.csv") == [
        "rules.csv:102: more than 100 articles pinned on 'a', got 101; remove some of the pins"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pins: [{on: a, show: b}\nblocks: []\n", "rules.yaml:2: not YAML"),
        ("pins: []\n---\npins: []\n", "rules.yaml:3: more than one document"),
        ("pins:\n- &x {on: a, show: b}\n- *x\n", "rules.yaml:3: the alias *x is not allowed"),
        ("pins:\n- !!python/object:os.system {on: a}\n", "rules.yaml:2: the tag tag:yaml.org,2002:python/object:os"),
        ("pins:\n- {on: !mine a, show: b}\n", "rules.yaml:2: the tag !mine is not allowed"),
        ("[" * 500, "rules.yaml:1: nested deeper than 20"),
        ("[" * 100_000, "rules.yaml:1: "),
        ("- {on: a, show: b}\n", "rules.yaml:1: expected the lists 'pins' and 'blocks', got a list"),
        ("pins: {on: a, show: b}\n", "rules.yaml:1: 'pins' is not a list, got a mapping"),
        ("pins: []\npins: []\n", "rules.yaml:1: duplicate key, got 'pins'"),
        ("? [a]\n: b\n", "rules.yaml:2: unknown list, got 'a list'"),
        ('pins: [{on: "a\\tb", show: "\\ud800"}]\n', "rules.yaml:1: "),
        ("pins: [{on: a, show: b}] # caf\xe9".encode("latin-1"), "rules.yaml:1: not UTF-8, got byte 0xe9"),
        ("pins: []".encode("utf-16"), "rules.yaml:1: not UTF-8, got UTF-16; save it as CSV UTF-8"),
    ],
)  # fmt: skip
def test_invalid_files_are_rejected(problems, text, expected) -> None:
    assert problems(text)[0].startswith(expected)


def test_an_unreadable_file_is_reported(tmp_path, problems) -> None:
    assert problems("", "rules.json") == ["rules.json: expected a .yaml, .yml, .csv or .tsv file; rename it"]
    for name in ("none.yaml", "folder.csv"):
        (tmp_path / "folder.csv").mkdir(exist_ok=True)
        with pytest.raises(InputError, match=f"{name}: cannot be read, got"):
            read_editor_rules(tmp_path / name)


ids = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=5)
two = st.tuples(ids, ids).filter(lambda pair: pair[0] != pair[1])


@given(
    st.lists(two, max_size=5), st.lists(st.tuples(two, st.booleans()), max_size=5), st.lists(ids, max_size=3)
)
def test_rules_survive_json_with_locations_and_levels(pins, blocks, hidden) -> None:
    rules = EditorRules(
        tuple(
            Pin(*pair, position=number, source="f.csv", line=number) for number, pair in enumerate(pins, 1)
        ),
        tuple(Block(hide, on, pair=pair) for (on, hide), pair in blocks) + tuple(map(Block, hidden)),
    )
    merged = rules.merged(rules)
    back = EditorRules.from_dict(json.loads(json.dumps(merged.to_dict())))
    assert back == merged
    assert [pin.place for pin in back.pins] == [pin.place for pin in merged.pins]
    assert [pin.level for pin in back.pins] == [0] * len(pins) + [int(bool(pins or blocks or hidden))] * len(
        pins
    )


@pytest.mark.parametrize(
    "values",
    [None, [], {}, {"pins": []}, {"pins": [{"on": "a"}], "blocks": []}, {"pins": [], "blocks": [{"hide": 7}]},
     {"pins": [{"on": "a", "show": "b", "code": 1}], "blocks": []},
     {"pins": [{"on": "a", "show": "b", "level": "x"}], "blocks": []},
     {"pins": [{"on": "a", "show": "b", "position": True}], "blocks": []}],
)  # fmt: skip
def test_invalid_json_is_rejected(values) -> None:
    with pytest.raises(InputError):
        EditorRules.from_dict(values)
