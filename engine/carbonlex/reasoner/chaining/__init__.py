"""Forward chaining over propositions: the legal life of a result.

Strings in, strings out. Numbers, dates and comparisons were decided before anything comes
here; what is chained is who is bound, what is broken, and what follows. Two chainers with one
interface: `durable` on durable-rules, and `plain`, its oracle in tests and its stand-in where
durable-rules does not import.
"""
