"""What is written in the cells: encodings, placeholders, broken values, text that could do harm."""

# ruff: noqa: E501 - grids of raw rows are read as tables

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from builds import ROOT
from leadsignal.cli import app
from reader_project import ReaderProject
from typer.testing import CliRunner

from .small_crms import CHANGED, SHIPPED, Published

SHIPPED.add(
    "salesforce",
    lead="""
        id   | created_date        | status | industry | number_of_employees | country | is_icp_fit_c | fit_score_c
        11Q1 | 2026-05-01 09:00:00 | New    | Software | 100                 | US      | false        | 0
        11Q2 | 2026-05-01 09:00:00 | New    | Software | 10                  | US      | true         | 99
    """,
)


def test_pitfall_11_fit_is_computed_from_base_fields_and_not_read_from_a_formula(
    shipped: Published,
) -> None:
    """A sync misses changes of formula fields, and their past is lost: nothing is built on them."""
    fits, small = (shipped.lead(f"salesforce:11Q{number}") for number in (1, 2))
    assert (fits["fit_verdict"], small["fit_verdict"]) == ("pass", "fail")
    verdict = shipped.row("fct_lead_verdicts", lead_id="salesforce:11Q2")
    assert (verdict["fit_rule"], verdict["fit_evidence"]) == (
        "size_in_range",
        "country US, industry Software, employees 10",
    )


SHIPPED.add(
    "salesforce_placeholders",
    lead="""
        id   | created_date        | status | lead_source      | industry    | disqualification_reason_c
        00Q1 | 2026-05-01 09:00:00 | New    | Select           | --None--    |
        00Q2 | 2026-05-01 09:00:00 | New    | None             | None        |
        00Q3 | 2026-05-01 09:00:00 | New    | -- Select --     | Software    |
        00Q4 | 2026-05-01 09:00:00 | Select | Please select    | Software    | Select
        00Q5 | 2026-05-01 09:00:00 | NULL   | null             | nan         | NaN
    """,
)


def test_select_and_null_mean_that_nobody_chose(shipped: Published) -> None:
    crm = "salesforce_placeholders"
    for lead_id in ("00Q1", "00Q3", "00Q4", "00Q5"):
        lead = shipped.lead(f"{crm}:{lead_id}")
        assert (lead["source"], lead["source_raw"]) == ("unknown", None)
    assert {row["raw_value"] for row in shipped.rows("unmapped_values", crm)} == {"None"}


def test_none_is_a_source_that_is_told_and_no_industry(shipped: Published) -> None:
    crm = "salesforce_placeholders"
    lead = shipped.lead(f"{crm}:00Q2")
    assert (lead["source"], lead["source_raw"]) == ("unknown", "None")
    for key in ("00Q1", "00Q2"):
        verdict = shipped.row("fct_lead_verdicts", lead_id=f"{crm}:{key}")
        assert "industry unknown" in verdict["fit_evidence"]
    assert lead["fit_verdict"] == "unknown"


SHIPPED.add(
    "generic_own_words",
    leads="""
        lead_id | created_at          | status | handed_over_at      | rejected_at
        1       | 2026-05-01 09:00:00 | Zappy  | 2026-05-02 09:00:00 |
        2       | 2026-05-01 09:00:00 | Zippy  |                     | 2026-05-02 09:00:00
        3       | 2026-05-01 09:00:00 | zippy  |                     |
        4       | 2026-05-01 09:00:00 | New    | 2026-05-02 09:00:00 |
    """,
)


def test_an_unknown_status_is_told_whatever_else_is_known_of_the_lead(shipped: Published) -> None:
    """Dates beside it are events, which hid that nobody knows what the status means."""
    found = {
        row["raw_value"]: row["rows"]
        for row in shipped.rows("unmapped_values", "generic_own_words")
        if row["field"] == "lead status"
    }
    assert found == {"Zappy": 1, "Zippy": 2}


SHIPPED.add(
    "salesforce_broken",
    lead=[
        {"id": "00Q1", "created_date": "2026-05-01 09:00:00", "status": "New"},
        {"id": "00Q2", "created_date": "last spring", "status": "New"},
        {"id": "00Q3", "created_date": "", "status": "New"},
        {"id": "", "created_date": "2026-05-01 09:00:00", "status": "New"},
    ],
    opportunity_history="""
        id   | opportunity_id | stage_name | created_date
        0081 |                | Discovery  | 2026-05-01 09:00:00
    """,
    currency_type="""
        iso_code | conversion_rate
        EUR      | 0.9
    """,
)


