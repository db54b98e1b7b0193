"""The file for WP-CLI: which posts it names, and that no name in it is ever run."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Article, Policy, Recommender
from recommender.articles import ArticleSummary
from recommender.export import ListsSince, export
from recommender.export.wordpress_posts import post_name, write_wp_cli
from recommender.lists.related import RelatedArticle, RelatedList

DATA = re.compile(r"<<<'RECOMMENDER'\n(.*?)\nRECOMMENDER\n, true \);", re.DOTALL)
HOSTILE = [
    "'); die('x'); //", "`id`", "$(id)", "${x}", "?><?php die(1);", "RECOMMENDER", "\\", '"', "%DATA%", "' OR 1=1 --",
    "</script>", "a\u2028RECOMMENDER",
]  # fmt: skip
names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30) | st.sampled_from(
    HOSTILE
)


def written(summaries, lists, deleted=None):
    stream = io.BytesIO()
    write_wp_cli(stream, summaries, lists, deleted)
    return stream.getvalue().decode()


def data_of(text):
    return json.loads(DATA.search(text)[1])


def lists_of(ids):
    return [RelatedList(each, tuple(RelatedArticle(other, 1, 0.5) for other in ids)) for each in ids]


def test_posts_are_named_by_number_else_address_else_id():
    assert post_name("http://a.org/?p=7", "https://a.org/rain/", {"post_id": "12"}) == "12"
    assert post_name("42") == "42"
    assert post_name("http://a.org/?page_id=7", "https://a.org/rain/") == "7"
    assert post_name("http://a.org/?post_type=x&p=8") == "8"
    assert post_name("a", "https://a.org/?p=9") == "9"
    assert post_name("a", "https://a.org/rain/", {"post_id": "1 OR 1=1"}) == "https://a.org/rain/"
    assert post_name("http://[", None) == "http://["
    assert post_name("²") == "²"


def test_lists_are_ids_of_posts_in_order(site_of, tmp_path):
    site = site_of(["a", "b", "c"])
    numbers = {"a": 3, "b": "1", "c": None}
    site.summaries = [
        ArticleSummary(each.article_id, "", url=each.url, metadata={"post_id": numbers[each.article_id]})
        for each in site.summaries
    ]
    out = tmp_path / "related.php"
    assert export(site, out, "wp-cli", k=2) == 3
    address = "https://example.org/2"
    assert data_of(out.read_text()) == {
        "complete": True,
        "deleted": [],
        "lists": [["3", ["1", address]], ["1", [address, "3"]], [address, []]],
    }


def test_what_changed_after_a_version_is_written_with_the_deleted_posts(tmp_path):
    rain = "Rain fell on the hills of the upper valley, and the river rose over the meadows. "
    articles = [
        Article(
            f"https://example.org/?p={number}",
            f"Rain, part {number}",
            rain + end,
            metadata={"post_id": number},
        )
        for number, end in enumerate(("Two roads closed.", "A bridge holds.", "Cows swam.", "Snow fell."), 1)
    ]
    site = Recommender.from_articles(articles, policy=Policy(copies="keep"))
    site.save(tmp_path / "site.rec")
    version = site.version
    site.update([], [articles[3].article_id])
    site.save(tmp_path / "site.rec")
    out = tmp_path / "changed.php"
    export(ListsSince(site, version), out, "wp-cli")
    data = data_of(out.read_text())
    assert (data["complete"], data["deleted"]) == (False, ["4"])
    listed = {number for _, numbers in data["lists"] for number in numbers}
    assert listed <= {"1", "2", "3"}
    assert dict(data["lists"]).keys() == {"1", "2", "3"}


@settings(max_examples=60, deadline=None)
@given(st.lists(names, min_size=1, max_size=5, unique=True))
def test_names_of_posts_stay_data(ids):
    text = written([], lists_of(ids), deleted=ids)
    data = data_of(text)
    assert data["lists"] == [[each, ids] for each in ids]
    assert data["deleted"] == ids
    lines = text.split("\n")
    start, stop = lines.index("$data = json_decode( <<<'RECOMMENDER'"), lines.index("RECOMMENDER")
    assert not any(re.match(r"\s*RECOMMENDER\b", line) for line in lines[start + 1 : stop])
    assert not re.search("[<>&\u2028\u2029]", "\n".join(lines[start + 1 : stop]))


WORDPRESS = r"""<?php
define('WP_CLI', true);
class WP_CLI { static function success($s){} static function warning($s){ fwrite(STDERR, "$s\n"); } }
const OBJECT = 1; const POSTS = array(1, 2, 3, 9);
$meta = array(9 => array(1), 2 => array(3));
$writes = 0;
$wpdb = new class { public $posts = 'p', $postmeta = 'm';
  function prepare($q, ...$a) { return $a; } function get_var($q) { return null; }
  function get_col($q) { return array_keys($GLOBALS['meta']); } };
function url_to_postid($u) { return $u === 'https://example.org/rain/' ? 3 : 0; }
function get_page_by_path($slug) { return null; } function get_post_types() { return array(); }
function wp_parse_url($u, $c) { return parse_url($u, $c); }
function get_post($id) { return in_array($id, POSTS, true) ? $id : null; }
function update_post_meta($p, $k, $v) { global $meta, $writes;
  if (($meta[$p] ?? null) === $v) return false; $meta[$p] = $v; $writes++; return true; }
function delete_post_meta($p, $k) { global $meta, $writes;
  $had = isset($meta[$p]); unset($meta[$p]); $writes += $had; return $had; }
include $argv[1];
ksort($meta);
echo json_encode(array('meta' => $meta, 'writes' => $writes, 'lists' => $GLOBALS['data']['lists']));
"""


@pytest.mark.skipif(shutil.which("php") is None, reason="needs php on the path")
def test_php_sets_the_lists_of_posts_that_exist_and_runs_no_name(tmp_path):
    """With stand-ins for the functions of WordPress. It was tried with WordPress 6.1 and WP-CLI by hand."""
    (tmp_path / "wordpress.php").write_text(WORDPRESS)
    summaries = [ArticleSummary("a", metadata={"post_id": 1}, title=""), ArticleSummary("2", "")]
    summaries.append(ArticleSummary("c", "", url="https://example.org/rain/"))
    names = ["a", "77", "c", *HOSTILE]
    lists = [RelatedList("a", tuple(RelatedArticle(each, 1, 0.5) for each in [*names[1:], "2"]))]
    lists += [RelatedList("2", (RelatedArticle("c", 1, 0.5),)), *(RelatedList(each, ()) for each in HOSTILE)]
    (tmp_path / "related.php").write_text(written(summaries, lists))
    done = subprocess.run(
        ["php", "wordpress.php", "related.php"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert result["meta"] == {"1": [3, 2], "2": [3]}
    assert result["writes"] == 2  # post 1 is new, post 9 has no list any more, post 2 is as it was
    assert [name for name, _ in result["lists"]] == ["1", "2", *HOSTILE]
    assert f"{len(HOSTILE)} posts of the lists are not on this site" in done.stderr
