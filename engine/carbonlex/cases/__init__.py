"""Cases: what people tell of an entity and its years, read from TOML, JSON or CSV, or refused."""

from carbonlex.cases.read import case_from, read_case

__all__ = ["case_from", "read_case"]
