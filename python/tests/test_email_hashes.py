import hashlib
import hmac
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest
from leadsignal.errors import UsageError
from leadsignal.homes import serving
from leadsignal.privacy import email_hashes
from leadsignal.privacy.stores import Store
from leadsignal.settings import Settings

KEY = "0123456789abcdef" * 4


def settings(**variables: Any) -> Settings:
    here = Path("/nowhere")
    return Settings(here, here, here, here, "", "duckdb", {}, variables=variables)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Settings:
    found = settings(email_hash=True)
    monkeypatch.setattr(Settings, "home", "duckdb")
    return found


class Two:
    """A store with two leads."""

    def addresses(self) -> Iterator[list[tuple[str, str]]]:
        yield [("salesforce:1", "ada@loom.example")]
        yield [("hubspot:2", "bo@loom.example")]


def test_without_the_setting_no_salt_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(email_hashes.SALT, raising=False)
    assert email_hashes.salt(settings()) == ""
    assert email_hashes.salt(settings(email_hash=False)) == ""


@pytest.mark.parametrize(("found", "told"), [("", "not set"), ("a" * 31, "shorter than 32")])
def test_missing_or_short_salt_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, on: Settings, found: str, told: str
) -> None:
    monkeypatch.setenv(email_hashes.SALT, found)
    with pytest.raises(UsageError, match=f"LEADSIGNAL_EMAIL_SALT is {told}") as raised:
        email_hashes.salt(on)
    assert raised.value.exit_code == 2
    assert len(raised.value.lines) == 1
    assert not found or found not in str(raised.value)


def test_home_that_cannot_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(email_hashes.SALT, KEY)
    monkeypatch.setattr(Settings, "home", "spark")
    with pytest.raises(UsageError, match="works on duckdb and postgres, not on spark"):
        email_hashes.salt(settings(email_hash=True))


def test_hash_is_the_standard_one() -> None:
    # RFC 4231, test case 2.
    assert email_hashes.hashed("what do ya want for nothing?", "Jefe") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_each_lead_with_an_address_has_its_hash(tmp_path: Path) -> None:
    marts = tmp_path / "set.duckdb"
    with duckdb.connect(marts) as con:
        con.execute("create schema marts")
    email_hashes.publish(cast("Store", Two()), KEY, marts)
    with duckdb.connect(marts, read_only=True) as con:
        rows = con.execute("select * from marts.lead_email_hashes order by all").fetchall()
    expected = hmac.new(KEY.encode(), b"ada@loom.example", hashlib.sha256).hexdigest()
    assert [lead_id for lead_id, _ in rows] == ["hubspot:2", "salesforce:1"]
    assert rows[1] == ("salesforce:1", expected)
    [table] = serving.held(marts)
    assert all(column.description and column.is_required for column in table.columns.values())
    assert not any(secret in marts.read_bytes() for secret in (KEY.encode(), b"loom.example"))


def test_salt_stays_out_of_the_environment_of_children(
    monkeypatch: pytest.MonkeyPatch, on: Settings
) -> None:
    from leadsignal import workplace

    monkeypatch.setenv(email_hashes.SALT, KEY)
    assert KEY not in workplace.environment(on, "a build").values()
    assert os.environ[email_hashes.SALT] == KEY
