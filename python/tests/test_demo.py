"""The demo CRM: the shipped files are what the command writes, and hold what they claim."""

import csv
import re
from pathlib import Path

import duckdb
import pytest
from leadsignal import demo
from leadsignal.demo import market, writing
from leadsignal.errors import UsageError

SHIPPED = Path(__file__).parents[2] / "demo"
TABLES = [
    "account", "campaign", "campaign_member", "contact", "currency_type", "dated_conversion_rate",
    "event", "group", "lead", "lead_history", "opportunity", "opportunity_contact_role",
    "opportunity_field_history", "opportunity_history", "opportunity_stage", "task", "user",
]  # fmt: skip


@pytest.fixture(scope="module")
def crm() -> duckdb.DuckDBPyConnection:
    """The shipped demo, one view per table."""
    con = duckdb.connect()
    for table in TABLES:
        con.execute(f"create view \"{table}\" as from '{SHIPPED}/salesforce/{table}.csv'")
    return con


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> object:
    return con.execute(sql).fetchall()[0][0]


def test_command_writes_the_shipped_demo_byte_for_byte(tmp_path: Path) -> None:
    summary = demo.write(tmp_path)
    written = sorted(path.name for path in summary.folder.iterdir())
    assert written == [f"{table}.csv" for table in TABLES]
    for name in written:
        ours = (summary.folder / name).read_bytes()
        assert ours == (SHIPPED / "salesforce" / name).read_bytes(), f"{name} differs"


def test_number_of_threads_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = duckdb.connect
    bytes_of = {}
    for threads in (1, 4):
        monkeypatch.setattr(
            writing.duckdb,
            "connect",
            lambda file, config, threads=threads: connect(
                file, config={**config, "threads": threads}
            ),
        )
        # More than one of DuckDB's row groups, so that threads have something to divide.
        folder = demo.write(tmp_path / str(threads), 130_000, 7, "parquet").folder
        bytes_of[threads] = {path.name: path.read_bytes() for path in folder.iterdir()}
    different = [name for name in bytes_of[1] if bytes_of[1][name] != bytes_of[4][name]]
    assert not different


def test_another_seed_is_another_crm_of_the_same_size(tmp_path: Path) -> None:
    other = demo.write(tmp_path, 1000, 2)
    text = (other.folder / "lead.csv").read_text()
    assert text != (SHIPPED / "salesforce" / "lead.csv").read_text()
    assert 1000 <= other.rows["lead"] <= 1100


@pytest.mark.parametrize("leads", [1, 2, 30])
def test_few_leads_still_make_every_table(tmp_path: Path, leads: int) -> None:
    summary = demo.write(tmp_path, leads)
    assert sorted(summary.rows) == TABLES
    assert summary.rows["lead"] >= leads


@pytest.mark.parametrize("leads", [0, -5, 50_000_001])
def test_size_out_of_range_is_refused(tmp_path: Path, leads: int) -> None:
    with pytest.raises(UsageError, match="Ask for 1 to 50 million"):
        demo.write(tmp_path, leads)


def test_files_of_somebody_else_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "salesforce").mkdir()
    theirs = tmp_path / "salesforce" / "lead.csv"
    theirs.write_text("id\n1\n")
    with pytest.raises(UsageError, match="holds other files"):
        demo.write(tmp_path, 10)
    assert theirs.read_text() == "id\n1\n"


def test_earlier_demo_is_replaced_but_not_mixed_with_another_format(tmp_path: Path) -> None:
    demo.write(tmp_path, 10)
    demo.write(tmp_path, 20)
    with pytest.raises(UsageError, match="holds other files"):
        demo.write(tmp_path, 20, file_format="parquet")


def test_scratch_space_is_removed(tmp_path: Path) -> None:
    demo.write(tmp_path, 10)
    assert [path.name for path in tmp_path.iterdir()] == ["salesforce"]


def test_ids_are_unique_and_sorted(crm: duckdb.DuckDBPyConnection) -> None:
    for table in TABLES:
        with (SHIPPED / "salesforce" / f"{table}.csv").open(newline="") as file:
            ids = [row[0] for row in csv.reader(file)][1:]
        assert ids == sorted(set(ids)) or table == "currency_type"


@pytest.mark.parametrize(
    ("child", "column", "parent"),
    [
        ("lead", "converted_contact_id", "contact"),
        ("lead", "converted_account_id", "account"),
        ("lead", "converted_opportunity_id", "opportunity"),
        ("lead", "master_record_id", "lead"),
        ("lead_history", "lead_id", "lead"),
        ("contact", "account_id", "account"),
        ("opportunity", "account_id", "account"),
        ("opportunity_history", "opportunity_id", "opportunity"),
        ("opportunity_field_history", "opportunity_id", "opportunity"),
        ("opportunity_contact_role", "opportunity_id", "opportunity"),
        ("opportunity_contact_role", "contact_id", "contact"),
        ("campaign_member", "campaign_id", "campaign"),
        ("campaign_member", "lead_id", "lead"),
        ("task", "what_id", "opportunity"),
        ("event", "what_id", "opportunity"),
    ],
)
def test_every_reference_is_kept(
    crm: duckdb.DuckDBPyConnection, child: str, column: str, parent: str
) -> None:
    filled = _one(crm, f"select count({column}) from {child}")
    lost = _one(
        crm, f"select count(*) from {child} where {column} not in (select id from {parent})"
    )
    assert filled
    assert not lost


