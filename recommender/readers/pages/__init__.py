"""Folders of pages: files, paths, canonical addresses and the page format protocol."""
