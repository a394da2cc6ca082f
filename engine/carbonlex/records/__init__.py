"""Runs that are kept: append-only, chained by hash, replayed, and signed by different people."""
