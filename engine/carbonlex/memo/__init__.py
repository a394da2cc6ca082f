"""Documents that leave the program: typed, verified against the corpus, then rendered."""
