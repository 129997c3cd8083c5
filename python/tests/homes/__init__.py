"""The larger homes give what DuckDB gives."""
