"""From literate rule files to a checked rulebook: read, compile, check."""
