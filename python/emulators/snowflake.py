"""Snowflake as fakesnow plays it: Snowflake's SQL over HTTP, on DuckDB."""

import sys
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from emulators.emulator import Emulator, folders


class Snowflake(Emulator):
    """fakesnow lacks the comments of columns in `create table`."""

    dialect = "snowflake"
    port = 8765
    settings: ClassVar[dict[str, object]] = {"column_comments": False}

    def command(self, work: Path) -> tuple[list[str], dict[str, str]]:
        """See Emulator."""
        return [
            str(Path(sys.executable).parent / "fakesnow"),
            "--server",
            "--port",
            str(self.port),
        ], {}

    def load(self, raw: Path) -> None:
        """See Emulator."""
        self._cursor.execute("create database if not exists leadsignal")
        self._cursor.execute("use database leadsignal")
        for crm, files in folders(raw):
            self._cursor.execute(f"create schema if not exists {crm}")
            for file in files:
                # DuckDB's own reader, which fakesnow lets through: far faster than inserts.
                self._cursor.execute(
                    f'create or replace table {crm}."{file.stem.upper()}" as'
                    f" select * from read_csv('{file.resolve()}', all_varchar = true)"
                )

    def rows(self, table: str, columns: dict[str, str]) -> list[tuple[Any, ...]]:
        """See Emulator."""
        # Only what is quoted keeps small letters; null times come over as 1970, unless as text.
        listed = ", ".join(
            f"cast({name} as varchar)"
            if type_ == "TIMESTAMP"
            else '"rows"'
            if name == "rows"
            else name
            for name, type_ in columns.items()
        )
        found = self._cursor.execute(
            f"select {listed} from leadsignal.leadsignal_marts.{table}"
        ).fetchall()
        return [
            tuple(
                datetime.fromisoformat(value) if value and type_ == "TIMESTAMP" else value
                for value, type_ in zip(row, columns.values(), strict=True)
            )
            for row in found
        ]

    @cached_property
    def _cursor(self) -> Any:
        import snowflake.connector

        return snowflake.connector.connect(
            account="fakesnow",
            user="nobody",
            password="none",  # noqa: S106 - the emulator asks for one and takes any
            host="127.0.0.1",
            port=self.port,
            protocol="http",
        ).cursor()
