"""Markdown and MDX pages, and front matter."""
