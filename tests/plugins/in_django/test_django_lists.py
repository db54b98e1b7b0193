"""Lists in views and templates of a Django project, and the commands that make them."""

from __future__ import annotations

import asyncio
import io
import shutil
import uuid
from html.parser import HTMLParser

import django_project
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.template import Context, Template, TemplateSyntaxError
from django.template.autoreload import reset_loaders
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from newsroom.models import Nameless, Recipe, Story, Topic

from recommender import Recommender
from recommender.plugins.django import arelated_to, related_queryset, related_to
from recommender.plugins.django.models import PendingChange
from recommender.plugins.django.setting_checks import check_setting

SITE = django_project.FOLDER / "lists.rec"
FERRY = "ferry harbour tide pilot"


def setting(models=None, **more):
    return {"site": SITE, "models": models or MIXED} | more


MIXED = {"newsroom.Story": django_project.STORY, "newsroom.Recipe": {"live": {"status": "published"}}}


@pytest.fixture(autouse=True)
def ferries():
    """Three stories and two recipes of one subject, and a story of another."""
    with override_settings(RECOMMENDER=setting()):
        clear()
        found = [
            tell(key, f"Ferry {each}", f"{FERRY} {filler(each)}") for key, each in enumerate("abc", start=1)
        ]
        found += [recipe(each) for each in "de"]
        found.append(tell(4, "Orchard", f"orchard apple graft frost {filler('f')}"))
        django_project.made_once(SITE, "ferries")
        yield found
        clear()


def clear():
    for model in (Story, Recipe, Topic, PendingChange):
        model.objects.all().delete()
    PendingChange.objects.all().delete()
    shutil.rmtree(SITE, ignore_errors=True)


def filler(each):
    return " ".join(f"{letter}{each}x" for letter in "ghijklmn")


def tell(key, title, text):
    return Story.objects.create(pk=key, title=title, text=text)


def recipe(each, **fields):
    given = {
        "id": uuid.UUID(int=ord(each)),
        "title": f"Ferry {each}",
        "body": f"{FERRY} {filler(each)}",
    } | fields
    return Recipe.objects.create(**given)


def rendered(source, **values):
    return Template("{% load related %}" + source).render(Context(values))


