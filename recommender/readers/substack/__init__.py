"""The export of Substack: a table of posts, and their texts beside it."""
