"""Lists follow the rows of a Django project, whatever happens to them, and no change is lost."""

from __future__ import annotations

import multiprocessing
import shutil
import threading
import unittest
import uuid
from contextlib import suppress
from functools import partial

import django_project
import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom.models import Brief, Desk, Interview, Recipe, Story, Topic

from recommender import Recommender
from recommender.plugins.django import related_to, update_related
from recommender.plugins.django.configuration import configuration
from recommender.plugins.django.models import PendingChange
from recommender.plugins.django.site_updates import writer

SITE = django_project.SITE
SUBJECTS = ("ferry harbour tide pilot", "orchard apple graft frost", "loom wool weaver dye")
ALIASES = ("default", "archive")


@pytest.fixture(autouse=True)
def stories():
    """Six stories of three subjects, with their lists."""
    clear()
    found = [write(number, pk=number + 1) for number in range(6)]
    django_project.made_once(SITE, "stories")
    yield found
    clear()


def clear():
    for alias in ALIASES:
        for model in (Interview, Story, Recipe, Desk, Topic, PendingChange):
            model.objects.using(alias).all().delete()
    PendingChange.objects.all().delete()
    shutil.rmtree(SITE, ignore_errors=True)


def write(number, **fields):
    subject, own = SUBJECTS[number % len(SUBJECTS)], " ".join(f"{letter}{number}x" for letter in "abcdefgh")
    return Story.objects.create(
        **{"title": f"{subject} {number}", "text": f"{subject} {subject}. {own}."} | fields
    )


def rolled_back(number, then=lambda: None):
    """Write a story and do something more in a transaction, or a part of one, that is rolled back."""
    with suppress(RuntimeError), transaction.atomic():
        write(number)
        then()
        raise RuntimeError


def stored():
    site = Recommender.load(SITE)
    return {each.article_id: each.article_ids for each in site.related_all()}


def by_build():
    """Return the lists that all live rows give by the model of the site."""
    kept = Recommender.load(SITE)
    articles = [listed.article(row) for listed in configuration().models for row in listed.rows_to_read()]
    built = Recommender.from_articles(articles, model=kept.model, policy=kept.policy, k=kept.k)
    return {each.article_id: each.article_ids for each in built.related_all()}


def is_true_to_the_rows():
    return stored() == by_build() and not PendingChange.objects.exists()


def metadata(story):
    site = Recommender.load(SITE)
    return site.summaries[site.summaries.row(f"newsroom.story:{story.pk}")]


def test_what_is_saved_and_deleted_is_listed_and_gone_after_the_commit(stories):
    new = write(6)
    assert new in related_to(stories[0])
    assert is_true_to_the_rows()
    stories[0].title, stories[0].text = "loom wool weaver dye", "loom wool weaver dye"
    stories[0].save()
    assert new not in related_to(stories[0])
    assert is_true_to_the_rows()
    new.delete()
    Story.objects.filter(title__contains="loom").delete()
    assert len(stored()) == 3
    assert is_true_to_the_rows()


def test_a_transaction_is_one_update_and_one_that_is_rolled_back_is_none(stories):
    with transaction.atomic():
        for number in range(6, 12):
            write(number)
        rolled_back(12)
        stories[1].delete()
        assert version() == 1
    assert version() == 2
    assert is_true_to_the_rows()
    rolled_back(13)
    assert version() == 2
    assert is_true_to_the_rows()
    with transaction.atomic():  # the first change of it is rolled back, and the second is not
        rolled_back(14)
        write(15)
    assert version() == 3
    assert is_true_to_the_rows()


def version():
    return Recommender.load(SITE).version


def test_rows_that_are_not_published_are_in_no_list_also_if_no_signal_tells(stories):
    assert stories[3] in related_to(stories[0])
    Story.objects.filter(pk=stories[3].pk).update(is_published=False)
    assert related_to(stories[0]) == []
    assert f"newsroom.story:{stories[3].pk}" in stored()
    call_command("update_related", "--all", verbosity=0)
    assert is_true_to_the_rows()
    stories[3].refresh_from_db()
    assert related_to(stories[3]) == []
    stories[3].is_published = True
    stories[3].save()
    assert stories[3] in related_to(stories[0])


