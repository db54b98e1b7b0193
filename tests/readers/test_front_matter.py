"""Front matter in all forms of site generators, and text that resembles it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import Problem
from recommender.readers.markdown.front_matter import FrontMatter, split_front_matter

BODY = "It rained all night.\n"
FIELDS = {"title": "Rain", "tags": ["sea", "storm"]}
FORMS = {
    "YAML": "---\ntitle: Rain\ntags: [sea, storm]\n---\n",
    "YAML closed by dots": "---\ntitle: Rain\ntags:\n  - sea\n  - storm\n...\n",
    "YAML with its name and blanks after the fence": "---yaml  \ntitle: Rain\ntags: [sea, storm]\n---  \n",
    "YAML with comments and tabs": "---\n# a comment\ntitle: Rain # another\ntags:\n\t- sea\n\t- storm\n---\n",
    "YAML without the first fence": "title: Rain\ntags:\n- sea\n- storm\n---\n",
    "TOML": '+++\ntitle = "Rain"\ntags = ["sea", "storm"]\n+++\n',
    "TOML between dashes": '---toml\ntitle = "Rain"\ntags = ["sea", "storm"]\n---\n',
    "JSON between semicolons": ';;;\n{"title": "Rain", "tags": ["sea", "storm"]}\n;;;\n',
    "JSON between dashes": '---json\n{"title": "Rain", "tags": ["sea", "storm"]}\n---\n',
    "JSON in braces": '{\n  "title": "Rain",\n  "tags": ["sea", "storm"]\n}\n',
}
BEFORE = {
    "nothing": "",
    "a byte order mark": "\ufeff",
    "blank lines": "\n \n\n",
    "a comment": "<!-- Copyright of the island council -->\n",
    "a comment of MDX": "{/* Copyright of the island council */}\n\n",
}


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("form", FORMS)
def test_fields_are_read_in_every_form(form: str, before: str) -> None:
    split = split_front_matter(BEFORE[before] + FORMS[form] + BODY)
    assert not isinstance(split, Problem)
    assert (split[0], split[1].strip()) == (FIELDS, BODY.strip())


def test_pelican_and_multimarkdown_headers() -> None:
    page = "Title: Rain\nDate: 2026-05-01 10:00\nTags: sea, storm\nSummary: A wet\n    night\n\nIt rained."
    fields = {"title": "Rain", "date": "2026-05-01 10:00", "tags": "sea, storm", "summary": "A wet night"}
    assert split_front_matter(page) == FrontMatter(fields, "It rained.")


NONE = {
    "prose": BODY,
    "a thematic break": "---\nIt rained.\n",
    "prose between two breaks": "---\nIt rained all night\n\n---\nThen the sun came.\n",
    "a list between two breaks": "---\n- rain\n---\n",
    "a break alone": "---",
    "words before a colon": "Note: it rained.\nWarning: it will rain again.\n\nRain.",
    "a heading with a colon": "title: rain\n---\n\nRain.",
    "a line and a break": "title: rain\nand wind\n---\n\nRain.",
    "a title alone": "Title: Rain\nSpeaker: The mayor\n\nRain.",
    "MDX": "{props.title}\n\nRain.",
    "a shortcode": "{{< figure src='a.jpg' >}}\n\nRain.",
    "a code block": "```\n---\ntitle: Rain\n---\n```\n",
    "a heading": "# Rain\n---\ntitle: no\n---\n",
    "nothing": "",
}


@pytest.mark.parametrize("kind", NONE)
def test_a_page_without_front_matter_is_all_text(kind: str) -> None:
    assert split_front_matter(NONE[kind]) == FrontMatter({}, NONE[kind])


@pytest.mark.parametrize(
    "page", ["---\n---\nRain.", "---\n\n---\nRain.", "---\n# nothing yet\n---\nRain.", "+++\n+++\nRain."]
)
def test_empty_front_matter_is_removed(page: str) -> None:
    assert split_front_matter(page) == FrontMatter({}, "Rain.")


def test_yaml_values_are_kept_as_text() -> None:
    page = "---\nlang: no\nid: 007\ndate: 2026-05-01\ndraft: yes\nversion: 1.10\nempty:\n---\n"
    fields = {"lang": "no", "id": "007", "date": "2026-05-01", "draft": "yes", "version": "1.10", "empty": ""}
    assert split_front_matter(page) == FrontMatter(fields, "")


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("+++\ntitle = 2020-04-19\n+++\n", "2020-04-19"),
        ("+++\ntitle = 1984\n+++\n", "1984"),
        ('{"title": 1984}\n', "1984"),
        ("+++\ntitle = [1]\n+++\n", [1]),
    ],
)
def test_a_title_that_is_a_number_or_a_date_is_text(page: str, title: object) -> None:
    assert split_front_matter(page).fields["title"] == title


@pytest.mark.parametrize("later", ["", "\n---\n\nMore.\n"])
def test_a_closing_fence_may_have_blanks_before_it(later: str) -> None:
    head = "---\ntitle: Rain\nnotes: |\n  - wet\n ---\n"
    split = split_front_matter(f"{head}\nIt rained: all night.\n{later}")
    assert (split.fields, split.text) == (
        {"title": "Rain", "notes": "- wet\n"},
        f"\nIt rained: all night.\n{later}",
    )
    whole = split_front_matter("---\ntitle: Rain\nnotes: |\n  ---\n  wet\n---\nIt rained.")
    assert whole.fields["notes"] == "---\nwet\n"


BY_LINE = {
    "title: Rain: the sequel": "Rain: the sequel",
    "title: {@html ...}": "{@html ...}",
    "title: @debug": "@debug",
    'title: "Rain" in May': '"Rain" in May',
    "title: `code` first": "`code` first",
    "title: 100% rain": "100% rain",
}


@pytest.mark.parametrize("line", BY_LINE)
def test_a_value_that_is_not_valid_yaml_is_text(line: str) -> None:
    split = split_front_matter(
        f"---\ndate: 2026-05-01\n\n{line}\n# note\ntags:\n  - a\n  - b\ndraft: true\n---\nRain."
    )
    assert isinstance(split, FrontMatter)
    assert split.fields["title"] == BY_LINE[line]
    assert (split.fields["date"], split.fields["draft"], split.text) == ("2026-05-01", "true", "Rain.")


@pytest.mark.parametrize("title", ["{let/const ...}", "[WIP]", "[A, b]"])
def test_a_title_in_brackets_is_text(title: str) -> None:
    split = split_front_matter(f"---\ntitle: {title}\ntags: [a, b]\n---\n")
    assert split == FrontMatter({"title": title, "tags": ["a", "b"]}, "")


@pytest.mark.parametrize(("title", "read"), [("[]", []), ("{}", {}), ("\n  - Rain", ["Rain"])])
def test_other_titles_are_as_yaml_has_them(title: str, read: object) -> None:
    assert split_front_matter(f"---\ntitle: {title}\n---\n") == FrontMatter({"title": read}, "")


LEFT_OUT = "'tags' is left out"
BY_ENTRY = {
    "tags:\n- @mayor\n- rain": (["@mayor", "rain"], ""),
    "tags:\n  - %\n  - foreach": (["%", "foreach"], ""),
    "tags:\n- '1984'\n- @rain: the sequel": (["1984", "@rain: the sequel"], ""),
    "tags: rain\n- \n- wind": (["rain", "wind"], ""),
    "tags: [rain, wind": (None, LEFT_OUT),
    'tags: "rain': (None, LEFT_OUT),
    "tags: {a: [\n  b": (None, LEFT_OUT),
    "tags: *all": (None, LEFT_OUT),
    "tags:\n  - [rain\n  - wind": (None, LEFT_OUT),
    "tags:\n  rain: @a\n wind: b": (None, LEFT_OUT),
    '"tags": @rain': ("@rain", ""),
}


@pytest.mark.parametrize("lines", BY_ENTRY)
def test_an_entry_that_is_not_valid_costs_no_more_than_itself(lines: str) -> None:
    split = split_front_matter(f"---\ntitle: Rain\n{lines}\ndraft: true\n---\nIt rained.")
    assert isinstance(split, FrontMatter)
    assert (split.fields["title"], split.fields["draft"], split.text) == ("Rain", "true", "It rained.")
    assert (split.fields.get("tags"), *str(split.fault).split("front matter; ")[1:]) == tuple(
        filter(lambda each: each != "", BY_ENTRY[lines])
    )


@pytest.mark.parametrize("name", ["draft", "published", "date", "publishDate", "title", "status", "build"])
def test_an_entry_that_decides_whether_a_page_is_published_must_be_valid(name: str) -> None:
    assert isinstance(split_front_matter(f"---\nlang: en\n{name}: [yes\ntags: a\n---\n"), Problem)


ERRORS = {
    "---\ntitle: Rain\n\nIt rained.": "front matter without end; close it with ---",
    "+++\ntitle = 'Rain'\n": "front matter without end; close it with +++",
    "---\n[rain]\n---\n": "front matter is not a mapping, got list",
    "---\ntitle: [Rain\ndate: 2020-01-01\n---\n": "front matter that cannot be read",
    "---\ntitle: 'Rain\n  falls\n---\n": "front matter that cannot be read",
    "---\na: &x [*x]\n---\n": "front matter that cannot be read, got the alias *x is not allowed",
    "+++\ntitle = \n+++\n": "front matter that cannot be read",
    ";;;\n{broken\n;;;\n": "front matter that cannot be read",
}


def test_aliases_that_stand_for_much_are_not_expanded() -> None:
    aliases = [", ".join([f"*a{n - 1}"] * 9 if n else ["lol"]) for n in range(7)]
    split = split_front_matter(
        "---\n" + "".join(f"k{n}: &a{n} [{each}]\n" for n, each in enumerate(aliases)) + "---\n"
    )
    assert isinstance(split, FrontMatter)
    assert split.fields == {"k0": ["lol"]}
    assert "the alias *a3 is not allowed" in str(split.fault)


@pytest.mark.parametrize("page", ERRORS)
def test_broken_front_matter_is_a_problem(page: str) -> None:
    problem = split_front_matter(page)
    assert isinstance(problem, Problem)
    assert ERRORS[page] in str(problem)


@given(
    st.lists(
        st.sampled_from(
            (
                "---\n",
                "+++\n",
                ";;;\n",
                "{",
                "}",
                "a: b\n",
                "- ",
                "<!--",
                "-->",
                " ",
                "\n",
                "[",
                '"',
                "Title: x\n",
            )
        ),
        max_size=40,
    )
)
def test_every_page_is_split_or_a_problem(parts: list[str]) -> None:
    page = "".join(parts)
    split = split_front_matter(page)
    assert isinstance(split, Problem) or page.endswith(split[1])


@pytest.mark.parametrize(
    "part", ["<!--", "{/*", "---\n", "+++\n", "a: [", "{", "[", '{"a":', "Title: x\n", " ", "- "]
)
@pytest.mark.parametrize("fence", ["", "---\na: ", "+++\na = ", ";;;\n"])
def test_long_repetitions_are_fast(fence: str, part: str) -> None:
    started = time.process_time()
    split_front_matter(fence + part * 20_000)
    split_front_matter(fence + part * 20_000 + "\n" + fence[:4])
    assert time.process_time() - started < 5


def test_properties_of_logseq_are_fields_and_no_text() -> None:
    page = "tags:: [[Wet days]], May\npublic:: false\nurl:: https://a.example\n\n- ## Rain\n\t- It rained."
    found = split_front_matter(page)
    assert found.fields == {"tags": "Wet days, May", "public": "false"}
    assert found.text == "\n- ## Rain\n\t- It rained."
    assert split_front_matter("std::string s;\nrain:: it rained\n").fields == {}
    assert split_front_matter("- rain\n- a:: b\n").fields == {}


def test_an_anchor_may_be_named_again() -> None:
    found = split_front_matter("---\na: &x 1\nb: *x\nc: &x 2\nd: *x\n---\n")
    assert found.fields == {"a": "1", "b": "1", "c": "2", "d": "2"}


def test_an_alias_stands_for_what_it_names() -> None:
    found = split_front_matter(
        "---\ntitle: Boat\nsea: &s\n  wet: yes\nland:\n  <<: *s\nlake: *s\n---\nIt sails.\n"
    )
    assert found.fields == {
        "title": "Boat",
        "sea": {"wet": "yes"},
        "land": {"<<": {"wet": "yes"}},
        "lake": {"wet": "yes"},
    }


def test_values_in_brackets_and_without_a_blank_are_text() -> None:
    found = split_front_matter(
        "---\ntitle: [Spanish] Rain: a talk\nimage:2020-06-26.jpg\ndate: 2026-05-01\n---\nIt rained.\n"
    )
    assert found.fields == {
        "title": "[Spanish] Rain: a talk",
        "image": "2020-06-26.jpg",
        "date": "2026-05-01",
    }
    assert found.fault is not None