def test_owners_are_users_or_the_queue_and_one_user_has_left(
    crm: duckdb.DuckDBPyConnection,
) -> None:
    owners = 'select id from "user" union all select id from "group"'
    for table in ("lead", "opportunity", "task", "event", "contact", "account"):
        assert _one(crm, f"select count(*) from {table} where owner_id not in ({owners})") == 0
    assert _one(crm, "select count(*) from lead where owner_id like '00G%'")
    gone = 'select id from "user" where not is_active'
    assert _one(crm, f"select count(*) from lead where owner_id in ({gone})")


def test_activities_of_a_converted_lead_moved_to_the_contact(
    crm: duckdb.DuckDBPyConnection,
) -> None:
    converted = "select id from lead where is_converted"
    contacts = "select converted_contact_id from lead where is_converted"
    for table in ("task", "event"):
        assert _one(crm, f"select count(*) from {table} where who_id in ({converted})") == 0
        assert _one(crm, f"select count(*) from {table} where who_id in ({contacts})")


def test_history_ends_at_the_present_status(crm: duckdb.DuckDBPyConnection) -> None:
    wrong = _one(
        crm,
        """
        with newest as (
            select lead_id, arg_max(new_value, created_date) as status
            from lead_history where field = 'Status' group by lead_id
        )
        select count(*) from lead join newest on lead.id = newest.lead_id
        where lead.status <> newest.status
        """,
    )
    assert wrong == 0


def test_nothing_happens_before_creation_or_after_the_last_day(
    crm: duckdb.DuckDBPyConnection,
) -> None:
    for table in ("lead_history", "campaign_member"):
        assert not _one(
            crm,
            f"select count(*) from {table} as child join lead on lead.id = child.lead_id "
            "where child.created_date < lead.created_date",
        )
    for table in TABLES:
        columns = [row[0] for row in crm.execute(f'describe "{table}"').fetchall()]
        for column in {"created_date", "last_modified_date", "completed_date_time"} & set(columns):
            newest = _one(crm, f'select max({column}) from "{table}"')
            assert str(newest) <= f"{demo.AS_OF} 23:59:59"


@pytest.mark.parametrize(
    ("table", "condition"),
    [
        ("lead", "is_deleted and master_record_id is not null"),
        ("lead", "is_deleted and master_record_id is null"),
        ("lead", "title = 'Student'"),
        ("lead", "company = 'Test Company'"),
        ("lead", "industry is null"),
        ("lead", "disqualification_reason_c = 'Other'"),
        ("lead", "lead_source = 'Podcast'"),
        ("lead_history", "old_value in ('Nurture', 'Recycled')"),
        ("opportunity", "name like '%of sales'"),
        ("opportunity", "currency_iso_code = 'GBP'"),
        ("opportunity", "loss_reason_c is not null"),
        ("task", "not is_closed and activity_date < date '2026-10-31'"),
        ("event", "start_date_time > timestamp '2026-10-31 23:59:59'"),
    ],
)
def test_demo_has_what_real_crms_have(
    crm: duckdb.DuckDBPyConnection, table: str, condition: str
) -> None:
    assert _one(crm, f"select count(*) from {table} where {condition}")


def test_some_people_were_entered_twice(crm: duckdb.DuckDBPyConnection) -> None:
    twice = "select email from lead where not is_deleted group by email having count(*) = 2"
    assert _one(crm, f"select count(*) from ({twice})")


def test_some_deals_came_back_to_a_stage(crm: duckdb.DuckDBPyConnection) -> None:
    again = (
        "select opportunity_id from opportunity_history where stage_name = 'Discovery' "
        "group by opportunity_id having count(*) > 1"
    )
    assert _one(crm, f"select count(*) from ({again})")


def test_referrals_turn_into_deals_more_often_than_paid_social(
    crm: duckdb.DuckDBPyConnection,
) -> None:
    rates = dict(
        crm.execute(
            "select lower(lead_source), avg(cast(is_converted as integer)) from lead "
            "where not is_deleted group by 1"
        ).fetchall()
    )
    assert rates["customer referral"] > 3 * rates["paid social"]


def test_no_address_can_belong_to_anybody(crm: duckdb.DuckDBPyConnection) -> None:
    addresses = crm.execute("select email from lead union all select email from contact").fetchall()
    domains = {email.split("@")[1] for (email,) in addresses if email}
    # The throw-away service is the one that the shipped noise rules know.
    assert all(re.fullmatch(r"[a-z0-9-]+\.example|mailinator\.com", domain) for domain in domains)


def test_shares_of_the_sources_add_up() -> None:
    assert sum(source.first_share for source in market.SOURCES) == pytest.approx(1)
    assert sum(source.last_share for source in market.SOURCES) == pytest.approx(1)
    assert sum(market.month_weights()) == pytest.approx(1)
