"""The interview: which fact to ask for next, whose words ask for it, and what an answer tells."""
