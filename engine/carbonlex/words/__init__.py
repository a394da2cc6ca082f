"""Proofs in words, Chinese and English. Reads reports; never evaluates anything again."""
