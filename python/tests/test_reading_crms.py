"""Which folders are read as CRMs, and of what layout; what stops a build says so in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from raw_files import write_csv
from reader_project import ReaderProject


@pytest.fixture
def project(tmp_path: Path) -> ReaderProject:
    """A raw folder without a CRM."""
    made = ReaderProject(tmp_path)
    made.raw.mkdir()
    return made


def lead(folder: Path, key: str = "1") -> None:
    write_csv(folder / "lead.csv", "id", [key])


def contact(folder: Path) -> None:
    write_csv(folder / "contact.csv", "id", ["1"])


def crms_read(project: ReaderProject) -> set[str]:
    """CRM/layout of every CRM that was read."""
    return {
        f"{crm}/{layout}"
        for layout in ("generic", "hubspot", "salesforce")
        for (crm,) in project.rows(f"select distinct crm from fields_{layout} where crm <> ''")
    }


def test_every_folder_that_is_a_crm_is_read_and_others_are_warned_of(
    project: ReaderProject,
) -> None:
    lead(project.raw / "salesforce")
    lead(project.raw / "salesforce_emea", "2")
    contact(project.raw / "HubSpot")
    contact(project.raw / "marketing")
    lead(project.raw / "marketing")
    write_csv(project.raw / "marketing/owners.csv", "id", ["9"])
    write_csv(project.raw / "old crm/Opportunities.csv", "opportunity_id", ["7"])
    write_csv(project.raw / "notes/todo.csv", "what", ["nothing"])
    # It begins like a layout, but has nothing of what the layout needs.
    write_csv(project.raw / "salesforce_history/contact.csv", "id", ["3"])
    (project.raw / "salesforce_history/README.md").write_text("A file that holds no table.")
    result = project.build()
    assert result.returncode == 0, result.stdout
    assert crms_read(project) == {
        "salesforce/salesforce",
        "salesforce_emea/salesforce",
        "HubSpot/hubspot",
        "marketing/hubspot",
        "old crm/generic",
    }
    assert project.rows("select crm, id from salesforce_leads order by crm") == [
        ("salesforce", "1"),
        ("salesforce_emea", "2"),
    ]
    warnings = [line for line in result.stdout.splitlines() if "holds no CRM" in line]
    assert len(warnings) == 2
    assert f"{project.raw}/notes holds no CRM that is known (generic, hubspot, sale" in warnings[0]
    assert f"{project.raw}/salesforce_history holds no CRM" in warnings[1]


@pytest.mark.parametrize(
    ("crms", "read"),
    [
        ({"emea": "salesforce"}, {"emea/salesforce"}),
        (["emea", "hubspot_eu"], {"emea/salesforce", "hubspot_eu/hubspot"}),
        ("hubspot_eu", {"hubspot_eu/hubspot"}),
        ([], {"emea/salesforce", "hubspot_eu/hubspot"}),
    ],
)
def test_crms_may_be_a_mapping_a_list_or_empty(
    project: ReaderProject, crms: object, read: set[str]
) -> None:
    lead(project.raw / "emea")
    contact(project.raw / "hubspot_eu")
    result = project.build(crms=crms)
    assert result.returncode == 0, result.stdout
    assert crms_read(project) == read


def test_a_folder_whose_path_is_a_pattern_is_read(project: ReaderProject) -> None:
    project.raw = project.raw / "[old] *best*?"
    lead(project.raw / "salesforce [1]")
    lead(project.raw / "salesforce 1", "2")
    result = project.build()
    assert result.returncode == 0, result.stdout
    assert project.rows("select crm, id from salesforce_leads order by id") == [
        ("salesforce [1]", "1"),
        ("salesforce 1", "2"),
    ]


def test_opportunities_alone_are_enough_for_the_generic_layout(project: ReaderProject) -> None:
    write_csv(project.raw / "generic/opportunities.csv", "opportunity_id", ["7"])
    result = project.build()
    assert result.returncode == 0, result.stdout
    assert project.rows("select crm, opportunity_id from opportunities") == [("generic", "7")]


def test_neither_leads_nor_opportunities_stop_the_build(project: ReaderProject) -> None:
    write_csv(project.raw / "generic/activities.csv", "activity_id", ["7"])
    line = project.complaint()
    assert line.startswith("No table `leads` or `opportunities` of CRM `generic`: looked for it in")


def test_no_crm_at_all_is_one_line(project: ReaderProject) -> None:
    line = project.complaint()
    assert line.startswith(f"No CRM is found: looked in the folders of {project.raw} for")
    assert line.endswith("or name it in crms in dbt_project.yml.")


@pytest.mark.parametrize(
    ("crms", "said"),
    [
        ({"emea": "sales"}, "`crms` gives CRM `emea` the layout `sales`. Known: generic, hubspot"),
        (
            ["other"],
            "`crms` names CRM `other`, but neither its name nor its tables tell its layout",
        ),
        ({}, "The tables of CRM `both` could be hubspot or salesforce: looked in"),
    ],
)
def test_a_layout_that_is_not_known_is_one_line(
    project: ReaderProject, crms: object, said: str
) -> None:
    lead(project.raw / "emea")
    lead(project.raw / "both")
    contact(project.raw / "both")
    write_csv(project.raw / "other/things.csv", "id")
    assert project.complaint(crms=crms).startswith(said)


@pytest.mark.slow
def test_the_header_of_a_large_file_is_its_first_line(project: ReaderProject) -> None:
    """Two threads read it in parts, each with a first line: of thirty tries some would err."""
    rows = ([f"00Q{number:09}", "x" * 40] for number in range(300_000))
    write_csv(project.raw / "salesforce/lead.csv", "id,last_name", *rows)
    for number in range(30):
        (project.raw / f"salesforce_{number}").symlink_to(project.raw / "salesforce")
    result = project.build()
    assert result.returncode == 0, result.stdout
    assert project.rows("select count(*), count(id) from salesforce_leads") == [(9_300_000,) * 2]


@pytest.mark.parametrize(
    ("text", "written", "encoding", "read"),
    [
        ("id\nM\u00fcller\n", "utf-8", None, "M\u00fcller"),
        ("id\nM\u00fcller\n", "utf-8-sig", "UTF8", "M\u00fcller"),
        ("id\nM\u00fcller\n", "latin-1", "ISO-8859-1", "M\u00fcller"),
        ("id\nM\u00fcller\n", "latin-1", "Latin1", "M\u00fcller"),
        ("id\nM\u00fcller\n", "utf-16", "utf-16", "M\u00fcller"),
        ('id\r\n"M\r\u00fcller"\r\n', "utf-8", None, "M\r\u00fcller"),
    ],
)
def test_files_are_read_in_the_encoding_that_is_set(
    project: ReaderProject, text: str, written: str, encoding: str | None, read: str
) -> None:
    (project.raw / "salesforce").mkdir()
    (project.raw / "salesforce/lead.csv").write_bytes(text.encode(written))
    result = project.build(**({"encoding": encoding} if encoding else {}))
    assert result.returncode == 0, result.stdout
    assert project.rows("select id from salesforce_leads") == [(read,)]


@pytest.mark.parametrize(
    ("text", "line"),
    [("id,n\u00e4me\n1,x\n", 1), ("id\n" + "1\n" * 40000 + "M\u00fcller\n", 40002)],
)
def test_a_file_in_another_encoding_is_named_with_the_setting_to_change(
    project: ReaderProject, text: str, line: int
) -> None:
    (project.raw / "salesforce").mkdir()
    (project.raw / "salesforce/lead.csv").write_bytes(text.encode("latin-1"))
    assert project.complaint() == (
        f"{project.raw}/salesforce/lead.csv is not UTF-8 in line {line}: set encoding in"
        " dbt_project.yml (latin-1 for ISO-8859-1, or utf-16), or export it as UTF-8."
    )


def test_an_encoding_that_cannot_be_read_is_one_line(project: ReaderProject) -> None:
    lead(project.raw / "salesforce")
    line = project.complaint(encoding="windows-1252")
    assert line.startswith("encoding in dbt_project.yml is `windows-1252`, which cannot be read.")
    assert "utf-8, latin-1 (ISO-8859-1) and utf-16" in line
