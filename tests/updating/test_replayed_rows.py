"""Records of updates that are read again, where only some rows of a record are still there."""

from recommender import Article, Recommender
from tests.hand_made_sites import assert_same_bytes

STORY = "Rain closed the {} road on Monday, and the {} stayed in the harbour until the wind dropped."
WORDS = ["valley", "ferry", "coast", "tram", "mill", "bridge", "lake", "station"]


def story(number):
    one, other = WORDS[number % 8], WORDS[(number + 3) % 8]
    return Article(f"s{number}", f"The {one} and the {other}", STORY.format(one, other))


def test_the_last_rows_of_a_record_may_be_all_that_is_left_of_it(tmp_path):
    site = Recommender.from_articles([story(number) for number in range(6)])
    site.save(tmp_path / "s.rec")
    site.update([story(number) for number in range(6, 10)])
    site.save(tmp_path / "s.rec")
    site.update(delete=["s6", "s7"])
    site.save(tmp_path / "s.rec")
    assert_same_bytes(Recommender.load(tmp_path / "s.rec"), site)
