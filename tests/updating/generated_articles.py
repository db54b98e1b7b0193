"""Articles drawn from few sentences, titles, dates and labels, so that every relation between articles occurs often."""

from __future__ import annotations

from hypothesis import strategies as st

from recommender import Article

IDS = ("a", "b", "c", "d", "e", "f", "g1", "g10", "h h", "ö", "zz")
"""Every site draws its articles from these ids."""

ENGLISH = (
    "Rain closed the valley road on Monday and two bridges with it.",
    "The road that the rain had closed is open again for cars and buses.",
    "A crew from the county cleared stones and mud below the Lindholm dam.",
    "The choir of Marbury sang four songs by heart and won the silver prize.",
    "Judges praised the tenor, who had joined the choir in the spring.",
    "Ferry tickets to the islands will cost two crowns more from May.",
    "The harbour office says that fuel is the reason for the new prices.",
    "The goalkeeper saved three penalties before the final whistle.",
    "Engineers found a crack in the Lindholm dam and lowered the lake.",
)
GERMAN = (
    "Der Regen hat die Straße im Tal gesperrt, und zwei Brücken sind zu.",
    "Die Straße ist wieder frei, sagt das Amt, und der Bus fährt nach Plan.",
    "Der Chor aus Marbury gewann mit vier Liedern den silbernen Preis.",
    "Die Fähre zu den Inseln kostet ab Mai zwei Kronen mehr.",
)
JAPANESE = ("大雨で谷の道路が通行止めになった。", "道路は月曜日に再び開通した。")
FOOTER = "Subscribe to the Valley Post for more stories like this one."
TITLES = (
    "Rain floods the valley road",
    "Valley road open again",
    "Crack in the Lindholm dam",
    "Lindholm dam",
    "Marbury choir wins silver",
    "Ferry tickets to the islands",
    "Briefly",
    "",
)
DATES = (None, "2026-03-01", "2026-03-02", "2026-03-20", "2026-05-01T12:00:00Z")
LISTING = ({"listed": False}, {"access": "private"}, {"expires": "2020-01-01"}, {"expires": "2190-01-01"})
LANGUAGES = (
    {"translationKey": "dam"}, {"translationKey": "dam"}, {"translations": {"de": "/dam", "en": "/rain"}},
    {"translations": {"de": "a", "fr": "b"}},
)  # fmt: skip
PARTS = (
    {"series": "Dams"},
    {"series": "Dams", "part": 1},
    {"series": ["dams", "x"], "part": "2"},
    {"series": "Songs"},
)
URLS = (None, "/rain", "/road", "/dam", "/choir")


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Return nothing, a stub, or some sentences of one language; some mention or link others and end in the footer."""
    pool = draw(st.sampled_from((ENGLISH, ENGLISH, ENGLISH, GERMAN, JAPANESE)))
    sentences = draw(st.lists(st.sampled_from(pool), max_size=7))
    if draw(st.booleans()):
        sentences = [*pool[:3], *sentences]  # long parts in common make near copies
    if draw(st.integers(0, 3)) == 0:
        sentences.append(f"See also: {draw(st.sampled_from(TITLES[:6]))}.")
    if draw(st.integers(0, 5)) == 0:
        address = draw(st.sampled_from(URLS[1:]))
        sentences.append(f'<a href="{address}">more on this</a>')
    if draw(st.booleans()):
        sentences.append(FOOTER)
    return " ".join(sentences)


@st.composite
def metadata(draw: st.DrawFn) -> dict[str, object]:
    """Return tags, authors, views, and now and then pins, blocks or a mark that hides the article."""
    found: dict[str, object] = {}
    if draw(st.booleans()):
        found["tags"] = draw(st.lists(st.sampled_from(("water", "music", "roads")), max_size=2, unique=True))
    if draw(st.booleans()):
        found["views"] = draw(st.integers(0, 3))
    if draw(st.booleans()):
        found |= draw(st.sampled_from(PARTS))
    if draw(st.integers(0, 4)) == 0:
        found["author"] = draw(st.sampled_from(("Ida", "Jo")))
    kind = draw(st.integers(0, 14))
    if kind == 0:
        found["related_pins"] = [draw(st.sampled_from(IDS))]
    elif kind == 1:
        found["related_blocks"] = [draw(st.sampled_from(IDS))]
    elif kind == 2:
        found["related_hidden"] = True
    elif kind == 3:
        found |= draw(st.sampled_from(LISTING))
    elif kind in (4, 5):
        found |= draw(st.sampled_from(LANGUAGES))
    return found


@st.composite
def articles(draw: st.DrawFn, ids: tuple[str, ...] = IDS) -> Article:
    """Return an article."""
    article_id = draw(st.sampled_from(ids))
    title, body = draw(st.sampled_from(TITLES)), draw(bodies())
    data = draw(metadata())
    if data.get("related_pins") == [article_id] or data.get("related_blocks") == [article_id]:
        data = {}  # an article pinned on itself is an error
    return Article(
        article_id,
        title if title or body else "Briefly",
        body,
        published=draw(st.sampled_from(DATES)),
        section=draw(st.sampled_from((None, "sport", "news"))),
        language=draw(st.sampled_from((None, None, None, "en", "de"))),
        url=draw(st.sampled_from(URLS)),
        description=draw(st.sampled_from((None, None, "In short."))),
        metadata=data,
    )
