"""A real project of Django and Wagtail with its databases in a folder, set up once for all tests of a process."""

from __future__ import annotations

import shutil
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

__all__ = ["FOLDER", "SITE", "STORY", "made_once", "set_up", "written_by_another_thread"]

FOLDER = Path(tempfile.mkdtemp(prefix="django_project"))
SITE = FOLDER / "site.rec"
STORY = {
    "body": "text",
    "published": "written",
    "section": "desk.name",
    "tags": "topics.name",
    "language": "language",
    "description": "summary",
    "live": "is_published",
}
_WAGTAIL = ["wagtail.contrib.redirects", "wagtail.users", "wagtail.documents", "wagtail.images", "wagtail.search",
            "wagtail.admin", "wagtail", "modelcluster", "taggit", "treebeard"]  # fmt: skip
_CONTRIB = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
]


def set_up() -> None:
    """Set Django up, with empty tables. A second call changes nothing."""
    if settings.configured:
        return
    folder = FOLDER
    settings.configure(
        SECRET_KEY="of no use",
        STATIC_URL="/static/",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="django_urls",
        USE_TZ=True,
        TIME_ZONE="Europe/Vienna",
        LANGUAGES=[("en", "English"), ("de", "German")],
        WAGTAIL_CONTENT_LANGUAGES=[("en", "English"), ("de", "German")],
        WAGTAIL_I18N_ENABLED=True,
        WAGTAIL_SITE_NAME="Magazine",
        WAGTAILADMIN_BASE_URL="http://localhost",
        WAGTAILSEARCH_BACKENDS={},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["newsroom", "magazine", "recommender.plugins.django", *_WAGTAIL, *_CONTRIB],
        DATABASES={
            name: {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / f"{name}.sqlite3", "OPTIONS": {"timeout": 20},
                   "TEST": {"NAME": folder / f"{name}.sqlite3"}}
            for name in ("default", "archive")
        },
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
                    "DIRS": [folder / "templates"]}],
        MIGRATION_MODULES={name.rpartition(".")[2]: None for name in (*_WAGTAIL, *_CONTRIB)}
        | {"wagtailcore": None, "wagtailadmin": None, "wagtailusers": None, "wagtailimages": None, "wagtaildocs": None,
           "wagtailsearch": None, "wagtailredirects": None},
        RECOMMENDER={"site": SITE, "models": {"newsroom.Story": STORY}},
    )  # fmt: skip
    django.setup()
    for name in settings.DATABASES:
        call_command("migrate", run_syncdb=True, verbosity=0, database=name)


def made_once(site: Path, name: str) -> None:
    """Make the lists of the rows that there are. The second time they are copied, as from a backup."""
    from recommender.plugins.django.models import PendingChange

    kept = FOLDER / f"{name}.kept"
    if kept.exists():
        shutil.copytree(kept, site)
        PendingChange.objects.all().delete()
    else:
        call_command("rebuild_related", verbosity=0)
        shutil.copytree(site, kept)


@contextmanager
def written_by_another_thread(site: Path):
    """Have another thread hold the lock of a site."""
    from recommender.store.site_store import SiteStore

    taken, free = threading.Event(), threading.Event()

    def hold() -> None:
        with SiteStore(site).lock():
            taken.set()
            free.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert taken.wait(30)
        yield
    finally:
        free.set()
        other.join()
