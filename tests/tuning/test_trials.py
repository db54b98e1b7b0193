"""Tests of the choice among indexes with given recall and time."""

import pytest

from recommender.index.planner import SearchPlan
from recommender.tuning.targets import Measured, Targets
from recommender.tuning.trials import ladders_for, nearest_to, try_in_turn

TARGETS = Targets(recall=0.99, p99_ms=1.0)
FLOATS, CODES = SearchPlan("floats"), SearchPlan("codes")
SKETCHES = [SearchPlan("sketches", rescored=times) for times in (5, 10)]
GRAPHS = [SearchPlan("graph", n_links=16, beam=beam) for beam in (100, 200, 400)]
LADDERS = [[FLOATS], [CODES], SKETCHES, GRAPHS]


class FakeBench:
    """Returns given results by plan: (recall, p99), or one pair for picking and one for fresh queries."""

    def __init__(self, answers, mb=None):
        self.answers, self.megabytes, self.asked = answers, mb or {}, []

    def mb(self, plan):
        return self.megabytes.get(plan, 1.0)

    def build(self, plan):
        return 0.0

    def measure(self, plan, *, fresh):
        self.asked.append((plan, fresh))
        answer = self.answers[plan]
        recall, p99 = answer[fresh] if isinstance(answer[0], tuple) else answer
        return Measured(recall, 0.001, p99 / 2, p99, 500)


SLOW = (1.0, 5.0)


def test_an_exact_index_that_meets_the_targets_is_chosen_without_further_trials():
    bench = FakeBench({FLOATS: (1.0, 1.0)})
    trials, chosen = try_in_turn(LADDERS, TARGETS, bench)
    assert chosen.plan == FLOATS
    assert [trial.plan for trial in trials] == [FLOATS]
    bench = FakeBench({FLOATS: SLOW, CODES: (1.0, 0.9)})
    assert try_in_turn(LADDERS, TARGETS, bench)[1].plan == CODES


def test_the_first_in_order_of_cost_that_meets_all_targets_is_chosen():
    bench = FakeBench(
        {FLOATS: SLOW, CODES: SLOW, SKETCHES[0]: (0.9, 0.2), SKETCHES[1]: (0.95, 0.5)}
        | {GRAPHS[0]: (0.98, 0.1), GRAPHS[1]: (0.992, 0.2), GRAPHS[2]: (0.999, 0.4)}
    )
    trials, chosen = try_in_turn(LADDERS, TARGETS, bench)
    assert chosen.plan == GRAPHS[1]
    assert [trial.plan for trial in trials] == [FLOATS, CODES, *SKETCHES, *GRAPHS[:2]]


def test_fresh_queries_overrule_those_that_pick():
    optimistic = ((0.999, 0.3), (0.93, 0.3))
    slow_when_fresh = ((0.999, 0.3), (0.999, 1.7))
    bench = FakeBench(
        {
            FLOATS: SLOW,
            CODES: SLOW,
            SKETCHES[0]: optimistic,
            SKETCHES[1]: slow_when_fresh,
            GRAPHS[0]: optimistic,
        }
        | {GRAPHS[1]: ((0.999, 0.3), (0.991, 0.4))}
    )
    trials, chosen = try_in_turn(LADDERS, TARGETS, bench)
    assert chosen.plan == GRAPHS[1]
    assert chosen.measured.recall == 0.991
    missed = {trial.plan: set(trial.missed(TARGETS)) for trial in trials}
    assert missed[SKETCHES[0]] == missed[GRAPHS[0]] == {"recall"}
    assert missed[SKETCHES[1]] == {"p99"}


def test_fresh_queries_measure_only_indexes_that_kept_all_targets():
    bench = FakeBench({FLOATS: SLOW, CODES: SLOW, SKETCHES[0]: (0.9, 0.2), SKETCHES[1]: (0.995, 0.5)})
    try_in_turn(LADDERS, TARGETS, bench)
    assert [plan for plan, fresh in bench.asked if fresh] == [SKETCHES[1]]


