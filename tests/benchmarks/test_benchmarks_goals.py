"""The goals, on figures made up so that the answer is plain."""

import pytest

from benchmarks.goals import goals


def judged(ours=None, neural=None, neural_to_ours=0.0, loss=0.0):
    """Figures of one set: relative leads over the best lexical baseline, and over the best of all."""
    against, two_stage = {}, {}
    if ours is not None:
        against["ours"] = {"best lexical": {"relative": ours}, "best of all": {"relative": -1.0}}
        two_stage["ours"] = {"loss": loss}
    if neural is not None:
        against["ours + MiniLM"] = {
            "best lexical": {"relative": 1.0},
            "best of all": {"relative": neural},
            "ours": {"relative": neural_to_ours},
        }
    return {"against": against, "two_stage": two_stage}


def test_without_torch_leads_and_deficits_are_counted_with_both_ends_of_the_margins():
    sets = [judged(ours=lead) for lead in (0.2, 0.03, 0.0299, 0.0, -0.01, -0.0101)]
    assert goals(sets)[:2] == [
        "ours: at least 3 % above the best lexical baseline on 2 of 6 (the goal is 4 of six)",
        "ours: more than 1 % below the best lexical baseline on 1 of 6 (the goal is none)",
    ]


def test_with_minilm_the_rivals_are_the_best_of_all_and_our_own_lists():
    sets = [judged(0.1, neural=0.05), judged(0.1, neural=0.04, neural_to_ours=-0.006)]
    assert goals(sets)[2:4] == [
        "ours + MiniLM: at least 5 % above the best of all baselines on 1 of 2 (the goal is 3 of six)",
        "ours + MiniLM: more than 0.5 % below ours on 1 of 2 (the goal is none)",
    ]


def test_without_minilm_nothing_is_said_of_it():
    assert not any("MiniLM" in sentence for sentence in goals([judged(ours=0.1)]))


@pytest.mark.parametrize(("loss", "counted"), [(0.005, 0), (0.0051, 1), (-0.01, 0), (None, 0)])
def test_what_scoring_candidates_only_loses_is_counted(loss, counted):
    sentence = goals([judged(ours=0.1, loss=loss)])[-1]
    assert (
        sentence
        == f"ours: more than 0.5 % lost by scoring candidates only on {counted} of 1 (the goal is none)"
    )


def test_a_set_on_which_a_baseline_has_nothing_has_no_ratio():
    sets = [judged(ours=0.1)]
    sets[0]["against"]["ours"]["best lexical"]["relative"] = None
    assert goals([*sets, judged(ours=0.1)])[0].startswith(
        "ours: at least 3 % above the best lexical baseline on 1 of 1"
    )
