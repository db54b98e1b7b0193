"""The pages on Django, Wagtail, Flask and FastAPI lead from what to type to a page with its list, in real projects."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from recommender import Article, Recommender

ROOT = Path(__file__).resolve().parents[2]
FILE = re.compile(r"^`([\w/.]+)`:\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMANDS = re.compile(r"^```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SUBJECTS = ("ferry harbour tide pilot", "orchard apple graft frost", "loom wool weaver dye")
SHOW = """
from django.test import Client
shown = Client(HTTP_HOST="localhost").get({address!r})
print(shown.status_code, shown.content.decode())
"""


def files_of(page: str) -> dict[str, str]:
    """Return the files that a page of the documentation shows."""
    return dict(FILE.findall((ROOT / "docs" / page).read_text(encoding="utf-8")))


def commands_of(page: str) -> list[str]:
    """Return the commands that a page of the documentation shows."""
    blocks = COMMANDS.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    return [line for block in blocks for line in block.splitlines()]


def run(folder: Path, *words: str, code: str = "") -> str:
    """Run a program in a project, as a process of its own."""
    done = subprocess.run(
        [sys.executable, *words], input=code, cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write(folder: Path, name: str, text: str, *, adds: bool = False) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text(encoding="utf-8") if adds else "") + text, encoding="utf-8")


def body(number: int) -> str:
    subject = SUBJECTS[number % len(SUBJECTS)]
    return f"{subject}. {subject}. " + " ".join(f"{letter}{number}x" for letter in "abcdefgh")


def title(number: int) -> str:
    return f"{SUBJECTS[number % len(SUBJECTS)].split()[number % 4]} {number}"


def links(page: str) -> list[str]:
    return re.findall(r'class="related-articles-link" href="([^"]+)"', page)


@pytest.mark.parametrize("page", ["django.md", "wagtail.md", "flask_fastapi.md"])
def test_what_is_installed_exists(page: str) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    first = commands_of(page)[0]
    installed = re.match(r"pip install '\.\[(\w+)\]'", first)
    assert installed is not None, first
    assert installed[1] in extras


def test_a_project_of_django_shows_lists_after_what_the_page_says(tmp_path: Path) -> None:
    files = files_of("django.md")
    run(tmp_path, "-m", "django", "startproject", "mysite", ".")
    setting = files.pop("mysite/settings.py")
    write(
        tmp_path,
        "mysite/settings.py",
        '\nINSTALLED_APPS += ["blog"]\nALLOWED_HOSTS = ["*"]\n' + setting,
        adds=True,
    )
    for name, text in files.items():
        write(tmp_path, name, text)
    urls = "from blog.models import Post\nfrom django.urls import path\nfrom django.views.generic import DetailView\n"
    urls += 'urlpatterns = [path("<int:pk>/", DetailView.as_view(model=Post), name="post")]\n'
    write(tmp_path, "mysite/urls.py", urls)
    write(tmp_path, "blog/__init__.py", "")
    run(tmp_path, "manage.py", "makemigrations", "blog", "-v0")
    migrate, rebuild = [
        line.split()[1:] for line in commands_of("django.md")[1:] if line.startswith("python manage.py")
    ]
    run(tmp_path, *migrate, "-v0")
    rows = [(title(number), body(number), "published" if number < 6 else "draft") for number in range(9)]
    fill = f"from blog.models import Post\nfor title, text, status in {rows!r}:\n"
    run(
        tmp_path,
        "manage.py",
        "shell",
        code=fill + "    Post.objects.create(title=title, text=text, status=status)\n\n",
    )
    assert "6 lists made" in run(tmp_path, *rebuild)
    change = "from blog.models import Post\npost = Post.objects.get(pk=7)\npost.status = 'published'\npost.save()\n"
    shown = run(tmp_path, "manage.py", "shell", code=change + SHOW.format(address="/1/"))
    assert f"<h1>{title(0)}</h1>" in shown
    assert sorted(links(shown)) == ["/4/", "/7/"]


def test_a_project_of_wagtail_shows_lists_after_what_the_page_says(tmp_path: Path) -> None:
    files = files_of("wagtail.md")
    run(tmp_path, "-c", "from wagtail.bin.wagtail import main; main()", "start", "mysite", ".")
    setting = files.pop("mysite/settings/base.py")
    # Wagtail's own migrations take half a minute; its tables are made without them
    apps = ("home", "wagtailcore", "wagtailadmin", "wagtailusers", "wagtailimages", "wagtaildocs", "wagtailsearch",
            "wagtailredirects", "wagtailforms", "wagtailembeds", "wagtailsites", "taggit", "contenttypes", "auth",
            "sessions", "admin", "blog")  # fmt: skip
    more = f"\nINSTALLED_APPS += ['blog']\nMIGRATION_MODULES = {dict.fromkeys(apps)!r}\n"
    write(tmp_path, "mysite/settings/base.py", more + setting, adds=True)
    for name, text in files.items():
        write(tmp_path, name, text)
    write(tmp_path, "blog/__init__.py", "")
    migrate, rebuild = [line.split()[1:] for line in commands_of("wagtail.md")[1:]]
    run(tmp_path, *migrate, "-v0", "--run-syncdb")
    fill = f"""
