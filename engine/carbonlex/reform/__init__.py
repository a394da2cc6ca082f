"""Reforms: drafts applied to the law on paper, and what they would change."""
