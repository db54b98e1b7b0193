"""A site in a folder follows the articles of every run, whatever happened to the folder meanwhile."""

import shutil
import warnings
from dataclasses import replace

import pytest
from hashing_encoder import HashingEncoder

from recommender import Article, EditorRules, InputError, Policy, Recommender
from recommender.editors import Block, Pin
from recommender.kept_site import KeptSite

SUBJECTS = (
    "ferry harbour tide pilot",
    "orchard apple graft frost",
    "loom wool weaver dye",
    "comet lens dome orbit",
)


def article(number, words=""):
    subject = SUBJECTS[number % len(SUBJECTS)]
    title = f"{subject.split()[number % 3].title()} notes {number}"
    return Article(f"a{number:02}", title, f"On {subject}, part {number}. {words}", url=f"/a{number:02}/")


ARTICLES = [article(number) for number in range(24)]


def shown(site):
    return {each.article_id: [(e.article_id, e.title, e.url) for e in each] for each in site.related_all()}


def refuse_builds(monkeypatch):
    def build(*_, **__):
        raise AssertionError("built again")

    monkeypatch.setattr(Recommender, "from_articles", build)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "site.rec"


def test_the_first_run_builds_and_a_second_one_with_the_same_articles_computes_nothing(path, monkeypatch):
    first = KeptSite(path).bring_up_to_date(ARTICLES)
    assert first.changed == tuple(each.article_id for each in ARTICLES)
    assert shown(first.site) == shown(Recommender.from_articles(ARTICLES))
    refuse_builds(monkeypatch)
    monkeypatch.setattr(Recommender, "update", lambda *_: pytest.fail("updated"))
    again = KeptSite(path).bring_up_to_date(reversed(ARTICLES))
    assert again.changed == ()
    assert shown(again.site) == shown(first.site)


def test_a_change_is_an_update_and_names_exactly_the_lists_that_show_something_else(path, monkeypatch):
    before = shown(KeptSite(path).bring_up_to_date(ARTICLES).site)
    refuse_builds(monkeypatch)
    edited = replace(ARTICLES[4], title=f"{ARTICLES[4].title}, again")
    site, changed, _ = KeptSite(path).bring_up_to_date([edited, *ARTICLES[:4], *ARTICLES[5:]])
    after = shown(site)
    assert changed == tuple(each for each in after if after[each] != before[each])
    assert 0 < len(changed) < len(ARTICLES)
    assert KeptSite(path).bring_up_to_date([edited, *ARTICLES[:4], *ARTICLES[5:]]).changed == ()


def test_articles_that_are_not_given_any_more_leave_all_lists(path):
    kept = KeptSite(path)
    kept.bring_up_to_date(ARTICLES)
    site, changed, _ = kept.bring_up_to_date(ARTICLES[1:])
    assert "a00" not in site
    assert "a00" not in changed
    assert "a00" not in {entry for rows in shown(site).values() for entry, *_ in rows}
    assert shown(Recommender.load(path)) == shown(site)


def test_many_new_words_build_the_site_again(path, monkeypatch):
    KeptSite(path).bring_up_to_date(ARTICLES)
    new = [article(number, "volcano ash basalt lava crater") for number in range(24, 60)]
    site, *_ = KeptSite(path).bring_up_to_date([*ARTICLES, *new])
    assert site.drift().n_fitted == 60
    refuse_builds(monkeypatch)
    assert KeptSite(path).bring_up_to_date([*ARTICLES, *new]).changed == ()


PIN = EditorRules((Pin("a00", "a01"),), (Block("a02"),))


@pytest.mark.parametrize(
    "settings", [{"k": 3}, {"policy": Policy(floor=0.1)}, {"editors": PIN}, {"encoder": HashingEncoder()}]
)
def test_other_settings_build_the_site_again_and_the_same_ones_do_not(path, monkeypatch, settings):
    before = shown(KeptSite(path).bring_up_to_date(ARTICLES).site)
    site, changed, _ = KeptSite(path, **settings).bring_up_to_date(ARTICLES)
    assert shown(site) == shown(Recommender.from_articles(ARTICLES, **settings))
    assert changed == tuple(each for each, rows in shown(site).items() if rows != before[each])
    refuse_builds(monkeypatch)
    assert KeptSite(path, **settings).bring_up_to_date(ARTICLES).changed == ()


