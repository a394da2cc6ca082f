"""Norms that compete, in sentences: which lost to which and why, and which clash."""

from __future__ import annotations

from carbonlex.memo.document import Sentence
from carbonlex.memo.draft import Draft
from carbonlex.reasoner.precedence import Clash, Defeat
from carbonlex.words.phrases import STEPS


def defeated(draft: Draft, defeat: Defeat, path: str) -> Sentence:
    """Return why one norm lost to another."""
    lost, won = draft.cites((defeat.loser,)), draft.cites((defeat.winner,))
    by = draft.rulebook.norms.get(defeat.by)
    step = STEPS[defeat.step].of(draft.lang)
    return draft.sentence(
        lost,
        draft.pick("不适用：让位于", " gives way to "),
        won,
        draft.pick(f"（{step}", f" ({step}"),
        draft.pick("，", ", ") if by else "",
        draft.cites((by.id,)) if by else (),
        draft.pick("）", ")"),
        proof=path,
        grade=by.grade if by else None,
    )


def clashing(draft: Draft, clash: Clash, path: str) -> Sentence:
    """Return that two norms clash, and who decides."""
    who = clash.decides.of(draft.lang)
    by = draft.rulebook.norms.get(clash.by)
    return draft.sentence(
        draft.cites((clash.one,)),
        draft.pick("与", " and "),
        draft.cites((clash.other,)),
        draft.pick(f"不一致，由{who}裁决", f" differ: {who} decides"),
        draft.pick("（", " (") if by else "",
        draft.cites((by.id,)) if by else (),
        draft.pick("）", ")") if by else "",
        proof=path,
    )
