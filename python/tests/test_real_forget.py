"""A person is forgotten from a real warehouse: the tests follow upon each other."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from builds import ROOT
from leadsignal import demo
from leadsignal.privacy import email_hashes

pytestmark = pytest.mark.slow
LEADSIGNAL = Path(sys.executable).with_name("leadsignal")
SALT = "4f1c" * 16
PROJECT = ("models", "macros", "seeds", "tests", "analyses", "profiles.yml", "dbt_project.yml")


class Company:
    """A project, two CRMs that both know the person, and the command line."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.warehouse = folder / "warehouse"
        self.raw = folder / "crm"
        self.published = self.warehouse / "leadsignal.duckdb"
        self.project.mkdir()
        for name in PROJECT:
            place = ROOT / name
            copy = shutil.copytree if place.is_dir() else shutil.copy
            copy(place, self.project / name)
        settings = self.project / "dbt_project.yml"
        text = settings.read_text()
        assert "email_hash: false" in text
        settings.write_text(text.replace("email_hash: false", "email_hash: true"))
        demo.write(self.raw, 60)
        self.leads = self.raw / "salesforce" / "lead.csv"
        person = next(row for row in rows(self.leads) if row["converted_contact_id"])
        self.address = person["email"]
        self.lead_id = f"salesforce:{person['id']}"
        self.contact_id = person["converted_contact_id"]
        (self.raw / "hubspot").mkdir()
        (self.raw / "hubspot" / "contact.csv").write_text(
            "id,createdate,property_email,property_hs_additional_emails\n"
            f"7001,2026-01-05 10:00:00,other@home.example,{self.address.upper()};x@y.example\n"
            "7002,2026-01-05 10:00:00,somebody.else@home.example,\n"
        )

    def run(
        self, *arguments: str, stdin: str = "", **env: str
    ) -> "subprocess.CompletedProcess[str]":
        inherited = {name: value for name, value in os.environ.items() if "LEADSIGNAL" not in name}
        return subprocess.run(
            [LEADSIGNAL, *arguments],
            cwd=self.project,
            env=inherited
            | {"LEADSIGNAL_WAREHOUSE": str(self.warehouse), "LEADSIGNAL_RAW": str(self.raw)}
            | {email_hashes.SALT: SALT}
            | env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def query(self, sql: str, file: Path | None = None) -> list[tuple[object, ...]]:
        with duckdb.connect() as con:
            con.execute(f"attach '{file or self.published}' as asked (read_only); use asked.marts")
            return con.execute(sql).fetchall()

    def files(self) -> Iterator[Path]:
        for folder in (self.warehouse, self.project / "target", self.project / "logs"):
            yield from (file for file in folder.rglob("*") if file.is_file())

    def holding(self, *texts: str) -> list[str]:
        """Files and tables with one of the texts, in whatever case."""
        found = []
        for file in self.files():
            content = file.read_bytes().lower()
            if any(text.lower().encode() in content for text in texts):
                found.append(file.name)
            if file.suffix == ".duckdb":
                found += [f"{file.name}/{one}" for one in _tables_holding(file, texts)]
        return found


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _tables_holding(file: Path, texts: tuple[str, ...]) -> Iterator[str]:
    with duckdb.connect() as con:
        con.execute(f"attach '{file}' as asked (read_only)")
        for schema, table in con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'asked'"
        ).fetchall():
            told = f'select lower(t::text) as t from asked."{schema}"."{table}" as t'
            any_of = " or ".join(["contains(t, lower(?))"] * len(texts))
            if con.execute(f"select 1 from ({told}) where {any_of}", list(texts)).fetchone():
                yield table


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Built twice; in between the person's record has changed."""
    made = Company(tmp_path_factory.mktemp("forget"))
    first = made.run("build", "--as-of", demo.AS_OF)
    assert first.returncode == 0, first.stderr
    with made.leads.open(encoding="utf-8", newline="") as stream:
        header, *lines = csv.reader(stream)
    for line in lines:
        if line[header.index("email")] == made.address:
            line[header.index("lead_score_c")] = "7"
    with made.leads.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *lines])
    second = made.run("build", "--as-of", demo.AS_OF)
    assert second.returncode == 0, second.stderr
    return made


def test_before_that_the_person_is_everywhere(company: Company) -> None:
    holding = company.holding(company.address, company.lead_id)
    assert {"leadsignal.duckdb/fct_leads", "leadsignal.duckdb/lead_versions"} <= set(holding)
    assert "work.duckdb/stg_salesforce__leads" in holding


