"""Precedence of rules, and the notes about rules without effect."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recommender import Article
from recommender.editors import Block, EditorRules, Pin, Resolved, resolve, rules_of_metadata

ROWS = {name: row for row, name in enumerate("abcdef")}


def rules_of(*rules, source="rules.yaml"):
    placed = [
        type(rule)(
            **{**{name: getattr(rule, name) for name in rule.__slots__}, "source": source, "line": line}
        )
        for line, rule in enumerate(rules, 1)
    ]
    return EditorRules(
        tuple(rule for rule in placed if isinstance(rule, Pin)),
        tuple(rule for rule in placed if isinstance(rule, Block)),
    )


def messages(problems):
    return [str(problem) for problem in problems]


def test_rules_become_rows() -> None:
    resolved = resolve(
        rules_of(
            Pin("a", "b", 3), Pin("a", "c", 1), Pin("b", "a"),
            Block("d", "a"), Block("f", "e", pair=True), Block("c", "b"), Block("f"),
        ),
        ROWS.get,
    )  # fmt: skip
    assert resolved == Resolved(
        {0: [(1, 2), (3, 1)], 1: [(1, 0)]},
        {0: frozenset({3}), 4: frozenset({5}), 5: frozenset({4}), 1: frozenset({2})},
        frozenset({5}),
    )
    assert resolved.blocks(5, 4)
    assert resolved.blocks(0, 5)
    assert not resolved.blocks(0, 1)


def test_no_rules_resolve_to_nothing() -> None:
    assert resolve(EditorRules(), ROWS.get) == Resolved()


def test_pins_without_a_position_take_the_first_free_ones_in_order() -> None:
    resolved = resolve(rules_of(Pin("a", "b"), Pin("a", "c", 1), Pin("a", "d"), Pin("a", "e", 3)), ROWS.get)
    assert resolved.pins == {0: [(1, 2), (2, 1), (3, 4), (4, 3)]}
    assert not resolved.notes


def test_unknown_articles_are_reported_and_other_rules_apply() -> None:
    resolved = resolve(
        rules_of(
            Pin("a", "x", 1), Pin("x", "y"), Pin("a", "b"), Block("x", "a"), Block("y"), Block("c", "a")
        ),
        ROWS.get,
    )
    assert sorted(messages(resolved.unknown)) == [
        f"rules.yaml:{line}: no such article, got '{name}'; correct the id or remove the rule"
        for line, name in ((1, "x"), (2, "x"), (2, "y"), (4, "x"), (5, "y"))
    ]
    assert resolved.pins == {0: [(1, 1)]}
    assert resolved.blocked == {0: frozenset({2})}
    assert not resolved.hidden
    assert not resolved.notes


def test_the_file_overrides_metadata_both_ways() -> None:
    file = rules_of(Pin("a", "b", 2), Block("d", "c", pair=True))
    metadata = rules_of_metadata([
        Article("a", "Rain", metadata={"related_blocks": ["b", "e"]}),
        Article("c", "Rain", metadata={"related_pins": ["d"]}),
        Article("d", "Rain", metadata={"related_pins": ["e"]}),
    ])  # fmt: skip
    resolved = resolve(file.merged(metadata), ROWS.get)
    assert resolved.pins == {0: [(2, 1)], 3: [(1, 4)]}
    assert resolved.blocked == {0: frozenset({4}), 2: frozenset({3}), 3: frozenset({2})}
    assert messages(resolved.notes) == [
        "article 'a': the block of 'b' on 'a' does not apply: pinned by rules.yaml:1",
        "article 'c': the pin of 'd' on 'c' does not apply: blocked by rules.yaml:2",
    ]


def test_a_pin_overrides_a_pair_of_metadata_on_its_own_page_only() -> None:
    metadata = rules_of(Block("b", "a", pair=True), source="articles")
    resolved = resolve(rules_of(Pin("a", "b")).merged(metadata), ROWS.get)
    assert resolved.pins == {0: [(1, 1)]}
    assert resolved.blocked == {1: frozenset({0})}


def test_a_block_everywhere_overrides_every_pin_from_any_source() -> None:
    hide = rules_of_metadata([Article("b", "Rain", metadata={"related_hidden": True})])
    pin = rules_of(Pin("a", "b"), Pin("b", "c"))
    for rules in (pin.merged(hide), hide.merged(pin)):
        resolved = resolve(rules, ROWS.get)
        assert resolved.pins == {1: [(1, 2)]}
        assert resolved.hidden == {1}
        assert messages(resolved.notes) == [
            "rules.yaml:1: the pin of 'b' on 'a' does not apply: blocked everywhere by article 'b'"
        ]


def test_pinning_an_article_that_hides_itself_is_no_error() -> None:
    articles = [
        Article("a", "Rain", metadata={"related_pins": ["b", "c"]}),
        Article("b", "Rain", metadata={"related_hidden": "true"}),
    ]
    resolved = resolve(rules_of_metadata(articles), ROWS.get)
    assert resolved.pins == {0: [(1, 2)]}
    assert len(resolved.notes) == 1


def test_a_position_taken_by_the_file_moves_the_pin_of_metadata() -> None:
    metadata = rules_of(Pin("a", "c", 1), Pin("a", "b", 5), source="articles")
    resolved = resolve(rules_of(Pin("a", "b")).merged(metadata), ROWS.get)
    assert resolved.pins == {0: [(1, 1), (2, 2)]}
    assert messages(resolved.notes) == [
        "articles:1: the pin of 'c' on 'a' moves from position 1 to 2: taken by rules.yaml:1"
    ]


def test_among_contradicting_rules_made_in_code_the_block_applies() -> None:
    rules = EditorRules((Pin("a", "b"),), (Block("b", "a"),))
    resolved = resolve(rules, ROWS.get)
    assert not resolved.pins
    assert resolved.blocks(0, 1)
    assert messages(resolved.notes) == ["the pin of 'b' on 'a' does not apply: blocked by a rule"]


def test_two_ids_of_one_row_are_reported() -> None:
    resolved = resolve(rules_of(Pin("a", "b"), Block("a", "b")), {"a": 0, "b": 0}.get)
    assert sorted(messages(resolved.notes)) == [
        "rules.yaml:1: 'b' never appears in its own list",
        "rules.yaml:2: 'a' never appears in its own list",
    ]
    assert not resolved.pins
    assert not resolved.blocked


names = st.sampled_from("abcdefx")
pairs = st.tuples(names, names).filter(lambda pair: pair[0] != pair[1])
pin = st.builds(lambda pair, position: Pin(*pair, position=position), pairs, st.none() | st.integers(1, 4))
block = st.builds(lambda pair, both: Block(*pair, pair=both), pairs, st.booleans()) | st.builds(Block, names)
some_rules = st.builds(
    lambda pins, blocks: EditorRules(tuple(pins), tuple(blocks)),
    st.lists(pin, max_size=6),
    st.lists(block, max_size=6),
)


@given(some_rules, some_rules)
def test_pins_and_blocks_never_contradict_each_other_and_no_rule_is_lost(file, metadata) -> None:
    merged = file.merged(metadata)
    resolved = resolve(merged, ROWS.get)
    pinned = {(page, row) for page, pins in resolved.pins.items() for _, row in pins}
    assert not any(resolved.blocks(page, row) or page == row for page, row in pinned)
    for pins in resolved.pins.values():
        assert len({position for position, _ in pins}) == len({row for _, row in pins}) == len(pins)
        assert pins == sorted(pins)
    hidden = {rule.hide for rule in merged.blocks if rule.on is None} & ROWS.keys()
    assert resolved.hidden == {ROWS[name] for name in hidden}
    for rules, stronger in ((file, EditorRules()), (metadata, file)):
        for rule in rules.pins:
            against = {pair for other in (*rules.blocks, *stronger.blocks) for pair in other.pairs}
            pinned_before = {(other.on, other.show) for other in stronger.pins}
            if rule.on in ROWS and rule.show in ROWS and rule.show not in hidden:
                pair = ROWS[rule.on], ROWS[rule.show]
                if (rule.on, rule.show) not in against or (rule.on, rule.show) in pinned_before - {
                    pair for other in stronger.blocks for pair in other.pairs
                }:
                    assert pair in pinned
                else:
                    assert resolved.blocks(*pair)
