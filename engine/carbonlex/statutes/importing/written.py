"""A structured text as an Akoma Ntoso file, as statutes/ has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from carbonlex.statutes.importing.article import Content, Node
from carbonlex.statutes.importing.draft import Annex, Draft
from carbonlex.statutes.importing.identity import Identity
from carbonlex.statutes.importing.source import Source, Table, bare
from carbonlex.statutes.markup import NAMESPACES
from carbonlex.version import ENGINE

_DEPTH = 3


def written(draft: Draft, identity: Identity, source: Source, imported: date) -> bytes:
    """Return the expression; `imported` is the day that it says it was made on."""
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<akomaNtoso {NAMESPACES}>",
        '  <act name="act" contains="singleVersion">',
        *_meta(draft, identity, source, imported),
        *_preface(draft),
        "    <body>",
        *(row for node in draft.body for row in _division(node, _DEPTH)),
        "    </body>",
        *_attachments(draft.annexes, identity, imported),
        "  </act>",
        "</akomaNtoso>",
        "",
    ]
    return "\n".join(rows).encode("utf-8")


def _identification(identity: Identity, imported: date, part: str, depth: int) -> Iterator[str]:
    work, expression = identity.work, identity.expression
    maker, date_of = identity.maker, f'date="{identity.worked}"'
    number = identity.work_number
    kind = "FRBRnumber" if number.isdigit() else "FRBRname"
    rows = f"""<identification source="#carbonlex">
  <FRBRWork>
    <FRBRthis value="{work}/!{part}"/>
    <FRBRuri value="{work}"/>
    <FRBRdate {date_of} name="promulgation"/>
    <FRBRauthor href="#{maker}"/>
    <FRBRcountry value="{identity.country}"/>
    <FRBRsubtype value="{identity.subtype}"/>
    <{kind} value="{number}"/>
  </FRBRWork>
  <FRBRExpression>
    <FRBRthis value="{expression}/!{part}"/>
    <FRBRuri value="{expression}"/>
    <FRBRdate date="{identity.effective}" name="effect"/>
    <FRBRauthor href="#{maker}"/>
    <FRBRlanguage language="zho"/>
  </FRBRExpression>
  <FRBRManifestation>
    <FRBRthis value="{expression}/!{part}.xml"/>
    <FRBRuri value="{expression}.xml"/>
    <FRBRdate date="{imported}" name="markup"/>
    <FRBRauthor href="#carbonlex"/>
    <FRBRformat value="application/akn+xml"/>
  </FRBRManifestation>