def test_hashes_are_published_and_neither_salt_nor_address_is_anywhere(company: Company) -> None:
    expected = email_hashes.hashed(company.address.lower(), SALT)
    asked = f"select email_hash from lead_email_hashes where lead_id = '{company.lead_id}'"
    assert company.query(asked) == [(expected,)]
    [(hashes, addresses)] = company.query(
        "select (select count(*) from lead_email_hashes), count(*) from fct_leads"
    )
    assert 50 < int(str(hashes)) <= int(str(addresses))
    assert company.holding(SALT) == []
    assert [name for name in company.holding(company.address) if "work.duckdb" not in name] == []


def test_missing_salt_is_wrong_usage(company: Company) -> None:
    before = company.published.read_bytes()
    for salt in ("", "too short"):
        result = company.run("build", **{email_hashes.SALT: salt})
        assert result.returncode == 2
        [line] = result.stderr.splitlines()
        assert "LEADSIGNAL_EMAIL_SALT is" in line
    assert company.published.read_bytes() == before


def test_unknown_person_is_wrong_usage_and_changes_nothing(company: Company) -> None:
    before = company.published.read_bytes()
    for asked in (["nobody@nowhere.example"], ["--lead", "salesforce:00QX"], [], ["no address"]):
        result = company.run("forget", *asked)
        assert result.returncode == 2, asked
        assert len([line for line in result.stderr.splitlines() if "leadsignal:" in line]) == 1
    assert company.published.read_bytes() == before
    assert not (company.warehouse / "forgotten.csv").exists()


def test_failed_build_leaves_the_set_and_the_person_on_the_list(company: Company) -> None:
    before, text = company.published.read_bytes(), company.leads.read_text()
    company.leads.write_text(text.replace(",status,", ",state_of_things,", 1))
    result = company.run("forget", company.address)
    company.leads.write_text(text)
    assert result.returncode == 3
    assert company.published.read_bytes() == before
    assert (company.warehouse / "forgotten.csv").stat().st_mode & 0o777 == 0o600


def test_raw_tables_of_another_set_are_refused(company: Company, tmp_path: Path) -> None:
    before = company.published.read_bytes()
    (tmp_path / "generic").mkdir()
    (tmp_path / "generic" / "leads.csv").write_text(
        "lead_id,created_at,status,email\n1,2026-01-01,New,x@y.example\n"
    )
    result = company.run("forget", company.address, "--raw", str(tmp_path))
    assert result.returncode == 2
    assert "No lead of the published set" in result.stderr
    assert company.published.read_bytes() == before


def test_person_is_gone_and_that_is_proved(company: Company) -> None:
    [(leads,)] = company.query("select count(*) from fct_leads")
    reported = company.query("select * from scorecard_history order by all")
    result = company.run("forget", "-", stdin=f" {company.address.upper()}\n")
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert f"Records that were published: hubspot:7001, {company.lead_id}." in lines
    [removed] = [line for line in lines if line.startswith("Rows removed")]
    assert "fct_leads 2" in removed
    assert "lead_versions 1" in removed
    assert any("0 hold any of them" in line for line in lines)
    own = rows(company.leads)
    [lead] = [row["id"] for row in own if row["email"].lower() == company.address.lower()]
    assert f"  {company.leads}: id {lead}" in lines
    assert f"  {company.raw / 'hubspot' / 'contact.csv'}: id 7001" in lines
    assert any(f"contact.csv: id {company.contact_id}" in line for line in lines)
    assert company.address.lower() not in result.stdout.lower() + result.stderr.lower()
    assert company.query("select count(*) from fct_leads") == [(int(str(leads)) - 2,)]
    kept = "select * from scorecard_history where build_number < 3 order by all"
    assert company.query(kept) == reported
    _assert_gone(company)


def test_later_build_does_not_bring_the_person_back(company: Company) -> None:
    result = company.run("build", "--as-of", demo.AS_OF)
    assert result.returncode == 0, result.stderr
    _assert_gone(company)
    counts = dict(company.query("select raw_table, forgotten_rows from row_accounting"))
    assert counts["lead"] == 1
    assert counts["contact"] in (1, 2)
    assert company.query("select count(*) from lead_versions where change = 'gone'") == [(0,)]


def test_asking_again_is_no_fault(company: Company) -> None:
    listed = (company.warehouse / "forgotten.csv").read_text()
    result = company.run("forget", "--lead", company.lead_id)
    assert result.returncode == 0, result.stderr
    assert "Records that were published: none." in result.stdout
    assert (company.warehouse / "forgotten.csv").read_text() == listed


def _assert_gone(company: Company) -> None:
    listed = company.warehouse / "forgotten.csv"
    list_salt = rows(listed)[0]["salt"]
    hashes = [email_hashes.hashed(company.address.lower(), SALT)]
    texts = (company.address, "other@home.example", company.lead_id, company.contact_id)
    assert company.holding(*texts, "hubspot:7001", *hashes, SALT) == []
    assert set(company.holding(list_salt)) == {"forgotten.csv"}
