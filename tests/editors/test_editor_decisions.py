"""Decisions at the desk: any sequence of them, with undos in any order, leaves the rules made from scratch."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.editors import (
    Block,
    EditorRules,
    Pin,
    check_revision,
    decided,
    read_editor_rules,
    revision_of,
    rules_as_table,
    rules_as_yaml,
    undone,
    withdrawn,
)
from recommender.errors import ConflictError, InputError

FILE = EditorRules(
    (
        Pin("a", "b", source="e.yaml", line=2),
        Pin("a", "c", source="e.yaml", line=3),
        Pin("b", "d", 2, "e.yaml", 4),
    ),
    (Block("e", "a", source="e.yaml", line=6), Block("f", source="e.yaml", line=7)),
)
CODE = EditorRules((Pin("a", "b"), Pin("a", "c"), Pin("a", "d")), (Block("e", "a"),))
IDS = st.sampled_from("abcdef")
RULES = st.one_of(
    st.builds(lambda on, show, at: (Pin, on, show, at), IDS, IDS, st.one_of(st.none(), st.integers(1, 3))),
    st.builds(lambda on, hide, pair: (Block, hide, on, pair), IDS, IDS, st.booleans()),
    st.builds(lambda hide: (Block, hide), IDS),
).filter(lambda made: len(set(made[1:3])) == len(made[1:3]))


def moment(number):
    return f"2026-11-27T10:{number // 60:02}:{number % 60:02}.000000Z"


def full(rules):
    """A rule with everything that comparisons leave out."""
    return rules.to_dict() | {"log": None}


@given(st.sampled_from([EditorRules(), FILE, CODE]), st.data())
@settings(deadline=None, max_examples=40)
def test_undoing_every_decision_in_any_order_that_is_allowed_restores_the_rules(before, data):
    rules, states = before, {0: full(before)}
    for number in range(1, data.draw(st.integers(1, 12)) + 1):
        kind = data.draw(st.sampled_from(["decide", "withdraw", "undo"]))
        after = None
        try:
            if kind == "undo":
                wanted = data.draw(st.integers(1, max(1, revision_of(rules))))
                after = undone(rules, wanted, by="Ana", at=moment(number))
            else:
                make, *values = data.draw(RULES)
                change = decided if kind == "decide" else withdrawn
                after = change(rules, make(*values), by="Ana", at=moment(number))
        except ConflictError:
            continue
        if after is None or after is rules:
            continue
        again = undone(after, revision_of(after), by="Bo", at=moment(100 + number))
        assert full(again) == full(rules), "the latest decision is undone exactly"
        assert again.decided == rules.decided
        rules = after
        states[revision_of(rules)] = full(rules)
        assert EditorRules.from_dict(rules.to_dict()).to_dict() == rules.to_dict()
    for number in range(revision_of(rules), 0, -1):  # back to the beginning, one after the other
        rules = undone(rules, number, by="Cy", at=moment(200 + number))
        assert full(rules) == states[number - 1]
    assert rules == before


@given(st.lists(RULES, min_size=1, max_size=6, unique_by=lambda made: frozenset(made[1:3])), st.data())
@settings(deadline=None, max_examples=40)
def test_decisions_undone_in_any_order_leave_the_rules_of_those_that_stay(made, data):
    rules, kept = EditorRules(), {}
    for number, (make, *values) in enumerate(made, 1):
        try:
            rules = decided(rules, make(*values), by="Ana", at=moment(number))
        except ConflictError:
            continue
        kept[revision_of(rules)] = make(*values), moment(number)
    for number in data.draw(st.permutations(sorted(kept))):
        rules = undone(rules, number, by="Bo", at=moment(500 + number))
        del kept[number]
        scratch = EditorRules()
        for rule, at in kept.values():
            scratch = decided(scratch, rule, by="Ana", at=at)
        assert full(rules) == full(scratch)


def test_a_rule_of_the_desk_stands_above_that_of_a_file_and_uncovers_it_again():
    pinned = decided(FILE, Pin("a", "e", 1), by="Ana", at=moment(1))
    assert [(each.source, each.level) for each in pinned.by_strength()][:2] == [("desk", 0), ("e.yaml", 1)]
    assert withdrawn(pinned, Pin("a", "e"), by="Bo", at=moment(2)) == FILE
    assert pinned.given == FILE
    assert FILE.with_given(CODE) == CODE
    assert pinned.with_given(CODE).decided == pinned.decided
    assert pinned.with_given(CODE).given == CODE


def test_rules_of_the_desk_that_contradict_each_other_are_refused_and_named():
    rules = decided(EditorRules(), Pin("a", "b", 1), by="Ana", at=moment(1))
    with pytest.raises(ConflictError, match="both pinned at position 1 on 'a'"):
        decided(rules, Pin("a", "c", 1), by="Bo", at=moment(2))
    with pytest.raises(ConflictError, match="blocked everywhere"):
        decided(rules, Block("b"), by="Bo", at=moment(2))
    moved = decided(rules, Pin("a", "b", 4), by="Bo", at=moment(2))
    assert [(pin.position, pin.by) for pin in moved.pins] == [(4, "Bo")]
    blocked = decided(moved, Block("b", "a"), by="Cy", at=moment(3))
    assert (blocked.pins, [each.by for each in blocked.blocks]) == ((), ["Cy"])
    with pytest.raises(ConflictError, match="Cy has changed this rule since"):
        undone(blocked, 1, by="Bo", at=moment(4))
    with pytest.raises(ConflictError, match="not among the latest"):
        undone(blocked, 9, by="Bo", at=moment(4))
    with pytest.raises(InputError, match="give a name"):
        decided(blocked, Block("z"), by=" ", at=moment(4))
    assert decided(blocked, Block("b", "a"), by="Di", at=moment(5)) is blocked
    assert withdrawn(blocked, Block("x"), by="Di", at=moment(5)) is None


def test_a_revision_counts_for_the_articles_that_changed_since():
    rules = decided(EditorRules(), Pin("a", "b"), by="Ana", at=moment(1))
    rules = decided(rules, Block("c", "d"), by="Bo", at=moment(2))
    for seen, article_id in ((2, "a"), (1, "a"), (None, "c"), (0, "e")):
        check_revision(rules, article_id, seen)
    for seen, article_id, words in (
        (0, "a", "Ana has changed"),
        (1, "d", "Bo has changed"),
        (3, "a", "revision 3"),
    ):
        with pytest.raises(ConflictError, match=words):
            check_revision(rules, article_id, seen)


def test_the_log_keeps_the_latest_and_numbers_go_on():
    rules = EditorRules()
    for number in range(1, 206):
        rules = decided(rules, Pin("a", "b", 1 + number % 100), by="Ana", at=moment(number))
    assert (len(rules.log), rules.log[0].number, revision_of(rules)) == (200, 6, 205)
    with pytest.raises(ConflictError, match="revision 3"):
        check_revision(rules, "z", 3)


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=8).filter(
    lambda text: text.strip() == text and text.isprintable() and not text.startswith("#")
)


@given(st.sets(TEXT, min_size=4, max_size=4), TEXT)
@settings(deadline=None, max_examples=30)
def test_rules_are_written_to_files_that_give_them_back_with_who_and_when(tmp_path_factory, names, by):
    a, b, c, d = sorted(names)
    rules = EditorRules((Pin(a, b, 2), Pin(a, d)), (Block(c, a), Block(c, d, pair=True)))
    rules = decided(rules, Block(b, a), by=by, at=moment(1))
    rules = decided(rules, Block(d), by=by, at=moment(2))
    wanted = EditorRules((), (Block(b, a), Block(d), Block(c, a), Block(c, d, pair=True)))
    for suffix, text in ((".yaml", rules_as_yaml(rules)), (".csv", rules_as_table(rules))):
        path = tmp_path_factory.getbasetemp() / f"written{suffix}"
        path.write_text(text, encoding="utf-8")
        read = read_editor_rules(path)
        assert read == wanted
        assert [(each.by, each.at) for each in read.blocks[:2]] == [(by, moment(1)), (by, moment(2))]
