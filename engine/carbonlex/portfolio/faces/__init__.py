"""What runs a plan: Polars expressions, or SQL for DuckDB and Spark. One schedule for all."""
