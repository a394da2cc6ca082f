"""The same rulebook over millions of entity-years: compiled to columns, exact, three-valued.

`symbolic` reads norms as the reasoner does and gives a graph of columns (`graph`); `lowering`
turns the graph into Polars expressions or SQL. docs/decisions/0011 has the reasons.
"""
