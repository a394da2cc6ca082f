"""The interview: which fact to ask for next, and whose words ask for it."""
