"""Extensions of site generators are removed from Markdown, and visible text stays."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.readers.markdown.markdown_source import plain_markdown

SHOWN = {
    # Hugo
    '{{< figure src="a.jpg" caption="The old quay" >}}': "The old quay",
    '{{< figure src="a.jpg" title=\'Low tide\' alt="Mud" >}}': "Low tide Mud",
    '{{% notice tip %}}Bring *boots*.{{% /notice %}}': "Bring *boots*.",
    "{{< youtube w7Ft2ymGmfc >}}Rain": "Rain",
    'See {{< ref "rain.md" >}}now': "See now",
    "{{</* not run */>}}Rain": "Rain",
    # Jekyll, Eleventy, Nunjucks
    "{% include figure.html src='a.jpg' %}Rain": "Rain",
    "{% if site.rain %}Rain{% else %}Sun{% endif %}": "RainSun",
    '{% render "card", { id: "x", n: 5 % 2 } %}Rain': "Rain",
    "[Rain]({{ site.baseurl }}/rain)": "[Rain](/rain)",
    "{{ page | filter({ a: 1 }) }}Rain": "Rain",
    "{# a note of the author #}Rain": "Rain",
    "{%- raw -%}Rain{%- endraw -%}": "Rain",
    # MDX
    "import Tabs from '@theme/Tabs';\n\nRain": "Rain",
    "import {\n  a,\n  b,\n} from './parts'\n\nRain": "Rain",
    'import "./rain.css"\n\nRain': "Rain",
    "export const tide = () => {\n  return 1\n}\n\nRain": "Rain",
    '<Tabs groupId="os">\n<TabItem value="a">\n\nRain\n\n</TabItem>\n</Tabs>': "Rain",
    '<Image\n  src="a.jpg"\n  width={300}\n/>\n\nRain': "Rain",
    "{/* a note of the author */}Rain": "Rain",
    # Admonitions, tabs and containers
    '!!! note "Mind the tide"\n    Rain\n\nSun': "Mind the tide Rain Sun",
    '??? tip\n\n    Rain\n    falls': "Rain falls",
    '=== "Unix"\n\n    Rain\n\n=== "Windows"\n\n    Sun': "Unix Rain Windows Sun",
    ":::tip[Mind the tide]\nRain\n:::": "Mind the tide Rain",
    ":::tip Mind the tide\nRain\n:::": "Mind the tide Rain",
    "::: {.callout-note}\nRain\n:::": "Rain",
    "> [!NOTE]\n> Rain": "> > Rain",
    "> [!tip]- Mind the tide\n> Rain": "> Mind the tide > Rain",
    # Obsidian
    "[[May]] and [[June|the summer]]": "[May](wiki:May) and [the summer](wiki:June)",
    "[[May#Week 2]], [[#Week 3]] and [[May#Week 2|then]]": "[May](wiki:May), Week 3 and [then](wiki:May)",
    "![[tide.png]]Rain%% a note of the author %%": "Rain",
    # kramdown, Python-Markdown and others
    "# Rain {#rain}": "# Rain",
    "Rain\n{: .lead #top}": "Rain",
    "# Rain {.unnumbered}": "# Rain",
    "[TOC]\n\nRain": "Rain",
    "* toc\n{:toc}\n\nRain": "* toc Rain",
    "[[_TOC_]]\nRain": "Rain",
    "Rain[^1] fell.\n\n[^1]: In May.": "Rain fell. In May.",
    "[^1]:\n    In May.": "In May.",
    '--8<-- "part.md"\nRain': "Rain",
    "<!-- more -->Rain<!-- a\nnote -->": "Rain",
    "```one line``` of code\n\n[[Rain]]": "```one line``` of code [Rain](wiki:Rain)",
    "$$\n\\frac{a}{b} = \\text{rain}\n$$": "a b rain",
    "The slope $\\alpha_1$ is 5": "The slope _1 is 5",
}  # fmt: skip


@pytest.mark.parametrize("source", SHOWN)
def test_generator_extensions_are_removed(source: str) -> None:
    assert " ".join(plain_markdown(source)[0].split()) == SHOWN[source]


KEPT = (
    "In `{{< figure >}}` and ``{% include %}`` the names are words.",
    "```\n{% include x %}\nimport a from 'b'\n<Tabs>\n[^1]\n```",
    "~~~md\n```\n{{ x }}\n```\n~~~",
    "Set {a, b} has 2 elements, and {n} one.",
    "import duties rose, and export did not.",
    "Imports from Norway fell.",
    "It costs $5 here and $6 there.",
    "a < b and c > d",
    "[a](b) and [c] and [d][e]",
    "Growth of 5 % and 10%% more",
    "A <b>bold</b> <details>claim</details>",
    "[x] done, [ ] to do",
    "    indented code {",
    "Title\n=====",
)


@pytest.mark.parametrize("source", KEPT)
def test_prose_and_code_are_unchanged(source: str) -> None:
    assert plain_markdown(source)[0] == source


@pytest.mark.parametrize(
    ("source", "had_template"),
    [
        ("{% for post in site.posts %}{{ post.title }}{% endfor %}", True),
        ("<PostList/>", True),
        ("Rain `{{ x }}`", False),
    ],
)
def test_template_code_is_detected(source: str, had_template: bool) -> None:
    assert plain_markdown(source)[1] is had_template


def test_highlighted_code_becomes_a_code_block() -> None:
    for source in (
        "{% highlight go %}\nif x {{ y }}\n{% endhighlight %}",
        "{{< highlight go >}}\nif x {{ y }}\n{{< /highlight >}}",
    ):
        assert re.search(r"```\s*if x \{\{ y \}\}\s*```", plain_markdown(source)[0])


@given(st.text(alphabet="ab {}%<>[]!|^#:$`~\"'/\\*-=\n", max_size=80))
def test_any_text_is_cleaned_and_does_not_grow(source: str) -> None:
    plain, _ = plain_markdown(source)
    assert len(plain) <= 2 * len(source) + 10


PARTS = (
    "{{<",
    "{{",
    "{%",
    "{#",
    "{",
    "<A ",
    "</A",
    "<!--",
    "[[",
    "![[",
    "[",
    "[^",
    "%%",
    "$",
    "$$",
    "$\\a",
    "`",
    "``",
    "```\n",
    ":::",
)
PARTS += (
    "!!! a",
    "!!! a-",
    "::: ",
    "!!!  ",
    "!!! a\n    ",
    "import a from '",
    "import {\n",
    "export const\n",
    "{: ",
    "> [!",
    "--8<",
    "{/*",
    'title="',
    ":::a[",
    "\\",
)


@pytest.mark.parametrize("part", PARTS)
def test_long_repetitions_are_fast(part: str) -> None:
    started = time.process_time()
    plain_markdown(part * 20_000)
    plain_markdown((part + "\n") * 20_000)
    plain_markdown((part + " a") * 20_000)
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("::tip\nIt rained.\n::", "It rained."),
        ("::tip[Wet]{icon='a'}\n---\nto: /secret\n---\n#title\nRain\n::\n# Sun", "Wet Rain # Sun"),
        ("Rain :icon{name='a'} fell :abbr[on it]{title='b'}.", "Rain fell on it."),
        (
            "At 10:a{b} or `:icon{name}`, a::b, :smile: and\n#tag",
            "At 10:a{b} or `:icon{name}`, a::b, :smile: and #tag",
        ),
        ("See [it](a.md){target='_blank'}.", "See [it](a.md)."),
        ("A <span style={{ color: 'red' }}>red</span> river.", "A <span>red</span> river."),
        ("```vue\n::tip\n<p :style={a}>\n::\n```", "```vue ::tip <p :style={a}> :: ```"),
    ],
)
def test_components_in_markdown_are_read_as_their_text(source: str, expected: str) -> None:
    assert " ".join(plain_markdown(source)[0].split()) == expected


@pytest.mark.parametrize(
    "part", ["::", "::a\n---\n", ":a[", ":a{", "::a[", " a={{", "]{a='", "[@", "(a)=\n{b}`"]
)
def test_long_repetitions_of_components_are_fast(part: str) -> None:
    started = time.process_time()
    plain_markdown(part * 20_000)
    plain_markdown((part + "\n") * 20_000)
    plain_markdown((part + " a") * 20_000)
    assert time.process_time() - started < 10
