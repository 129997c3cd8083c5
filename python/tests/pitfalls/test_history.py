"""History that is missing, late, doubled in a second, renamed, skipped or stamped by a machine."""

# ruff: noqa: E501 - grids of raw rows are read as tables

from __future__ import annotations

import pytest

from .small_crms import CHANGED, SHIPPED, Published

DEALS, STRAYED = 25, 2

SHIPPED.add(
    "salesforce_gaps",
    lead="""
        id   | created_date        | last_modified_date  | status
        00Q1 | 2026-05-01 09:00:00 | 2026-05-20 09:00:00 | Qualified
        00Q2 | 2026-05-01 09:00:00 | 2026-05-02 09:00:00 | Working
    """,
    lead_history="""
        id   | lead_id | field  | new_value | created_date
        0171 | 00Q1    | Status | Working   | 2026-05-02 09:00:00
        0172 | 00Q2    | Status | Working   | 2026-05-02 09:00:00
    """,
    opportunity=[
        {"id": f"006{n:02}", "created_date": "2026-05-01 09:00:00"}
        | {"last_modified_date": "2026-06-01 09:00:00"}
        | {"stage_name": "Proposal" if n < STRAYED else "Discovery"}
        for n in range(DEALS)
    ],
    opportunity_history=[
        {"id": f"008{n:02}", "opportunity_id": f"006{n:02}"}
        | {"stage_name": "Discovery", "created_date": "2026-05-01 09:00:00"}
        for n in range(DEALS)
    ],
)


def test_pitfall_08_history_that_ends_elsewhere_gets_an_inferred_event(shipped: Published) -> None:
    """2 of 25 deals stand on a stage that their history never reached; so does a lead."""
    crm = "salesforce_gaps"
    visits = shipped.rows("fct_opportunity_stages", crm, exited_at=None)
    assert len(visits) == DEALS
    inferred = [visit for visit in visits if visit["is_inferred"]]
    assert [(visit["stage"], str(visit["entered_at"])) for visit in inferred] == [
        ("Proposal", "2026-06-01 09:00:00")
    ] * STRAYED
    lead = shipped.lead(f"{crm}:00Q1")
    assert (lead["inferred_event_count"], str(lead["accepted_at"])) == (1, "2026-05-20 09:00:00")
    assert shipped.lead(f"{crm}:00Q2")["inferred_event_count"] == 0


def test_pitfall_08_the_rate_of_inferred_events_is_published(shipped: Published) -> None:
    last_visits = shipped.rows("fct_opportunity_stages", exited_at=None)
    recorded = [visit for visit in last_visits if not visit["is_inferred"]]
    deals = shipped.row("crm_trust", question="does the stage history end where the deal is")
    assert (deals["answerable_rows"], deals["rows"]) == (len(recorded), len(last_visits))
    assert deals["answerable_rate"] == len(recorded) / len(last_visits) < 1
    leads = shipped.row("crm_trust", question="is the history complete")
    inferred = sum(lead["inferred_event_count"] for lead in shipped.rows("fct_leads"))
    assert leads["rows"] - leads["answerable_rows"] == inferred > 0


SHIPPED.add(
    "salesforce_stitch",
    lead="""
        id   | createddate         | status    | lastmodifieddate
        00Q1 | 2026-05-01 09:00:00 | Qualified | 2026-05-09 09:00:00
    """,
    lead_history="""
        id   | leadid | field      | newvalue__st | newvalue__fl | newvalue__bo | newvalue__de | createddate
        0171 | 00Q1   | Status     | Working      |              |              |              | 2026-05-02 09:00:00
        0172 | 00Q1   | Status     |              |              |              | Qualified    | 2026-05-03 09:00:00
        0173 | 00Q1   | Lead_Score |              | 55.0         |              |              | 2026-05-04 09:00:00
    """,
    opportunity="""
        id   | createddate         | stagename
        0061 | 2026-05-01 09:00:00 | Proposal
    """,
    opportunity_field_history="""
        id   | opportunityid | field     | newvalue__st | newvalue__fl | createddate
        0181 | 0061          | StageName |              |              | 2026-05-01 09:00:00
        0182 | 0061          | StageName | Proposal     |              | 2026-05-02 09:00:00
        0183 | 0061          | Amount    |              | 100          | 2026-05-03 09:00:00
    """,
)


