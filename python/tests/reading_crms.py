"""Small raw folders, one for each loader and each rule, and the text cases that they hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow
from pyarrow import parquet
from raw_files import write_csv, write_parquet, write_text

AT = dt.datetime

TIMESTAMPS = {
    "2026-02-03 08:05:09": AT(2026, 2, 3, 8, 5, 9),
    "2026-02-03T08:05:09Z": AT(2026, 2, 3, 8, 5, 9),
    "2026-02-03T08:05:09.250Z": AT(2026, 2, 3, 8, 5, 9, 250000),
    "2026-02-03T08:05:09.000+0000": AT(2026, 2, 3, 8, 5, 9),
    "2026-02-03T08:05:09+02:00": AT(2026, 2, 3, 6, 5, 9),
    "2026-02-03T08:05:09+02": AT(2026, 2, 3, 6, 5, 9),
    "2026-02-03 08:05:09 -0730": AT(2026, 2, 3, 15, 35, 9),
    "2026-02-03T08:05:09.5-07:00": AT(2026, 2, 3, 15, 5, 9, 500000),
    "2026-02-03": AT(2026, 2, 3),
    "2019-4-4 8:5:3": AT(2019, 4, 4, 8, 5, 3),
    "02/23/26 08:55 PM": AT(2026, 2, 23, 20, 55),
    "2/3/2026 8:05 AM": AT(2026, 2, 3, 8, 5),
    "2/3/2026, 8:05 am": AT(2026, 2, 3, 8, 5),
    "2/3/2026 8:05PM": AT(2026, 2, 3, 20, 5),
    "2/3/26 13:05:09": AT(2026, 2, 3, 13, 5, 9),
    "2026-02-03 08:05:09.5 UTC": AT(2026, 2, 3, 8, 5, 9, 500000),
    "2026-02-03T08:05:09 Z": AT(2026, 2, 3, 8, 5, 9),
    "02/23/26": AT(2026, 2, 23),
    "10/11/25": AT(2025, 10, 11),
    "2026/02/23": AT(2026, 2, 23),
    "2026/2/3 8:05": AT(2026, 2, 3, 8, 5),
    "2026/02/03 08:05:09": AT(2026, 2, 3, 8, 5, 9),
    "2026/02/03T08:05:09+02:00": AT(2026, 2, 3, 6, 5, 9),
    " 2026-02-03 ": AT(2026, 2, 3),
    "9999-12-31": AT(9999, 12, 31),
    "9999-12-31T23:59:59Z": None,
    "9999-12-31T23:59:59-14:00": None,
    "0001-01-01T00:00:00": None,
    "1/1/0001": None,
    "0001-1-01T00:00:00+14:00": None,
    "10/1/6": None,
    "2/3/206 8:05 AM": None,
    "26-2-3": None,
    "2-03/04": None,
    "2026-02-03 (BC)": None,
    "23/02/2026": None,
    "23/02/26": None,
    "2026/13/01": None,
    "2026/02/30": None,
    "2026-02-03 10:00 PM": None,
    "02-03-26": None,
    "2026-13-01": None,
    "yesterday": None,
    "": None,
}
DATES = {
    "2026-02-03": dt.date(2026, 2, 3),
    "2026-02-03 00:00:00": dt.date(2026, 2, 3),
    "2026-02-03T23:30:00-07:00": dt.date(2026, 2, 3),
    "2/3/26": dt.date(2026, 2, 3),
    "10/11/25": dt.date(2025, 10, 11),
    "10/1/25": dt.date(2025, 10, 1),
    "2026/12/31": dt.date(2026, 12, 31),
    "2026/12/31 23:30:00": dt.date(2026, 12, 31),
    "31/12/2026": None,
    "12/31/206": None,
    "26-2-3": None,
    "2-03/04": None,
    "2026-12-31 (BC)": None,
    "soon": None,
    "": None,
}
NUMBERS = {
    "1_250": None,
    "+-5": None,
    "1250.5": 1250.5,
    "1e3": 1000.0,
    "$1,250.50": 1250.5,
    "-1,250,000": -1250000.0,
    "USD 1200": 1200.0,
    "1200 EUR": 1200.0,
    "(500)": -500.0,
    "($1,500.25)": -1500.25,
    "1.250,00": 1250.0,
    "\u20ac 1.250.000": 1250000.0,
    "12,5": 12.5,
    "1,250": 1250.0,
    "1 250,75": 1250.75,
    "0": 0.0,
    "\u20ac1.250": None,
    "10k": None,
    "50-100": None,
    "1,25,00": None,
    "nan": None,
    "inf": None,
    "1e999": None,
    "1" * 400: None,
    "n/a": None,
    "": None,
}
BOOLEANS = {
    **dict.fromkeys(("true", "TRUE", "t", "1", "yes", "Y", "1.0"), True),
    **dict.fromkeys(("false", "False", "f", "0", "NO", "n", "0.0"), False),
    **dict.fromkeys(("maybe", "2", ""), None),
}


def fivetran(folder: Path) -> None:
    write_csv(
        folder / "lead.csv",
        "id,created_date,Status,status,disqualification_reason_c,converted_opportunity_id,,Note,Note",
        ["00Q1", "2026-01-05 09:00:00", "x", "New", "No budget", "0061", "x", "x", "x"],
    )
    write_csv(folder / "user.csv", "id,is_active", ["0051", "true"])
    write_csv(folder / "group.csv", "id,name,type", ["00G1", "EMEA", "Queue"], ["00G2", "All", ""])


def airbyte(folder: Path) -> None:
    write_text(
        folder / "Lead.csv.gz",
        "\ufeffId,CreatedDate,Status,Disqualification_Reason__c,ConvertedOpportunityId,"
        "Company,Pain__c\r\n"
        '00Q1,2026-01-05T09:00:00.000+0000,New,No budget,0061,"Acme, Inc.",'
        '"two\nlines, and ""quotes"""\r\n',
    )
    write_csv(
        folder / "OpportunityContactRole.csv",
        "Id,OpportunityId,ContactId,Role,_airbyte_extracted_at",
        ["00K1", "0061", "0031", "Decision Maker", "2026-01-05T09:00:00Z"],
    )
    write_csv(folder / "Event.csv", "WhoId,Subject", ["00Q1", "Demo"], ["00Q1", "Demo"])


