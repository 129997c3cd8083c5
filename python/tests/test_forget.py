from pathlib import Path
from typing import Any

import pytest
from leadsignal import cli
from leadsignal.errors import UsageError
from leadsignal.privacy import forgetting
from leadsignal.privacy.forgetting import Forgotten, needles
from leadsignal.privacy.stores import RawRow
from leadsignal.settings import Settings


@pytest.mark.parametrize("email", ["ada@loom.example", " ADA@Loom.example\n"])
def test_address_is_compared_trimmed_and_in_lower_case(email: str) -> None:
    assert needles(email, None).address == "ada@loom.example"
    assert needles(email, None).ids == ()


def test_lead_is_its_key() -> None:
    assert needles(None, " salesforce:00Q1 ").ids == ("salesforce:00Q1",)


@pytest.mark.parametrize(
    ("email", "lead_id"),
    [
        (None, None), ("ada@loom.example", "salesforce:1"), ("ada", None), ("", None), ("@", None),
        ("ada@", None), ("a b@loom.example", None), (None, "00Q1"), (None, ":1"), (None, "a:"),
    ],
)  # fmt: skip
def test_anything_else_is_wrong_usage(email: str | None, lead_id: str | None) -> None:
    with pytest.raises(UsageError) as raised:
        needles(email, lead_id)
    assert len(raised.value.lines) == 1


def settings(**variables: Any) -> Settings:
    here = Path("/nowhere")
    return Settings(here, here, here, here, "", "duckdb", {}, variables=variables)


def test_list_has_what_the_models_compare() -> None:
    ada = needles("ada+news@loom.example", None)
    assert forgetting._told(settings(), ada) == {"address:ada+news@loom.example"}
    assert forgetting._told(settings(merge_plus_addresses=True), ada) == {
        "address:ada+news@loom.example",
        "address:ada@loom.example",
    }
    assert forgetting._told(settings(), needles(None, "hubspot:7")) == {"id:hubspot:7"}


def forgotten(*raw_rows: RawRow, **told: Any) -> list[str]:
    known: dict[str, Any] = {
        "build_id": "b", "ids": (), "removed": {}, "searched": 7, "listed": 2, "place": "list",
        "warnings": (),
    }  # fmt: skip
    return Forgotten(**known | told, raw_rows=raw_rows).text().splitlines()


def test_proof_counts_rows_that_went_and_deals_that_stay() -> None:
    removed = {"fct_touches": 3, "fct_leads": 1, "fct_opportunities": 2}
    lines = forgotten(ids=("hubspot:7",), removed=removed)
    assert "Records that were published: hubspot:7." in lines
    assert "Rows removed, by table: fct_leads 1, fct_touches 3." in lines
    assert "Deals that stay without the person: fct_opportunities 2." in lines


def test_raw_rows_are_said_to_be_left_table_by_table() -> None:
    many = [RawRow("raw/task.csv", f"id {number}") for number in (1, 2)]
    lines = forgotten(RawRow("raw/lead.csv", "row 3"), *many)
    assert any(line.startswith("NOT erased in the CRMs' own tables") for line in lines)
    assert "  raw/lead.csv: row 3" in lines
    assert "  raw/task.csv: id 1, id 2" in lines
    assert "The CRMs' own tables hold nothing of the person any more." in forgotten()


def test_command_without_a_person_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["forget"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines() == [
        "leadsignal: Who is to be forgotten? Give an e-mail address, or --lead LEAD_ID."
    ]
