"""A person is forgotten on PostgreSQL: views, both generations and work schemas; the list stays."""

from __future__ import annotations

import csv
from pathlib import Path

import psycopg2
import pytest
from leadsignal import demo

from .server import Server

pytestmark = pytest.mark.homes


class Loaded:
    """A demo CRM in the server, published twice, so that both generations are there."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.warehouse = folder / "machine_1"
        demo.write(folder / "crm", 60)
        server.load(folder / "crm")
        with (folder / "crm" / "salesforce" / "lead.csv").open(encoding="utf-8") as file:
            person = next(row for row in csv.DictReader(file) if row["converted_contact_id"])
        self.address, self.lead_id = person["email"], f"salesforce:{person['id']}"
        self.contact_id = person["converted_contact_id"]
        for _ in range(2):
            server.leadsignal(self.warehouse, "build", "--as-of", demo.AS_OF)

    def holding(self) -> list[str]:
        """Tables of ours that have the person in one of their rows."""
        tables = self.server.query(
            "select schemaname, tablename from pg_tables where schemaname like 'leadsignal%'"
        )
        texts = (self.address, self.lead_id, self.contact_id)
        any_of = " or ".join(f"told::text ilike '%{text}%'" for text in texts)
        return [
            f"{schema}.{table}"
            for schema, table in tables
            if self.server.query(f'select 1 from "{schema}"."{table}" told where {any_of} limit 1')
        ]


@pytest.fixture(scope="module")
def loaded(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(server, tmp_path_factory.mktemp("forget"))


def test_person_is_in_both_generations_and_in_work(loaded: Loaded) -> None:
    holding = loaded.holding()
    for table in ("a.fct_leads", "b.fct_leads", "staging.stg_salesforce__leads"):
        assert f"leadsignal_{table}" in holding


def test_person_is_gone_and_raw_rows_are_named(loaded: Loaded) -> None:
    out = loaded.server.leadsignal(loaded.warehouse, "forget", loaded.address)
    assert f"Records that were published: {loaded.lead_id}." in out
    assert "0 hold any of them" in out
    assert f"  salesforce.lead: id {loaded.lead_id.partition(':')[2]}" in out.splitlines()
    assert f"id {loaded.contact_id}" in out
    assert loaded.holding() == []
    assert loaded.server.query("select count(*) from salesforce.lead where email is not null")


def test_list_is_of_the_builder_alone(loaded: Loaded) -> None:
    [(count,)] = loaded.server.query("select count(*) from leadsignal_private.forgotten")
    assert count >= 3
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        loaded.server.query("select * from leadsignal_private.forgotten", "leadsignal_bi")
    assert not (loaded.warehouse / "forgotten.csv").exists()


def test_build_of_another_machine_leaves_the_person_out_too(loaded: Loaded, tmp_path: Path) -> None:
    loaded.server.leadsignal(tmp_path / "machine_2", "build", "--as-of", demo.AS_OF)
    assert loaded.holding() == []
    [(rows,)] = loaded.server.query(
        "select forgotten_rows from leadsignal.row_accounting where raw_table = 'lead'",
        "leadsignal_bi",
    )
    assert rows == 1
