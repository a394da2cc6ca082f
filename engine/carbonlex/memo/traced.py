"""Proofs in words, each sentence with the path of the step that it was read off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from carbonlex.memo.paths import steps
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.explain import Explainer
from carbonlex.words.sentences import Cite, Line, flagged
from carbonlex.words.values import say


@dataclass(frozen=True)
class TracedLine(Line):
    """A sentence of a proof and the step that it says."""

    step: Proof | None = None


class Tracer(Explainer):
    """Explains proofs down to a depth; never says less of a step than the explainer does."""

    def __init__(self, rulebook: Rulebook, lang: str) -> None:
        super().__init__(rulebook, lang)
        self.limit = 0
        self.unfolded: dict[tuple[str, int, int], Proof] = {}

    def trace(self, proof: Proof, path: str, limit: int) -> Iterator[tuple[Line, str]]:
        """Yield the sentences of a proof, top down, each with the path of its step."""
        self.limit = limit
        # A step that two places share is found at the first of them.
        paths: dict[int, str] = {}
        for step, where in steps(proof, path):
            paths.setdefault(id(step), where)
        for line in self.lines(proof):
            assert isinstance(line, TracedLine) and line.step is not None
            yield line, paths[id(line.step)]

    def lines(self, proof: Proof, depth: int = 0) -> Iterator[Line]:
        if depth >= self.limit:
            return
        for line in super().lines(proof, depth):
            if isinstance(line, TracedLine):
                yield line
            else:
                yield TracedLine(line.depth, line.text, line.cites, line.quotes, line.grade, proof)

    def concept(self, proof: Proof, depth: int) -> Iterator[Line]:
        """Say a concept; it is unfolded again where the law of another day gives another proof."""
        key = (proof.label, proof.year, proof.index)
        if self.unfolded.get(key, proof) != proof:
            self.seen.discard(key)
        yield from super().concept(proof, depth)
        if depth + 1 < self.limit:
            self.unfolded[key] = proof
        elif key not in self.unfolded:
            self.seen.discard(key)

    def parameter(self, proof: Proof, depth: int) -> Line:
        """Say a parameter; its source becomes citations, not words."""
        parameter = self.rulebook.parameters[proof.label]
        entry = parameter.spans[proof.entry].entry
        assert entry is not None
        cites = [Cite(parameter.instrument, e) for e in parameter.provisions]
        cites += [Cite(*entry.cited, as_law=False)] if entry.source else []
        value = say(proof.value, proof.unit, self.lang, self.rulebook)
        text = self.colon(parameter.label.of(self.lang), value) + flagged(entry.grade, self.lang)
        return Line(depth, text, tuple(cites), (), entry.grade)