def test_pitfall_09_new_values_that_are_split_by_type_are_one_column(shipped: Published) -> None:
    crm = "salesforce_stitch"
    lead = shipped.lead(f"{crm}:00Q1")
    assert (lead["inferred_event_count"], str(lead["accepted_at"])) == (0, "2026-05-03 09:00:00")
    (visit,) = shipped.rows("fct_opportunity_stages", crm)
    assert (visit["stage"], str(visit["entered_at"])) == ("Proposal", "2026-05-02 09:00:00")
    assert not visit["is_inferred"]


CHANGED.add(
    "salesforce_unread_history",
    lead="""
        id   | created_date        | last_modified_date  | status
        00Q1 | 2026-05-01 09:00:00 | 2026-05-02 09:00:00 | Working
    """,
    lead_history="""
        id   | lead_id | field  | value_after | created_date
        0171 | 00Q1    | Status | Working     | 2026-05-02 09:00:00
        0172 | 00Q1    | Status | Qualified   | 2026-05-03 09:00:00
    """,
)


def test_pitfall_09_a_history_without_any_new_value_is_told_loudly(changed: Published) -> None:
    """The loader names the column in a way that nobody knows."""
    said = "none of the 2 changes in the lead history of salesforce_unread_history has a new value"
    assert said in changed.row("publication")["warnings"]
    assert changed.lead("salesforce_unread_history:00Q1")["inferred_event_count"] == 1


SHIPPED.add(
    "salesforce_young_history",
    lead="""
        id   | created_date        | status
        00Q1 | 2026-05-01 09:00:00 | Qualified
        00Q2 | 2026-05-10 09:00:00 | Qualified
    """,
    lead_history="""
        id   | lead_id | field  | new_value | created_date
        0171 | 00Q1    | Status | Qualified | 2026-05-10 12:00:00
        0172 | 00Q2    | Status | Qualified | 2026-05-10 12:00:00
    """,
    opportunity="""
        id   | created_date        | stage_name
        0061 | 2026-05-01 09:00:00 | Proposal
        0062 | 2026-05-01 09:00:00 | Proposal
    """,
    opportunity_history="""
        id   | opportunity_id | stage_name | created_date
        0089 | 0061           | Discovery  | 2026-05-02 09:00:00
        0081 | 0061           | Proposal   | 2026-05-02 09:00:00
    """,
    opportunity_field_history="""
        id   | opportunity_id | field     | new_value   | created_date
        0171 | 0061           | StageName | Negotiation | 2026-05-01 09:00:00
        0172 | 0062           | StageName | Proposal    | 2026-05-04 09:00:00
    """,
)


def _path(shipped: Published, opportunity_id: str) -> list[tuple[str, str]]:
    visits = shipped.rows("fct_opportunity_stages", opportunity_id=opportunity_id)
    visits.sort(key=lambda visit: (visit["entered_at"], visit["is_open"], visit["stage_order"]))
    return [(visit["stage"], str(visit["entered_at"])) for visit in visits]


def test_pitfall_10_stage_history_is_preferred_to_field_history(shipped: Published) -> None:
    """Field history serves the deal that has nothing else."""
    crm = "salesforce_young_history"
    assert _path(shipped, f"{crm}:0061") == [
        ("Discovery", "2026-05-02 09:00:00"),
        ("Proposal", "2026-05-02 09:00:00"),
    ]
    assert _path(shipped, f"{crm}:0062") == [("Proposal", "2026-05-04 09:00:00")]


