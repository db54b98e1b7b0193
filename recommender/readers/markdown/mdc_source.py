"""Remove the components of Nuxt Content and of remark from Markdown, such as ``::tip`` and ``:icon{name="rain"}``."""

from __future__ import annotations

import re

__all__ = ["without_components"]

_LABEL = r"(?:\[(?P<label>[^\[\]\n]{0,500})\])?"
_BLOCK = re.compile(rf"[ \t]*::(?:(?P<name>[a-z][\w-]{{0,60}}){_LABEL}(?:\{{[^\n]{{0,1000}}\}})?)?[ \t]*$")
_SLOT = re.compile(r"[ \t]*#[a-z][\w-]{0,60}[ \t]*$")
_INLINE = re.compile(
    rf"(?P<code>(?<!`)(?P<ticks>`{{1,3}})(?!`)[^\n]{{1,500}}?(?<!`)(?P=ticks)(?!`))"
    rf"|(?<![\w:/]):[a-z][\w-]{{0,60}}{_LABEL}\{{[^{{}}\n]{{0,1000}}\}}"
)


def without_components(text: str) -> str:
    r"""Return prose without the lines that open and close components, and without those in a line. Labels stay.

    Notes
    -----
    The time is linear in the length.

    Examples
    --------
    >>> without_components('::tip[Wet]\n---\nicon: rain\n---\nIt rained. :icon{name="rain"}\n::')
    '\nWet\n\nIt rained. \n\n\n'
    """
    if "::" in text:
        text = "\n".join(_without_blocks(text.split("\n")))
    return _INLINE.sub(_label, text) if "{" in text else text


def _without_blocks(lines: list[str]) -> list[str]:
    shown: list[str] = []
    is_opened = is_setting = has_slots = False
    for line in lines:
        found = _BLOCK.match(line)
        if (is_opened or is_setting) and line.strip() == "---":
            is_setting = not is_setting
        elif found:
            shown.append(f"\n{found['label'] or ''}\n")
            has_slots = has_slots or bool(found["name"])
        elif not is_setting and not (has_slots and _SLOT.match(line)):
            shown.append(line)
        is_opened = found is not None and bool(found["name"])
    return shown


def _label(found: re.Match[str]) -> str:
    return found[0] if found["code"] else found["label"] or ""
