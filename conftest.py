"""Where durable-rules does not import (Python 3.13 and later), its wrapper is not collected."""

from importlib.util import find_spec

_WRAPPER = "engine/carbonlex/reasoner/chaining/durable.py"
collect_ignore = [] if find_spec("durable_rules_engine") else [_WRAPPER]