def stitch(folder: Path) -> None:
    write_csv(
        folder / "lead.csv",
        "id,createddate,status,disqualification_reason__c,convertedopportunityid,_sdc_batched_at",
        ["00Q1", "2026-01-05T09:00:00Z", "New", "No budget", "0061", "2026-01-06T00:00:00Z"],
    )
    write_csv(
        folder / "lead_history.csv",
        "id,leadid,field,oldvalue__st,oldvalue__fl,newvalue__st,newvalue__bo,createddate",
        ["0171", "00Q1", "Status", "New", "", "Working", "", "2026-01-05T10:00:00Z"],
        ["0172", "00Q1", "Score", "", "1.5", "", "true", "2026-01-05T10:00:00Z"],
    )


def dlt(folder: Path) -> None:
    write_parquet(
        folder / "lead.parquet",
        "select '00Q1' as id, timestamptz '2026-01-05 04:00:00-05' as created_date,"
        " 'New' as status, ' No budget ' as disqualification_reason__c,"
        " '0061' as converted_opportunity_id, true as is_converted, 'x' as _dlt_load_id,"
        " 12::bigint as number_of_employees, 1250.50::decimal(18, 2) as annual_revenue",
    )
    write_parquet(
        folder / "opportunity.parquet",
        "select 61 as id, timestamp '2026-01-05 09:00:00' as created_date,"
        " date '2026-01-31' as close_date, 'nan'::double as amount, false as is_won,"
        " null::boolean as is_closed, 1767603600 as last_modified_date,"
        " encode('Täglich') as next_step",
    )
    write_parquet(folder / "sf_user.parquet", "select '0051' as id, true as is_active")


def pandas(folder: Path) -> None:
    """Times in nanoseconds, with a zone."""
    moment = pyarrow.scalar(
        dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC), pyarrow.timestamp("ns", "UTC")
    )
    lead = {
        "Id": ["00Q1"],
        "CreatedDate": pyarrow.array([moment]),
        "Status": ["New"],
        "DisqualificationReason__c": ["No budget"],
        "ConvertedOpportunityId": ["0061"],
    }
    folder.mkdir()
    parquet.write_table(pyarrow.table(lead), folder / "Lead.parquet")
    # The file keeps the least and the most of a column, and NaN is in neither.
    deals = {"Id": ["0061", "0062"], "Amount": [float("nan"), 500.0]}
    parquet.write_table(pyarrow.table(deals), folder / "Opportunity.parquet")


