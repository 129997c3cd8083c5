"""What of a CRM's text is published: names of things, never an address or a number."""

from __future__ import annotations

import pytest
from raw_files import write_csv
from staging_builds import Query, build_staging, querying

ADDRESSES = [
    "jane@example.org",
    "Jane.Doe+x@sub.example.org",
    "ask Jane <jane@example.org> again",
    "JANE@EXAMPLE.ORG, no budget",
    "mailto:jane@example.co",
    "джейн@почта.рф",
    "jane%40example.org",
    "https://example.org/?email=jane%40example.org&utm=x",
    "jane\uff20example.org",
]
NUMBERS = [
    "+353 1 555 0123",
    "+15550123456",
    "call (415) 555-2671",
    "415.555.2671",
    "087 123 4567",
    "0044 20 7946 0018",
    "0171/5550123",
    "01 55 50 12 34",
    "06.55.50.12.34",
    "06-55-50-12-34",
    "(415)555-2671",
    "+49\u00a030\u00a05550123",
]
NAMES = [
    "Autumn webinar",
    "Lunch @ St. Pauls",
    "@home 2026",
    "3@1.50 each",
    "save 10%40.5 now",
    "Expo 2026-10-31",
    "Expo 31/10/2026",
    "Expo 05.06.2026",
    "Expo 05.06.-07.06.2026",
    "Webinar 03/2026-05/2026",
    "05-06-2026 - 07-06-2026",
    "2026-Q1 | EMEA | Paid social | Lead form | The state of signal: what good teams measure",
    "120210000000123456",
    "1555012345",
    "C++ 2026",
    "Q3 2026 - 1,000 seats (v2.10)",
    "No budget: below 10000 a year",
    "Ünïcode “quoted”, it's fine",
    "x" * 255,
]
LONG = [
    "x" * 256,
    "Jane said that she will not buy this year. " * 7,
]
SHOWN = {
    **dict.fromkeys(ADDRESSES, "(e-mail address)"),
    **dict.fromkeys(NUMBERS, "(phone number)"),
    **dict.fromkeys(LONG, "(long text)"),
    **{name: name for name in NAMES},
}
OWNERS = ["7", "rep-7", "Team West", "Jane Doe", "jane@example.org", "asmith"]
NO_TIMES = ["31.31.2026", "3 May Jane", "+353 1 5550", "soon"]
KEPT = {"7", "rep-7", "Team West", "Jane Doe", "asmith"}


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Query:
    raw = tmp_path_factory.mktemp("raw") / "generic"
    lines = [
        [str(place), "2026-01-05", text, text, text, text, text, text]
        for place, text in enumerate(SHOWN)
    ]
    names = "source,campaign,offer,company,disqualification_reason,status"
    write_csv(raw / "leads.csv", f"lead_id,created_at,{names}", *lines)
    write_csv(
        raw / "opportunities.csv",
        "opportunity_id,created_at,owner",
        *([f"D{place}", "2026-01-05", owner] for place, owner in enumerate(OWNERS)),
        ["jane@example.org", "2026-01-05", ""],
        ["John@example.org", "2026-01-05", ""],
    )
    write_csv(
        raw / "opportunity_contacts.csv",
        "opportunity_id,contact_id",
        ["jane@example.org", "john@example.org"],
    )
    write_csv(
        raw / "stage_events.csv",
        "object,id,stage,entered_at",
        *(["lead", str(at), "New", text] for at, text in enumerate(NO_TIMES)),
    )
    work = tmp_path_factory.mktemp("work")
    done = build_staging(
        work, raw.parent, "models/staging/generic", "2026-03-01", {"crms": {"generic": "generic"}}
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return querying(work)


@pytest.mark.parametrize(
    "column", ["lead_source", "campaign", "offer", "disqualification_reason", "status"]
)
def test_address_number_and_long_text_are_told_by_their_kind(query: Query, column: str) -> None:
    rows = query(f"select lead_id, {column} from stg_generic__leads")
    shown = dict(rows)
    assert shown == {f"generic:{place}": text for place, text in enumerate(SHOWN.values())}


def test_company_is_nothing_rather_than_a_kind(query: Query) -> None:
    """Leads with an address for a company are not of one company."""
    rows = query("select company, company_id from stg_generic__leads")
    assert sorted(name for name, _ in rows if name) == sorted(NAMES)
    assert all(key is None for name, key in rows if name is None)


def test_owner_with_an_address_for_an_id_is_a_pseudonym(query: Query) -> None:
    rows = query("select owner_id from stg_generic__opportunities where owner_id is not null")
    shown = {owner.removeprefix("generic:") for (owner,) in rows}
    assert shown > KEPT
    assert len(shown) == len(OWNERS)
    assert all(len(owner) == 19 and owner.startswith("id-") for owner in shown - KEPT)


def test_id_that_is_an_address_is_the_same_pseudonym_in_each_table(query: Query) -> None:
    [(deal, person)] = query(
        "select opportunity_id, contact_id from stg_generic__opportunity_contacts"
    )
    deals = [one for (one,) in query("select opportunity_id from stg_generic__opportunities")]
    assert deal in deals
    assert person not in deals, "ids are told apart by their case"
    assert not any("@" in key for key in (*deals, person))


def test_time_that_is_none_is_told_by_its_form_alone(query: Query) -> None:
    rows = query("select row_reason from stg_generic__stage_events")
    told = ["entered_at is not a time"] * 3 + ["entered_at is not a time: 99.99.9999"]
    assert sorted(reason for (reason,) in rows) == told