def test_tags_and_what_rows_are_called_that_an_article_names_are_followed(stories):
    story, other = stories[0], stories[1]
    sea, land = Topic.objects.create(name="Sea"), Topic.objects.create(name="Land")
    story.topics.add(sea)
    assert metadata(story).metadata["tags"] == ["Sea"]
    story.topics.set([land])
    assert metadata(story).metadata["tags"] == ["Land"]
    sea.stories.add(story, other)  # from the other end
    assert set(metadata(story).metadata["tags"]) == {"Land", "Sea"}
    sea.name = "Ocean"
    sea.save()
    assert metadata(other).metadata["tags"] == ["Ocean"]
    land.stories.clear()
    assert metadata(story).metadata["tags"] == ["Ocean"]
    sea.delete()
    assert "tags" not in metadata(story).metadata
    desk = Desk.objects.create(name="Coast")
    Story.objects.filter(pk=story.pk).update(desk=desk)
    desk.name = "Coasts"
    with CaptureQueriesContext(connection) as queries:
        desk.save(update_fields=["chief"])  # no article shows it
    assert len(queries) == 1
    assert metadata(story).section is None
    desk.save()
    assert metadata(story).section == "Coasts"
    desk.delete()
    assert metadata(story).section is None
    assert is_true_to_the_rows()


def test_proxies_and_models_in_tables_of_their_own_are_rows_of_the_listed_model(stories):
    brief = Brief.objects.get(pk=stories[3].pk)
    assert related_to(brief) == [stories[0]]
    brief.title = brief.text = "loom wool weaver dye"
    brief.save()
    assert is_true_to_the_rows()
    interview = Interview.objects.create(
        title="Ferry harbour tide", text="ferry harbour tide pilot", guest="Ada"
    )
    assert related_to(stories[0]) == [interview.story_ptr]
    interview.delete()
    assert is_true_to_the_rows()
    with override_settings(RECOMMENDER=setting({"newsroom.Interview": django_project.STORY})):
        interview = Interview.objects.create(
            title="Ferry harbour tide", text="ferry harbour tide pilot", guest="Ada"
        )
        call_command("rebuild_related", verbosity=0)
        interview.story_ptr.delete()
        assert len(stored()) == 0


def setting(models=None, **more):
    return {"site": SITE, "models": models or {"newsroom.Story": django_project.STORY}} | more


def test_while_another_process_writes_changes_wait_and_the_request_goes_on(stories):
    with django_project.written_by_another_thread(SITE):
        new = write(6)
        assert PendingChange.objects.count() == 1
        assert new not in related_to(stories[0])
    write(7)  # the next change takes it along
    assert new in related_to(stories[0])
    assert is_true_to_the_rows()


def test_a_change_that_finds_the_site_taken_is_applied_by_the_one_that_has_it(stories):
    there, update = writer(SITE), type(writer(SITE)).update
    seen = []

    def slow(self, add, delete):
        if not seen:
            seen.append(threading.Thread(target=in_thread))
            seen[0].start()
            seen[0].join()  # it finds the lock taken
        return update(self, add, delete)

    def in_thread():
        write(9)
        connections.close_all()

    type(there).update = slow
    try:
        write(6)
    finally:
        type(there).update = update
    assert len(stored()) == 8
    assert is_true_to_the_rows()


def test_a_site_that_cannot_be_written_or_a_wrong_function_never_fails_a_request(
    stories, monkeypatch, caplog
):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Recommender, "save", full)
        write(6)
    assert "No space left" in caplog.text
    assert PendingChange.objects.count() == 1
    update_related()
    assert is_true_to_the_rows()
    with override_settings(
        RECOMMENDER=setting({"newsroom.Story": django_project.STORY | {"section": "wrong"}})
    ):
        write(7)
    assert "no luck with orchard" in caplog.text
    assert PendingChange.objects.count() == 1
    assert update_related().changed == 1
    assert is_true_to_the_rows()


def test_one_row_that_cannot_be_read_keeps_none_of_the_others_waiting(stories):
    def section(story):
        if story.title == "bad":
            raise ValueError("bad section")
        return "fine"

    with override_settings(
        RECOMMENDER=setting({"newsroom.Story": django_project.STORY | {"section": section}})
    ):
        with transaction.atomic():
            bad, new = write(6, title="bad"), write(9)
        assert list(PendingChange.objects.values_list("article_id", flat=True)) == [
            f"newsroom.story:{bad.pk}"
        ]
        assert new in related_to(stories[0])
        bad.title = "good"
        bad.save()
        assert not PendingChange.objects.exists()


def test_a_queue_gets_the_database_and_applies_the_changes_later(stories):
    queued = []
    with override_settings(RECOMMENDER=setting(queue=queued.append)):
        with transaction.atomic():
            new = write(6)
            write(7)
        assert queued == ["default"]
        assert new not in related_to(stories[0])
        done = update_related(queued[0])
        assert (done.changed, done.failed) == (2, 0)
        assert new in related_to(stories[0])

    def refuse(database):
        raise ConnectionError("no broker")

    with override_settings(RECOMMENDER=setting(queue=refuse)):
        write(8)
    assert PendingChange.objects.count() == 1


