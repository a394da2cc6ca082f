"""Texts as Akoma Ntoso documents: what an export writes, checked before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from carbonlex.exports.akoma.held import headed, language_of, link, text_as_held, text_of_day
from carbonlex.exports.akoma.lifecycle import describe
from carbonlex.exports.akoma.versions import Versions, merged_body
from carbonlex.exports.scope import Exported, Scope
from carbonlex.statutes.akn import akoma_schema
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.metadata import AKN, OWN

# Words stand in these: a line break between them would be part of the words.
_WORDS = frozenset(f"{AKN}{t}" for t in ("p", "num", "heading", "subheading", "docTitle"))


def akoma_ntoso(scope: Scope, versions: bool = False) -> tuple[Exported, ...]:
    """Return the texts of a scope: as held, or of its day, or each work in all its versions.

    Without a day and for the whole rulebook, works with several versions are shown both ways.

    >>> import carbonlex
    >>> from carbonlex.exports.scope import scope_of
    >>> rulebook = carbonlex.load_rulebook()
    >>> [one.name for one in akoma_ntoso(scope_of(rulebook, ["measures-2021"]))]
    ['cn/act/guizhang/mee/2020-12-31/19/zho@2021-02-01.xml']
    """
    if scope.on is not None:
        return tuple(_of_day(scope))
    if versions:
        return tuple(_of_work(scope, texts) for texts in _works(scope))
    held = (_exported(text_as_held(scope, k), _name(scope, k)) for k in scope.keys)
    several = (t for t in _works(scope) if len(t) > 1) if scope.whole else ()
    return (*held, *(_of_work(scope, texts) for texts in several))


def _of_day(scope: Scope) -> Iterator[Exported]:
    assert scope.on is not None
    for key in scope.keys:
        text = scope.rulebook.instruments[key]
        path = f"{_folder(text)}/{language_of(text)}-on-{scope.on}.xml"
        yield _exported(text_of_day(scope, key, scope.on), path)


def _of_work(scope: Scope, texts: tuple[Instrument, ...]) -> Exported:
    versions = Versions(texts)
    root = merged_body(versions)
    describe(root, versions)
    headed(root, scope, texts)
    for text, renamed in zip(texts, versions.renamed, strict=True):
        norms = (n for n in scope.rulebook.norms.values() if n.instrument == text.key)
        link(root, norms, renamed)
    return _exported(root, f"{_folder(texts[-1])}/{language_of(texts[-1])}.xml")


def _works(scope: Scope) -> list[tuple[Instrument, ...]]:
    """Return every version held of each work in the scope, oldest first."""
    works = dict.fromkeys(text.work for text in scope.instruments)
    every = sorted(scope.rulebook.instruments.values(), key=lambda i: i.effective)
    return [tuple(i for i in every if i.work == work) for work in works]


def _name(scope: Scope, key: str) -> str:
    return scope.rulebook.instruments[key].uri.removeprefix("/akn/") + ".xml"


def _folder(text: Instrument) -> str:
    return text.work.removeprefix("/akn/")


def _exported(root: etree._Element, name: str) -> Exported:
    _indent(root, 0)
    check(root)
    text = etree.tostring(root, encoding="unicode")
    return Exported(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def _indent(node: etree._Element, depth: int) -> None:
    """Set elements on lines of their own, and leave words as they are."""
    if node.tag in _WORDS or len(node) == 0:
        return
    node.text = "\n" + "  " * (depth + 1)
    for child in node:
        _indent(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    node[-1].tail = "\n" + "  " * depth


def check(root: etree._Element) -> None:
    """Raise `ValueError` where a document does not hold; that would be a fault of ours."""
    # Parsed again: what was put together from several trees has to hold as it is written.
    tree = etree.fromstring(etree.tostring(root))
    schema = akoma_schema()
    wrong = [] if schema.validate(tree) else [f"{e.line}: {e.message}" for e in schema.error_log]
    wrong += faults(tree)
    if wrong:
        raise ValueError("; ".join(wrong[:20]))


def faults(tree: etree._Element) -> Iterator[str]:
    """Yield what the schema does not see: references that lead nowhere, norms not told of."""
    ids = {e.get("eId") for e in tree.iter(f"{AKN}*") if e.get("eId")}
    norms = {e.get("id") for e in tree.iter(f"{OWN}norm")}
    for node in tree.iter(etree.Element):
        for name in ("href", "source", "refersTo", "period", "start", "end"):
            target = node.get(name, "")
            if target.startswith("#") and target[1:] not in ids:
                yield f"{name} {target} leads nowhere"
        yield from _unknown(node.get(f"{OWN}norms", "").split(), norms)


def _unknown(names: Iterable[str], norms: set[str | None]) -> Iterator[str]:
    for name in names:
        if name not in norms:
            yield f"no norm {name}"