def test_pitfall_10_leads_older_than_the_history_are_marked_truncated(shipped: Published) -> None:
    crm = "salesforce_young_history"
    assert shipped.lead(f"{crm}:00Q1")["is_history_truncated"]
    assert not shipped.lead(f"{crm}:00Q2")["is_history_truncated"]


def test_same_second_history_is_ordered_by_stage_and_not_by_id(shipped: Published) -> None:
    """The deal's id order says Proposal first; zero seconds in Discovery remain a visit."""
    visits = shipped.rows("fct_opportunity_stages", "salesforce_young_history", stage="Discovery")
    assert [(visit["days_in_stage"], visit["is_open"]) for visit in visits] == [(0, False)]
    stages = [
        visit["stage"]
        for visit in sorted(
            shipped.rows("fct_lead_stages", lead_id="salesforce:10Q1"),
            key=lambda visit: (visit["entered_at"], visit["is_open"]),
        )
    ]
    assert stages == ["captured", "handed_over", "accepted"]


SHIPPED.add(
    "salesforce",
    lead="""
        id   | created_date        | status
        10Q1 | 2026-05-01 09:00:00 | SAL
    """,
    lead_history="""
        id   | lead_id | field  | new_value | created_date
        10H1 | 10Q1    | Status | SAL       | 2026-05-02 09:00:00
        10H2 | 10Q1    | Status | MQL       | 2026-05-02 09:00:00
    """,
)
CHANGED.add(
    "salesforce",
    lead="""
        id   | created_date        | status
        23Q1 | 2026-06-10 09:00:00 | Ready
        23Q2 | 2026-07-10 09:00:00 | Ready
        23Q3 | 2026-07-10 09:00:00 | Wooing
    """,
    opportunity="""
        id   | created_date        | close_date | stage_name
        23O1 | 2026-05-10 09:00:00 | 2026-06-20 | Pilot
        23O2 | 2026-06-10 09:00:00 | 2026-06-20 | Pilot
    """,
)
SHIPPED.add(
    "hubspot",
    deal_pipeline="""
        pipeline_id | label
        default     | Sales
        renewals    | Renewals
    """,
    deal_pipeline_stage="""
        pipeline_id | stage_id   | label       | display_order | is_closed | probability
        default     | discovery  | Discovery   | 1             | false     | 0.2
        default     | proposal   | Proposal    | 2             | false     | 0.5
        default     | closedlost | Closed lost | 9             | true      | 0.0
        renewals    | 77001      | Proposal    | 5             | true      | 1.0
    """,
    deal="""
        deal_id | deal_pipeline_id | deal_pipeline_stage_id | property_createdate | property_closedate
        1231    | default          | proposal               | 2026-05-06 09:00:00 | 2026-09-01
        1232    | renewals         | 77001                  | 2026-05-06 09:00:00 | 2026-06-01
    """,
)


def test_pitfall_23_a_renamed_status_means_what_it_meant_on_the_leads_day(
    changed: Published,
) -> None:
    """Ready was accepted until July, and is a handover since."""
    before, since = (changed.lead(f"salesforce:23Q{n}") for n in (1, 2))
    assert before["lifecycle_stage"] == "accepted"
    assert (since["lifecycle_stage"], since["accepted_at"]) == ("handed_over", None)


def test_pitfall_23_a_reused_stage_means_what_it_meant_when_the_deal_opened(
    changed: Published,
) -> None:
    """Pilot was an open stage until June, and is the won one since."""
    before, since = (changed.deal(f"salesforce:23O{n}") for n in (1, 2))
    assert (before["outcome"], since["outcome"]) == ("open", "won")


