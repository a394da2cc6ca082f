"""The corpus in other people's formats: LegalRuleML, Akoma Ntoso, JSON Schema, JSON-LD."""
