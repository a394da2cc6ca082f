"""The metadata of a document with several versions: events, periods, and what they refer to."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

from lxml import etree

from carbonlex.exports.akoma.held import held_tree, language_of, name_expression, proprietary
from carbonlex.exports.akoma.versions import Versions
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.metadata import AKN, OWN

_IN_FORCE = "inForce"


def describe(root: etree._Element, versions: Versions) -> None:
    """Write the metadata of all versions into a tree that has their provisions.

    The end of a period is the first day on which it is no more: intervals are half-open.
    """
    newest = versions.texts[-1]
    act = root[0]
    act.set("contains", "multipleVersions")
    name_expression(root, f"{newest.work}/{language_of(newest)}", versions.texts[0])
    events = _Events(versions)
    meta = root.find(f".//{AKN}meta")
    references = root.find(f".//{AKN}references")
    assert meta is not None and references is not None
    for old in meta.findall(f"{AKN}lifecycle"):
        meta.remove(old)
    for made in (events.lifecycle(), _temporal(versions, events)):
        references.addprevious(made)
    _refer(references, versions)
    _instruments(root, versions)


class _Events:
    """The days on which something happened to a work, each with one id."""

    def __init__(self, versions: Versions) -> None:
        happened: list[tuple[date, str, str, int]] = []
        for number, text in enumerate(versions.texts):
            for what, day in (("promulgation", text.promulgated), ("effect", text.effective)):
                happened.append((day, _kind_of(text, what), what, number))
            if text.ended is not None and not _followed(versions, number):
                happened.append((text.ended, "repeal", "end", number))
        self._ordered = sorted(happened, key=lambda h: (h[0], h[3], h[2] != "promulgation"))

    def lifecycle(self) -> etree._Element:
        """Return every event, in the order of days."""
        made = etree.Element(f"{AKN}lifecycle", source="#carbonlex")
        for at, (day, kind, what, number) in enumerate(self._ordered, 1):
            etree.SubElement(
                made, f"{AKN}eventRef", eId=f"eref_{at}", date=day.isoformat(), type=kind,
                source=f"#version_{number + 1}", refersTo=f"#{what}",
            )  # fmt: skip
        return made

    def id_of(self, what: str, number: int) -> str:
        """Return the id of an event of a version."""
        found = ((at, h) for at, h in enumerate(self._ordered, 1) if h[2:] == (what, number))
        return f"eref_{next(at for at, _ in found)}"


def _kind_of(text: Instrument, what: str) -> str:
    """Return of what type an event of a version is, as its own file says."""
    events = held_tree(text).iter(f"{AKN}eventRef")
    return next(e.get("type", "") for e in events if e.get("refersTo") == f"#{what}")


def _followed(versions: Versions, number: int) -> bool:
    """Return whether the next version takes effect on the day that one ends."""
    texts = versions.texts
    return number < versions.newest and texts[number].ended == texts[number + 1].effective


def _temporal(versions: Versions, events: _Events) -> etree._Element:
    made = etree.Element(f"{AKN}temporalData", source="#carbonlex")
    for own, name in versions.periods.items():
        group = etree.SubElement(made, f"{AKN}temporalGroup", eId=name)
        for first, last in _runs(versions, sorted(own)):
            told = {"refersTo": f"#{_IN_FORCE}", "start": f"#{events.id_of('effect', first)}"}
            if _followed(versions, last):
                told["end"] = f"#{events.id_of('effect', last + 1)}"
            elif versions.texts[last].ended is not None:
                told["end"] = f"#{events.id_of('end', last)}"
            interval = etree.SubElement(group, f"{AKN}timeInterval")
            for attribute, value in told.items():
                interval.set(attribute, value)
    return made


def _runs(versions: Versions, numbers: list[int]) -> list[tuple[int, int]]:
    """Return versions as runs in which each follows the one before without a gap."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1 and _followed(versions, number - 1):
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _refer(references: etree._Element, versions: Versions) -> None:
    """Name every version, what older ones refer to, and what it is to be in force."""
    first = references.find(f"{AKN}original")
    if first is not None:
        first.set("href", versions.texts[0].uri)
        first.set("showAs", versions.texts[0].title.zh)
    for number, text in enumerate(versions.texts, 1):
        held = held_tree(text).find(f".//{AKN}references")
        known = {e.get("eId") for e in references}
        for one in held if held is not None else ():
            if one.get("eId") not in known and one.tag != f"{AKN}original":
                references.append(deepcopy(one))
        etree.SubElement(
            references, f"{AKN}TLCObject", eId=f"version_{number}", href=text.uri,
            showAs=text.title.zh,
        )  # fmt: skip
    if not any(e.get("eId") == "end" for e in references):
        etree.SubElement(
            references, f"{AKN}TLCEvent", eId="end", href="/akn/ontology/event/end", showAs="废止"
        )
    etree.SubElement(
        references, f"{AKN}TLCConcept", eId=_IN_FORCE, href="/akn/ontology/concept/in-force",
        showAs="施行",
    )  # fmt: skip


def _instruments(root: etree._Element, versions: Versions) -> None:
    """Keep what each version says of itself: title, number, maker, grades, and its own words."""
    own = proprietary(root)
    for old in own.findall(f"{OWN}instrument"):
        own.remove(old)
    for text in versions.texts:
        told = _instrument_of(text)
        told.set("expression", text.uri)
        own.append(told)


def _instrument_of(text: Instrument) -> etree._Element:
    found = next(held_tree(text).iter(f"{OWN}instrument"), None)
    assert found is not None
    return deepcopy(found)