class Tags(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def test_a_list_holds_rows_of_several_models_in_its_order_with_a_query_for_each(ferries):
    story = ferries[0]
    stored = Recommender.load(SITE)[f"newsroom.story:{story.pk}"].article_ids
    related_to(story)
    with CaptureQueriesContext(connection) as queries:
        rows = related_to(story)
    assert [f"{row._meta.label_lower}:{row.pk}" for row in rows] == list(stored)
    assert {type(row) for row in rows} == {Story, Recipe}
    assert len(rows) == 4
    assert len(queries) == 2
    assert related_to(story, 2) == rows[:2]
    assert asyncio.run(arelated_to(story, 2)) == rows[:2]


def test_a_queryset_has_the_order_of_the_list_and_can_be_narrowed(ferries):
    story = ferries[0]
    wanted = [row for row in related_to(story) if isinstance(row, Story)]
    found = related_queryset(story)
    assert list(found) == wanted
    assert list(found.filter(pk=wanted[1].pk)) == [wanted[1]]
    assert list(found.select_related("desk")[:1]) == wanted[:1]
    assert list(related_queryset(ferries[5])) == []


def test_settings_of_a_call_and_a_policy_keep_lists_to_a_model(ferries):
    story = ferries[0]
    alone = related_to(story, where={"model": ["newsroom.recipe"]})
    assert {type(row) for row in alone} == {Recipe}
    with override_settings(RECOMMENDER=setting(policy={"same": "model"})):
        call_command("rebuild_related", verbosity=0)
        assert {type(row) for row in related_to(story)} == {Story}
        assert len(related_to(story)) == 2
    with pytest.raises(TypeError, match="did you mean floor"):
        related_to(story, flor=0.2)


def test_rows_that_went_without_a_signal_are_left_out_and_others_take_their_place(ferries):
    story = ferries[0]
    first = related_to(story)[0]
    type(first).objects.filter(pk=first.pk)._raw_delete("default")
    assert first not in related_to(story, 3)
    assert len(related_to(story, 3)) == 3


def test_rows_of_other_models_are_an_error_in_python_and_have_no_list_in_a_template(ferries):
    with pytest.raises(TypeError, match=r"known for rows of newsroom\.story, newsroom\.recipe, got <Topic"):
        related_to(Topic(name="Sea"))
    assert rendered("[{% related article %}]", article=Topic(name="Sea")) == "[]"
    assert rendered("[{% related article %}{% related article as x %}{{ x }}]") == "[[]]"
    assert related_to(Story(title="Not saved")) == []


def test_the_tag_shows_the_list_with_the_heading_of_its_language(ferries):
    story = ferries[0]
    page = Tags(rendered("{% related article k=2 %}", article=story))
    assert [tag for tag, _ in page.tags] == ["aside", "h2", "ul", "li", "a", "li", "a"]
    assert [attributes["href"] for tag, attributes in page.tags if tag == "a"] == [
        row.get_absolute_url() for row in related_to(story, 2)
    ]
    assert "Related articles" in page.text
    story.language = "fr"
    assert "Articles similaires" in rendered("{% related article %}", article=story)
    story.language = ""
    with translation.override("de"):
        assert "Ähnliche Artikel" in rendered("{% related article %}", article=story)
    with override_settings(RECOMMENDER=setting(heading="See <also>")):
        assert "See &lt;also&gt;" in rendered("{% related article %}", article=story)
    assert rendered("{% related article %}", article=ferries[5]) == ""


@pytest.mark.parametrize("autoescape", ["on", "off"])
def test_hostile_titles_and_addresses_never_become_markup(ferries, monkeypatch, autoescape):
    hostile = "</a><script>alert(1)</script>\"'"
    Story.objects.filter(title="Ferry b").update(title=hostile)
    monkeypatch.setattr(Story, "summary", lambda story: hostile)
    source = f"{{% autoescape {autoescape} %}}{{% related article excerpts=True %}}{{% endautoescape %}}"
    page = Tags(rendered(source, article=ferries[0]))
    assert {tag for tag, _ in page.tags} == {"aside", "h2", "ul", "li", "a", "p"}
    assert hostile in page.text
    monkeypatch.setattr(Recipe, "get_absolute_url", lambda row: "java\nscript:alert(1)")
    page = Tags(rendered("{% related article %}", article=ferries[0]))
    assert len([tag for tag, _ in page.tags if tag == "a"]) == 2


def test_titles_are_those_that_rows_have_now(ferries):
    Story.objects.filter(title="Ferry b").update(title="Ferry of now")
    assert "Ferry of now" in rendered("{% related article %}", article=ferries[0])


def test_a_project_shows_lists_with_a_template_of_its_own(ferries):
    own = django_project.FOLDER / "templates" / "recommender" / "related.html"
    own.parent.mkdir(parents=True, exist_ok=True)
    other = own.with_name("other.html")
    source = "{{ heading }}:{{ site_name }}:{% for row in rows %}{{ row.title }},{% endfor %}{{ more }}"
    try:
        reset_loaders()
        own.write_text(source)
        other.write_text("other {{ entries|length }}")
        shown = rendered("{% related article k=1 more='!' %}", article=ferries[0], site_name="Coast")
        assert shown == f"Related articles:Coast:{related_to(ferries[0])[0].title},!"
        assert (
            rendered("{% related article template='recommender/other.html' %}", article=ferries[0])
            == "other 4"
        )
    finally:
        shutil.rmtree(own.parents[1])
        reset_loaders()


@pytest.mark.parametrize("source", ["{% related %}", "{% related article five %}", "{% related as x %}"])
def test_a_wrong_tag_says_what_it_wants(source):
    with pytest.raises(TemplateSyntaxError, match="related"):
        rendered(source)


def test_before_there_is_a_site_pages_are_shown_without_lists(ferries, caplog):
    other = SITE.with_name("none.rec")
    with override_settings(RECOMMENDER=setting() | {"site": other}):
        assert rendered("[{% related article %}]", article=ferries[0]) == "[]"
        assert "rebuild_related" in caplog.text
        ferries[0].save()
        assert PendingChange.objects.count() == 1
        call_command("rebuild_related", verbosity=0)
        assert not PendingChange.objects.exists()
        assert len(related_to(ferries[0])) == 4
    shutil.rmtree(other)


def said(*words):
    out, err = io.StringIO(), io.StringIO()
    call_command(*words, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def test_the_migration_makes_the_table_of_the_model():
    assert "No changes detected" in said("makemigrations", "--check", "recommender_related")[0]


def test_a_dry_run_counts_and_writes_nothing(ferries):
    Story.objects.create(title="", text="")
    before = Recommender.load(SITE).version
    Story.objects.bulk_create([Story(title="Ferry new", text=FERRY)])
    out, err = said("rebuild_related", "--dry-run")
    assert "7 lists would be made: 1 of new articles; 0 lists would go" in out
    assert "newsroom.story: 5 articles" in err
    assert "without title and text: 1 (newsroom.story:" in err
    assert Recommender.load(SITE).version == before


def test_rows_that_cannot_be_read_are_named_and_nothing_is_changed_unless_they_are_skipped(ferries):
    bad = {"newsroom.Story": django_project.STORY | {"section": "wrong"}, "newsroom.Recipe": {}}
    with override_settings(RECOMMENDER=setting(bad)):
        with pytest.raises(CommandError) as caught:
            said("rebuild_related")
        for story in Story.objects.all():
            assert (
                f"newsroom.story:{story.pk}: cannot be read (RuntimeError: no luck with {story.title})"
                in str(caught.value)
            )
        assert len(Recommender.load(SITE)) == 6
        _, err = said("rebuild_related", "--on-error", "skip")
        assert err.count("Skipped: newsroom.story:") == 4
        assert len(Recommender.load(SITE)) == 2
        with pytest.raises(CommandError, match="4 rows could not be read"):
            said("update_related", "--all")


def test_a_busy_site_is_an_error_of_the_commands_that_says_who_writes(ferries):
    with django_project.written_by_another_thread(SITE):
        for command in (["rebuild_related"], ["update_related", "--all"]):
            with pytest.raises(CommandError, match="is being written by another thread"):
                said(*command, "--wait", "0")


def test_a_rebuild_puts_a_damaged_site_right(ferries):
    for file in SITE.rglob("*lists*"):
        file.write_bytes(b"")
    ferries[0].save()
    assert related_to(ferries[1]) == []
    assert PendingChange.objects.exists()
    said("rebuild_related")
    assert len(related_to(ferries[0])) == 4


def test_a_site_of_no_rows_and_of_one(ferries):
    Story.objects.all().delete()
    Recipe.objects.all().delete()
    assert len(Recommender.load(SITE)) == 0
    said("rebuild_related")
    story = Story.objects.create(title="Ferry", text=FERRY)
    assert related_to(story) == []
    assert len(Recommender.load(SITE)) == 1


def test_other_settings_than_those_of_the_lists_are_pointed_out(ferries):
    with override_settings(RECOMMENDER=setting(k=3)):
        assert "another k or policy" in said("update_related")[1]


WRONG = [
    (None, "the setting RECOMMENDER must be a dictionary, got None"),
    ({"sight": "x"}, 'no such key "sight"', 'did you mean "site"?', 'RECOMMENDER["models"]: name the models'),
    (setting({"newsroom.Storey": {}}), "no such model", 'did you mean "newsroom.Story"?'),
    (setting({"newsroom.Story": {"boddy": "text"}}), 'no such key "boddy"', 'did you mean "body"?',
     'newsroom.Story has no field, property or method "body"', "its fields are desk, id, interview, is_published"),
    (setting({"newsroom.Story": {"body": "text", "section": "desk.nam"}}), 'Desk has no field, property or method "nam"'),
    (setting({"newsroom.Story": {"body": "text", "live": "title"}}), "is no field of yes or no"),
    (setting({"newsroom.Story": {"body": "text", "live": {"state": 1}}}), "Cannot resolve keyword 'state'"),
    (setting({"newsroom.Story": {"body": "text", "manager": "publishd"}}), "no such manager, got 'publishd'",
     "objects, published"),
    (setting({"newsroom.Story": {"body": "text", "database": "old"}}), "no such database, got 'old'", "default, archive"),
    (setting({"newsroom.Story": {"body": 5}}), "wanted a name or a function, got 5"),
    (setting({"newsroom.Story": {"body": "text"}, "newsroom.Interview": {"body": "text"}}),
     "are rows of newsroom.story too"),
    (setting(k=0), "k must be 1 or more"),
    (setting(policy={"flor": 0.1, "diversity": 2}), "no such setting: flor; did you mean floor?",
     "diversity must be from 0 to 1"),
    (setting(queue="nowhere.at_all"), "No module named 'nowhere'"),
    (setting(queue=5), "wanted a function"),
    (setting(encoder=5), "wanted text, got 5"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), [(given, wanted) for given, *wanted in WRONG], ids=lambda _: "")
def test_a_wrong_setting_is_named_by_manage_py_check_and_by_calls(given, wanted, ferries):
    with override_settings(RECOMMENDER=given):
        found = "\n".join(f"{each.msg} {each.hint or ''}" for each in check_setting(None))
        assert all(each in found for each in wanted), found
        with pytest.raises(ImproperlyConfigured):
            related_to(ferries[0])
        ferries[0].save()  # a wrong setting fails no request


def test_what_is_likely_to_be_forgotten_is_a_warning():
    forgotten = {
        "newsroom.Story": {"body": "text"},
        "newsroom.Recipe": {},
        "newsroom.Nameless": {"title": "pk"},
    }
    with override_settings(RECOMMENDER=setting(forgotten)):
        found = [(each.id[-4:], each.msg) for each in check_setting(None)]
    assert [(code, "is_published" in text or "status" in text) for code, text in found] == [
        ("W002", True), ("W002", True), ("W001", False),
    ]  # fmt: skip
    assert Nameless._meta.label in found[2][1]
    assert check_setting(None) == []
    published = {"newsroom.Story": django_project.STORY | {"live": None, "manager": "published"}}
    with override_settings(RECOMMENDER=setting(published)):
        assert check_setting(None) == []
