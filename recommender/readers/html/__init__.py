"""HTML pages: document, head, main text, titles, dates and links."""
