"""Tells simplified from traditional Chinese characters by the national encodings of the two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recommender.text.language_tags import script_and_region

__all__ = ["chinese_script", "with_both_scripts", "with_chinese_script"]

_HEAD = 400  # characters read of each title and body
_LEAST = 3  # characters that only one of the scripts has
_SURE = 0.9  # share of them that must be of one script


def chinese_script(text: str) -> str:
    """Return "Hans", "Hant" or "" if a Chinese text does not tell.

    GB 2312 holds the simplified forms of characters and Big5 the traditional ones. A character that only one of
    them holds speaks for a script.

    Examples
    --------
    >>> chinese_script("学校周二开门"), chinese_script("學校週二開門"), chinese_script("中文")
    ('Hans', 'Hant', '')
    """
    simplified = set(text.encode("gb2312", "ignore").decode("gb2312"))
    traditional = set(text.encode("big5", "ignore").decode("big5"))
    only = len(simplified - traditional), len(traditional - simplified)
    if sum(only) < _LEAST or max(only) < _SURE * sum(only):
        return ""
    return "Hans" if only[0] > only[1] else "Hant"


def with_both_scripts(
    languages: Sequence[str], tags: Sequence[str | None], texts: Iterable[tuple[str, str]]
) -> bool:
    """Return whether a site has articles in both scripts of Chinese.

    Parameters
    ----------
    languages : sequence of str, length n_articles
        Primary subtags.
    tags : sequence of (str or None), length n_articles
    texts : iterable of (str, str), length n_articles
        Title and body. Not read if the tags say the script of every Chinese article, or name both.
    """
    said = {script_and_region(tag)[0] for name, tag in zip(languages, tags, strict=True) if name == "zh"}
    if "" in said and not {"hans", "hant"} <= said:
        said = {
            script_and_region(with_chinese_script(tag, text))[0]
            for name, tag, text in zip(languages, tags, texts, strict=True)
            if name == "zh"
        }
    return {"hans", "hant"} <= said


def with_chinese_script(tag: str | None, text: tuple[str, str]) -> str | None:
    """Return the tag of a Chinese article, with the script of its title and body if the tag says none.

    Examples
    --------
    >>> with_chinese_script("zh", ("学校周二开门", "")), with_chinese_script("zh-HK", ("学校周二开门", ""))
    ('zh-Hans', 'zh-HK')
    """
    script = "" if script_and_region(tag)[0] else chinese_script("".join(part[:_HEAD] for part in text))
    return f"zh-{script}" if script else tag
