"""Tiny corpora for tests: statutes and rules from a few words, read as the real ones are."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from carbonlex.cases.read import case_from
from carbonlex.corpus import corpus
from carbonlex.errors import Diagnostic
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.assemble import read_rulebook
from carbonlex.rulebook.rulebook import Rulebook

AKN = """<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0" xmlns:cl="urn:carbonlex:1">
<act name="act" contains="singleVersion">
<meta>
<identification source="#maker">
<FRBRWork>
<FRBRthis value="{work}/!main"/>
<FRBRuri value="{work}"/>
<FRBRdate date="{promulgated}" name="promulgation"/>
<FRBRauthor href="#maker"/>
<FRBRcountry value="cn"/>
</FRBRWork>
<FRBRExpression>
<FRBRthis value="{uri}/!main"/>
<FRBRuri value="{uri}"/>
<FRBRdate date="{effective}" name="effect"/>
<FRBRauthor href="#maker"/>
<FRBRlanguage language="zho"/>
</FRBRExpression>
<FRBRManifestation>
<FRBRthis value="{uri}/!main.xml"/>
<FRBRuri value="{uri}.xml"/>
<FRBRdate date="{effective}" name="markup"/>
<FRBRauthor href="#maker"/>
</FRBRManifestation>
</identification>
<lifecycle source="#maker">
<eventRef date="{promulgated}" type="generation" source="#original" refersTo="#promulgation"/>
<eventRef date="{effective}" type="generation" source="#original" refersTo="#effect"/>
{end}</lifecycle>
<references source="#maker">
<original eId="original" href="{uri}" showAs="{key}"/>
<TLCOrganization eId="maker" href="/akn/ontology/organization/cn/{maker}" showAs="{maker}"/>
<TLCEvent eId="promulgation" href="/akn/ontology/event/promulgation" showAs="公布"/>
<TLCEvent eId="effect" href="/akn/ontology/event/effect" showAs="施行"/>
<TLCEvent eId="end" href="/akn/ontology/event/end" showAs="失效"/>
</references>
<proprietary source="#maker">
<cl:instrument key="{key}" rank="{rank}" maker="{maker}" grade="official">
<cl:title lang="zh">{key}</cl:title>
</cl:instrument>
</proprietary>
</meta>
<body>
{body}
</body>
</act>
</akomaNtoso>
"""
END = '<eventRef date="{}" type="repeal" source="#original" refersTo="#end"/>\n'
LABEL = 'label = {zh = "某", en = "some"}'


def article(number: int, *paragraphs: str) -> str:
    """Return an article of plain paragraphs, one element to a line."""
    eid = f"art_{number}"
    lines = [f'<article eId="{eid}"><num>第{number}条</num>']
    for at, words in enumerate(paragraphs, 1):
        inner = f"<content><p>{words}</p></content>"
        lines.append(f'<paragraph eId="{eid}__para_{at}">{inner}</paragraph>')
    return "\n".join([*lines, "</article>"])


@dataclass(frozen=True, slots=True)
class Act:
    """An instrument of one article; each norm has a sentence of its own, which it quotes.

    A norm is the TOML of its fence; a label that says nothing is put before it.
    """

    key: str
    norms: tuple[str, ...] = ()
    rank: str = "departmental_rule"
    maker: str = "mee"
    effective: str = "2020-01-01"
    ended: str = ""
    body: str = ""

    @property
    def work(self) -> str:
        """The FRBR URI of the work."""
        return f"/akn/cn/act/{self.rank}/{self.maker}/{self.effective}/{self.key}"

    @property
    def uri(self) -> str:
        """The FRBR URI of the expression."""
        return f"{self.work}/zho@{self.effective}"

    @property
    def path(self) -> str:
        """Where the file stands under `statutes/`."""
        return self.uri.removeprefix("/akn/") + ".xml"

    def xml(self) -> str:
        """Return the Akoma Ntoso of the instrument."""
        said = "".join(f"规定{n}。" for n in range(len(self.norms)))
        return AKN.format(
            work=self.work,
            uri=self.uri,
            promulgated=self.effective,
            effective=self.effective,
            end=END.format(self.ended) if self.ended else "",
            key=self.key,
            rank=self.rank,
            maker=self.maker,
            body=self.body or article(1, said or "。"),
        )

    def markdown(self) -> str:
        """Return the rule file of the instrument."""
        front = f'+++\nkey = "{self.key}"\nexpression = "{self.uri}"\n+++\n\n## 第一条 {{#art_1}}\n'
        fences = (
            f"\n> 规定{n}。\n\n```norm\n{LABEL}\n{norm.strip()}\n```\n"
            for n, norm in enumerate(self.norms)
        )
        return front + "".join(fences)


def write_corpus(
    folder: Path,
    acts: Iterable[Act],
    vocabulary: str,
    questions: str = "",
    legislation_law: bool = False,
) -> None:
    """Write instruments, their rules and the declarations under a folder."""
    declared = "rules/vocabulary/acts.toml" if legislation_law else "rules/vocabulary.toml"
    files = {declared: vocabulary, "rules/questions.toml": questions}
    for act in acts:
        files[f"statutes/{act.path}"] = act.xml()
        files[f"rules/{act.key}.md"] = act.markdown()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    if legislation_law:
        for version in ("2015", "2023"):
            rules = f"cn/legislation-law-{version}.md"
            words = f"cn/act/falv/npc/2000-03-15/31/zho@{version}-03-15.xml"
            for kind, name in (("rules", rules), ("statutes", words)):
                (folder / kind / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(corpus(kind) / name, folder / kind / name)
        # What it says on who may enact speaks of clauses, which are declared here.
        clauses = "rules/vocabulary/drafting.toml"
        (folder / clauses).write_bytes((corpus("rules") / "vocabulary/drafting.toml").read_bytes())


def read_corpus(folder: Path) -> tuple[Rulebook, tuple[Diagnostic, ...]]:
    """Return the rulebook of a folder and everything that is wrong with it."""
    return read_rulebook(folder / "rules", folder / "statutes")


def sound(folder: Path) -> Rulebook:
    """Return the rulebook of a folder with which nothing is wrong."""
    rulebook, wrong = read_corpus(folder)
    assert not wrong, "\n".join(d.render("en") for d in wrong)
    return rulebook


def checked(
    rulebook: Rulebook,
    facts: Mapping[str, Any],
    on: str,
    decided: str | None = None,
    **options: Any,
) -> Report:
    """Check a case whose facts are all of the compliance year 2024, unless it says `year`."""
    tree = facts if "year" in facts else {"year": {"2024": facts}}
    case = case_from(tree, rulebook.vocabulary, "case")
    day = None if decided is None else date.fromisoformat(decided)
    return check_case(rulebook, case, date.fromisoformat(on), day, **options)


def verdict_on(report: Report, duty: str, year: int = 2024, index: int = -1) -> Verdict:
    """Return the one verdict on a duty of a year."""
    (found,) = (v for v in report.verdicts if (v.duty, v.year, v.index) == (duty, year, index))
    return found