def test_rows_of_two_databases_are_followed_where_each_model_lives(stories):
    recipes = {"newsroom.Recipe": {"live": {"status": "published"}, "database": "archive"}}
    both = {"newsroom.Story": django_project.STORY} | recipes
    with (
        override_settings(RECOMMENDER=setting(both)),
        override_settings(DATABASE_ROUTERS=["routers.Recipes"]),
    ):
        made = Recipe.objects.using("archive").create(
            id=uuid.uuid4(), title="Ferry harbour", body="ferry harbour tide"
        )
        assert related_to(stories[0]) == [stories[3], made] or related_to(stories[0]) == [made, stories[3]]
        assert not PendingChange.objects.using("archive").exists()
        Recipe.objects.using("default").create(id=uuid.uuid4(), title="Ferry harbour", body="not followed")
        assert len(stored()) == 7
        made.status = "draft"
        made.save()
        assert related_to(stories[0]) == [stories[3]]
        assert len(stored()) == 6


class RolledBack(TestCase):
    """A project's own test case, whose transactions are never committed."""

    __test__ = False  # run below

    databases = ("default",)

    def test_one_that_is_rolled_back(self):
        write(6)
        assert PendingChange.objects.count() == 1
        with self.captureOnCommitCallbacks(execute=True):
            write(7)
        assert not PendingChange.objects.exists()


def test_in_a_test_case_that_is_rolled_back_nothing_is_applied_unless_it_asks(stories):
    result = unittest.TestResult()
    unittest.TestSuite([RolledBack("test_one_that_is_rolled_back")]).run(result)
    assert result.testsRun == 1
    assert not result.errors, result.errors[0][1]
    assert not result.failures, result.failures[0][1]
    call_command("update_related", "--all", verbosity=0)
    assert len(stored()) == 6


def _in_child(numbers):
    for number in numbers:
        write(number)


def test_several_processes_write_at_once_and_nothing_is_lost(stories):
    related_to(stories[0])
    write(6)  # this process has a writer open when it forks
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=_in_child, args=(range(start, start + 5),)) for start in (10, 20, 30)]
    for each in children:
        each.start()
    for each in children:
        each.join()
    assert [each.exitcode for each in children] == [0, 0, 0]
    assert Story.objects.count() == 22
    update_related()
    assert is_true_to_the_rows()
    assert len(related_to(stories[0])) > 1  # this process reads what the others wrote


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["save", "edit", "delete", "hide", "show", "tag", "untag", "queryset"]),
        st.integers(0, 8),
        st.sampled_from(["alone", "together", "back", "partly back"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_after_any_moves_lists_hold_only_live_rows_and_are_those_of_a_build(stories, moves):
    Topic.objects.get_or_create(name="Sea")
    for move, number, way in moves:
        if way == "alone":
            _move(move, number)
            continue
        try:
            with transaction.atomic():
                _move(move, number)
                if way == "partly back":
                    rolled_back(99, partial(_move, "delete", number + 1))
                if way == "back":
                    raise LookupError
        except LookupError:
            pass
    live = {
        f"newsroom.story:{key}"
        for key in Story.objects.filter(is_published=True).values_list("pk", flat=True)
    }
    lists = stored()
    assert lists.keys() == live
    assert {each for found in lists.values() for each in found} <= live
    assert is_true_to_the_rows()


def _move(move, number):
    story = Story.objects.order_by("pk")[number : number + 1].first()
    if move == "save" or story is None:
        write(number)
    elif move == "edit":
        story.title = story.text = f"{SUBJECTS[(number + 1) % 3]} {story.title[:20]}"
        story.save()
    elif move == "delete":
        story.delete()
    elif move == "queryset":
        Story.objects.filter(pk__in=[story.pk, story.pk + 1]).delete()
    elif move in ("hide", "show"):
        story.is_published = move == "show"
        story.save(update_fields=["is_published"])
    elif move == "tag":
        story.topics.add(*Topic.objects.all())
    else:
        Topic.objects.first().stories.clear()


def test_models_that_nobody_follows_are_deleted_in_one_query(stories):
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    Session.objects.bulk_create(
        [Session(session_key=str(each), expire_date=timezone.now()) for each in range(5)]
    )
    with CaptureQueriesContext(connection) as queries:
        Session.objects.all().delete()
    assert [each["sql"].split()[0] for each in queries] == ["BEGIN", "DELETE", "COMMIT"]