def by_hand(folder: Path) -> None:
    write_csv(
        folder / "Lead.csv",
        "Lead Id,Id,Created Date,Status,Buying window,Timeframe__c",
        ["x", "00Qbm00000Orxk5EAB", "1/5/26 9:00 AM", "New", "0-3 months", "x"],
        ["x", "00Qbm00000Orxk8", "1/5/26 9:00 AM", "New", "", "x"],
    )
    write_csv(
        folder / "Task.csv", "Id,WhoId,OwnerId", ["00T1", "00Qbm00000Orxk5", "free text 15 c"]
    )


def every_type(folder: Path) -> None:
    write_csv(folder / "lead.csv", "id,created_date,status")
    cases = [(text, "", "", "") for text in TIMESTAMPS]
    cases += [("", text, "", "") for text in DATES]
    cases += [("", "", text, "") for text in NUMBERS]
    cases += [("", "", "", text) for text in BOOLEANS]
    rows = [(str(number), *case) for number, case in enumerate(cases)]
    write_csv(folder / "opportunity.csv", "id,created_date,close_date,amount,is_won", *rows)


def every_rule(folder: Path) -> None:
    header = (
        "id,created_date,last_modified_date,status,master_record_id,is_deleted,_fivetran_active"
    )
    write_csv(
        folder / "lead.csv",
        header + ",_fivetran_deleted,_fivetran_synced",
        ["", "2026-01-01", "", "no id", "", "", "", "", ""],
        ["old", "2026-01-01", "2026-01-09", "old version", "", "", "false", "", ""],
        ["old", "2026-01-01", "2026-01-02", "current version", "", "", "true", "", ""],
        ["twice", "2026-01-01", "2026-01-02", "earlier", "", "", "", "", ""],
        ["twice", "2026-01-01", "2026-01-03", "later", "", "", "", "", ""],
        ["sync", "2026-01-01", "", "synced later", "", "", "", "", "2026-01-03"],
        ["sync", "2026-01-01", "", "synced earlier", "", "", "", "", "2026-01-02"],
        ["same", "2026-01-01", "", "read first", "", "", "", "", ""],
        ["same", "2026-01-01", "", "read second", "", "", "", "", ""],
        ["merged", "2026-01-01", "", "merged", "same", "true", "", "", ""],
        ["gone", "2026-01-01", "", "deleted", "", "TRUE", "", "", ""],
        ["lost", "2026-01-01", "", "deleted by the loader", "", "", "", "true", ""],
        ["undated", "", "", "undated", "", "", "", "", ""],
        ["odd", "last week", "", "odd date", "", "", "", "", ""],
        ["late", "2026-03-01 00:00:01", "", "after as_of", "", "", "", "", ""],
        ["last", "2026-03-01", "", "at as_of", "", "", "", "", ""],
    )
    write_csv(
        folder / "lead_history.csv",
        "id,lead_id,field,created_date",
        ["1", "same", "Status", "2026-01-01"],
        ["2", "", "Status", "2026-01-01"],
        ["3", "same", "Status", ""],
        ["4", "same", "Status", "2026-04-01"],
    )
    write_csv(
        folder / "opportunity_contact_role.csv",  # without an id a row can't be missing one
        "opportunity_id,contact_id",
        ["0061", "0031"],
        ["0061", "0031"],
    )
    write_csv(
        folder / "opportunity_stage.csv",
        "master_label,api_name,sort_order",
        ["Won", "won", "2"],
        ["1. Lost", "lost", "many"],
        ["", "", "3"],
        ["Won", "won", "4"],
    )
    write_csv(
        folder / "dated_conversion_rate.csv",
        "iso_code,start_date,next_start_date,conversion_rate",
        ["EUR", "2026-01-01", "2026-02-01", "0.9"],
        ["EUR", "2026-02-01", "", "0.8"],
        ["EUR", "", "", "0.7"],
    )


def empty(folder: Path) -> None:
    write_text(folder / "lead.csv", "id,created_date,status")
