"""What is chosen, where what each index finds and takes is said by the test."""

import pytest

from recommender.index.planner import SearchPlan
from recommender.tuning.promises import Measured, Promises
from recommender.tuning.trials import ladders_for, nearest_to, try_in_turn

PROMISES = Promises(recall=0.99, p99_ms=1.0)
FLOATS, CODES = SearchPlan("floats"), SearchPlan("codes")
SKETCHES = [SearchPlan("sketches", rescored=times) for times in (5, 10)]
GRAPHS = [SearchPlan("graph", n_links=16, beam=beam) for beam in (100, 200, 400)]
LADDERS = [[FLOATS], [CODES], SKETCHES, GRAPHS]


class Said:
    """A bench that answers as told: by plan, (recall, p99) or one for picking and one for fresh queries."""

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


def test_exact_is_chosen_whenever_it_keeps_the_promise_and_nothing_else_is_tried():
    bench = Said({FLOATS: (1.0, 1.0)})
    trials, chosen = try_in_turn(LADDERS, PROMISES, bench)
    assert chosen.plan == FLOATS
    assert [trial.plan for trial in trials] == [FLOATS]
    bench = Said({FLOATS: SLOW, CODES: (1.0, 0.9)})
    assert try_in_turn(LADDERS, PROMISES, bench)[1].plan == CODES


def test_the_first_from_cheap_to_dear_that_keeps_all_is_chosen():
    bench = Said(
        {FLOATS: SLOW, CODES: SLOW, SKETCHES[0]: (0.9, 0.2), SKETCHES[1]: (0.95, 0.5)}
        | {GRAPHS[0]: (0.98, 0.1), GRAPHS[1]: (0.992, 0.2), GRAPHS[2]: (0.999, 0.4)}
    )
    trials, chosen = try_in_turn(LADDERS, PROMISES, bench)
    assert chosen.plan == GRAPHS[1]
    assert [trial.plan for trial in trials] == [FLOATS, CODES, *SKETCHES, *GRAPHS[:2]]


def test_where_the_queries_that_pick_lie_the_fresh_ones_are_believed():
    lies = ((0.999, 0.3), (0.93, 0.3))
    slow_when_fresh = ((0.999, 0.3), (0.999, 1.7))
    bench = Said(
        {FLOATS: SLOW, CODES: SLOW, SKETCHES[0]: lies, SKETCHES[1]: slow_when_fresh, GRAPHS[0]: lies}
        | {GRAPHS[1]: ((0.999, 0.3), (0.991, 0.4))}
    )
    trials, chosen = try_in_turn(LADDERS, PROMISES, bench)
    assert chosen.plan == GRAPHS[1]
    assert chosen.measured.recall == 0.991
    told = {trial.plan: set(trial.broken(PROMISES)) for trial in trials}
    assert told[SKETCHES[0]] == told[GRAPHS[0]] == {"recall"}
    assert told[SKETCHES[1]] == {"p99"}


def test_fresh_queries_are_asked_only_of_what_kept_all_before():
    bench = Said({FLOATS: SLOW, CODES: SLOW, SKETCHES[0]: (0.9, 0.2), SKETCHES[1]: (0.995, 0.5)})
    try_in_turn(LADDERS, PROMISES, bench)
    assert [plan for plan, fresh in bench.asked if fresh] == [SKETCHES[1]]


def test_a_ladder_is_left_where_it_gets_too_slow():
    bench = Said(
        {FLOATS: SLOW, CODES: SLOW, SKETCHES[0]: (0.9, 1.2), GRAPHS[0]: (0.9, 0.6), GRAPHS[1]: (0.95, 1.1)}
    )
    trials, chosen = try_in_turn(LADDERS, PROMISES, bench)
    assert chosen is None
    assert [trial.plan for trial in trials] == [FLOATS, CODES, SKETCHES[0], *GRAPHS[:2]]


def test_what_is_too_large_is_never_built():
    promises = Promises(recall=0.99, p99_ms=1.0, ram_mb=5.0)
    bench = Said({SKETCHES[0]: (0.995, 0.5)}, {FLOATS: 100.0, CODES: 25.0} | dict.fromkeys(GRAPHS, 40.0))
    trials, chosen = try_in_turn(LADDERS, promises, bench)
    assert chosen.plan == SKETCHES[0]
    assert {plan for plan, _ in bench.asked} == {SKETCHES[0]}
    assert [trial.measured for trial in trials[:2]] == [None, None]


def test_thorough_measures_everything_and_chooses_the_same():
    answers = {FLOATS: SLOW, CODES: (1.0, 0.9)} | dict.fromkeys([*SKETCHES, *GRAPHS], (0.999, 3.0))
    trials, chosen = try_in_turn(LADDERS, PROMISES, Said(answers), thorough=True)
    assert [trial.plan for trial in trials] == [plan for ladder in LADDERS for plan in ladder]
    assert chosen.plan == CODES


def test_the_nearest_to_all_promises_is_the_one_that_breaks_least():
    answers = {FLOATS: (1.0, 9.0), CODES: (1.0, 2.0), SKETCHES[0]: (0.96, 1.1), GRAPHS[0]: (0.985, 1.2)}
    trials, chosen = try_in_turn(LADDERS, PROMISES, Said(answers))
    assert chosen is None
    assert nearest_to(PROMISES, trials).plan == GRAPHS[0]  # 1.5 times the misses in 1.2 times the time: 1.8
    small = Promises(ram_mb=2.0)
    trials, _ = try_in_turn(
        LADDERS,
        small,
        Said({SKETCHES[0]: (0.5, 5.0)}, {FLOATS: 100.0, CODES: 3.0} | dict.fromkeys(GRAPHS, 9.0)),
    )
    assert nearest_to(small, trials).plan == SKETCHES[0]  # measured, and nothing else was
    trials, _ = try_in_turn([[FLOATS], [CODES]], small, Said({}, {FLOATS: 100.0, CODES: 3.0}))
    assert nearest_to(small, trials).plan == CODES


@pytest.mark.parametrize("n", [0, 1, 100, 20_000, 1_000_000])
def test_exact_comes_first_and_a_graph_never_looks_at_all(n):
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


def test_a_very_large_site_builds_one_graph():
    links = {plan.n_links for ladder in ladders_for(1_000_000, 256, 10) for plan in ladder if plan.n_links}
    assert len(links) == 1
    links = {plan.n_links for ladder in ladders_for(100_000, 256, 10) for plan in ladder if plan.n_links}
    assert len(links) == 2
