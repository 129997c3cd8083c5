"""Leads' addresses as keyed hashes, to join with what others know: a table only where it is set.

The salt comes from the environment and goes nowhere else: dbt never sees it.
"""

import hmac
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow

from leadsignal import warehouse
from leadsignal.errors import UsageError
from leadsignal.privacy.stores import HOMES, Store
from leadsignal.settings import PROJECT_FILE, Settings

SALT = "LEADSIGNAL_EMAIL_SALT"
LEAST = 32
"""Characters: as many as 16 random bytes have in hexadecimal."""
TABLE = "lead_email_hashes"
DESCRIPTION = "One row per lead with an e-mail: its salted hash, to join by. Key: lead_id."
COLUMNS = {
    "lead_id": "The lead",
    "email_hash": (
        "HMAC-SHA256 of the e-mail, trimmed and in lower case (and without what follows a plus,"
        " where merge_plus_addresses is set), in hexadecimal; the key is not published"
    ),
}


def salt(settings: Settings) -> str:
    """The salt; empty where no hashes are published. Raises UsageError when it is weak."""
    if not settings.has_email_hashes:
        return ""
    found = os.environ.get(SALT, "")
    if len(found) < LEAST:
        told = f"shorter than {LEAST} characters" if found else "not set"
        raise UsageError(
            f"email_hash is on in {settings.project_dir / PROJECT_FILE}, and {SALT} is {told}.",
            "Set it to a long random text that you keep, such as `openssl rand -hex 32` gives.",
        )
    if settings.home not in HOMES:
        raise UsageError(
            f"email_hash is on, which works on {' and '.join(HOMES)}, not on {settings.home}.",
            "Turn it off in dbt_project.yml.",
        )
    return found


def hashed(address: str, key: str) -> str:
    """The published hash of an address that is trimmed and in lower case."""
    return hmac.digest(key.encode(), address.encode(), sha256).hex()


def publish(store: Store, key: str, marts: Path) -> None:
    """Write the table into the set that is about to be published. Raises BuildFailed."""
    with duckdb.connect(marts) as con:
        con.execute(f"use {warehouse.SCHEMA}")
        con.execute(f"create table {TABLE} (lead_id varchar not null, email_hash varchar not null)")
        for batch in _batches(store, key):
            con.register("hashed", batch)
            con.execute(f"insert into {TABLE} select * from hashed")
            con.unregister("hashed")
        con.execute(f"comment on table {TABLE} is {warehouse.literal(DESCRIPTION)}")
        for name, said in COLUMNS.items():
            con.execute(f"comment on column {TABLE}.{name} is {warehouse.literal(said)}")


def _batches(store: Store, key: str) -> Iterator[pyarrow.Table]:
    for rows in store.addresses():
        leads = [lead_id for lead_id, _ in rows]
        hashes = [hashed(address, key) for _, address in rows]
        yield pyarrow.table({"lead_id": leads, "email_hash": hashes})
