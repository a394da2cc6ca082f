"""From facts and norms to verdicts: evaluate, precedence, chaining, consequences, proof."""
