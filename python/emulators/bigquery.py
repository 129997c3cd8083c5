"""BigQuery as bqemulator plays it: BigQuery's REST interface and SQL, on DuckDB."""

import csv
import shutil
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from emulators.emulator import PROJECT, Emulator, folders

SERVER = PROJECT / ".venv-bigquery-emulator"


class BigQuery(Emulator):
    """bqemulator makes no table of a query with the columns listed, as a contract asks for."""

    dialect = "bigquery"
    port = 9050
    settings: ClassVar[dict[str, object]] = {"contracts": False}

    def command(self, work: Path) -> tuple[list[str], dict[str, str]]:
        """See Emulator."""
        # It wants DuckDB's spatial extension and would download it: a wheel has it.
        (wheel,) = SERVER.glob(
            "lib/*/site-packages/duckdb_extension_spatial/extensions/*/spatial.duckdb_extension"
        )
        place = work / ".duckdb" / "extensions" / wheel.parent.name / "linux_amd64"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(wheel, place)
        command = [str(SERVER / "bin" / "bqemulator"), "start", "--project", "leadsignal"]
        return [*command, "--rest-port", str(self.port), "--log-level", "warning"], {
            "HOME": str(work)
        }

    def load(self, raw: Path) -> None:
        """See Emulator."""
        from google.cloud.bigquery import LoadJobConfig, SchemaField

        for crm, files in folders(raw):
            self._client.create_dataset(crm, exists_ok=True)
            for file in files:
                with file.open(encoding="utf-8-sig", newline="") as text:
                    names = next(csv.reader(text))
                options = LoadJobConfig(
                    schema=[SchemaField(name, "STRING") for name in names],
                    source_format="CSV",
                    skip_leading_rows=1,
                    allow_quoted_newlines=True,
                )
                with file.open("rb") as content:
                    self._client.load_table_from_file(
                        content, f"{crm}.{file.stem}", job_config=options
                    ).result()

    def rows(self, table: str, columns: dict[str, str]) -> list[tuple[Any, ...]]:
        """See Emulator."""
        listed = ", ".join(f"`{column}`" for column in columns)
        found = self._client.query_and_wait(f"select {listed} from leadsignal_marts.{table}")
        return [tuple(row.values()) for row in found]

    @cached_property
    def _client(self) -> Any:
        from google.auth.credentials import AnonymousCredentials
        from google.cloud import bigquery

        place = {"api_endpoint": f"http://127.0.0.1:{self.port}"}
        return bigquery.Client(
            project="leadsignal", credentials=AnonymousCredentials(), client_options=place
        )
