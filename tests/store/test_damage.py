"""A flipped bit, a cut, an extension or a deletion in any file gives the old lists or a clear error.

RECOMMENDER_DAMAGES=500 sets the number of damages of each kind in each file.
"""

import os
import random
import shutil

import pytest
from made_up_store import a_store, arrays_of, seen

from recommender import Article, ArtifactError, Recommender
from recommender.store import array_folder
from recommender.store.site_store import SiteStore
from recommender.updating import stored_site

N_DAMAGES = int(os.environ.get("RECOMMENDER_DAMAGES", "1"))

ARTICLES = [
    Article(
        f"road-{number:02}",
        f"Rain on road {number // 2}, part {number % 2}",
        f"Rain closed road {number // 2} and the bridge at its end. Crews came with pumps {number % 3} times.",
        published=f"2026-05-{number % 28 + 1:02}",
        section=f"part {number % 3}",
        url=f"https://example.org/{number}",
        description="" if number % 2 else "Crews with pumps cleared the bridge.",
        metadata={"tags": [f"road {number // 2}"], "desk": "roads"},
    )
    for number in range(60)
]  # fmt: skip


def flipped(content, generator):
    place = generator.randrange(8 * len(content))
    changed = bytearray(content)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


DAMAGES = {
    "a flipped bit": flipped,
    "a zeroed stretch": lambda content, generator: (
        content[: (at := generator.randrange(len(content)))] + bytes(64) + content[at + 64 :]
    )[: len(content)],
    "a cut": lambda content, generator: content[: generator.randrange(len(content))],
    "an extension": lambda content, generator: content + generator.randbytes(generator.randrange(1, 100)),
    "a deletion": lambda content, generator: None,
}


def replace(file, content):
    """Give a file another content without touching who has the old one mapped. None removes it."""
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_bytes(content)


def answers(path):
    """Return all that a reader asks for: stored lists, reasons, lists made now, a draft, an unknown id."""
    site = Recommender.load(path)
    some = ["road-00", "road-07", "road-58"]
    return (
        [site[each.article_id] for each in ARTICLES],
        list(site.related_all(3)),
        list(site),
        "road-99" in site,
        [site.related(each, why=True) for each in some],
        [site.related(each, 3, exclude=["road-01", "nobody"], same=["section"]) for each in some],
        [site.related(each, 3, exclude=[site[each][0].article_id]) for each in some],
        site.related_to("Rain on road 7", "The bridge is closed.", why=True),
        site.terms("road-07"),
        [dict(summary.metadata) for summary in site.summaries],
    )


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A small site and the answers that it gives."""
    path = tmp_path_factory.mktemp("saved") / "site.rec"
    Recommender.from_articles(ARTICLES).save(path)
    return path, answers(path)


@pytest.mark.parametrize("read_at_once", [None, 0], ids=["small", "as if large"])
@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_site_gives_the_old_lists_or_an_error(saved, tmp_path, monkeypatch, kind, read_at_once):
    path, expected = saved
    if read_at_once is not None:
        monkeypatch.setattr(array_folder, "_READ_AT_ONCE", read_at_once)
    copy = tmp_path / "site.rec"
    shutil.copytree(path, copy)
    generator, errors = random.Random(11), []
    files = [file for file in sorted(copy.rglob("*")) if file.is_file() and file.name != "write.lock"]
    assert len(files) > 70
    for file in files:
        content = file.read_bytes()
        for _ in range(N_DAMAGES):
            replace(file, DAMAGES[kind](content, generator))
            try:
                assert answers(copy) == expected, file
            except ArtifactError as error:
                errors.append(str(error))
        replace(file, content)
    assert len(errors) > N_DAMAGES * len(files) / 2
    assert all(str(copy) in each for each in errors)
    assert answers(copy) == expected


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("writing", [False, True], ids=["closed", "with a log"])
def test_damaged_updates_are_an_error_or_an_older_state(tmp_path, kind, writing):
    path = tmp_path / "x.rec"
    store, base, position = a_store(path, 3)
    for number in (3, 4):
        position = store.append(base, position, (arrays_of(number, 2_000), {"is": number}))
    if not writing:
        store.close()
    generator, errors, n_read = random.Random(5), [], 0
    for file in sorted(path.glob("updates-*")):
        for _ in range(20 * N_DAMAGES):
            copy = tmp_path / "copy.rec"
            shutil.copytree(path, copy)
            replace(copy / file.name, DAMAGES[kind](file.read_bytes(), generator))
            try:
                found, n_read = seen(SiteStore(copy))[1], n_read + 1
                assert found == [0, 1, 2, 3, 4][: len(found)]
                assert writing or len(found) == 5
            except ArtifactError as error:
                errors.append(str(error))
            shutil.rmtree(copy)
    assert n_read if kind == "an extension" or writing else errors  # SQLite knows how long its files are
    assert all("/updates-" in each for each in errors)
    store.close()


def test_a_schema_of_updates_that_is_no_utf_8_is_damage(tmp_path):
    """SQLite quotes it in the message of its error."""
    path = tmp_path / "x.rec"
    a_store(path, 3)[0].close()
    (file,) = path.glob("updates-*")
    content = file.read_bytes()
    first = content.index(b"CREATE TABLE updates")
    for place in range(first - 30, first + 200, 5):
        replace(file, content[:place] + bytes([content[place] ^ 0x80]) + content[place + 1 :])
        try:
            assert seen(SiteStore(path))[1] == [0, 1, 2]
        except ArtifactError as error:
            assert str(file) in str(error)  # noqa: PT017, some bytes are not read


@pytest.mark.parametrize("merged", [False, True], ids=["one by one", "merged"])
@pytest.mark.parametrize("kind", DAMAGES)
def test_a_site_with_damaged_updates_gives_the_newest_lists_or_an_error(tmp_path, monkeypatch, kind, merged):
    if merged:
        monkeypatch.setattr(stored_site, "_MERGED", 1)
    path = tmp_path / "site.rec"
    site = Recommender.from_articles(ARTICLES[:20])
    site.save(path)
    site.update([replace_title(ARTICLES[3]), ARTICLES[30]], ["road-05"])
    site.save(path)
    Recommender.load(path).compact()
    site = Recommender.load(path)
    site.update([ARTICLES[40]], ["road-06"])
    site.save(path)
    del site
    (file,) = path.glob("updates-*.sqlite")
    content, generator, errors = file.read_bytes(), random.Random(3), []
    expected = lists_and_more(path)
    for _ in range(20 * N_DAMAGES):
        replace(file, DAMAGES[kind](content, generator))
        try:
            assert lists_and_more(path) == expected
        except ArtifactError as error:
            errors.append(str(error))
    assert errors or kind == "an extension"  # SQLite knows how long its files are
    assert all(str(path) in each for each in errors)


def replace_title(article):
    return Article(**{**article.to_dict(), "title": "Rain on another road"})


def lists_and_more(path):
    """Return what is read of heads, and then what is read of all."""
    site = Recommender.load(path)
    lists = [site[each] for each in site], site.changes_since(1)
    try:
        return (
            lists,
            site.related("road-07", why=True),
            site.related_to("Rain on road 7", "The bridge is closed."),
        )
    except ArtifactError:
        assert lists == ([site[each] for each in site], site.changes_since(1))
        raise
