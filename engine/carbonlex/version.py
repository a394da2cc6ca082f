"""The version of the engine, on every report."""

ENGINE = "0.1.0"
