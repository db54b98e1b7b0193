"""Pages of Wagtail in related lists: live and public ones, of one site, in one language, wherever they move."""

from __future__ import annotations

import shutil
from datetime import timedelta

import django_project
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from magazine.models import ArticlePage, FrontPage
from wagtail.models import Locale, Page, PageViewRestriction, Site

from recommender import Recommender
from recommender.plugins.django import related_to
from recommender.plugins.django.configuration import configuration
from recommender.plugins.django.models import PendingChange

FOLDER = django_project.FOLDER / "magazine.rec"
SETTING = {"site": FOLDER, "models": {"magazine.ArticlePage": {}}}
SUBJECTS = ("ferry harbour tide pilot", "orchard apple graft frost", "loom wool weaver dye")


@pytest.fixture(autouse=True)
def front():
    """The front page of the only site, with six articles of three subjects below it."""
    with override_settings(RECOMMENDER=SETTING):
        clear()
        english, _ = Locale.objects.get_or_create(language_code="en")
        root = Page.add_root(instance=Page(title="Root", slug="root", locale=english))
        front = root.add_child(instance=FrontPage(title="Front", slug="front", locale=english))
        Site.objects.create(hostname="localhost", root_page=front, is_default_site=True)
        for number in range(6):
            publish(front, number)
        call_command("rebuild_related", verbosity=0)
        yield front
        clear()


def clear():
    Site.objects.all().delete()
    PageViewRestriction.objects.all().delete()
    for page in Page.objects.filter(depth=1):
        page.delete()
    Locale.objects.all().delete()
    PendingChange.objects.all().delete()
    shutil.rmtree(FOLDER, ignore_errors=True)


def publish(parent, number, words="", **fields):
    subject = SUBJECTS[number % len(SUBJECTS)]
    story = [
        ("heading", f"{subject} <{number}>"),
        ("paragraph", f"<p>{subject}, <b>{subject}</b>. {words}</p>"),
        ("quote", {"words": f"{subject}!", "who": ""}),
        ("links", [f"{subject}?"]),
    ]
    given = {"title": f"{subject.title()} {number}", "slug": f"notes-{number}", "story": story} | fields
    return parent.add_child(instance=ArticlePage(**given))


def article(number):
    return ArticlePage.objects.get(slug=f"notes-{number}", locale__language_code="en")


def slugs(page):
    return [each.slug for each in related_to(page)]


def same_as_a_rebuild():
    """Whether the lists are those that all pages give by the same model."""
    listed = configuration().models[0]
    articles = [listed.article(row) for row in listed.rows_to_read()]
    kept = Recommender.load(FOLDER)
    built = Recommender.from_articles(articles, model=kept.model, policy=kept.policy, k=kept.k)
    lists = [{each.article_id: each.article_ids for each in site.related_all()} for site in (kept, built)]
    return lists[0] == lists[1] and not PendingChange.objects.exists()


def test_streams_and_rich_text_become_the_text_of_an_article(front):
    listed = configuration().models[0]
    page = article(0)
    page.lead = "<p>The <i>lead</i> comes first.</p>"
    body = listed.article(page).body
    subject = SUBJECTS[0]
    assert (
        body.index("The <i>lead</i>") < body.index(f"{subject} &lt;0&gt;") < body.index(f"<b>{subject}</b>")
    )
    assert body.index(f"<p>{subject}!</p>") < body.index(f"<p>{subject}?</p>")
    found = listed.article(page)
    assert (found.language, found.url, found.metadata["model"]) == ("en", "/notes-0/", "magazine.articlepage")


def test_a_page_lists_those_of_its_subject_and_its_template_shows_them(front):
    from django.test import Client

    assert slugs(article(0)) == ["notes-3"]
    shown = Client().get("/notes-0/").content.decode()
    assert '<h2 class="related-articles-heading">Related articles</h2>' in shown
    assert 'href="/notes-3/" dir="auto">Ferry Harbour Tide Pilot 3</a>' in shown
    assert "notes-1" not in shown


def test_drafts_are_listed_when_they_are_published_and_go_when_they_are_not(front):
    page = publish(front, 9, live=False)
    assert "notes-9" not in slugs(article(0))
    page.title = "Ferry harbour, a draft"
    revision = page.save_revision()
    assert "notes-9" not in slugs(article(0))
    revision.publish()
    assert "notes-9" in slugs(article(0))
    assert same_as_a_rebuild()
    article(9).unpublish()
    assert "notes-9" not in slugs(article(0))
    assert same_as_a_rebuild()


def test_a_draft_of_a_live_page_changes_nothing_until_it_is_published(front):
    page = article(0)
    page.title, page.story = "Loom wool weaver dye", [("paragraph", "<p>loom wool weaver dye</p>")]
    revision = page.save_revision()
    assert slugs(article(0)) == ["notes-3"]
    assert same_as_a_rebuild()
    revision.publish()
    assert "notes-3" not in slugs(article(0))
    assert same_as_a_rebuild()


