"""The rules of lists as plain data, ready before anything is scored."""
