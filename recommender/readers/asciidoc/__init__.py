"""Pages of AsciiDoc: header, included parts, inline markup and blocks."""
