"""The rulebook as LegalRuleML 1.0, compact serialisation: docs/export.md has the mapping."""
