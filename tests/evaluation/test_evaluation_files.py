"""Reading and writing qrels and run files."""

import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import InputError
from recommender.evaluation import (
    order_scores,
    read_qrels,
    read_run,
    run_from_arrays,
    run_from_lists,
    write_qrels,
    write_run,
)
from recommender.lists.related import RelatedArticle, RelatedList

id_strategy = st.text(
    st.characters(codec="utf-8", exclude_characters="\t\r\n"), min_size=1, max_size=8
).filter(lambda text: text == text.strip(" ") and not text.startswith("\ufeff"))


def written(tmp_path, content, name="file.tsv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems_of(read, path):
    with pytest.raises(InputError) as caught:
        read(path)
    return caught.value.problems


def test_tabs_spaces_gzip_byte_order_mark_and_line_ends_are_accepted(tmp_path):
    expected = {"a/b:c": {"d e": 2, "文": 0}, "q2": {"x": -1}}
    tabs = "a/b:c\t0\td e\t2\na/b:c\t0\t文\t0\nq2\t0\tx\t-1\n"
    assert read_qrels(written(tmp_path, tabs)) == expected
    assert read_qrels(written(tmp_path, "\ufeff" + tabs.replace("\n", "\r\n") + "\r\n\n")) == expected
    assert read_qrels(written(tmp_path, gzip.compress(tabs.encode()))) == expected
    assert read_qrels(written(tmp_path, "q  0 \t d   +2")) == {"q": {"d": 2}}


def test_beir_judgements_under_their_header(tmp_path):
    path = written(tmp_path, "query-id\tcorpus-id\tscore\nq one\td1\t1\nq2\td2\t0\n")
    assert read_qrels(path) == {"q one": {"d1": 1}, "q2": {"d2": 0}}


def test_every_bad_line_of_qrels_is_listed_with_its_number(tmp_path):
    lines = [
        b"q 0 d 1",
        b"q 0 d",
        b"q 0 d x",
        b"q 0 d 2",
        b"q\t0\t\t1",
        b"q 0 \xff 1",
        b"q 0 e 1.5",
        b"q 0 f 1001",
    ]
    lines += [b"q 0 g h 1", b"q 0 g 1_0", "q 0 g ٣".encode(), b"q 0 g 1"]
    path = written(tmp_path, b"\n".join(lines))
    found = problems_of(read_qrels, path)
    assert [problem.line for problem in found] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert f"{path}:4: pair judged twice" in str(found[2])
    assert f"{path}:6: not UTF-8" in str(found[4])


def test_every_bad_line_of_a_run_is_listed_with_its_number(tmp_path):
    lines = [
        "q Q0 a 1 2.5 t",
        "q Q0 b 2 nan t",
        "q Q0 c 3 inf t",
        "q Q0 d 4 t",
        "q Q0 a 5 1 t",
        "q Q0 e 6 one t",
    ]
    path = written(tmp_path, "\n".join(lines))
    found = problems_of(read_run, path)
    assert [problem.line for problem in found] == [2, 3, 4, 5, 6]
    assert "article twice in one list" in str(found[3])


@pytest.mark.parametrize("read", [read_qrels, read_run])
@pytest.mark.parametrize(
    "content",
    [b"", b"\n \n", gzip.compress(b"q 0 d 1\n" * 999)[:20], b"\x1f\x8bnot gzip at all", b"x" * 1_000_001],
    ids=["empty", "blank", "cut gzip", "damaged gzip", "endless line"],
)
def test_errors_of_unusable_files_name_the_file(tmp_path, read, content):
    path = written(tmp_path, content)
    (problem,) = problems_of(read, path)
    assert problem.source == str(path)


@pytest.mark.parametrize("read", [read_qrels, read_run])
def test_errors_of_a_missing_file_and_a_folder_name_the_path(tmp_path, read):
    for path in (tmp_path / "none.tsv", tmp_path):
        (problem,) = problems_of(read, path)
        assert problem.source == str(path)


@given(
    st.dictionaries(
        id_strategy,
        st.dictionaries(id_strategy, st.integers(-3, 9), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["q.tsv", "q.tsv.gz"]),
)
@settings(max_examples=50)
def test_judgements_survive_a_round_trip(tmp_path_factory, qrels, name):
    path = tmp_path_factory.mktemp("qrels") / name
    write_qrels(path, qrels)
    assert read_qrels(path) == qrels


def test_equal_judgements_give_equal_bytes_and_no_temporary_file_remains(tmp_path):
    for name in ("a.gz", "b.gz"):
        write_qrels(tmp_path / name, {"q": {"d": 1}})
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gz", "b.gz"]


def test_unwritable_ids_are_errors_and_the_old_file_is_kept(tmp_path):
    path = tmp_path / "q.tsv"
    write_qrels(path, {"q": {"d": 1}})
    with pytest.raises(InputError) as caught:
        write_qrels(path, {"q\t1": {"d": 1, "": 1, "e\n": 1}})
    assert len(caught.value.problems) == 3
    with pytest.raises(ValueError, match="finite"):
        write_run(path, {"q": [("a", 1.0), ("b", float("nan"))]})
    assert read_qrels(path) == {"q": {"d": 1}}
    assert [each.name for each in tmp_path.iterdir()] == ["q.tsv"]


def test_the_order_survives_a_round_trip_even_if_scores_are_not_sorted(tmp_path):
    run = {"q": [("a", 0.9), ("c", 0.2), ("b", 0.8), ("d", 0.2)]}
    write_run(tmp_path / "run.gz", run)
    assert [d for d, _ in read_run(tmp_path / "run.gz")["q"]] == ["a", "c", "b", "d"]


def test_ties_are_broken_by_id_and_in_trec_eval_mode_by_larger_id_and_float32():
    scores = {"q": {"a": 1.0, "b": 1.0 + 1e-12, "c": 1.0}}
    assert [d for d, _ in order_scores(scores)["q"]] == ["b", "a", "c"]
    assert [d for d, _ in order_scores(scores, "trec_eval")["q"]] == ["c", "b", "a"]
    with pytest.raises(ValueError, match="'rank'"):
        order_scores(scores, "rank")


def test_lists_of_the_engine_and_lists_as_arrays_give_the_same_run():
    lists = [
        RelatedList("a", (RelatedArticle("b", 1, 0.5), RelatedArticle("c", 2, 0.25))),
        RelatedList("b", (RelatedArticle("a", 1, 0.5),)),
        RelatedList("c"),
        RelatedList(None, (RelatedArticle("a", 1, 0.5),)),
    ]
    neighbours = np.array([[1, 2], [0, -1], [-1, -1]], dtype=np.int32)
    scores = np.array([[0.5, 0.25], [0.5, 0], [0, 0]])
    assert run_from_lists(lists) == run_from_arrays(["a", "b", "c"], neighbours, scores)
    with pytest.raises(ValueError, match="shape"):
        run_from_arrays(["a"], neighbours)
    with pytest.raises(ValueError, match="shape"):
        run_from_arrays(["a", "b", "c"], neighbours, scores[:2])
