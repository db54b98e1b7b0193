"""An HTML page as text that becomes the same bytes again, whatever its encoding."""

from __future__ import annotations

import codecs
from typing import NamedTuple

import webencodings

from recommender.readers.html.html_document import declared_encoding
from recommender.readers.html.woven_blocks import sealed, without_marks

__all__ = ["PageBytes"]

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class PageBytes(NamedTuple):
    """A page as text.

    Parameters
    ----------
    text : str
        In a page whose encoding is unknown, each character is a byte.
    encoding : str
        Turns the text into the bytes of the page.
    block_encoding : str
        Encoding of what is written into the page. Characters that it lacks become character references.
    """

    text: str
    encoding: str
    block_encoding: str

    @classmethod
    def of(cls, content: bytes) -> PageBytes:
        r"""Return the text of a page.

        Examples
        --------
        >>> page = PageBytes.of(b"<p>caf\xe9")
        >>> page.with_list(len(page.text), "Łódź")
        b'<p>caf\xe9<!-- recommender:related 4717fa82eb5b435b -->\n&#321;&#243;d&#378;\n<!-- /recommender:related -->'
        """
        declared = webencodings.lookup(declared_encoding(content) or "")
        for encoding in (_UTF16.get(content[:2]), "utf-8", declared and declared.codec_info.name):
            text = _same_again(content, encoding)
            if text is not None and encoding is not None:
                is_sure = (
                    encoding != "utf-8" or not content.isascii() or (declared and declared.name == "utf-8")
                )
                return cls(text, encoding, encoding if is_sure else "ascii")
        return cls(content.decode("latin-1"), "latin-1", "ascii")

    def with_list(self, place: int, html: str) -> bytes:
        """Return the bytes of the page with a list at a place of its text."""
        place = max(place, self.text.startswith("\ufeff"))
        newline = "\r\n" if "\r\n" in self.text else "\n"
        block = f"\n{without_marks(html)}\n".replace("\n", newline)
        return b"".join(
            (
                self.text[:place].encode(self.encoding),
                sealed(block.encode(self.block_encoding, "xmlcharrefreplace"), self.block_encoding),
                self.text[place:].encode(self.encoding),
            )
        )


def _same_again(content: bytes, encoding: str | None) -> str | None:
    """Return the text in an encoding if the encoding turns it into the same bytes."""
    try:
        text = content.decode(encoding) if encoding else None
        return text if text is not None and text.encode(encoding or "") == content else None
    except (UnicodeError, LookupError):
        return None
