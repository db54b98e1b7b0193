"""The text format in which Movable Type and Japanese blogs export their entries."""
