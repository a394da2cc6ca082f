"""A new instrument from a draft: its first expression, in Akoma Ntoso."""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape, quoteattr

from carbonlex.model import Label
from carbonlex.statutes.amend import Amendment
from carbonlex.statutes.instruments import Rank
from carbonlex.statutes.markup import NAMESPACES, DraftFault, element_of, level_of, place_of

SUBTYPES: dict[Rank, str] = {
    "law": "falv",
    "administrative_regulation": "fagui",
    "local_regulation": "difangfagui",
    "departmental_rule": "guizhang",
    "local_government_rule": "difangguizhang",
    "normative_document": "guifan",
    "policy": "zhengce",
}


def enacted(
    key: str,
    title: Label,
    rank: Rank,
    maker: str,
    maker_label: Label,
    promulgated: date,
    effective: date,
    provisions: tuple[Amendment, ...],
) -> bytes:
    """Return the first expression of a new instrument; raises `DraftFault`."""
    work = f"/akn/cn/act/{SUBTYPES.get(rank, 'act')}/{maker}/{promulgated}/{key}"
    expression = f"{work}/zho@{effective}"
    body = "".join(_element(p) for p in sorted(provisions, key=lambda p: place_of(p.eid)))
    articles = sum(level_of(p.eid) == "article" for p in provisions)
    labels = "".join(
        f"<cl:{name} lang={quoteattr(lang)}>{escape(text)}</cl:{name}>"
        for name, said in (("title", title), ("maker", maker_label), ("short", title))
        for lang, text in (("zh", said.zh), ("en", said.en))
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso {NAMESPACES}>
  <act name="act" contains="originalVersion">
    <meta>
      <identification source="#carbonlex">
        <FRBRWork>
          <FRBRthis value="{work}/!main"/>
          <FRBRuri value="{work}"/>
          <FRBRdate date="{promulgated}" name="promulgation"/>
          <FRBRauthor href="#{maker}"/>
          <FRBRcountry value="cn"/>
        </FRBRWork>
        <FRBRExpression>
          <FRBRthis value="{expression}/!main"/>
          <FRBRuri value="{expression}"/>
          <FRBRdate date="{effective}" name="effect"/>
          <FRBRauthor href="#{maker}"/>
          <FRBRlanguage language="zho"/>
        </FRBRExpression>
        <FRBRManifestation>
          <FRBRthis value="{expression}/!main.xml"/>
          <FRBRuri value="{expression}.xml"/>
          <FRBRdate date="{promulgated}" name="markup"/>
          <FRBRauthor href="#carbonlex"/>
          <FRBRformat value="application/akn+xml"/>
        </FRBRManifestation>
      </identification>
      <lifecycle source="#carbonlex">
        <eventRef eId="eref_1" date="{promulgated}" type="generation" source="#original" refersTo="#promulgation"/>
        <eventRef eId="eref_2" date="{effective}" type="generation" source="#original" refersTo="#effect"/>
      </lifecycle>
      <references source="#carbonlex">
        <original eId="original" href="{expression}" showAs={quoteattr(title.zh)}/>
        <TLCOrganization eId="carbonlex" href="/akn/ontology/organization/carbonlex" showAs="carbonlex"/>
        <TLCOrganization eId="{maker}" href="/akn/ontology/organization/cn/{maker}" showAs={quoteattr(maker_label.zh)}/>
        <TLCEvent eId="promulgation" href="/akn/ontology/event/promulgation" showAs="公布"/>
        <TLCEvent eId="effect" href="/akn/ontology/event/effect" showAs="施行"/>
      </references>
      <proprietary source="#carbonlex">
        <cl:instrument key="{key}" rank="{rank}" maker="{maker}" number="" grade="draft" articles="{articles}" promulgated="{promulgated}" effective="{effective}" ended="">{labels}</cl:instrument>
      </proprietary>
    </meta>
    <preface>
      <p><docTitle>{escape(title.zh)}</docTitle></p>
    </preface>
    <body>
{body}    </body>
  </act>
</akomaNtoso>
""".encode()  # noqa: E501 - the markup of statutes/, line for line


def _element(one: Amendment) -> str:
    if level_of(one.eid) is None or "__" in one.eid:
        raise DraftFault(
            one.where, "新文件逐条写：{#art_N}", "a new instrument is written by article: {#art_N}"
        )
    if one.kind != "insertion" or not one.lines:
        raise DraftFault(
            one.where,
            "新文件的每一条都是“增加”，并有文字",
            "each article of it is inserted, with words",
        )
    return element_of(one.eid, one.lines, one.attributes, 3)
