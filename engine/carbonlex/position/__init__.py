"""The surrender position: what is owed, held, usable, missing, and what it costs."""