def test_a_ladder_is_left_at_the_first_plan_that_is_too_slow():
    bench = FakeBench(
        {FLOATS: SLOW, CODES: SLOW, SKETCHES[0]: (0.9, 1.2), GRAPHS[0]: (0.9, 0.6), GRAPHS[1]: (0.95, 1.1)}
    )
    trials, chosen = try_in_turn(LADDERS, TARGETS, bench)
    assert chosen is None
    assert [trial.plan for trial in trials] == [FLOATS, CODES, SKETCHES[0], *GRAPHS[:2]]


def test_an_index_that_is_too_large_is_never_built():
    targets = Targets(recall=0.99, p99_ms=1.0, ram_mb=5.0)
    bench = FakeBench({SKETCHES[0]: (0.995, 0.5)}, {FLOATS: 100.0, CODES: 25.0} | dict.fromkeys(GRAPHS, 40.0))
    trials, chosen = try_in_turn(LADDERS, targets, bench)
    assert chosen.plan == SKETCHES[0]
    assert {plan for plan, _ in bench.asked} == {SKETCHES[0]}
    assert [trial.measured for trial in trials[:2]] == [None, None]


def test_thorough_measures_all_plans_and_chooses_the_same():
    answers = {FLOATS: SLOW, CODES: (1.0, 0.9)} | dict.fromkeys([*SKETCHES, *GRAPHS], (0.999, 3.0))
    trials, chosen = try_in_turn(LADDERS, TARGETS, FakeBench(answers), thorough=True)
    assert [trial.plan for trial in trials] == [plan for ladder in LADDERS for plan in ladder]
    assert chosen.plan == CODES


def test_the_trial_nearest_to_all_targets_misses_them_least():
    answers = {FLOATS: (1.0, 9.0), CODES: (1.0, 2.0), SKETCHES[0]: (0.96, 1.1), GRAPHS[0]: (0.985, 1.2)}
    trials, chosen = try_in_turn(LADDERS, TARGETS, FakeBench(answers))
    assert chosen is None
    assert nearest_to(TARGETS, trials).plan == GRAPHS[0]  # 1.5 times the misses in 1.2 times the time: 1.8
    small = Targets(ram_mb=2.0)
    trials, _ = try_in_turn(
        LADDERS,
        small,
        FakeBench({SKETCHES[0]: (0.5, 5.0)}, {FLOATS: 100.0, CODES: 3.0} | dict.fromkeys(GRAPHS, 9.0)),
    )
    assert nearest_to(small, trials).plan == SKETCHES[0]  # the only one measured
    trials, _ = try_in_turn([[FLOATS], [CODES]], small, FakeBench({}, {FLOATS: 100.0, CODES: 3.0}))
    assert nearest_to(small, trials).plan == CODES


@pytest.mark.parametrize("n", [0, 1, 100, 20_000, 1_000_000])
def test_exact_plans_come_first_and_graphs_never_scan_all_rows(n):
    ladders = ladders_for(n, 256, 400)
    plans = [plan for ladder in ladders for plan in ladder]
    assert plans[0] == FLOATS
    exact = [plan.exact for plan in plans]
    assert exact == sorted(exact, reverse=True)
    for plan in plans:
        assert plan.method != "graph" or 400 <= plan.beam < n / 16
    assert any(plan.method == "graph" for plan in plans) == (n > 6400)
    for ladder in ladders:
        assert ladder == sorted(ladder, key=lambda plan: (plan.rescored, plan.beam))


def test_only_one_graph_is_built_for_a_very_large_set():
    links = {plan.n_links for ladder in ladders_for(1_000_000, 256, 10) for plan in ladder if plan.n_links}
    assert len(links) == 1
    links = {plan.n_links for ladder in ladders_for(100_000, 256, 10) for plan in ladder if plan.n_links}
    assert len(links) == 2
