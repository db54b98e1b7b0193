"""Sentence boundaries in any script."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["sentence_ends"]

_CLOSERS = "\"'”’»›)\\]}」』”’）】》〉"
# Marks that end a sentence only before a space: Latin and related scripts, then Arabic, Urdu, the scripts of
# India, Tibetan, Myanmar, Khmer, Armenian, Ethiopic and Mongolian. Wide marks of Chinese and Japanese need no
# space, nor does any mark before a wide character. The wide full stop is Japanese; elsewhere it occurs inside
# numbers and names.
_MARKS = ".!?…‽؟۔।॥།༎။។៕։።፧᠃"
_WIDE_MARKS = "[。！？｡‼⁇⁈⁉]|(?<=[\u3041-\u309f])．"
_WIDE = "\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff"
_NARROW = rf"(?P<mark>[{_MARKS}]++)[{_CLOSERS}]*+(?=\s|\Z|[{_WIDE}])"
_END = re.compile(_NARROW)  # starts with a character set, so searching is ten times as fast
_END_IN_WIDE = re.compile(
    rf"{_NARROW}|(?:{_WIDE_MARKS})+[{_CLOSERS}]*+"
)  # Python 3.11.2 misreads ``(?:...)++``
_WIDE_CHARACTER = re.compile("[\u2e80-\uffef\u203c\u2047-\u2049]")
_LAST_WORD = re.compile(r"[^\W_]+\Z")
_LONGEST = 12  # characters searched backwards for an abbreviation

_BEFORE_NAMES = """
mr mrs ms dr prof st ste mt ft sr sra srta jr gen col lt capt cpt sgt maj cmdr adm rev hon sen rep gov pres hr fr frl dott
sig mme mlle mgr dhr mevr vs inc ltd corp bros dept univ approx ca cf bzw evtl ggf inkl vgl sog eg ie al им ул см стр тыс млн
млрд проф
"""
_BEFORE_NUMBERS = """
no nos nr num fig figs vol pp art sec ch eq ref str abs kap jan feb mar apr jun jul aug sep sept oct nov dec okt dez
"""
_ABBREVIATIONS = frozenset(_BEFORE_NAMES.split())
_OF_NUMBERS = frozenset(_BEFORE_NUMBERS.split())


def sentence_ends(line: str) -> Iterator[int]:
    """Yield the end positions of the sentences in a line of plain text, in ascending order.

    A full stop after an initial, a title, a common abbreviation or a number of one or two digits does not end
    a sentence, nor does any mark before a lower-case letter. A last sentence without a mark is not reported.

    Notes
    -----
    Linear in the length.

    Examples
    --------
    >>> line = "Dr. J. Doe paid 3.50 euros. “Why?” she asked. 为什么？雨。"
    >>> places = [0, *sentence_ends(line)]
    >>> [line[start:end].strip() for start, end in zip(places, places[1:])]
    ['Dr. J. Doe paid 3.50 euros.', '“Why?” she asked.', '为什么？', '雨。']
    """
    is_wide = not line.isascii() and _WIDE_CHARACTER.search(line)
    for found in (_END_IN_WIDE if is_wide else _END).finditer(line):
        if _is_end(line, found):
            yield found.end()


def _is_end(line: str, found: re.Match[str]) -> bool:
    following = line[found.end() : found.end() + 2].lstrip()[:1]
    if following.islower():
        return False
    if found["mark"] != ".":
        return True
    word = _LAST_WORD.search(line, max(0, found.start() - _LONGEST), found.start())
    last = "" if word is None else word[0].lower()
    if len(last) == 1 or (last.isdecimal() and len(last) < 3):
        return False  # an initial, the day of a German date, or a list number
    return last not in _ABBREVIATIONS and not (last in _OF_NUMBERS and following.isdigit())
