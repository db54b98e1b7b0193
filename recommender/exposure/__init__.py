"""Lists that share out how often each article is listed."""