def test_quarantined_rows_say_why_in_words(shipped: Published) -> None:
    crm = "salesforce_broken"
    found = {
        (row["raw_table"], row["raw_id"], row["reason"])
        for row in shipped.rows("quarantined_rows", crm)
    }
    assert found == {
        ("lead", f"{crm}:00Q2", "created_date is not a time"),
        ("lead", f"{crm}:00Q3", "created_date is empty"),
        ("lead", None, "no id"),
        ("opportunity_history", f"{crm}:0081", "no opportunity_id"),
    }
    assert shipped.fates(crm, "lead") == {"used": 1, "quarantined": 3}
    assert "raw rows that could not be used: " in shipped.row("publication")["warnings"]


def test_what_is_not_in_the_data_is_listed(shipped: Published) -> None:
    """A table that is not there by its name alone."""
    missing = shipped.row("crm_trust", question_order=15)["missing"]
    absent = missing.removeprefix("not in the data: ").partition("; ")[0].split(", ")
    assert "salesforce_broken.lead.is_deleted" in absent
    assert "salesforce_broken.lead.last_modified_date" in absent
    assert "salesforce_broken.lead.status" not in absent
    assert [name for name in absent if name.startswith("salesforce_broken.campaign")] == [
        "salesforce_broken.campaign", "salesforce_broken.campaign_member"
    ]  # fmt: skip


def test_a_misspelt_custom_field_is_told(changed: Published) -> None:
    told = "salesforce_fields says that lead_score_c is called Scoer__c, but no table has a column"
    assert told in changed.row("publication")["warnings"]


SCRIPT = "<script>alert('1')</script>"
FORMULA = '=HYPERLINK("http://evil.example";"Click")'
TEXTS = {
    "00Q1": 'Said "no, thanks", left',
    "00Q2": "Two\nlines\r\nand a third",
    "00Q3": "Zo\u00eb \U0001f680 \u6771\u4eac",
    "00Q4": SCRIPT,
    "00Q5": FORMULA,
    "00Q6": "@SUM(1+1)*cmd|' /C calc'!A0",
    "00Q7": "'; drop table fct_leads; --",
    "00Q8": "{{ config() }} {% raw %}",
}
SHIPPED.add(
    "salesforce_texts",
    lead=[
        {"id": key, "created_date": "2026-05-01 09:00:00", "status": "Unqualified"}
        | {"lead_source": text, "disqualification_reason_c": text, "utm_campaign_c": text}
        for key, text in TEXTS.items()
    ],
    opportunity=[{"id": SCRIPT, "created_date": "2026-05-01", "amount": "-1"}],
)


@pytest.mark.parametrize("key", TEXTS)
def test_text_is_kept_letter_by_letter(key: str, shipped: Published) -> None:
    """Quotes, newlines, emoji, scripts, formulas, SQL, Jinja: text is text."""
    lead = shipped.lead(f"salesforce_texts:{key}")
    assert lead["source_raw"] == lead["campaign"] == TEXTS[key]
    assert lead["disqualification_reason_raw"] == TEXTS[key]


