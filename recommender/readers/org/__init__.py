"""Pages of Org mode: keywords, outline, inline markup and blocks."""