</identification>"""
    yield from ("  " * depth + row for row in rows.split("\n"))


def _meta(draft: Draft, identity: Identity, source: Source, imported: date) -> Iterator[str]:
    amended = "amendment" if identity.promulgated != identity.worked else "generation"
    events = [
        (amended, identity.promulgated, "promulgation"),
        (amended, identity.effective, "effect"),
    ]
    names = [("promulgation", "公布"), ("effect", "施行")]
    if identity.ended:
        events.append(("repeal", identity.ended, "end"))
        names.append(("end", "失效"))
    yield "    <meta>"
    yield from _identification(identity, imported, "main", 3)
    yield '      <lifecycle source="#carbonlex">'
    for n, (kind, day, name) in enumerate(events, 1):
        yield (
            f'        <eventRef eId="eref_{n}" date="{day}" type="{kind}"'
            f' source="#original" refersTo="#{name}"/>'
        )
    yield "      </lifecycle>"
    yield '      <references source="#carbonlex">'
    title, maker = quoteattr(identity.title.zh), identity.maker
    ontology = "/akn/ontology"
    yield f'        <original eId="original" href="{identity.expression}" showAs={title}/>'
    yield (
        f'        <TLCOrganization eId="carbonlex" href="{ontology}/organization/carbonlex"'
        ' showAs="carbonlex"/>'
    )
    yield (
        f'        <TLCOrganization eId="{maker}" href="{ontology}/organization/cn/{maker}"'
        f" showAs={quoteattr(identity.maker_label.zh)}/>"
    )
    for name, shown in names:
        yield f'        <TLCEvent eId="{name}" href="{ontology}/event/{name}" showAs="{shown}"/>'
    yield "      </references>"
    yield from _own(draft, identity, source)
    yield "    </meta>"


def _own(draft: Draft, identity: Identity, source: Source) -> Iterator[str]:
    """Yield what the corpus says of an instrument, and which bytes it was made from."""
    articles = draft.counts.get("article", 0)
    yield '      <proprietary source="#carbonlex">'
    yield (
        f'        <cl:instrument key="{identity.key}" rank="{identity.rank}"'
        f' maker="{identity.maker}"'
    )
    yield (
        f'                       number={quoteattr(identity.number)} grade="{identity.grade}"'
        f' articles="{articles or ""}"'
    )
    yield (
        f'                       promulgated="{identity.promulgated}"'
        f' effective="{identity.effective}" ended="{identity.ended or ""}">'
    )
    note_zh = f"由 {source.name} 导入，全文；来源字节的 SHA-256 见 cl:source。"
    note_en = f"Imported whole from {source.name}; the SHA-256 of its bytes is in cl:source."
    for name, said in (
        ("title", identity.title), ("maker", identity.maker_label), ("short", identity.short),
    ):  # fmt: skip
        yield f'          <cl:{name} lang="zh">{escape(said.zh)}</cl:{name}>'
        yield f'          <cl:{name} lang="en">{escape(said.en)}</cl:{name}>'
    yield f'          <cl:note lang="zh">{escape(note_zh)}</cl:note>'
    yield f'          <cl:note lang="en">{escape(note_en)}</cl:note>'
    yield (
        f'          <cl:source name={quoteattr(source.name)} format="{source.kind}"'
        f' encoding="{source.encoding}" bytes="{source.size}" sha256="{source.digest}"'
        f' importer="carbonlex {ENGINE}"/>'
    )
    yield "        </cl:instrument>"
    yield "      </proprietary>"


def _preface(draft: Draft) -> Iterator[str]:
    preface = draft.preface
    yield "    <preface>"
    yield from _blocks(preface.before, "preface__table", 3)
    for line in preface.title:
        yield f"      <p><docTitle>{escape(line)}</docTitle></p>"
    yield from _blocks(preface.after, "preface__note__table", 3)
    if preface.contents:
        yield f"      <p>{escape(preface.contents)}</p>"
    if preface.entries:
        yield '      <toc eId="toc_1">'
        places = {bare(n.num + n.heading): n.eid for n in draft.nodes() if n.heading}
        for entry in preface.entries:
            place = places.get(bare(entry.words), "toc_1")
            words = escape(entry.printed)
            yield f'        <tocItem level="{entry.level}" href="#{place}">{words}</tocItem>'
        yield "      </toc>"
    yield from _blocks(preface.last, "preface__end__table", 3)
    yield "    </preface>"


def _division(node: Node, depth: int) -> Iterator[str]:
    pad = "  " * depth
    wid = f' wId="{node.wid}"' if node.wid and node.wid != node.eid else ""
    empty = node.tag == "article" and not any(c.content or c.children for c in node.children)
    held = ' cl:held="false"' if empty else ""
    yield f'{pad}<{node.tag} eId="{node.eid}"{wid}{held}>'
    inner = pad + "  "
    if node.tag == "wrapUp":
        yield from _blocks(node.content, f"{node.eid}__table", depth + 1)
        yield f"{pad}</{node.tag}>"
        return
    if node.num:
        yield f"{inner}<num>{escape(node.num)}</num>"
    if node.heading:
        yield f"{inner}<heading>{escape(node.heading)}</heading>"
    if not node.children:
        yield from _held("content", node, depth + 1)
    elif node.content:
        yield from _held("intro", node, depth + 1)
    for child in node.children:
        yield from _division(child, depth + 1)
    yield f"{pad}</{node.tag}>"


def _held(tag: str, node: Node, depth: int) -> Iterator[str]:
    """Yield the words of a division; in one row where they are one paragraph."""
    pad = "  " * depth
    if len(node.content) < 2 and not any(isinstance(c, Table) for c in node.content):
        words = escape(str(node.content[0])) if node.content else ""
        yield f"{pad}<{tag}><p>{words}</p></{tag}>" if words else f"{pad}<{tag}><p/></{tag}>"
        return
    yield f"{pad}<{tag}>"
    yield from _blocks(node.content, f"{node.eid}__table", depth + 1)
    yield f"{pad}</{tag}>"


def _blocks(content: Sequence[Content], table: str, depth: int) -> Iterator[str]:
    pad = "  " * depth
    for n, block in enumerate(content, 1):
        if isinstance(block, str):
            yield f"{pad}<p>{escape(block)}</p>"
            continue
        yield f'{pad}<table eId="{table}_{n}">'
        for row in block.rows:
            cells = "".join(f"<td><p>{escape(cell)}</p></td>" for cell in row)
            yield f"{pad}  <tr>{cells}</tr>"
        yield f"{pad}</table>"


def _attachments(annexes: Sequence[Annex], identity: Identity, imported: date) -> Iterator[str]:
    if not annexes:
        return
    yield "    <attachments>"
    for n, annex in enumerate(annexes, 1):
        yield f'      <attachment eId="att_{n}">'
        yield f"        <heading>{escape(annex.heading)}</heading>"
        yield '        <doc name="annex">'
        yield "          <meta>"
        yield from _identification(identity, imported, f"annex_{n}", 6)
        yield "          </meta>"
        yield "          <mainBody>"
        yield from _blocks(annex.content or ("",), f"att_{n}__table", 6)
        yield "          </mainBody>"
        yield "        </doc>"
        yield "      </attachment>"
    yield "    </attachments>"
