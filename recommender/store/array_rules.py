"""What the arrays of a site or a model may hold, by name: dtype, shape and values.

A rule is written as ``dtype shape values``. A shape names its dimensions, and a dimension has one size in all arrays:
``n`` articles, ``k`` entries of a list, ``t`` terms, ``d`` and ``e`` dimensions of vectors. ``n+1`` is one more, ``n?`` is n
or 0, ``n+1?`` one more or 0, ``64*s`` is 64 times s. Values are any, or

- ``-1..n``: from a number to below a dimension;
- ``runs:m``: starts of runs, ascending from 0 to a dimension;
- ``permutation``: each of 0 to below the length once;
- ``finite``: neither infinite nor NaN; ``positive``: such numbers above 0;
- ``unit``: such numbers, of which the first is a unit: a normal number of float32 above 0;
- ``moment``: what a calendar has;
- ``codes:languages``: codes of languages;
- ``table:t``: a hash table of columns.
"""

from __future__ import annotations

from typing import NamedTuple, Self

__all__ = ["RECORD_RULES", "RULES", "ArrayRule"]


class ArrayRule(NamedTuple):
    """What one array may hold.

    Attributes
    ----------
    dtype : str
    shape : tuple of str
        Names of dimensions.
    values : str
        As described above; "" for any.
    """

    dtype: str
    shape: tuple[str, ...]
    values: str

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Return the rule that is written as text."""
        dtype, shape, *values = text.split()
        return cls(dtype, tuple(shape.split(",")), values[0] if values else "")


def _sparse(name: str, entries: str, columns: str) -> dict[str, str]:
    """Return the rules of compressed sparse rows."""
    return {
        f"{name}_indptr": f"int64 n+1 runs:{entries}",
        f"{name}_indices": f"int32 {entries} 0..{columns}",
        f"{name}_data": f"float32 {entries} positive",
    }


def _texts(name: str, texts: str = "n") -> dict[str, str]:
    """Return the rules of a column of texts."""
    return {f"{name}_spelling": f"uint8 {name}", f"{name}_offsets": f"int64 {texts}+1 runs:{name}"}


def _search(kind: str, d: str) -> dict[str, str]:
    """Return the rules of a search for vectors."""
    begin, words, width = f"index_{kind}", f"{kind}_words", f"{kind}_width"
    return {
        f"{begin}_sketches_bits": f"uint64 n,{words}",
        f"{begin}_sketches_rotation": f"float32 {d},64*{words} finite",
        f"{begin}_codes_codes": f"uint8 n,{width}",
        f"{begin}_codes_signs": f"float32 3,{width} finite",
        f"{begin}_codes_scales": "float64 2 unit",
        f"{begin}_graph_codes": f"uint8 n,{width}",
        f"{begin}_graph_signs": f"float32 3,{width} finite",
        f"{begin}_graph_scale": "float32|float64 1 unit",
        f"{begin}_graph_links": f"int32 n,{kind}_links -1..n",
        f"{begin}_graph_entries": f"int32 {kind}_entries 0..n",
        f"{begin}_graph_entry_codes": f"uint8 {kind}_entries,{width}",
        f"{begin}_graph_order": "int32 n permutation",
        f"{begin}_graph_hidden": "uint8 n?",
    }


_TEXTS = (
    "article_id", "title", "section", "language", "url", "description", "image", "metadata", "texts"
)  # fmt: skip
_LABELS = ("section", "tags", "title")

_MODEL = {
    "model_vocabulary_hashes": "uint64 t", "model_vocabulary_frequencies": "int32 t",
    **_texts("model_vocabulary", "t"),
    "model_vocabulary_articles": "int64 1 0..",
    "model_vocabulary_table": "int32 slots table:t",
    "model_idf": "float32 t finite", "model_thresholds": "float32 t",
    "model_lsa_components": "float32 p,d finite", "model_lsa_terms": "int32 p 0..t",
    "model_known_id_hashes": "uint64 fitted", "model_known_hubs": "float32 fitted finite",
    "model_known_digests": "uint64 fitted",
    "model_known_title_hashes": "uint64 fitted_titles", "model_known_n_naming": "int32 fitted_titles 0..",
    "model_centres": "float32 languages+1?,e? finite",
    "model_language_logs": "float32 languages+1?,languages+1? finite",
    **{f"model_labels_{name}_hashes": f"uint64 {name}" for name in _LABELS},
    **{f"model_labels_{name}_counts": f"int32 {name} 0.." for name in _LABELS},
}  # fmt: skip

_ARTICLES = {
    **{rule: text for name in _TEXTS for rule, text in _texts(f"articles_{name}").items()},
    "articles_checksums_cards": "uint32 n", "articles_checksums_summaries": "uint32 n",
    "articles_published": "int64 n moment", "articles_listed_until": "int64 n moment",
    "articles_id_hashes": "uint64 n", "articles_id_rows": "int32 n permutation",
    "articles_id_order": "int32 n permutation",
    "articles_languages": "int16 n codes:languages", "articles_variants": "int32 n,2",
    "articles_text_lengths": "int32 n 0..",
    "articles_digests": "uint64 n", "articles_title_hashes": "uint64 n",
    "articles_tree_members": "int32 n?,2 -1..trees", "articles_tree_families": "int64 n?,2 -1..",
    "articles_tree_pages": "int64 n?,2", "articles_tree_order": "int32 n?",
    "articles_translations": "int32 n? 0..n",
    "articles_pair_one": "int32 translated 0..n", "articles_pair_other": "int32 translated 0..n",
    "articles_pair_strengths": "float32 translated finite",
    "articles_copy_groups": "int32 n 0..n", "articles_copy_identical": "int32 n 0..n",
    "articles_copy_pairs": "int32 pairs,2 0..n", "articles_copy_jaccard": "float64 pairs finite",
    "articles_copy_index_keys": "uint64 keys", "articles_copy_index_rows": "int32 keys 0..n",
    "articles_link_own": "uint64 n,2", "articles_link_keys": "uint64 n",
    "articles_links_indptr": "int64 n+1 runs:links", "articles_links_names": "uint64 links,4",
    "articles_alternates_indptr": "int64 n+1 runs:alternates", "articles_alternates_names": "uint64 alternates,4",
    **{rule: text for name in _LABELS
       for rule, text in _sparse(f"articles_labels_{name}", f"{name}_entries", name).items()},
}  # fmt: skip

_VECTORS = {
    **_sparse("vectors_sparse", "sparse_entries", "t"),
    **_sparse("vectors_titles", "own_title_entries", "t"),
    **_sparse("vectors_mentions", "mentions", "n"),
    "vectors_dense": "float32 n,d finite", "vectors_neural": "float32 n,e finite",
    "vectors_n_naming": "int32 n 0..", "vectors_hubs": "float32 n finite",
}  # fmt: skip

_INDEX = {
    "index_postings_starts": "int64 t+1 runs:postings", "index_postings_rows": "int32 postings 0..n",
    "index_postings_levels": "uint8 postings 1..",
    "index_title_terms_terms": "int32 title_terms 0..t", "index_title_terms_rows": "int32 title_terms 0..n",
    **_search("dense", "d"), **_search("neural", "e"),
}  # fmt: skip

_LISTS = {
    "lists_rows": "int32 n,k -1..n", "lists_scores": "float32 n,k finite", "lists_sources": "uint8 n,k 0..sources",
    "lists_checksums": "uint32 n",
    "lists_reserve_rows": "int32 n,reserve -1..n", "lists_reserve_scores": "float32 n,reserve finite",
    "lists_reserve_bars": "float32 n",
    "lists_versions": "int64 n 0..", "lists_versions_checksums": "uint8 versions,32",
    "lists_deleted_spelling": "uint8 deleted_spelling", "lists_deleted_offsets": "int64 deleted+1 runs:deleted_spelling",
    "lists_deleted_versions": "int64 deleted 0..",
}  # fmt: skip

_RECORD = {
    "removed": "int32 removed 0..next", "changed": "int32 changed 0..next", "differs": "bool changed",
    "lists_rows": "int32 changed,k -1..next", "lists_scores": "float32 changed,k finite",
    "lists_sources": "uint8 changed,k 0..sources",
    "reserve_rows": "int32 changed,reserve -1..next", "reserve_scores": "float32 changed,reserve finite",
    "reserve_bars": "float32 changed",
    "copies_rows": "int32 copied 0..next", "copies_groups": "int32 copied 0..next",
    "copies_identical": "int32 copied 0..next",
    "copies_pairs": "int32 pairs,2 0..next", "copies_jaccard": "float64 pairs finite",
    "pairs_one": "int32 translated 0..next", "pairs_other": "int32 translated 0..next",
    "pairs_strengths": "float32 translated finite",
    "mentions_rows": "int32 named 0..next", "mentions_n_naming": "int32 named 0..",
    "mentions_one": "int32 mentions 0..next", "mentions_other": "int32 mentions 0..next",
    "mentions_strengths": "float32 mentions finite",
}  # fmt: skip


def _parsed(rules: dict[str, str]) -> dict[str, ArrayRule]:
    return {name: ArrayRule.parsed(text) for name, text in rules.items()}


RULES = _parsed(_MODEL | _ARTICLES | _VECTORS | _INDEX | _LISTS)
"""The rule of each array by its name. An array without one is never read."""

RECORD_RULES = _parsed(_RECORD)
"""The same for the record of an update. Its articles have numbers below ``next``; what is ``new`` is as in `RULES`."""
