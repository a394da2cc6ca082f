"""Texts, provisions and norms as linked data: schema.org and ELI terms, and a few of our own."""
