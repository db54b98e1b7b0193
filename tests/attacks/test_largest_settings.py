"""Lists as long as settings allow take no more memory than there are articles."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest
from attacked_children import in_child
from attacked_commands import rows_of

from recommender import Article, Recommender
from recommender.lists.site import LARGEST_K
from recommender.ranking import site_sizes

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def use(path: Path) -> None:
    """Build, change and ask a site whose lists may have two billion entries, where 8 GB are refused."""
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
    site = Recommender.from_articles(rows_of("north", 12), k=LARGEST_K, n_candidates=LARGEST_K)
    ids = list(site)
    for diversity in (0.0, 0.3):
        assert len(site.related(ids[0], exclude=[ids[1]], diversity=diversity)) == 10
        assert len(site.related_to("Rain on north road 1", diversity=diversity)) == 12
    site.why_not(ids[0], ids[5])
    site.update([Article("new", "Rain on north road 1", "Crews came with pumps.")])
    site.save(path)
    assert len(Recommender.load(path)[ids[0]]) == 12


@pytest.mark.parametrize("large", [False, True])
def test_the_longest_lists_take_the_memory_of_their_articles(
    tmp_path: Path, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr(site_sizes, "SMALL_SITE", 0)
    ended = in_child(lambda: use(tmp_path / "x.rec"))
    assert ended.how == "done", ended.text


def test_what_no_artifact_can_store_is_refused_when_it_is_built() -> None:
    with pytest.raises(ValueError, match="k <= n_candidates <= 2,147,483,647, got k=3000000000"):
        Recommender.from_articles(rows_of("north"), k=3 * 10**9, n_candidates=3 * 10**9)
