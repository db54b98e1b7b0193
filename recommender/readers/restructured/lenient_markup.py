"""Directives and roles of any site generator, read for their text."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.states import Inliner

from recommender.readers.restructured.rst_links import LINKED_ROLES, address_of

__all__ = ["Part", "lenient_inliner"]

_WITHOUT_TEXT = frozenset(
    """
    toctree contents sectnum raw include literalinclude image meta title post postlist tags index highlight module
    currentmodule codeauthor sectionauthor moduleauthor tabularcolumns autosummary role default-role graphviz uml
    mermaid plot digraph graph inheritance-diagram math todolist bibliography target-notes header footer testsetup
    testcleanup youtube vimeo iframe video audio chart gallery slides feed datatemplate raw-html
    """.split()  # noqa: SIM905
)
_LITERAL = frozenset(
    """
    code code-block sourcecode parsed-literal doctest testcode testoutput prompt ipython jupyter-execute
    productionlist console listing highlight-block literal cssclass-code csv-table terminal termynal
    """.split()  # noqa: SIM905
)
_WITHOUT_ARGUMENT = frozenset(
    """
    figure container rst-class only ifconfig grid card-carousel tabs tab-set list-table table
    """.split()  # noqa: SIM905
)
_ROLES = frozenset(
    """
    emphasis strong literal code sub subscript sup superscript title title-reference t pep pep-reference rfc
    rfc-reference
    """.split()  # noqa: SIM905
)
_LABELLED = re.compile(r"(.+?)\s*<([^<>]*)>", re.DOTALL)
_OBJECTS = frozenset(
    """
    function class method attribute data exception module property decorator classmethod staticmethod
    decoratormethod option program envvar describe object type macro struct member var enum enumerator cfunction
    confval setting option directive role opcode pdbcommand cmdoption
    """.split()  # noqa: SIM905
)


_STYLES = re.compile(r"[a-z0-9 _-]{1,200}")


class _AnyOptions(dict[str, Any]):
    """The options that a directive may have: all, as text."""

    def __missing__(self, name: str) -> Any:
        return _as_text


def _as_text(value: str | None) -> str:
    return value or ""


class Part(Directive):  # type: ignore[misc]
    """Stands for every directive. Its argument is the name of the directive, two colons, and the argument of that one."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[Any] = _AnyOptions(name=_as_text)

    def run(self) -> list[nodes.Node]:
        """Return what the directive holds of the text of the page."""
        full, _, argument = self.arguments[0].partition("::")
        name, argument = full.rpartition(":")[2].lower(), argument.strip()
        if name in _WITHOUT_TEXT or name.startswith("auto"):
            return []
        if name in _LITERAL:
            text = "\n".join(self.content)
            return [nodes.literal_block(text, text)] if text.strip() else []
        found: list[nodes.Node] = []
        if argument and name in _OBJECTS and not _is_style(full, argument):
            found.append(nodes.paragraph("", "", nodes.literal(argument, argument)))
        elif argument and name not in _WITHOUT_ARGUMENT and not _is_style(full, argument):
            found.append(nodes.paragraph("", "", *self.state.inline_text(argument, self.lineno)[0]))
        inside = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, inside)
        return [*found, *inside.children]


def _is_style(name: str, argument: str) -> bool:
    """Return whether ``class`` names styles of what follows, and not a class of a program."""
    return name == "class" and _STYLES.fullmatch(argument) is not None


def lenient_inliner() -> Inliner:
    """Return a reader of inline markup for which roles that docutils does not know are their labels."""
    inliner = Inliner()  # its customizations read the attributes of its own class, so it is not a subclass
    of_docutils = inliner.interpreted

    def interpreted(
        rawsource: str, text: str, role: str, lineno: int
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name = role.rpartition(":")[2].lower()
        if not name or name in _ROLES:
            return of_docutils(rawsource, text, role, lineno)  # type: ignore[no-any-return]
        if name == "math":
            return [], []
        label, target = _label(nodes.unescape(text)), _target(nodes.unescape(text))
        if name in LINKED_ROLES:
            return [nodes.reference(rawsource, label, refuri=address_of(name, target))], []
        return [nodes.Text(label)], []

    inliner.interpreted = interpreted
    return inliner


def _target(text: str) -> str:
    """Return what the text of a role names.

    Examples
    --------
    >>> _target("the rain <rain>"), _target("rain")
    ('rain', 'rain')
    """
    labelled = _LABELLED.fullmatch(text)
    return labelled[2] if labelled else text.lstrip("!")


def _label(text: str) -> str:
    """Return what is shown of the text of a role.

    Examples
    --------
    >>> _label("the rain <rain>"), _label("~weather.rain.Cloud"), _label("!None")
    ('the rain', 'Cloud', 'None')
    """
    labelled = _LABELLED.fullmatch(text)
    label = labelled[1] if labelled else text.lstrip("!")
    return label.rpartition(".")[2] if label.startswith("~") else label
