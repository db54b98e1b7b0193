"""Which blocks of code of Org mode, and which of their results, a page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from recommender.readers.org.org_outline import exports_of

__all__ = ["CodeBlocks"]

_ESCAPE = re.compile(r"^([ \t]*),(?=,*(?:\*|#\+))", re.MULTILINE)
_DRAWN = frozenset(("plantuml", "dot", "ditaa", "mermaid", "gnuplot", "latex"))
"""Languages whose code shows as a picture."""

_RAW = frozenset(("html", "hugo", "md", "markdown"))


class CodeBlocks:
    """Turns blocks of code, examples and exported HTML into HTML, one after the other.

    Parameters
    ----------
    exports : str
        What the file says that its blocks show: ``code``, their ``results``, ``both`` or ``none``.

    Attributes
    ----------
    shows_results : bool
        Whether the results of the block of code above are shown.
    """

    def __init__(self, exports: str) -> None:
        self._exports, self._options = exports, ""
        self.shows_results = True

    def add_options(self, options: str) -> None:
        """Keep the options in a line above the next block."""
        self._options += f" {options}"

    def html(self, name: str, options: str, lines: Sequence[str]) -> tuple[str, str] | None:
        """Return the element of HTML that shows a block, and what it holds. None for a block that is not shown.

        Parameters
        ----------
        name : str
            In lower case, such as ``src``.
        options : str
            What follows the name: for code, the language and options.
        lines : sequence of str
            What the block holds.

        Examples
        --------
        >>> CodeBlocks("code").html("src", "sh :exports none", ["ls"]), CodeBlocks("code").html("src", "sh", ["ls"])
        (None, ('pre', 'ls'))
        """
        language = options.split(maxsplit=1)[0].lower() if options.strip() else ""
        text = "\n".join(lines).strip("\n")
        if name == "html" or (name == "export" and language in _RAW):
            return "div", text
        if name == "src":
            exports = exports_of(options) or exports_of(self._options) or self._exports
            self.shows_results = exports in ("both", "results")
            self._options = ""
            if exports in ("none", "results") or language in _DRAWN:
                return None
        elif name != "example":
            return None
        return ("pre", escape(_ESCAPE.sub(r"\1", text), quote=False)) if text.strip() else None
