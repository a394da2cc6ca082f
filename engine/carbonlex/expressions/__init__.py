"""The expression language of norms: a closed subset of Python syntax, never executed.

`tree` holds the nodes, `parse` reads text into them, `types` checks types and units at load,
`write` prints them back (`parse(write(e)) == e`), `paraphrase` says them in Chinese or English.
"""
