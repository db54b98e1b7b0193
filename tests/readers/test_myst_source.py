"""MyST in Markdown: the text of directives and roles is read, and their keys and options are not."""

import time

import pytest

from recommender.readers.markdown.markdown_source import plain_markdown
from recommender.readers.markdown.myst_source import without_myst


def shown(text: str) -> str:
    return " ".join(plain_markdown(text)[0].split())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(top)=\n# Rain", "# Rain"),
        ("(the top/of it)=\n# Rain", "# Rain"),
        ("See {term}`Git <git>` and {term}`cells`.", "See Git and cells."),
        ("Rain {cite:p}`ann_2020` fell {footcite}`bob`, {eq}`one`.", "Rain fell , ."),
        ("See {ref}`the river <river-label>` or {ref}`river-label`.", "See the river or ."),
        ("See {doc}`../sky/wind` or {doc}`the sun <sun>`.", "See [wind](../sky/wind) or [the sun](sun)."),
        ("Call {func}`~rain.fall` or `{term}`.", "Call `rain.fall` or `{term}`."),
        ("```{note} Wet\n:class: tip\nIt {term}`rained`.\n```\nAfter", "Wet It rained. After"),
        (":::{admonition} Wet\n---\nclass: tip\n---\nIt rained.\n:::", "Wet It rained."),
        ("```{figure} a.png\n:alt: secret\n:name: x\n\nA river.\n```", "A river."),
        (":::{image} a.png\n:alt: secret\n:::\n# Rain", "# Rain"),
        ("```{toctree}\n:maxdepth: 2\nsecret\n```", ""),
        (
            "````{note}\n```{code-cell} ipython3\n:tags: [hide-input]\nsecret\n```\nRain\n````\nsun",
            "Rain sun",
        ),
        ("```{code-cell} python\n:linenos:\nx{a}`b`\n```", "```python x{a}`b` ```"),
        ("```{python}\n#| echo: false\nsecret\n```", ""),
        ("```{r setup, include=FALSE}\nsecret\n```", ""),
        ("```{python}\n#| label: a\nx\n```", "```{python} x ```"),
        ("::: {.callout-note}\nRain\n:::", "Rain"),
        ("```{prf:theorem} Euler\n:label: a\nIt holds.\n```", "Euler It holds."),
        ("```{note}\nnever closed {term}`x`", "never closed x"),
        ("```{code-cell}\nnever closed", "``` never closed ```"),
        ("As said [@ann2020; @bob], by [@org/pkg](a.md).", "As said, by [@org/pkg](a.md)."),
        ("Ask [@ann] or [@bob].\n\n[@ann]: https://ann.org", "Ask [@ann] or [@bob]. [@ann]: https://ann.org"),
        ("Write `[@ann]` so [-@ann].\n\n```\n[@bob]\n```", "Write `[@ann]` so. ``` [@bob] ```"),
        ("::: rain.fall", "rain.fall"),
    ],
)
def test_what_is_shown_of_myst(source: str, expected: str) -> None:
    assert shown(source) == expected


def test_other_markdown_stays_as_it_is() -> None:
    text = "# Rain\n\n```python\n{a}\n(b)=c\n```\n\n{{< x >}} and {a} `b`\n\n::: warning\nx\n:::\n"
    assert without_myst(text) == text


@pytest.mark.parametrize(
    "unit",
    [
        "```{note}\n",
        ":::{note}\n",
        "{a}`",
        "```{note}\n---\n",
        "(a)=\n",
        "{a}`b <",
        ":a:\n",
        "```{code}\n:a:\n",
    ],
)
def test_time_is_linear_in_the_length(unit: str) -> None:
    times = []
    for n in (10_000, 40_000):
        begin = time.process_time()
        without_myst("(a)=\n" + unit * n)
        times.append(time.process_time() - begin)
    assert times[1] < 16 * max(times[0], 0.02)