def test_pitfall_23_an_unmapped_status_is_told_with_the_seed_that_lacks_it(
    changed: Published,
) -> None:
    row = changed.row("unmapped_values", crm="salesforce", raw_value="Wooing")
    assert (row["field"], row["seed"], row["rows"]) == ("lead status", "lead_statuses", 1)
    assert changed.lead("salesforce:23Q3")["lifecycle_stage"] == "captured"
    assert 'lead status "Wooing" is not mapped' in changed.row("publication")["warnings"]


def test_pitfall_23_stages_are_told_by_pipeline_and_id_and_not_by_label(
    shipped: Published,
) -> None:
    """Proposal is open in one pipeline and the won stage of the other."""
    default, renewals = (shipped.deal(f"hubspot:{n}") for n in (1231, 1232))
    assert (default["stage"], default["outcome"]) == ("Proposal", "open")
    assert (renewals["stage"], renewals["outcome"]) == ("Proposal", "won")


BULK = 25
SHIPPED.add(
    "salesforce",
    lead="""
        id   | created_date        | last_modified_date  | status             | is_converted | converted_date      | converted_opportunity_id
        24Q1 | 2026-05-01 09:00:00 | 2026-05-10 09:00:00 | Closed - Converted | true         | 2026-05-10 09:00:00 | 24O1
        24Q2 | 2026-05-01 09:00:00 | 2026-05-10 09:00:00 | MQL                | false        |                     |
    """,
    lead_history="""
        id   | lead_id | field  | new_value          | created_date
        24H1 | 24Q1    | Status | Closed - Converted | 2026-05-10 09:00:00
        24H2 | 24Q2    | Status | MQL                | 2026-05-02 09:00:00
        24H3 | 24Q2    | Status | Nurturing          | 2026-05-03 09:00:00
        24H4 | 24Q2    | Status | MQL                | 2026-05-10 09:00:00
    """,
    opportunity="""
        id   | created_date        | stage_name
        24O1 | 2026-05-10 09:00:00 | Discovery
    """,
    opportunity_history="""
        id   | opportunity_id | stage_name | created_date
        2481 | 24O1           | Discovery  | 2026-05-10 09:00:00
        2482 | 24O1           | Proposal   | 2026-05-12 09:00:00
        2483 | 24O1           | Discovery  | 2026-05-15 09:00:00
    """,
)
SHIPPED.add(
    "salesforce",
    lead=[
        {"id": f"24B{n:02}", "created_date": "2026-05-01 09:00:00", "status": "MQL"}
        for n in range(BULK)
    ],
    lead_history=[
        {"id": f"24I{n:02}", "lead_id": f"24B{n:02}", "field": "Status", "new_value": "MQL"}
        | {"created_date": "2026-05-05 03:00:00"}
        for n in range(BULK)
    ],
)
SHIPPED.add(
    "hubspot",
    contact="""
        id   | property_createdate | property_lifecyclestage
        2401 | 2026-05-01 09:00:00 | marketingqualifiedlead
        2402 | 2026-05-01 09:00:00 | marketingqualifiedlead
    """,
    contact_property_history="""
        contact_id | name           | value                  | timestamp           | source
        2401       | lifecyclestage | marketingqualifiedlead | 2026-05-03 09:00:00 | IMPORT
        2402       | lifecyclestage | marketingqualifiedlead | 2026-05-03 09:00:00 | CRM_UI
    """,
)


def test_pitfall_24_skipped_stages_are_kept_and_named(shipped: Published) -> None:
    """Converted straight away: in the funnel as far as it came, and what it left out is said."""
    lead = shipped.lead("salesforce:24Q1")
    assert lead["lifecycle_stage"] == "opportunity"
    assert lead["skipped_stages"] == "conversation"
    assert lead["is_handover_inferred"]
    assert lead["is_acceptance_inferred"]


