"""The doctor on several CRMs of any layout: which it takes them for, and what each lacks."""

from pathlib import Path
from typing import Any

import pytest
from builds import ROOT
from leadsignal import doctor, settings
from leadsignal.errors import UsageError
from leadsignal.settings import Settings
from raw_files import write_csv
from test_doctor import fresh_set, lines_of, publish_set

LEADS = ("lead_id,created_at", ["1", "2026-01-01"])
CONTACTS = ("id,createdAt,archived,properties_lifecyclestage", ["1", "2026-01-01", "", "lead"])


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The project with an empty raw folder."""
    for name in ("LEADSIGNAL_RAW", "LEADSIGNAL_AS_OF", "LEADSIGNAL_WAREHOUSE", "DBT_PROFILES_DIR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "raw").mkdir()
    return settings.load(raw=tmp_path / "raw", warehouse=tmp_path / "wh", project_dir=ROOT)


def test_each_crm_is_told_with_its_layout_and_what_it_lacks(nothing: Settings) -> None:
    write_csv(nothing.raw / "salesforce_emea/Lead.csv", "Id,CreatedDate", ["1", "2026-01-01"])
    write_csv(nothing.raw / "marketing/contacts.csv", *CONTACTS)
    write_csv(nothing.raw / "old crm/Leads.csv", *LEADS)
    write_csv(nothing.raw / "notes/todo.csv", "what")
    write_csv(nothing.raw / "salesforce_history/contact.csv", "id")
    findings = doctor.diagnose(nothing)
    ok = lines_of(findings, "ok")
    for told in ("marketing is read as hubspot", "old crm is read as generic"):
        assert any(told in line for line in ok)
    [error] = lines_of(findings, "error")
    assert "salesforce_emea/Lead.csv has no column status" in error
    unread = [
        f"Neither the name nor the tables of {name} tell"
        for name in ("notes", "salesforce_history")
    ]
    warnings = lines_of(findings, "warning")
    assert len(warnings) == 2
    assert all(said in line for said, line in zip(unread, warnings, strict=True))
    notes = lines_of(findings, "note")
    assert any("marketing has no table `deal`: there is no pipeline" in line for line in notes)
    assert any("old crm has no table `spend`: there are no costs" in line for line in notes)


def test_opportunities_stand_in_for_leads(nothing: Settings) -> None:
    write_csv(nothing.raw / "generic/activities.csv", "activity_id", ["1"])
    [error] = lines_of(doctor.diagnose(nothing), "error")
    assert "has no table `leads` or `opportunities`" in error
    write_csv(
        nothing.raw / "generic/opportunities.csv", "opportunity_id,created_at", ["1", "2026-01-01"]
    )
    assert not lines_of(doctor.diagnose(nothing), "error")


@pytest.mark.parametrize(
    ("crms", "said"),
    [
        ({"both": "sales"}, "`crms` gives CRM `both` the layout `sales`. Known: generic, hub"),
        (["other"], "Neither the name nor the tables of other tell its layout."),
        ({}, "The tables of both could be hubspot or salesforce."),
    ],
)
def test_a_layout_that_is_not_known_is_an_error(
    nothing: Settings, crms: dict[str, str] | list[str], said: str
) -> None:
    write_csv(nothing.raw / "both/lead.csv", "id")
    write_csv(nothing.raw / "both/contact.csv", "id")
    write_csv(nothing.raw / "other/things.csv", "id")
    told = Settings(**(vars(nothing) | {"crms": crms}))
    assert any(said in line for line in lines_of(doctor.diagnose(told), "error"))


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {"salesforce_fields": {"nope_c": "X"}},
            "`salesforce_fields` names `nope_c`, which no",
        ),
        ({"salesforce_fields": {"pain_c": "X__c"}}, ""),
    ],
)
def test_a_field_that_no_table_has_is_an_error_and_wrong_usage(
    nothing: Settings, variables: dict[str, Any], said: str
) -> None:
    write_csv(nothing.raw / "salesforce/lead.csv", "id,created_date,status", ["1", "", ""])
    told = Settings(**(vars(nothing) | {"variables": variables}))
    assert bool(lines_of(doctor.diagnose(told), "error")) is bool(said)
    if said:
        with pytest.raises(UsageError, match=said) as raised:
            told.check_raw()
        assert str(raised.value).endswith("Mend it in dbt_project.yml.")


def test_a_header_in_another_encoding_is_an_error(nothing: Settings) -> None:
    file = nothing.raw / "generic/leads.csv"
    file.parent.mkdir()
    file.write_bytes("lead_id,created_at,größe\n".encode("latin-1"))
    [error] = lines_of(doctor.diagnose(nothing), "error")
    assert "leads.csv is not in the encoding utf-8. Set encoding in dbt_project.yml" in error


def test_the_ten_most_frequent_values_come_with_lines_to_add(nothing: Settings) -> None:
    write_csv(nothing.raw / "generic/leads.csv", *LEADS)
    nothing.warehouse.mkdir()
    marts = fresh_set()
    for number in range(12):
        for crm in ("salesforce", "hubspot"):
            marts.insert(
                "unmapped_values", crm=crm, field="lead source", raw_value=f'Fair "{number}"',
                rows=number + 1, seed="lead_sources", treated_as="unknown",
            )  # fmt: skip
    publish_set(nothing, marts)
    findings = doctor.diagnose(nothing)
    lines = lines_of(findings, "warning")
    assert len(lines) == 10
    assert "'Fair \"11\"' (24 rows) is not mapped" in lines[0]
    assert lines[0].endswith('"Fair ""11""",<source>,<channel>,<demand type>,2000-01-01,')
    assert any(
        "2 rarer values are not mapped either" in line for line in lines_of(findings, "note")
    )
