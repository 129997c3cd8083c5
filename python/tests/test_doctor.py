"""The doctor: each finding says what to do, and nothing is a traceback."""

import gzip
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from builds import ROOT
from kept_sets import publish
from leadsignal import doctor, lock, raw_check, raw_dates, settings
from leadsignal.findings import Finding
from leadsignal.settings import Settings
from leadsignal.warehouse import quoted
from tiny_marts import TinyMarts

DEMO = ROOT / "demo" / "salesforce"


@pytest.fixture
def healthy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The project with a copy of the demo CRM and an empty warehouse."""
    for name in ("LEADSIGNAL_RAW", "LEADSIGNAL_AS_OF", "LEADSIGNAL_WAREHOUSE", "DBT_PROFILES_DIR"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(DEMO, tmp_path / "raw" / "salesforce")
    (tmp_path / "warehouse").mkdir()
    return settings.load(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse", project_dir=ROOT)


def lines_of(findings: list[Finding], level: str) -> list[str]:
    return [str(finding) for finding in findings if finding.level == level]


def test_demo_has_no_error_and_no_warning(healthy: Settings) -> None:
    findings = doctor.diagnose(healthy)
    assert not lines_of(findings, "error") + lines_of(findings, "warning")
    assert any("`lead` is complete" in line for line in lines_of(findings, "ok"))
    assert any("Nothing is published" in line for line in lines_of(findings, "note"))


def test_every_error_and_warning_says_what_to_do(healthy: Settings) -> None:
    (healthy.raw / "salesforce" / "lead.csv").unlink()
    findings = doctor.diagnose(healthy)
    assert all(finding.hint for finding in findings if finding.level in ("error", "warning"))
    assert all("\n" not in str(finding) for finding in findings)


def test_faulty_definitions_are_errors(healthy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Finding("error", "seeds/targets.csv row 2: metric is empty.", "Fill it.")
    monkeypatch.setattr(doctor.seeds, "faults", lambda project: [wrong])
    assert wrong in doctor.diagnose(healthy)


def _semicolons(folder: Path) -> None:
    file = folder / "lead.csv"
    file.write_text(file.read_text().replace(",", ";"))


def _no_header(folder: Path) -> None:
    (folder / "task.csv").write_text("1,2,3\n")


def _empty(folder: Path) -> None:
    (folder / "event.csv").write_text("")


def _without_status(folder: Path) -> None:
    (folder / "lead.csv").write_text("Id,CreatedDate\n1,2026-10-01\n")


def _twice(folder: Path) -> None:
    (folder / "Lead.csv.gz").write_bytes(gzip.compress((folder / "lead.csv").read_bytes()))


def _latin(folder: Path) -> None:
    (folder / "account.csv").write_bytes("id,näme\n".encode("latin-1"))


def _broken(folder: Path) -> None:
    (folder / "task.csv").unlink()
    (folder / "task.parquet").write_bytes(b"no parquet at all")


def _day_first(folder: Path) -> None:
    days = "1,01/10/2026\n2,13/10/2026 14:05\n3,02/11/2026\n4,30/11/2026\n"
    (folder / "Task.csv.gz").write_bytes(gzip.compress(f"Id,CreatedDate\n{days}".encode()))
    (folder / "task.csv").unlink()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda folder: (folder / "lead.csv").unlink(), "has no table `lead`"),
        (_semicolons, "lead.csv is separated by semicolons. Export it with commas."),
        (_no_header, "task.csv has no column of `task`"),
        (_empty, "event.csv is empty"),
        (_without_status, "lead.csv has no column status"),
        (_twice, "two files hold `lead`"),
        (_latin, "account.csv is not in the encoding utf-8. Set encoding in dbt_project.yml"),
        (_broken, "task.parquet cannot be read"),
        (shutil.rmtree, "has no folder of a CRM"),
    ],
)
def test_harm_to_a_raw_file_is_an_error(
    healthy: Settings, harm: Callable[[Path], None], said: str
) -> None:
    harm(healthy.raw / "salesforce")
    errors = lines_of(doctor.diagnose(healthy), "error")
    assert len(errors) == 1
    assert said in errors[0]


def test_export_in_another_form_is_a_warning(healthy: Settings) -> None:
    (healthy.raw / "salesforce" / "Opportunity.XLSX").touch()
    (warning,) = lines_of(doctor.diagnose(healthy), "warning")
    assert warning.endswith("Opportunity.XLSX is not read. Save it there as CSV (UTF-8).")


def test_summary_says_whether_a_build_would_begin() -> None:
    assert doctor.summary([Finding("ok", "a"), Finding("note", "b")]) == (
        "No errors, no warnings and one note. Ready: leadsignal build."
    )
    found = [Finding("error", "a"), Finding("warning", "b"), Finding("warning", "c")]
    assert doctor.summary(found) == "One error, two warnings and no notes. A build would stop."


def test_dates_with_the_day_first_are_warned_of(healthy: Settings) -> None:
    assert not list(raw_dates.of_crms(healthy))
    _day_first(healthy.raw / "salesforce")
    (found,) = raw_dates.of_crms(healthy)
    assert found.level == "warning"
    assert "Task.csv.gz has the day first in CreatedDate, such as 13/10/2026: " in found.what
    assert lines_of(doctor.diagnose(healthy), "warning") == [str(found)]


def test_dates_with_dots_have_the_day_first(healthy: Settings) -> None:
    (healthy.raw / "salesforce" / "event.csv").write_text("Id,CreatedDate\n1,05.10.2026 9:00\n")
    (found,) = raw_dates.of_crms(healthy)
    assert "event.csv has the day first in CreatedDate, such as 05.10.2026: " in found.what


def test_one_date_typed_wrongly_and_american_dates_are_no_habit(healthy: Settings) -> None:
    dates = ["10/31/2026", "02/03/26 08:55 PM", "2026-10-31", "2026-10-30", "31/10/2026"]
    rows = "".join(f"{number},{day}\n" for number, day in enumerate(dates))
    (healthy.raw / "salesforce" / "task.csv").write_text(f"Id,CreatedDate\n{rows}")
    assert not list(raw_dates.of_crms(healthy))


def test_missing_optional_table_says_what_it_costs(healthy: Settings) -> None:
    (healthy.raw / "salesforce" / "task.csv").unlink()
    findings = doctor.diagnose(healthy)
    assert not lines_of(findings, "error")
    assert any("no touches, so follow-up" in line for line in lines_of(findings, "note"))


def test_missing_optional_columns_are_named(healthy: Settings) -> None:
    (healthy.raw / "salesforce" / "group.csv").write_text("Id,Type\n")
    notes = lines_of(doctor.diagnose(healthy), "note")
    assert any("group.csv is read" in line and "empty: name." in line for line in notes)


def test_leads_without_creation_need_none_when_there_is_no_history(healthy: Settings) -> None:
    folder = healthy.raw / "salesforce"
    (folder / "lead.csv").write_text("Id,Status\n1,New\n")
    assert any(
        "no column created_date" in line for line in lines_of(doctor.diagnose(healthy), "error")
    )
    (folder / "lead_history.csv").unlink()
    assert not lines_of(doctor.diagnose(healthy), "error")


def test_other_spellings_and_formats_are_found(healthy: Settings) -> None:
    folder = healthy.raw / "salesforce"
    with duckdb.connect() as con:
        con.execute(
            f"copy (from {quoted(folder / 'opportunity_history.csv')}) "
            f"to {quoted(folder / 'OpportunityHistory.parquet')}"
        )
    (folder / "opportunity_history.csv").unlink()
    (folder / "task.csv.gz").write_bytes(gzip.compress((folder / "task.csv").read_bytes()))
    (folder / "task.csv").unlink()
    findings = lines_of(doctor.diagnose(healthy), "ok")
    assert any("OpportunityHistory.parquet is read" in line for line in findings)
    assert any("task.csv.gz is read" in line for line in findings)


def test_missing_raw_folder_is_an_error(healthy: Settings, tmp_path: Path) -> None:
    [line] = lines_of(doctor.diagnose(replace(healthy, raw=tmp_path / "nowhere")), "error")
    assert "does not exist" in line


def test_unknown_target_is_an_error(healthy: Settings) -> None:
    [line] = lines_of(doctor.diagnose(replace(healthy, target="moon")), "error")
    assert "no target 'moon'" in line


def test_server_that_does_not_answer_is_an_error(
    healthy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES_PORT", "1")
    [line] = lines_of(doctor.diagnose(replace(healthy, target="postgres")), "error")
    assert "cannot be reached" in line


def test_check_that_breaks_is_a_finding(healthy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("out of\nluck")

    monkeypatch.setattr(raw_check, "check", break_down)
    [line] = lines_of(doctor.diagnose(healthy), "error")
    assert "could not be finished: RuntimeError: out of luck" in line


def publish_set(target: Settings, marts: TinyMarts) -> None:
    """Write the tables made by hand to the published file, with their history."""
    publish(marts, target.published)


def fresh_set() -> TinyMarts:
    """A set built now, on data up to now."""
    now = datetime.now(UTC).replace(tzinfo=None)
    marts = TinyMarts(as_of=f"{now:%Y-%m-%d %H:%M:%S}")
    marts.insert("crm_freshness", crm="salesforce", data_through=now, is_stale=False)
    return marts


def test_fresh_set_has_no_warning(healthy: Settings) -> None:
    publish_set(healthy, fresh_set())
    assert not lines_of(doctor.diagnose(healthy), "warning")


@pytest.mark.parametrize(
    ("leads", "is_demo"),
    [
        (("00Q5e1000000000AAA", "00Q5e1000000012AAA"), True),
        (("00Q5e1000000000AAA", "00Q5e00000BdZx1AAA"), False),
        ((), False),
    ],
)
def test_set_of_the_demo_is_told_from_others(
    healthy: Settings, leads: tuple[str, ...], is_demo: bool
) -> None:
    marts = fresh_set()
    for lead in leads:
        marts.insert("fct_leads", lead_id=f"salesforce:{lead}")
    publish_set(healthy, marts)
    notes = lines_of(doctor.diagnose(healthy), "note")
    assert any("The published set is a demo CRM's" in line for line in notes) == is_demo


def test_unmapped_value_comes_with_the_line_to_add(healthy: Settings) -> None:
    marts = fresh_set()
    marts.insert(
        "unmapped_values", crm="salesforce", field="lead source", raw_value="Podcast, weekly",
        rows=8, seed="lead_sources", treated_as="unknown",
    )  # fmt: skip
    publish_set(healthy, marts)
    [line] = lines_of(doctor.diagnose(healthy), "warning")
    assert "lead source 'Podcast, weekly' (8 rows) is not mapped and counts as unknown." in line
    assert line.endswith(
        "Add to seeds/definition/lead_sources.csv: "
        '"Podcast, weekly",<source>,<channel>,<demand type>,2000-01-01,'
    )


def test_old_build_and_old_data_are_warnings(healthy: Settings) -> None:
    marts = TinyMarts(as_of="2020-10-31 23:59:59")
    marts.insert("crm_freshness", crm="hubspot", data_through="2020-10-20", is_stale=True)
    marts.insert("crm_freshness", crm="salesforce", data_through="2020-10-31", is_stale=False)
    publish_set(healthy, marts)
    lines = lines_of(doctor.diagnose(healthy), "warning")
    assert any("built on 2020-10-31" in line for line in lines)
    assert any("of hubspot ends at 2020-10-20 00:00, as_of is 2020-10-31" in line for line in lines)
    assert not any("salesforce" in line for line in lines)


def test_question_that_the_crm_cannot_answer_is_a_warning(healthy: Settings) -> None:
    marts = fresh_set()
    marts.distrust(5, "Ask sales for reasons.")
    publish_set(healthy, marts)
    [line] = lines_of(doctor.diagnose(healthy), "warning")
    assert "'if rejected, why' for 10% of the rows. Ask sales for reasons." in line


def test_published_file_that_cannot_be_read_is_an_error(healthy: Settings) -> None:
    healthy.published.write_bytes(b"nonsense")
    [line] = lines_of(doctor.diagnose(healthy), "error")
    assert "cannot be read as a published set" in line


def test_warehouse_that_is_a_file_is_an_error(healthy: Settings) -> None:
    shutil.rmtree(healthy.warehouse)
    healthy.warehouse.touch()
    assert lines_of(doctor.diagnose(healthy), "error")[0].endswith(
        f"The warehouse {healthy.warehouse} is a file."
        " Take it away, or name a folder in LEADSIGNAL_WAREHOUSE."
    )


def test_running_build_is_named(healthy: Settings) -> None:
    with lock.held(healthy.warehouse):
        assert any("Another build" in line for line in lines_of(doctor.diagnose(healthy), "note"))
    assert "ok       No build is running." in lines_of(doctor.diagnose(healthy), "ok")


def test_set_from_before_freshness_was_kept_is_no_error(healthy: Settings) -> None:
    marts = fresh_set()
    del marts.columns["crm_freshness"]
    marts.waiting.pop("crm_freshness")
    publish_set(healthy, marts)
    assert not lines_of(doctor.diagnose(healthy), "error")
