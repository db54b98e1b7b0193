"""The compared libraries, one per module; `registry` lists them."""
