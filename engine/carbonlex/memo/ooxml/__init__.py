"""WordprocessingML: the parts of a Word file, built element by element."""