def test_pages_that_are_scheduled_are_listed_when_their_time_comes(front):
    page = publish(front, 9, live=False)
    page.go_live_at = timezone.now() - timedelta(minutes=1)
    page.save_revision(approved_go_live_at=page.go_live_at)
    assert "notes-9" not in slugs(article(0))
    call_command("publish_scheduled", verbosity=0)
    assert "notes-9" in slugs(article(0))


def test_a_page_that_expires_is_in_no_list_from_then_on_also_before_it_is_taken_back(front):
    page = article(3)
    page.expire_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    assert slugs(article(0)) == ["notes-3"]
    ArticlePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("update_related", "--all", verbosity=0)
    assert article(3).live
    assert slugs(article(0)) == []
    call_command("publish_scheduled", verbosity=0)
    call_command("update_related", verbosity=0)
    assert article_id(3) not in Recommender.load(FOLDER)
    assert same_as_a_rebuild()


@pytest.mark.parametrize("above", [False, True])
def test_a_private_page_is_in_no_list_from_the_moment_it_is_private(front, above):
    section = front.add_child(instance=FrontPage(title="Members", slug="members"))
    publish(section, 9)
    assert "notes-9" in slugs(article(0))
    restricted = section if above else article(9)
    restriction = PageViewRestriction.objects.create(
        page=restricted, restriction_type="password", password="x"
    )
    assert "notes-9" not in slugs(article(0))
    assert article_id(9) not in Recommender.load(FOLDER)
    assert same_as_a_rebuild()
    restriction.delete()
    assert "notes-9" in slugs(article(0))
    assert same_as_a_rebuild()


def article_id(number):
    return f"magazine.articlepage:{article(number).pk}"


def test_pages_that_move_or_get_another_slug_have_the_new_address_in_the_stored_lists(front):
    section = front.add_child(instance=FrontPage(title="Sea", slug="sea"))
    article(3).move(section, pos="last-child")
    stored = Recommender.load(FOLDER)[article_id(0)]
    assert [each.url for each in stored] == ["/sea/notes-3/"]
    section.refresh_from_db()
    section.slug = "coast"
    section.save()
    stored = Recommender.load(FOLDER)[article_id(0)]
    assert [each.url for each in stored] == ["/coast/notes-3/"]
    assert same_as_a_rebuild()


def test_pages_below_a_deleted_page_are_gone_too(front):
    section = front.add_child(instance=FrontPage(title="Sea", slug="sea"))
    publish(section, 9)
    assert "notes-9" in slugs(article(0))
    section.delete()
    assert "notes-9" not in slugs(article(0))
    assert len(Recommender.load(FOLDER)) == 6
    assert same_as_a_rebuild()


def test_tags_of_a_page_are_those_it_was_saved_with(front):
    page = article(0)
    page.tags.add("sea", "boats")
    page.save_revision().publish()
    site = Recommender.load(FOLDER)
    assert set(site.summaries[site.summaries.row(article_id(0))].metadata["tags"]) == {"sea", "boats"}
    assert same_as_a_rebuild()


def test_translations_have_lists_of_their_own_and_are_never_in_each_others(front):
    german, _ = Locale.objects.get_or_create(language_code="de")
    front.copy_for_translation(german).save_revision().publish()
    german_text = "Die Fähre liegt im Hafen, und der Lotse wartet auf die Flut. Der Kapitän hat heute frei."
    for number in (0, 3):
        page = article(number).copy_for_translation(german)
        page.title, page.story = (
            f"Fähre, Hafen und Lotse {number}",
            [("paragraph", f"<p>{german_text} {number}</p>")],
        )
        page.save_revision().publish()
    call_command("rebuild_related", verbosity=0)
    own = ArticlePage.objects.get(locale=german, title="Fähre, Hafen und Lotse 0")
    assert [each.title for each in related_to(own)] == ["Fähre, Hafen und Lotse 3"]
    assert slugs(article(0)) == ["notes-3"]
    with override_settings(RECOMMENDER=SETTING | {"policy": {"cross_language": True, "floor": 0}}):
        call_command("rebuild_related", verbosity=0)
        for page in ArticlePage.objects.all():
            assert page.translation_key not in {each.translation_key for each in related_to(page)}


def test_pages_of_another_site_are_in_no_list_of_this_one(front):
    other = front.get_parent().add_child(instance=FrontPage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", root_page=other)
    publish(other, 9)
    publish(other, 12)
    assert slugs(article(0)) == ["notes-3"]
    assert slugs(article(9)) == ["notes-12"]
    with override_settings(RECOMMENDER=SETTING | {"policy": {"same": "model"}}):
        call_command("rebuild_related", verbosity=0)
        assert {"notes-9", "notes-12"} <= set(slugs(article(0)))


def test_a_list_of_pages_costs_a_query_and_that_for_restrictions(front):
    page = article(0)
    slugs(page)
    with CaptureQueriesContext(connection) as queries:
        assert slugs(page)
    assert len(queries) == 2, [each["sql"][:200] for each in queries]
