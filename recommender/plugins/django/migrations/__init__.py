"""The table of pending changes."""
