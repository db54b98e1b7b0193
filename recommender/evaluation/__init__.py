"""Evaluation of lists: judgements, click models, runs, measures with intervals, comparisons and exposure."""

from recommender.evaluation.arm_comparison import Arm, ArmComparison, compare_arms
from recommender.evaluation.arm_counts import ArmCounts, arm_counts
from recommender.evaluation.click_files import read_clicks
from recommender.evaluation.click_model import ClickModel, fit_clicks
from recommender.evaluation.clicks import ClickLog
from recommender.evaluation.comparison import Comparison, compare
from recommender.evaluation.evaluate import Evaluation, evaluate
from recommender.evaluation.exposure_metrics import Exposure, exposure
from recommender.evaluation.measures import DEFAULT_MEASURES, Measure, parse_measure, parse_measures
from recommender.evaluation.novelty import Novelty
from recommender.evaluation.qrels import Qrels, read_qrels, write_qrels
from recommender.evaluation.resampling import Interval
from recommender.evaluation.run_files import read_run, write_run
from recommender.evaluation.runs import (
    RankedList,
    Run,
    Scores,
    order_scores,
    run_from_arrays,
    run_from_lists,
)

__all__ = [
    "DEFAULT_MEASURES",
    "Arm",
    "ArmComparison",
    "ArmCounts",
    "ClickLog",
    "ClickModel",
    "Comparison",
    "Evaluation",
    "Exposure",
    "Interval",
    "Measure",
    "Novelty",
    "Qrels",
    "RankedList",
    "Run",
    "Scores",
    "arm_counts",
    "compare",
    "compare_arms",
    "evaluate",
    "exposure",
    "fit_clicks",
    "order_scores",
    "parse_measure",
    "parse_measures",
    "read_clicks",
    "read_qrels",
    "read_run",
    "run_from_arrays",
    "run_from_lists",
    "write_qrels",
    "write_run",
]
