"""Touches, who was engaged beside the deal, and steps of leads, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from .attributes import company_size, score_band
from .metrics import Cut, answers
from .outcomes import incidence
from .run import Tables
from .settings import Settings
from .small import AS_OF, lines, table, tables_of

LEAD = "2026-05-01 10:00:00"


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Ann became a contact and deal of Acme; Bob and Cleo are people of Acme, Cleo no lead."""
    return tables_of(
        salesforce={
            "lead": table(
                {
                    "id": "00A",
                    "created_date": LEAD,
                    "status": "Closed - Converted",
                    "lead_source": "Webinar",
                    "is_converted": "true",
                    "converted_date": "2026-05-05 10:00:00",
                    "converted_contact_id": "003A",
                    "converted_account_id": "001A",
                    "converted_opportunity_id": "006A",
                },
                {
                    "id": "00B",
                    "created_date": LEAD,
                    "status": "MQL",
                    "converted_contact_id": "003B",
                },
                {"id": "00D", "created_date": "2026-06-20 10:00:00", "status": "New"},
            ),
            "account": lines("id, name, industry\n001A, Acme, Software"),
            "contact": lines("id, account_id\n003A, 001A\n003B, 001A\n003C, 001A"),
            "opportunity": lines(
                "id, account_id, created_date, stage_name\n006A, 001A, 2026-05-05 10:00, Discovery"
            ),
            "campaign": lines("id, name, type\n701E, Pipeline day, Trade Show\n701M, Guide,"),
            "campaign_member": lines(
                """
                id,  campaign_id, lead_id, contact_id, has_responded, created_date
                00E, 701E,        00A,     ,           true,          2026-05-01 10:00
                00M, 701M,        ,        003C,       true,          2026-06-10 10:00
                """
            ),
            "task": lines(
                """
                id, who_id, what_id, type,  call_type, subject,         created_date,     status
                T1, 003A,   006A,    Call,  ,          ,                2026-05-06 10:00, Completed
                T2, 003B,   ,        Email, ,          [In] Re: offer,  2026-06-01 10:00, Completed
                T3, 003B,   ,        ,      ,          Send the deck,   2026-06-02 10:00, Completed
                T4, 003C,   006-no,  Call,  Inbound,   ,                2026-06-03 10:00, Completed
                T5, ,       006A,    ,      ,          Pardot: welcome, 2026-06-04 10:00, Completed
                """
            ),
        }
    )


def found(rows: list[dict[str, Any]], *columns: str) -> list[str]:
    return sorted(" ".join(str(row[column]) for column in columns) for row in rows)


def test_touches(tables: Tables) -> None:
    """T4 is of neither a lead nor a deal, T5 was logged by a machine, 00M is nobody's."""
    assert found(tables["fct_touches"], "touch_id", "kind", "direction", "lead_id") == [
        "salesforce:00E event inbound salesforce:00A",
        "salesforce:T1 call outbound salesforce:00A",
        "salesforce:T2 email inbound salesforce:00B",
        "salesforce:T3 task outbound salesforce:00B",
    ]
    with_deal = [row for row in tables["fct_touches"] if row["opportunity_id"]]
    assert found(with_deal, "touch_id", "opportunity_id") == ["salesforce:T1 salesforce:006A"]


def test_engaged_and_untied(tables: Tables) -> None:
    """Ann is tied; a task alone engages nobody; Cleo was called and answered to a campaign."""
    rows = tables["engaged_untied_contacts"]
    assert found(rows, "person_id", "lead_id", "touches", "last_touched_at", "source") == [
        "salesforce:003C None 2 2026-06-10 10:00:00 webinar",
        "salesforce:00B salesforce:00B 1 2026-06-01 10:00:00 webinar",
    ]


def test_steps_of_leads(tables: Tables) -> None:
    """Each waits for the milestone after its last one; Ann was touched after her acceptance."""
    rows = tables["lead_velocity_by_source"]
    days = ("source", "step", "outcome", "finished_leads", "open_leads", "mean_days")
    assert found(rows, *days) == [
        "unknown accepted open 0 1 None",
        "unknown first_touch open 1 0 32.0",
        "unknown handed_over open 1 1 0.0",
        "webinar accepted open 1 0 0.0",
        "webinar first_touch open 1 0 1.0",
        "webinar handed_over open 1 0 4.0",
        "webinar opportunity open 1 0 0.0",
        "webinar won open 0 1 None",
    ]


@pytest.mark.parametrize(
    ("score", "band"),
    [(-0.5, "below 0"), (0, "0-19"), (19.5, "0-19"), (20, "20-39"), (99.9, "80-99"), (100, "100+")],
)
def test_score_bands(score: float, band: str) -> None:
    assert score_band(score) == band


@pytest.mark.parametrize(
    ("employees", "size"),
    [(0, "1-49"), (49.5, "1-49"), (50, "50-249"), (999, "250-999"), (5000, "5000+"), (-1, None)],
)
def test_company_sizes(employees: float, size: str | None) -> None:
    assert company_size(employees) == size


def test_a_lost_deal_is_another_end() -> None:
    """Of four, one is lost on day 1, one won on day 2 of three; the open one is seen for 3 days."""
    ends = [(1.0, "lost"), (2.0, "won"), (3.0, "open"), (9.0, "won")]
    two, nine = incidence(ends, 2), incidence(ends, 9)
    assert (two.won, two.lost) == (0.25, 0.25)
    assert (nine.won, nine.lost, nine.is_known) == (0.75, 0.25, True)
    assert not incidence(ends[:3], 5).is_known


def test_metrics_by_hand(tables: Tables) -> None:
    """By source and month: Ann and Bob were handed over in May, a third lead of June was not."""
    leads, handed_over = (
        answers(name, tables, Settings(AS_OF).as_of, Cut(("source",), "month"))
        for name in ("leads", "handed_over_leads")
    )
    may, june = date(2026, 5, 1), date(2026, 6, 1)
    assert {group: one.value for group, one in leads.items()} == {
        ("webinar", may): 1,
        ("unknown", may): 1,
        ("unknown", june): 1,
    }
    assert {group: one.value for group, one in handed_over.items()} == {
        ("webinar", may): 1,
        ("unknown", may): 1,
    }
