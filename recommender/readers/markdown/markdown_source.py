"""Remove site generator extensions from Markdown: shortcodes, template code, components, admonitions."""

from __future__ import annotations

import re

from recommender.readers.markdown.mdc_source import without_components
from recommender.readers.markdown.myst_source import without_myst
from recommender.readers.markdown.wiki_links import as_link

__all__ = ["plain_markdown"]

_FENCE = re.compile(r"[ ]{0,3}(`{3,}(?=[^`]*$)|~{3,})")
_HIGHLIGHT = re.compile(r"\{(?:%-?|\{[<%])\s*(?:end)?/?\s*(?:end)?highlight\b[^{}\n]{0,200}[%>]\}\}?")
_ADMONITION = re.compile(
    r"([ \t]*)(?:!!!|\?\?\?\+?|===[+!]?)(?=[ \t])(?:[ \t]+[\w-]+){0,4}(?:[ \t]+\"([^\"\n]*)\")?$"
)
_DIRECTIVE = re.compile(
    r"[ \t]*:{3,}[ \t]*(?:\{[^{}\n]*\}|[\w-]*(?![\w.-]))[ \t]*(?:\[([^\]\n]*)\]|([^\n]*?))(?:\{[^{}\n]*\})?$"
)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,60}\]:[ \t]*(.*)")
_MODULE = re.compile(
    r"^(?:import\s*(?:[\w*{}\s,$]{1,500}?\sfrom\s*)?[\"'][^\"'\n]{1,500}[\"'];?[ \t]*$"
    r"|export\s+(?:default|const|let|var|function|async|class)\b[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*)",
    re.MULTILINE,
)
_CODE = r"(?P<code>(?<!`)(?P<ticks>`{1,3})(?!`)[^\n]{1,500}?(?<!`)(?P=ticks)(?!`))"
_TEMPLATE = re.compile(
    "|".join(
        (
            _CODE,
            r"(?P<link>\]\(<?(?:\{\{[^{}<>%\n]{0,100}\}\})?(?:"
            r"\{\{[<%]\s*(?:rel)?ref\s+[\"']?(?P<ref>[^\s\"'{}()]{1,300})[\"']?\s*[>%]\}\}"
            r"|\{%-?\s*link\s+(?P<file>[^\s{}()]{1,300})\s*-?%\}|\{%-?\s*post_url\s+/?(?P<post>[^\s{}()]{1,300})\s*-?%\}))",
            r"(?P<style>[ \t]+[a-zA-Z][\w-]{0,60}=\{\{(?:(?!\}\}|\{\{).){0,1000}\}\}(?=[\s/>]))",  # of MDX
            r"(?P<shortcode>\{\{[<%][^{}]{0,2000}?[>%]\}\})",
            r"(?P<liquid>\{%(?:(?!%\}|\{%).){0,2000}%\}|\{#(?:(?!#\}|\{#).){0,2000}#\}|\{\{(?:(?!\}\}|\{\{).){0,1000}\}\})",
            r"(?P<comment>\{/\*[^*]{0,5000}\*/\})",
            r"(?P<component></?[A-Z][\w.]{0,60}(?:\s[^<>]{0,2000})?/?>)",
        )
    ),
    re.DOTALL,
)
_REST = re.compile(
    "|".join(
        (
            _CODE,
            r"(?P<embed>!\[\[[^\[\]\n]{1,300}\]\])",
            r"(?P<toc>\[\[?_?TOC_?\]\]?|\{:\s?toc\b[^{}\n]{0,100}\})",
            r"\[\[(?P<target>[^\[\]|#\n]{0,200})(?:#(?P<heading>[^\[\]|\n]{0,200}))?(?:\|(?P<label>[^\[\]\n]{1,200}))?\]\](?!\()",
            r"(?P<callout>(?<=>)[ \t]?\[![\w-]{1,40}(?:\|[^\[\]\n]{0,60})?\][-+]?)",
            r"(?P<hidden>%%[^%]{1,5000}%%)",
            r"(?P<linked>(?<=[)\]])\{[\w-]{1,40}=[\"'][^{}\n]{0,300}\})",
            r"(?P<attributes>[ \t]?\{:?\s?[#.:][^{}\n]{0,300}\}|\{:[^{}\n]{0,300}\})",
            r"(?P<note>\[\^[^\[\]\s]{1,60}\]:?)",
            r"(?P<snippet>^[ \t]*-{1,2}8<-{1,2}[^\n]*$)",
        )
    ),
    re.MULTILINE | re.IGNORECASE,
)
_CITED = re.compile(rf"{_CODE}|[ \t]?\[-?@[^\[\]\n]{{1,300}}\](?![(\[:])")  # by Pandoc
_NAMED = re.compile(r"^[ \t]*\[@[^\[\]\n]{1,300}\]:", re.MULTILINE)  # links to people and packages
_MATHS = re.compile(rf"{_CODE}|\$\$[^$]{{1,5000}}\$\$|\$[^$\n]{{1,500}}\$")
_COMMAND = re.compile(r"\\(?:begin|end)\{\w{1,20}\*?\}|\\[A-Za-z]{1,40}|[\\{}$&^=\n]")
_SHOWN = re.compile(r"\b(?:caption|title|alt|text|label|summary)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def plain_markdown(text: str) -> tuple[str, bool]:
    """Return a page without generator extensions, and whether it had template code.

    Removed outside fenced and inline code are: Hugo shortcodes (captions and inner text stay), Liquid and
    other template tags, MDX imports, exports, components and comments (children stay), markers of
    admonitions, callouts and tabs (their text stays), attributes in braces, embeds, snippets, footnote marks,
    tables of contents and LaTeX commands. Wikilinks become links that `WikiLinks` resolves.

    Notes
    -----
    The time is linear in the length.

    Examples
    --------
    >>> plain_markdown('[Rain]({{< relref "rain.md" >}}) or [wind]({% link _posts/wind.md %})')[0]
    '[Rain](rain.md) or [wind](/_posts/wind.md)'
    >>> plain_markdown('Rain {{< figure src="a.jpg" caption="Clouds" >}} in [[May|June]].')
    ('Rain Clouds in [June](wiki:May).', True)
    """
    text = without_myst(text)
    if "highlight" in text:
        text = _HIGHLIGHT.sub("\n```\n", text)
    plain: list[str] = []
    prose: list[str] = []
    had_template = False
    has_citations = "@" in text and not _NAMED.search(text)
    fence = ""
    for line in _dedented(text.split("\n")):
        mark = _FENCE.match(line)
        if fence:
            plain.append(line)
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            had_template |= _flush(prose, plain, has_citations)
            plain.append(line)
            fence = mark[1]
        else:
            prose.append(line)
    had_template |= _flush(prose, plain, has_citations)
    return "\n".join(plain), had_template


def _flush(prose: list[str], plain: list[str], has_citations: bool) -> bool:
    """Clean the lines of `prose`, move them to `plain`, and return whether template code was removed."""
    if not prose:
        return False
    text = _without_comments("\n".join(prose))
    prose.clear()
    if "$" in text:
        text = _MATHS.sub(_formula, text)
    if has_citations and "@" in text:
        text = _CITED.sub(lambda found: found["code"] or "", text)
    if "import" in text or "export" in text:
        text = _MODULE.sub("", text)
    if ":" in text:
        text = without_components(text)
    before = len(text)
    if "{" in text or "<" in text:
        text = _TEMPLATE.sub(_shown, text)
    had_template = len(text) != before
    if any(mark in text for mark in ("[", "{", "8<", "%%")):
        text = _REST.sub(_label, text)
    plain.append(text)
    return had_template


def _without_comments(text: str) -> str:
    """Remove ``<!-- -->`` in linear time, also if a comment is not closed."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        parts.append(text[at:start])
        at = end + 3
    return "".join(parts) + text[at:]


def _shown(found: re.Match[str]) -> str:
    if found["code"]:
        return found[0]
    if found["link"]:  # to a page that Hugo or Jekyll looks up
        return "](" + (found["ref"] or f"/{found['file'] or '_posts/' + found['post']}")
    if found["component"]:
        return "\n\n" if "\n" in found[0] else " "
    if found["shortcode"]:
        return " ".join(one or other for one, other in _SHOWN.findall(found[0]))
    return ""


def _formula(found: re.Match[str]) -> str:
    """Return a formula without LaTeX commands.

    Inline text between dollar signs without commands is not a formula.
    """
    if found["code"]:
        return found[0]
    is_display = found[0].startswith("$$")
    return _COMMAND.sub(" ", found[0]) if is_display or "\\" in found[0] else found[0]


def _label(found: re.Match[str]) -> str:
    if found["code"]:
        return found[0]
    label: str = found["label"] or found["target"] or found["heading"] or ""
    return as_link(found["target"], label) if found["target"] and label.strip() else label


def _dedented(lines: list[str]) -> list[str]:
    """Return lines with the blocks below ``!!! note``, ``=== "Tab"`` and ``[^1]:`` as plain paragraphs."""
    shown: list[str] = []
    inside = -1  # indentation of the current block, in columns
    for line in lines:
        indent = len(line) - len(line.lstrip(" \t"))
        if inside >= 0 and line.strip() and indent < inside:
            inside = -1
        if inside >= 0:
            line = line[inside:]
        marks = line.lstrip()[:3]
        if marks in ("!!!", "???", "===") and (found := _ADMONITION.match(line.rstrip())):
            inside = max(inside, 0) + len(found[1]) + 4
            line = f"\n{found[2] or ''}\n"
        elif marks == ":::" and (found := _DIRECTIVE.match(line.rstrip())):
            line = f"\n{found[1] or found[2] or ''}\n"
        elif line.startswith("[^") and (found := _FOOTNOTE.match(line)):
            inside = max(inside, 0) + 4
            line = f"\n{found[1]}"
        shown.append(line)
    return shown
