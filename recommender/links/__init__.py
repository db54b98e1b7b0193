"""Links to put into the text of an article: phrases that name another article."""
