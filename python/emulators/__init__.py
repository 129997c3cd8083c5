"""The project built on emulators of warehouses, and its tables held against DuckDB's."""
