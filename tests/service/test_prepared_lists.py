"""Lists that are ready as bytes: those that are asked for as they are sent, all others compressed, within their room."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender import Article, Recommender
from recommender.service import ServiceSettings
from recommender.service.answers import Reply
from recommender.service.cache_headers import CacheHeaders
from recommender.service.list_answers import list_answer
from recommender.service.prepared_lists import PreparedLists

HEADERS = CacheHeaders(ServiceSettings(), is_private=False)
WAYS: tuple[dict[bytes, bytes], ...] = ({}, {b"accept-encoding": b"gzip"})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    path = tmp_path_factory.mktemp("prepared") / "site.rec"
    articles = [
        Article(f"road/{at}", f"Road {at % 20} is wet", f"Rain on road {at % 20}, part {at}. " + "The bridge is shut. " * 9)
        for at in range(200)
    ]  # fmt: skip
    Recommender.from_articles(articles, k=8).save(path)
    return Recommender.load(path)


def path_of(article_id: str) -> bytes:
    return f"/v1/articles/{article_id.replace('/', '%2F')}/related".encode()


def plainly(reply: Reply | None) -> tuple[int, dict[bytes, bytes], bytes]:
    assert reply is not None
    return reply.status, dict(reply.headers), reply.body


@pytest.mark.parametrize("most", [0, 30_000, 120_000, 2**28])
def test_what_was_packed_is_sent_as_what_was_made_and_all_stay_within_their_room(
    site: Recommender, most: int
) -> None:
    lists = PreparedLists(site, HEADERS, most)
    for article_id in site:
        if not lists.is_full:
            lists.prepare(article_id)
    assert lists.n_bytes <= most
    n_ready = len(lists)
    assert (n_ready == len(site)) == (most == 2**28)
    assert n_ready * 1_200 >= 0.75 * most or not lists.is_full, "compressed, a list takes a fourth of 4 kB"
    for _ in range(2):
        for article_id in site:
            expected = list_answer(site.related(article_id), HEADERS)
            for more in WAYS:
                assert plainly(lists.reply(path_of(article_id), more)) == plainly(expected.reply(more))
            assert lists.n_bytes <= max(most, 0)
    assert len(lists) >= n_ready
    assert lists.reply(path_of("nobody"), {}) is None


def test_a_version_leaves_what_it_did_not_change_ready(tmp_path: Path) -> None:
    path = tmp_path / "site.rec"
    articles = [Article(f"a{at}", f"Road {at % 4}", f"Rain on road {at % 4}, part {at}.") for at in range(20)]
    Recommender.from_articles(articles).save(path)
    before = Recommender.load(path)
    lists = PreparedLists(before, HEADERS, 2**20)
    for article_id in before:
        lists.prepare(article_id)
        lists.reply(path_of(article_id), {})
    writer = Recommender.load(path)
    changed = writer.update([Article("a20", "Road 1", "Rain on road 1, part 20.")])
    writer.save(path)
    after = Recommender.load(path)
    later = lists.after(after, changed.lists)
    assert len(later) == 20 - len(set(changed.lists) - {"a20"})
    for article_id in after:
        reply = later.reply(path_of(article_id), {})
        assert reply is not None
        assert reply.body == list_answer(after.related(article_id), HEADERS).reply({}).body
    none_stays = lists.after(after, None)
    assert (len(none_stays), none_stays.n_bytes) == (0, 0)
