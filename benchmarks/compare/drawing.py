"""Style of plots. Contenders differ by colour, mark and name, and the same results give the same bytes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from benchmarks.contenders.registry import CONTENDERS
from recommender.errors import MissingExtraError

__all__ = ["draw_line", "figure", "recall_axis", "recall_place", "save", "size_axis", "time_axis"]

_OURS = ("#D55E00", "#8C2D04", "#F0A03C")  # strong, warm colours; peers have cool or grey ones
_PEERS = (
    "#4477AA", "#228833", "#66CCEE", "#AA3377", "#777777", "#332288",
    "#44AA99", "#999933", "#CC99BB", "#222222", "#88AADD", "#DDAACC", "#117755",
)  # fmt: skip
_NEAREST = 3e-4  # distance from 1 at which a recall of 1 is drawn
_MARKS = "osD^vP<>Xph*d"
_STYLE: Any = {
    "svg.hashsalt": "benchmarks",  # without it, ids in the file are random
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
}


def figure(n_panels: int, title: str) -> tuple[Any, list[Any]]:
    """Return a figure of panels side by side, and its axes.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise MissingExtraError("report --plots", "matplotlib", "bench") from error
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        drawn = Figure(figsize=(4.2 * n_panels + 1.8, 4.2), layout="constrained")
        axes = drawn.subplots(1, n_panels, squeeze=False)[0]
    drawn.suptitle(title, fontsize=10, x=0.01, horizontalalignment="left")
    return drawn, list(axes)


def draw_line(axes: Any, name: str, x: list[float], y: list[float]) -> None:
    """Draw the points of a contender in its colour and with its mark."""
    names = list(CONTENDERS)
    ours = [each for each in names if CONTENDERS[each].ours]
    peers = [each for each in names if each not in ours]
    colours, among = (_OURS, ours) if name in ours else (_PEERS, peers)
    number = among.index(name) if name in among else len(among)
    emphasis = (
        {"linewidth": 2.4, "markersize": 7, "zorder": 3}
        if name in ours
        else {"linewidth": 1.1, "markersize": 4.5}
    )
    axes.plot(
        x, y, label=name, color=colours[number % len(colours)], marker=_MARKS[number % len(_MARKS)],
        **emphasis,
    )  # fmt: skip


def time_axis(axes: Any, label: str) -> None:
    """Make an axis logarithmic, labelled at 1, 2 and 5 times every power of ten."""
    from matplotlib.ticker import LogLocator, NullLocator

    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter("{x:,.6g}")
    axes.set_ylabel(label)


def size_axis(axes: Any, sizes: list[int]) -> None:
    """Make an axis of numbers of vectors logarithmic, labelled at the measured ones."""
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{n / 1000:,.3g}k" if n < 10**6 else f"{n / 10**6:,.3g}M" for n in sizes])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("vectors")


def recall_place(recall: float) -> float:
    """Return the position of a recall on an axis on which each halving of the misses has the same length."""
    return -math.log10(max(1 - recall, _NEAREST))


def recall_axis(axes: Any, label: str) -> None:
    """Label the recalls on an axis of `recall_place`."""
    marks = {str(recall): recall_place(recall) for recall in (0.8, 0.9, 0.95, 0.98, 0.99, 0.999)}
    marks["1"] = recall_place(1)
    axes.set_xticks(list(marks.values()), list(marks))
    axes.set_xlabel(label)


def save(drawn: Any, folder: Path, name: str) -> list[Path]:
    """Write a figure as SVG and PNG with a legend beside the last panel; return the files."""
    import matplotlib as mpl

    panels = drawn.axes
    known = {
        label: line for each in panels for line, label in zip(*each.get_legend_handles_labels(), strict=True)
    }
    order = sorted(known, key=lambda label: (label not in CONTENDERS or not CONTENDERS[label].ours, label))
    drawn.legend(
        [known[label] for label in order], order, loc="outside right center", frameon=False, fontsize=8
    )
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.{kind}" for kind in ("svg", "png")]
    with mpl.rc_context(_STYLE):
        drawn.savefig(files[0], metadata={"Date": None, "Creator": None})
        drawn.savefig(files[1], dpi=150, metadata={"Software": None})
    return files
