from pathlib import Path
from typing import Any

import pytest
from leadsignal import causes
from leadsignal.discretion import without_values

WORK = Path("warehouse/build")


def node(**fields: Any) -> dict[str, Any]:
    return {
        "name": "fct_leads",
        "kind": "model",
        "status": "error",
        "message": None,
        "rows": None,
        "description": "",
        "test": None,
        "column": None,
        "of": "",
        "path": "models/fct_leads.sql",
    } | fields


def test_line_of_our_own_macro_comes_through_alone() -> None:
    message = (
        "Compilation Error in model stg (models/stg.sql)\n"
        "  lead.csv has one column: 'a;b'. Looked in demo. Save it with commas.\n  \n"
        "  > in macro read (macros/raw/read.sql)\n"
        "  > called by model stg (models/stg.sql)"
    )
    expected = "lead.csv has one column: 'a;b'. Looked in demo. Save it with commas."
    assert causes.of_node(node(message=message), WORK) == expected


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "Runtime Error in model stg (models/stg.sql)\n"
            "  Invalid Input Error: The CSV Parser state machine reached an invalid state.\n"
            "  Possible fixes:\n  * Disable the parser's strict mode.\n\n"
            "  file = raw/crm/lead.csv\n  delimiter = , (Set By User)",
            "raw/crm/lead.csv has line ends of several kinds, or a carriage return inside a row. "
            "Export it again as UTF-8 CSV, with line breaks in quoted cells alone.",
        ),
        (
            "Runtime Error in model stg (models/stg.sql)\n"
            "  IO Error: Unexpected end of GZIP stream: raw/crm/lead.csv.gz",
            "raw/crm/lead.csv.gz is not what its name says, or broken. "
            "Export it again (CSV as UTF-8, with commas).",
        ),
    ],
)
def test_broken_file_is_named_without_the_readers_settings(message: str, said: str) -> None:
    for told in (message, without_values(message)):
        assert causes.of_node(node(message=told), WORK) == said


def test_undefined_macro_names_the_model() -> None:
    message = (
        "Compilation Error in model stg (models/stg.sql)\n  'nothing' is undefined\n"
        "  > in macro read (macros/raw/read.sql)"
    )
    assert causes.of_node(node(name="stg", path="models/stg.sql", message=message), WORK) == (
        "Model stg (models/stg.sql): 'nothing' is undefined."
    )


def test_fault_of_a_macro_names_the_model() -> None:
    message = (
        "Compilation Error in model stg (models/stg.sql)\n  No filter named 'x'.\n    line 1\n"
        "      {% macro read() %}\n  > in macro read (macros/raw/read.sql)"
    )
    line = causes.of_node(node(name="stg", path="models/stg.sql", message=message), WORK)
    assert line.startswith("Model stg (models/stg.sql): No filter named 'x'. line 1")


def test_database_error_names_model_and_file_in_one_line() -> None:
    message = (
        "Runtime Error in model x (models/x.sql)\n  Binder Error: no column\n\n  LINE 1: a\n  ^"
    )
    line = causes.of_node(node(message=message), WORK)
    assert line == "Model fct_leads (models/fct_leads.sql): Binder Error: no column."


def test_unreadable_csv_names_file_and_line_and_keeps_the_row_to_itself() -> None:
    message = (
        "Runtime Error in model stg (models/stg.sql)\n"
        "  Invalid Input Error: CSV Error on Line: 53\n"
        "  Original Line: Jane Doe,jane@example.org\n  Invalid unicode detected.\n  \n"
        "  Possible Solution: Set the correct encoding\n  Possible Solution: ignore errors\n\n"
        "    file = raw/salesforce/lead.csv\n    delimiter = , (Set By User)"
    )
    assert causes.of_node(node(message=message), WORK) == (
        "raw/salesforce/lead.csv, line 53: Invalid unicode detected. Export it again as UTF-8 CSV, "
        "or set encoding in dbt_project.yml to that of the files."
    )


@pytest.mark.parametrize(
    ("test", "meaning"),
    [
        ("unique", "fct_leads.lead_id: it has values that occur more than once"),
        ("not_null", "fct_leads.lead_id: it has empty values"),
        ("home_made", "fct_leads.lead_id"),
    ],
)
def test_failed_test_says_what_it_means(test: str, meaning: str) -> None:
    failed = node(
        name="t", kind="test", status="fail", rows=3, test=test, column="lead_id", of="fct_leads"
    )
    assert causes.of_node(failed, WORK) == (
        f"Test t fails on 3 rows ({meaning}). "
        "Run `LEADSIGNAL_WORK=warehouse/build dbt show --select t` to see them."
    )


def test_description_of_a_test_is_its_meaning() -> None:
    failed = node(name="t", kind="test", status="fail", rows=1, description="Won is\nnot lost.")
    assert causes.of_node(failed, WORK).startswith("Test t fails on 1 row (Won is not lost). ")


def test_failed_unit_test_says_how_to_see_the_difference() -> None:
    line = causes.of_node(
        node(name="u", kind="unit_test", status="fail", message="actual\n..."), WORK
    )
    assert "does not give the expected rows" in line
    assert "dbt test --select u" in line


def test_error_without_a_reason_is_still_a_sentence() -> None:
    assert causes.of_node(node(), WORK).endswith("dbt gave no reason.")


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            "Runtime Error in model m\n  Invalid Input Error: CSV Error on Line: 7\n"
            "  Original Line: L8,ann@example.org\n  Expected Number of Columns: 8 Found: 2\n"
            "  Possible fixes:\n  * Enable null padding\n\n    file = raw/salesforce/lead.csv\n",
            "raw/salesforce/lead.csv, line 7: Expected Number of Columns: 8 Found: 2. "
            "Export it again as UTF-8 CSV.",
        ),
        (
            "Runtime Error in model m\n  Invalid Input Error: File is not latin-1 encoded",
            "A CSV file that fct_leads reads is not latin-1. Export it again as UTF-8, "
            "or set encoding in dbt_project.yml to that of the files.",
        ),
        (
            "Runtime Error in model m\n  IO Error: Input is not a GZIP stream: raw/lead.csv.gz",
            "raw/lead.csv.gz is not what its name says, or broken. "
            "Export it again (CSV as UTF-8, with commas).",
        ),
        (
            "Runtime Error in model m\n  Invalid Input Error: "
            "File 'raw/lead.parquet' too small to be a Parquet file",
            "raw/lead.parquet is not what its name says, or broken. "
            "Export it again (CSV as UTF-8, with commas).",
        ),
        (
            "Runtime Error in model m\n  Invalid Input Error: "
            "No magic bytes found at end of file 'raw/lead.parquet'",
            "raw/lead.parquet is not what its name says, or broken. "
            "Export it again (CSV as UTF-8, with commas).",
        ),
    ],
)
def test_broken_files_are_named_without_their_rows(message: str, line: str) -> None:
    for told in (message, without_values(message)):  # dbt's child takes the values out
        assert causes.of_node(node(message=told), WORK) == line