from blog.models import BlogPage
from home.models import HomePage
from wagtail.models import Locale, Page, Site
Locale.objects.create(language_code="en")
root = Page.add_root(instance=Page(title="Root", slug="root"))
home = root.add_child(instance=HomePage(title="Home", slug="home"))
Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
for number, (title, text) in enumerate({[(title(number), body(number)) for number in range(6)]!r}):
    stream = [("heading", title), ("paragraph", "<p>" + text + "</p>")]
    home.add_child(instance=BlogPage(title=title, slug=f"page-{{number}}", body=stream))

"""
    call = f"from django.core.management import call_command\ncall_command(*{rebuild[1:]!r})\n"
    shown = run(tmp_path, "manage.py", "shell", code=fill + call + SHOW.format(address="/page-0/"))
    assert "6 lists made" in shown
    assert f"<h1>{title(0)}</h1>" in shown
    assert links(shown) == ["/page-3/"]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recommender:
    """A site in the folder in which the applications are started."""
    articles = [Article(f"a{number}", title(number), body(number), url=f"/a{number}") for number in range(6)]
    found = Recommender.from_articles(articles)
    monkeypatch.chdir(tmp_path)
    found.save("site.rec")
    monkeypatch.syspath_prepend(tmp_path)
    return found


def application(name: str) -> ModuleType:
    """Import an application as the page shows it."""
    write(Path(), f"{name}.py", files_of("flask_fastapi.md")[f"{name}.py"])
    sys.modules.pop(name, None)
    importlib.invalidate_caches()
    return importlib.import_module(name)


def test_flask_in_ten_lines_shows_lists_and_goes_on_to_new_versions(site: Recommender) -> None:
    client = application("flask_app").app.test_client()
    assert links(client.get("/a0").text) == ["/a3"]
    assert client.get("/none").status_code == 404
    site.update(add=[Article("hostile", "<script>alert(1)</script>", body(9), url="/hostile")], delete=["a3"])
    site.save("site.rec")
    shown = client.get("/a0").text
    assert links(shown) == ["/hostile"]
    assert "<script" not in shown
    assert (
        len([line for line in files_of("flask_fastapi.md")["flask_app.py"].splitlines() if line.strip()])
        <= 14
    )


def test_fastapi_in_ten_lines_returns_lists_as_json_and_goes_on_to_new_versions(site: Recommender) -> None:
    from fastapi.testclient import TestClient

    client = TestClient(application("fastapi_app").api)
    (first,) = client.get("/related/a0").json()
    assert (first["article_id"], first["rank"], first["url"]) == ("a3", 1, "/a3")
    assert client.get("/related/none").status_code == 404
    assert client.get("/related/a0?k=x").status_code == 422
    site.update(delete=["a3"])
    site.save("site.rec")
    assert client.get("/related/a0").json() == []
