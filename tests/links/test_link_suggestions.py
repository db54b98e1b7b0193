"""Suggested links name related articles, once, where a link may stand, and say where that is."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Article, EditorRules, Recommender
from recommender.editors import Block
from recommender.text import plain_text

FLEET = (
    "Nine boats are the herring fleet of Skarvik. They leave the harbour at four and come back with the tide."
)
ARTICLES = [
    Article("fleet", "The herring fleet of Skarvik", FLEET, url="https://skarvik.example/fleet/"),
    Article(
        "quota", "Herring quota cut by a third",
        "The quota for herring was cut. The herring fleet of Skarvik may land nine hundred tonnes before autumn.",
        url="https://skarvik.example/quota/",
    ),
    Article(
        "ice", "Harbour ice breaker ordered",
        "The council ordered an ice breaker for the harbour, so that boats with herring can leave in winter.",
        url="https://skarvik.example/ice/",
    ),
    Article(
        "tide", "Tide tables for the harbour",
        "The tide tables of the harbour are printed again. Boats and the ferry need them all winter.",
        url="https://skarvik.example/tide/",
    ),
    Article("choir", "The choir sings four songs", "Four songs were sung by heart in the church.", url="https://skarvik.example/choir/"),
    Article("school", "School roof repaired", "Carpenters repaired the roof of the school in the holidays."),
]  # fmt: skip
HOST = "Winter in the harbour"
NAMED = "In winter the herring fleet of Skarvik stays in port. The ice breaker and the tide tables help the boats."


def site_with(body, title=HOST, articles=ARTICLES, **options):
    return Recommender.from_articles([*articles, Article("host", title, body)], **options)


def links_of(body, **options):
    return site_with(body, **options).link_suggestions("host", k=10, floor=0.1)


def phrases(found):
    return {link.article_id: link.phrase for link in found}


@pytest.fixture(scope="module")
def named():
    return links_of(NAMED)


def test_titles_and_the_parts_that_distinguish_them_are_found(named):
    assert phrases(named) == {
        "fleet": "the herring fleet of Skarvik", "ice": "ice breaker", "tide": "tide tables",
    }  # fmt: skip


def test_a_suggestion_says_where_its_phrase_is_and_where_it_leads(named):
    for link in named:
        assert NAMED[link.start : link.end] == link.phrase
        assert link.sentence[link.offset : link.offset + len(link.phrase)] == link.phrase
        assert link.sentence in NAMED
        assert link.url == f"https://skarvik.example/{link.article_id}/"
        assert link.title in {article.title for article in ARTICLES}
        assert 0 <= link.strength <= 1
        assert type(link)(**json.loads(json.dumps(link.to_dict()))) == link
    assert [link.strength for link in named] == sorted((link.strength for link in named), reverse=True)
    assert named.to_dict()["links"] == [link.to_dict() for link in named]


@pytest.mark.parametrize(
    "body",
    [
        "<h2>The herring fleet of Skarvik</h2><p>In winter the boats of the harbour stay in port.</p>",
        "<p>In winter <code>the herring fleet of Skarvik</code> stays in port, harbour and boats.</p>",
        "<pre>the herring fleet of Skarvik</pre><p>In winter the boats of the harbour stay in port.</p>",
        "<blockquote>the herring fleet of Skarvik</blockquote><p>In winter the boats of the harbour stay.</p>",
        "<p>In winter <a href='https://other.example/'>the <b>herring fleet</b> of Skarvik</a> stays in the harbour.</p>",
        "# The herring fleet of Skarvik\n\nIn winter the boats of the harbour stay in port.",
        "The herring fleet of Skarvik\n============\n\nIn winter the boats of the harbour stay in port.",
        "In winter `the herring fleet of Skarvik` stays in port, harbour and boats.",
        "```\nthe herring fleet of Skarvik\n```\n\nIn winter the boats of the harbour stay in port.",
        "> the herring fleet of Skarvik\n\nIn winter the boats of the harbour stay in port.",
        "In winter [the herring fleet of Skarvik](https://other.example/) stays in the harbour with the boats.",
        "In winter [the herring fleet of Skarvik][1] stays in the harbour.\n\n[1]: https://other.example/",
        "In winter https://other.example/the-herring-fleet-of-skarvik is about boats in the harbour.",
        "In winter ![the herring fleet of Skarvik](boats.jpg) stays in the harbour.",
    ],
)  # fmt: skip
def test_nothing_is_linked_in_headings_code_quotations_and_links(body):
    assert "fleet" not in phrases(links_of(body))


@pytest.mark.parametrize(
    "link",
    [
        "<a href='https://www.skarvik.example/fleet'>here</a>", "<a href='fleet'>here</a>", "[here](fleet.md#top)",
        "See https://skarvik.example/fleet/?from=host.",
    ],
)  # fmt: skip
def test_what_is_linked_already_is_not_suggested_also_after_an_update(link):
    body = f"<p>{NAMED}</p><p>{link}</p>" if link.startswith("<a") else f"{NAMED} {link}"
    site = site_with(NAMED)
    assert "fleet" in phrases(site.link_suggestions("host", floor=0.1))
    site.update([Article("host", HOST, body)])
    assert phrases(site.link_suggestions("host", floor=0.1)) == {"ice": "ice breaker", "tide": "tide tables"}
    assert phrases(links_of(body)).keys() == {"ice", "tide"}


def test_html_and_drafts_give_the_same_links_as_plain_text(named):
    html = (
        "<p>In winter the <em>herring fleet</em> of&nbsp;Skarvik stays in port.\n"
        "The ice breaker and the tide tables help the boats.</p>"
    )
    assert phrases(links_of(html)) == phrases(named)
    for link in links_of(html):
        assert plain_text(html)[link.start : link.end] == link.phrase
    site = Recommender.from_articles(ARTICLES)
    assert phrases(site.link_suggestions_to(HOST, html, 10, floor=0.1)) == phrases(named)
    assert "fleet" not in phrases(site.link_suggestions_to(HOST, f"{NAMED} [x](fleet)", 10, floor=0.1))


def test_each_article_is_named_once_and_no_more_than_k_are(named):
    twice = links_of(f"{NAMED} {NAMED}")
    assert phrases(twice) == phrases(named)
    assert [link.start for link in twice] == [link.start for link in named]
    assert site_with(NAMED).link_suggestions("host", 2, floor=0.1).links == named.links[:2]
    weakest = named.links[-1].strength
    assert site_with(NAMED).link_suggestions("host", floor=weakest) == named
    assert len(site_with(NAMED).link_suggestions("host", floor=min(1, weakest + 1e-4))) < len(named)


def test_a_phrase_inside_the_whole_title_of_an_article_stands_for_that_article():
    boat = Article(
        "boat", "Fleet of Skarvik renewed", "New boats for the fleet of Skarvik, for herring and the harbour."
    )
    found = links_of(NAMED, articles=[*ARTICLES, boat])
    assert phrases(found)["fleet"] == "the herring fleet of Skarvik"
    assert "boat" not in phrases(found)


def test_a_phrase_that_names_the_article_itself_as_well_names_no_other():
    june = Article(
        "june", "Herring landings in June", "The herring landings in June were small, says the harbour."
    )
    body = "The herring landings of this month were large, says the harbour."
    assert "june" in phrases(
        site_with(body, "A month in the harbour", [*ARTICLES, june]).link_suggestions("host", floor=0.05)
    )
    own = site_with(body, "Herring landings", [*ARTICLES, june])
    assert "june" not in phrases(own.link_suggestions("host", floor=0.0))


def test_a_phrase_that_every_text_holds_distinguishes_nothing():
    common = [
        Article(f"c{n}", f"Notice {n}", f"Join us at the harbour for herring, part {n}.") for n in range(60)
    ]
    target = Article("join", "Join us", "Join us at the harbour, for herring and songs.")
    rare = Article(
        "meet", "Regatta committee", "The regatta committee meets at the harbour, for herring and songs."
    )
    body = "Join us at the harbour for herring in winter, says the regatta committee."
    found = {link.article_id: link.strength for link in links_of(body, articles=[*common, target, rare])}
    assert found["meet"] > 2 * found.get("join", 0)


def test_near_copies_blocked_articles_and_other_languages_are_not_named():
    copy = Article("copy", "The herring fleet of Skarvik", FLEET)
    site = site_with(FLEET, "Our boats")  # itself a near copy of what it would name
    assert "fleet" not in phrases(site.link_suggestions("host", floor=0.1))
    found = phrases(links_of(NAMED, articles=[*ARTICLES, copy]))
    assert len(found.keys() & {"fleet", "copy"}) == 1
    blocked = EditorRules(blocks=(Block("fleet", "host"),))
    assert phrases(links_of(NAMED, editors=blocked)).keys() == {"ice", "tide"}
    tongues = [replace(article, language="en") for article in ARTICLES]
    german = replace(tongues[0], language="de")
    site = Recommender.from_articles([german, *tongues[1:], Article("host", HOST, NAMED, language="en")])
    assert "fleet" not in phrases(site.link_suggestions("host", floor=0.1))


def test_wrapped_lines_are_one_sentence_and_lists_are_not():
    wrapped = (
        "All through the long winter months, as in other years, the herring\n"
        "fleet of Skarvik stays in port with its boats in the harbour."
    )
    (link,) = [link for link in links_of(wrapped) if link.article_id == "fleet"]
    assert link.phrase == "the herring fleet of Skarvik"
    assert link.sentence == wrapped.replace("\n", " ")
    assert wrapped[link.start : link.end].replace("\n", " ") == link.phrase
    listed = links_of(
        "In the harbour of Skarvik boats wait for winter:\n\n- tide\n- tables\n- herring\n- fleet\n"
    )
    assert not {"tide tables", "herring fleet"} & {*phrases(listed).values()}


def test_parts_of_longer_names_are_not_linked():
    found = phrases(
        links_of("In winter the after-ice breaker-harbour and @tide tables.example keep boats and herring.")
    )
    assert not found.keys() & {"ice", "tide"}


def test_scripts_without_spaces():
    articles = [
        Article("a", "鲱鱼船队", "九艘渔船组成了港口的鲱鱼船队。它们四点离开港口，随潮水归来。"),
        Article("b", "学校屋顶修好了", "木匠在假期里修好了学校的屋顶。"),
        Article("c", "合唱团", "合唱团在教堂里唱了四首歌。"),
        Article("host", "港口的冬天", "冬天，鲱鱼船队留在港口。渔船等待潮水。"),
    ]
    (link,) = Recommender.from_articles(articles).link_suggestions("host", floor=0.05)
    assert (link.phrase, link.article_id, link.sentence) == ("鲱鱼船队", "a", "冬天，鲱鱼船队留在港口。")


@pytest.mark.parametrize("articles", [[], [Article("host", HOST, NAMED)], [*ARTICLES, Article("host", HOST)]])
def test_sites_and_texts_without_links(articles):
    site = Recommender.from_articles(articles)
    for found in site.link_suggestions_all(floor=0.0):
        assert found.article_id != "host" or not len(found)
    assert not len(site.link_suggestions_to("Choir", "")) or articles


def test_order_storage_and_updates_change_nothing(named, tmp_path):
    host = Article("host", HOST, f"<p>{NAMED}</p>")
    expected = Recommender.from_articles([host, *ARTICLES])
    everything = list(expected.link_suggestions_all(10, floor=0.1))
    assert [each.article_id for each in everything] == sorted(each.article_id for each in everything)
    assert everything[[each.article_id for each in everything].index("host")].links == named.links
    assert (
        list(Recommender.from_articles([*ARTICLES[::-1], host]).link_suggestions_all(10, floor=0.1))
        == everything
    )
    expected.save(tmp_path / "x.rec")
    assert list(Recommender.load(tmp_path / "x.rec").link_suggestions_all(10, floor=0.1)) == everything
    updated = Recommender.from_articles([*ARTICLES, host])
    updated.update([Article("new", "Lifeboat crew", "The lifeboat crew of the harbour")], [])
    updated.update([], ["new"])
    assert list(updated.link_suggestions_all(10, floor=0.1)) == everything


FRAGMENTS = st.sampled_from(
    ["the herring fleet of Skarvik", "tide tables", " ice breaker ", "`ice breaker`", "<b>herring</b> fleet", "winter. ",
     "\n\n", "\n", "# ", "[", "](fleet)", "]", "<a href='/tide/'>", "</a>", "<h2>", "</h2>", "- ", "> ", "harbour", "boats",
     "雨", "&amp;", "e\u0301"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(FRAGMENTS, max_size=25), st.integers(1, 3))
def test_whatever_the_markup_the_promises_hold(parts, k):
    body = " ".join(parts)
    found = SITE.link_suggestions_to("Winter", body, k, floor=0.05)
    text = plain_text(body)
    assert len(found) <= k
    assert len({link.article_id for link in found}) == len(found)
    taken = set()
    for link in found:
        assert text[link.start : link.end].replace("\n", " ") == link.phrase
        assert link.sentence[link.offset : link.offset + len(link.phrase)] == link.phrase
        assert taken.isdisjoint(range(link.start, link.end))
        taken.update(range(link.start, link.end))
        assert not ("<a href='/tide/'>" in body and link.article_id == "tide" and "[" not in body)


SITE = Recommender.from_articles(ARTICLES)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"k": 0}, ValueError, "k must be 1 or more"),
        ({"floor": 1.5}, ValueError, "floor must be from 0 to 1, got 1.5"),
        ({"floor": "high"}, TypeError, "floor must be a number"),
        ({"article_id": "nobody"}, LookupError, "no article has the id 'nobody'"),
    ],
)
def test_wrong_arguments_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        SITE.link_suggestions(**{"article_id": "fleet"} | arguments)


def test_the_whole_title_of_another_is_a_link_although_it_holds_the_own_title():
    body = "What became of the harbour? Tide tables for the harbour say it, and the harbour itself."
    assert phrases(links_of(body, title="Harbour")) == {"tide": "Tide tables for the harbour"}
    assert (
        "harbour" not in phrases(links_of("The harbour sleeps; the harbour wakes.", title="Harbour")).values()
    )