def test_another_encoder_of_the_same_class_builds_the_site_again(path):
    def vectors(n_dimensions):
        encoder = HashingEncoder(n_dimensions).fit()
        encoder.fingerprint = lambda: str(n_dimensions)
        encoder.settings = dict
        return encoder

    KeptSite(path, encoder=vectors(8)).bring_up_to_date(ARTICLES)
    site, *_ = KeptSite(path, encoder=vectors(16)).bring_up_to_date(ARTICLES)
    assert site.collection.neural.shape[1] == 16
    assert KeptSite(path).bring_up_to_date(ARTICLES).site.model.neural is None


def damage(path):
    for file in path.rglob("*.npy"):
        file.write_bytes(file.read_bytes()[:-8] + b"\xff" * 8)


@pytest.mark.parametrize(
    "harm",
    [damage, shutil.rmtree, lambda path: (path / "manifest.json").write_text("{}"),
     lambda path: (path / "manifest.json").unlink()],
    ids=["damaged", "deleted", "of another version", "half deleted"],
)  # fmt: skip
def test_a_folder_that_is_of_no_use_is_built_again(path, harm):
    before = shown(KeptSite(path).bring_up_to_date(ARTICLES).site)
    harm(path)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        site, changed, _ = KeptSite(path).bring_up_to_date(ARTICLES)
    assert shown(site) == before
    assert len(changed) == len(ARTICLES)
    assert [str(each.message) for each in caught if each.category is UserWarning] == (
        [f"{path}: the site of the last run is damaged or of another version, and is built anew"]
        if harm is not shutil.rmtree
        else []
    )
    assert shown(Recommender.load(path)) == before


def test_somebody_elses_folder_is_never_replaced(path):
    path.mkdir(parents=True)
    (path / "manifest.json").write_text('{"name": "An app"}')
    with pytest.warns(UserWarning, match="not an artifact") as caught:
        KeptSite(path).bring_up_to_date(ARTICLES)
    assert not [each for each in caught if "built anew" in str(each.message)]
    assert [each.name for each in path.iterdir()] == ["manifest.json"]


def test_a_folder_that_cannot_be_written_costs_a_warning_and_no_list(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.warns(UserWarning, match="not kept for the next run: .*file"):
        site, *_ = KeptSite(tmp_path / "file" / "site.rec").bring_up_to_date(ARTICLES)
    assert shown(site) == shown(Recommender.from_articles(ARTICLES))


def test_a_run_beside_another_one_makes_its_own_lists(path, monkeypatch):
    """The folder goes on between the reading and the storing of a run."""
    KeptSite(path).bring_up_to_date(ARTICLES)
    save = Recommender.save

    def save_later(site, where):
        monkeypatch.setattr(Recommender, "save", save)
        KeptSite(path).bring_up_to_date(ARTICLES[:-1])
        save(site, where)

    monkeypatch.setattr(Recommender, "save", save_later)
    with pytest.warns(UserWarning, match="not kept for the next run"):
        site, *_ = KeptSite(path).bring_up_to_date(ARTICLES[1:])
    assert list(site) == [each.article_id for each in ARTICLES[1:]]
    assert list(KeptSite(path).bring_up_to_date(ARTICLES).site) == [each.article_id for each in ARTICLES]


@pytest.mark.filterwarnings("ignore:1 of 1 articles share no word")
def test_no_articles_and_one_are_sites_too(path):
    assert KeptSite(path).bring_up_to_date([]).changed == ()
    assert KeptSite(path).bring_up_to_date(ARTICLES[:1]).changed == ("a00",)
    assert KeptSite(path).bring_up_to_date([]).changed == ()
    assert list(Recommender.load(path)) == []


@pytest.mark.parametrize("n_before", [0, 24])
def test_two_articles_with_one_id_are_refused_and_the_folder_stays(path, n_before):
    KeptSite(path).bring_up_to_date(ARTICLES[:n_before])
    with pytest.raises(InputError, match="duplicate id, got 'a05'"):
        KeptSite(path).bring_up_to_date([*ARTICLES, ARTICLES[5]])
    assert len(Recommender.load(path)) == n_before
