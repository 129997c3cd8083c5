import csv
import io
import json
import sys
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from leadsignal import output

TABLE = pa.table(
    {
        "source": ["referral", "paid, social", None],
        "leads": [1200, 30, 0],
        "win_rate": [0.25, None, 1.0],
        "amount": [Decimal("10.50"), Decimal("0.00"), None],
        "month": [date(2026, 10, 1), date(2026, 9, 1), None],
    }
)


def test_table_is_aligned_with_numbers_to_the_right() -> None:
    assert output.aligned(TABLE).splitlines() == [
        "source        leads  win_rate  amount  month",
        "referral      1,200      0.25    10.5  2026-10-01",
        "paid, social     30         -       0  2026-09-01",
        "-                 0         1       -  -",
    ]


def test_table_without_rows_is_its_heading() -> None:
    assert output.aligned(TABLE.slice(0, 0)) == "source  leads  win_rate  amount  month"


def test_json_is_a_list_of_records(capsys: pytest.CaptureFixture[str]) -> None:
    output.write(TABLE, "json")
    assert json.loads(capsys.readouterr().out)[0] == {
        "source": "referral",
        "leads": 1200,
        "win_rate": 0.25,
        "amount": 10.5,
        "month": "2026-10-01",
    }


@pytest.mark.parametrize("form", ["csv", "arrow"])
def test_other_programs_read_back_what_was_written(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdout = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", stdout)
    output.write(TABLE, form)
    written = stdout.buffer.getvalue()
    if form == "arrow":
        assert pa.ipc.open_stream(written).read_all() == TABLE
    else:
        assert written.decode().splitlines()[2] == '"paid, social",30,,0.00,2026-09-01'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_quoted_in_csv_alone(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pa.table({"campaign": [text, "1 = 1", None], "leads": [-1, 2, 3]})
    written = {}
    for form in ("csv", "json"):
        stdout = io.TextIOWrapper(io.BytesIO())
        monkeypatch.setattr(sys, "stdout", stdout)
        output.write(table, form)
        written[form] = stdout.buffer.getvalue().decode()
    rows = list(csv.reader(io.StringIO(written["csv"], newline="")))
    assert rows[1:] == [["'" + text, "-1"], ["1 = 1", "2"], ["", "3"]]
    assert json.loads(written["json"])[0] == {"campaign": text, "leads": -1}