def test_pitfall_24_going_backwards_is_another_visit(shipped: Published) -> None:
    """The first dates stay."""
    lead = shipped.lead("salesforce:24Q2")
    assert (str(lead["handed_over_at"]), lead["recycle_count"]) == ("2026-05-02 09:00:00", 1)
    visits = shipped.rows("fct_lead_stages", lead_id="salesforce:24Q2", stage="handed_over")
    assert sorted(visit["visit_number"] for visit in visits) == [1, 2]
    again = shipped.row(
        "fct_opportunity_stages",
        opportunity_id="salesforce:24O1",
        stage="Discovery",
        visit_number=2,
    )
    assert (str(again["entered_at"]), again["is_open"]) == ("2026-05-15 09:00:00", True)


def test_pitfall_24_changes_stamped_by_a_machine_are_flagged(shipped: Published) -> None:
    """25 leads in one second, and what HubSpot calls an import."""
    crowd = [shipped.lead(f"salesforce:24B{n:02}") for n in range(BULK)]
    assert all(lead["has_bulk_changes"] for lead in crowd)
    assert not shipped.lead("salesforce:24Q2")["has_bulk_changes"]
    assert shipped.lead("hubspot:2401")["has_bulk_changes"]
    assert not shipped.lead("hubspot:2402")["has_bulk_changes"]
    visit = shipped.row("fct_lead_stages", lead_id="hubspot:2401", stage="handed_over")
    assert visit["is_bulk"]


SHIPPED.add(
    "generic_statuses",
    leads="""
        lead_id | created_at          | status   | handed_over_at      | accepted_at         | last_modified_date  | disqualification_reason
        redone  | 2026-06-01 09:00:00 | Accepted | 2026-06-02 09:00:00 |                     |                     |
        resumed | 2026-06-01 09:00:00 | Working  | 2026-06-02 09:00:00 |                     |                     |
        parked  | 2026-06-01 09:00:00 | Nurture  | 2026-06-05 09:00:00 |                     |                     |
        refused | 2026-06-01 09:00:00 | Rejected |                     | 2026-06-05 09:00:00 | 2026-06-09 09:00:00 | Too small
        plain   | 2026-06-01 09:00:00 | Accepted |                     |                     |                     |
    """,
    stage_events="""
        object | id        | stage    | entered_at
        lead   | redone    | Rejected | 2026-06-05 09:00:00
        lead   | resumed   | Nurture  | 2026-06-05 09:00:00
    """,
)
SHIPPED.add(
    "salesforce_statuses",
    lead="""
        id     | created_date        | last_modified_date  | status      | converted_date | converted_contact_id
        parked | 2026-06-01 09:00:00 | 2026-06-20 09:00:00 | New         |                |
        stale  | 2026-06-01 09:00:00 | 2026-06-02 09:00:00 | Unqualified |                |
        taken  | 2026-06-01 09:00:00 | 2026-06-20 09:00:00 | Ours        | 2026-06-05     | 0031
    """,
    lead_history="""
        id   | lead_id | field  | new_value | created_date
        017a | parked  | Status | Nurture   | 2026-06-05 09:00:00
        017b | stale   | Status | Accepted  | 2026-06-05 09:00:00
    """,
)


@pytest.mark.parametrize(
    ("lead_id", "state", "recycled"),
    [
        ("generic_statuses:parked", "nurture", 0),
        ("generic_statuses:refused", "bad_fit", 0),
        ("generic_statuses:plain", "accepted", 0),
        ("generic_statuses:redone", "accepted", 1),  # the layout tells no time of it
        ("generic_statuses:resumed", "ignored", 1),
        ("salesforce_statuses:parked", "nurture", 0),  # as captured as it was, a capture is no step
        ("salesforce_statuses:stale", "disqualified", 0),
        ("salesforce_statuses:taken", "accepted", 0),  # no column says that it was converted
    ],
)
def test_the_status_of_today_comes_after_what_is_recorded(
    shipped: Published, lead_id: str, state: str, recycled: int
) -> None:
    lead = shipped.lead(lead_id)
    assert (lead["lead_state"], lead["recycle_count"]) == (state, recycled)