@pytest.fixture
def query(shipped: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The campaigns as `leadsignal query --format csv` writes them."""
    shutil.copy(shipped.marts, tmp_path / "leadsignal.duckdb")
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(tmp_path))
    monkeypatch.chdir(ROOT)
    arguments = ["query", "--metrics", "lead_volume", "--by", "campaign", "--format", "csv"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return list(csv.reader(io.StringIO(result.stdout_bytes.decode(), newline="")))


def test_formulas_are_text_in_csv_output(query: list[list[str]]) -> None:
    """A spreadsheet runs a cell that begins with = + - or @; it does not run one with a quote."""
    campaigns = {row[0] for row in query}
    assert not [text for text in campaigns if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'" + FORMULA in campaigns


def test_quotes_and_newlines_stay_inside_their_cell_in_csv_output(query: list[list[str]]) -> None:
    assert {len(row) for row in query} == {2}
    campaigns = {row[0] for row in query}
    assert TEXTS["00Q1"] in campaigns
    assert TEXTS["00Q2"] in campaigns


def test_script_text_is_inert_in_the_audits_html(audited: Path) -> None:
    """An id that is a script stands among the failing ones, escaped."""
    page = (audited / "audit.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "salesforce_texts:&lt;script&gt;alert(" in page


CHANGED.add(
    "salesforce",
    lead="""
        id   | created_date        | status | utm_campaign_c      | country
        56Q1 | 2026-05-01 09:00:00 | New    | Frühling für Bürger | Österreich
    """,
)


def test_latin_1_exports_are_read_with_the_setting(changed: Published) -> None:
    assert changed.lead("salesforce:56Q1")["campaign"] == "Frühling für Bürger"


def test_latin_1_exports_without_the_setting_are_told_in_one_line(tmp_path: Path) -> None:
    """The build stops, and names the file, its line and the setting."""
    project = ReaderProject(tmp_path)
    file = project.raw / "salesforce" / "lead.csv"
    file.parent.mkdir(parents=True)
    file.write_bytes("id,company\n00Q1,Acme\n00Q2,B\u00fcrger\n".encode("latin-1"))
    complaint = project.complaint()
    assert complaint.startswith(f"{file} is not UTF-8 in line 3: set encoding in dbt_project.yml")


SHIPPED.add(
    "generic_words",
    leads="""
        lead_id | created_at          | country         | industry           | employees | timeframe        | pain | source            | title
        plain   | 2026-05-01 09:00:00 | UNITED-STATES   | FINANCIAL_SERVICES | 200       | 3 \u2013 6 months | n/a  | customer_referral | C.E.O.
        unknown | 2026-05-01 09:00:00 | the  uk         | N/A                | -1        | 9 Months         | -    | word_of_mouth     | ceo
        outside | 2026-05-01 09:00:00 | Deutschland     | Mining             | 200       | within 2 weeks   | Slow | trade_show        | v.p. sales
    """,
)


@pytest.mark.parametrize(
    ("lead_id", "fit", "pain", "timing", "source"),
    [
        ("plain", "pass", "unknown", "pass", "customer_referral"),
        ("unknown", "unknown", "unknown", "fail", "word_of_mouth"),
        ("outside", "fail", "pass", "pass", "trade_show"),
    ],
)
def test_words_count_not_their_dress(
    shipped: Published, lead_id: str, fit: str, pain: str, timing: str, source: str
) -> None:
    lead = shipped.lead(f"generic_words:{lead_id}")
    verdicts = tuple(lead[f"{name}_verdict"] for name in ("fit", "pain", "timing", "authority"))
    assert (verdicts, lead["source"]) == ((fit, pain, timing, "pass"), source)


NOBODY = "000000000000000AAA"
SHIPPED.add(
    "salesforce_ids",
    lead=f"""
        id              | created_date        | status | master_record_id | converted_contact_id
        00Q5e100000000a | 2026-05-01 09:00:00 | New    | {NOBODY}         | {NOBODY}
        00Q5e100000000b | 2026-05-01 09:00:00 | New    | null             | nan
    """,
    lead_history="""
        id   | lead_id            | field  | new_value | created_date
        017a | 00Q5e100000000aEAA | Status | MQL       | 2026-05-02 09:00:00
    """,
    task=f"""
        id   | created_date        | who_id   | status    | completed_date_time
        00T1 | 2026-05-03 09:00:00 | {NOBODY} | Completed | 2026-05-03 09:00:00
    """,
)
SHIPPED.add(
    "hubspot_ids",
    contact="""
        id            | property_createdate | property_hs_merged_object_ids
        801.000000000 | 1777626000000.0     | 802.0
        802.000000000 | 1777626000000.0     |
    """,
)


def test_what_exports_write_for_no_id_is_none(shipped: Published) -> None:
    assert shipped.leads("salesforce_ids") == {"00Q5e100000000a", "00Q5e100000000b"}
    lead = shipped.lead("salesforce_ids:00Q5e100000000a")
    assert (str(lead["handed_over_at"]), lead["touch_count"]) == ("2026-05-02 09:00:00", 0)


def test_numbers_with_a_fraction_are_ids_and_times(shipped: Published) -> None:
    assert shipped.leads("hubspot_ids") == {"801"}
    assert str(shipped.lead("hubspot_ids:801")["created_at"]) == "2026-05-01 09:00:00"


SHIPPED.add(
    "hubspot_stitch",
    contacts="""
        vid | property_createdate__value | property_lifecyclestage__value | property_numemployees__value__double
        901 | 2026-05-01 09:00:00        | salesqualifiedlead             | 80.0
    """,
)


def test_properties_are_read_as_stitch_calls_them(shipped: Published) -> None:
    lead = shipped.lead("hubspot_stitch:901")
    assert (lead["sales_decision"], lead["company_size"]) == ("accepted", "50-249")
