"""Cases that the golden CRMs do not have: few deals, unknown sources, owners nobody listed."""

import pytest
from leadsignal import report
from leadsignal.report import charts, drawing
from leadsignal.report.content import Chart, Row, Section, Table
from tiny_marts import TinyMarts

NO_LONGER, NOT_LISTED = "owners no longer active", "owners not in the list of users"
WON = {"outcome": "won", "closed_at": "2026-10-20 10:00:00", "days_to_close": 8.0}
LOST = {"outcome": "lost", "closed_at": "2026-10-20 10:00:00", "days_to_close": 8.0}


def tables_of(marts: TinyMarts, kind: str = "month") -> dict[str, Table]:
    return {table.name: table for table in report.gather(marts.con, kind).tables}


def section_of(marts: TinyMarts, name: str) -> Section:
    [section] = [one for one in report.gather(marts.con).sections if one.name == name]
    return section


def cells(table: Table, row: Row) -> dict[str, str]:
    return {column.name: table.cell(row, column) for column in table.columns}


def drawn(chart: Chart) -> str:
    return drawing.svg(charts.spec(chart), chart.kind, "Told.", False)


def test_owner_whom_no_list_of_users_knows_is_not_said_to_have_left() -> None:
    marts = TinyMarts()
    for owner, kind, is_active in (
        ("unlisted", "unknown", None), ("gone", "user", False), ("there", "user", True)
    ):  # fmt: skip
        marts.insert("dim_owners", owner_id=owner, owner_type=kind, is_active=is_active)
        marts.lead(owner_id=owner)
    marts.lead(owner_id="in no table")
    marts.lead()
    found = {row["owners"]: row["handed_over"] for row in tables_of(marts)["follow_up"].rows}
    assert found == {"active owners": 1, NO_LONGER: 1, NOT_LISTED: 2, "nobody": 1}


@pytest.mark.parametrize(
    ("kind", "as_of", "due"), [("week", "11-01", 4), ("month", "10-31", 6), ("quarter", "12-31", 6)]
)
def test_groups_of_owners_add_up_to_the_tile_without_leads_before_the_activities(
    kind: str, as_of: str, due: int
) -> None:
    marts = TinyMarts(as_of=f"2026-{as_of} 23:59:59")
    for day in ("06", "28", "29"):
        marts.lead(f"2026-10-{day} 09:00:00", owner_id="a")
        marts.lead(f"2026-10-{day} 09:00:00", owner_id="b", is_follow_up_completed=False)
        marts.forgotten(f"2026-10-{day} 09:00:00", owner_id="b")
    made = report.gather(marts.con, kind)
    [section] = [one for one in made.sections if one.name == "follow_up"]
    rows = section.charts[0].table.rows
    tiles = {tile.label: tile for tiles in made.headline.tiles.values() for tile in tiles}
    done = sum(one["followed_up"].numerator for one in rows)
    assert sum(one["due"] for one in rows) == due
    assert tiles["Follow-up completion rate"].details[0] == f"{done:.0f} of {due}"
    assert f"and due, {done:.0f} of {due} (50.0%*; " in section.words[0]
    assert section.words[1] == (
        f"{due // 2} leads are left out: handed over before the first activity that the CRM still "
        "has."
    )
    assert sum(one["due"] for one in section.tables[0].rows) == 6


def test_owners_of_several_months_are_counted_once_and_nobody_is_no_owner() -> None:
    marts = TinyMarts(as_of="2026-12-31 23:59:59")
    for owner, month in (("a", 10), ("a", 11), ("b", 11), ("c", 12), (None, 12)):
        marts.lead(f"2026-{month}-10 09:00:00", owner_id=owner)
        marts.insert("dim_owners", owner_id=owner, owner_type="user", is_active=True)
    marts.con.execute("create or replace table dim_owners as select distinct * from dim_owners")
    table = tables_of(marts, "quarter")["follow_up"]
    sizes = {row["owners"]: cells(table, row)["group_size"] for row in table.rows}
    assert sizes == {"active owners": "3", "nobody": "-"}


def test_unknown_source_stands_among_the_others_by_its_leads() -> None:
    marts = TinyMarts()
    for place in range(10):
        for _ in range(2):
            marts.lead(source=f"s{place}")
    for source, leads in (("unknown", 5), ("webinar", 3)):
        for _ in range(leads):
            marts.accepted(source=source)
    section = section_of(marts, "sources")
    [chart] = section.charts
    assert [row["source"] for row in chart.table.rows[:3]] == [None, "unknown", "webinar"]
    assert chart.alternative.startswith("Most leads came from unknown (5), webinar (3)")
    assert 'data-source="unknown"' in drawn(chart)


@pytest.mark.parametrize("name", ["funnel", "sources"])
def test_deals_of_leads_are_said_to_be_those_so_far(name: str) -> None:
    marts = TinyMarts(conversion_horizon_days=20)
    for is_mature in (True, False, False):
        marts.accepted(stage="opportunity", is_mature=is_mature)
    section = section_of(marts, name)
    assert section.words[-1] == (
        "Of these leads, 1 of 3 is mature (20 days old or more); the others may still become "
        "opportunities."
    )
    labels = {column.name: column.label for column in section.charts[0].table.columns}
    assert labels["opportunities"] == "Opportunity so far"
    assert labels.get("strong", "Strong pipeline so far") == "Strong pipeline so far"


def test_reasons_read_the_same_everywhere() -> None:
    marts = TinyMarts()
    marts.insert("disqualification_by_source", decision_month="2026-10-01", source="web",
                 reason="company_too_small", issue="follow_up", leads=4)  # fmt: skip
    section = section_of(marts, "reasons")
    for table in section.every_table:
        [row] = table.rows
        assert (row["issue"], row["reason"]) == ("follow up", "company too small")
    picture = drawn(section.charts[0])
    assert "follow up: company too small" in picture
    assert "company_too_small" not in picture
