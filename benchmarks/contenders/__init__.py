"""The libraries that are measured against each other: a file a library, `registry` is the table of them."""
