"""HubSpot's contacts: which are leads, merges, lifecycle, and the Lead object, by hand."""

from __future__ import annotations

from .small import by, fates, lines, tables_of, visits

CONTACTS = """
id, property_createdate,  property_email, property_lifecyclestage, property_hs_lead_status, property_hs_merged_object_ids, property_hs_calculated_merged_vids, _fivetran_deleted
1,  2026-01-01 10:00:00,  a@x.example,    lead,                    ,                        ,                              ,                                     false
2,  2026-01-02 10:00:00,  b@x.example,    lead,                    ,                        1,                             ,                                     false
3,  2026-01-03 10:00:00,  c@x.example,    lead,                    ,                        ,                              2:1767400000000;3:1767400000000,       false
4,  2026-01-04 10:00:00,  d@x.example,    evangelist,              ,                        ,                              ,                                     false
5,  2026-01-05 10:00:00,  e@x.example,    other,                   NEW,                     ,                              ,                                     false
6,  2026-01-06 10:00:00,  f@x.example,    lead,                    ,                        ,                              ,                                     true
7,  2026-01-07 10:00:00,  g@x.example,    lead,                    ,                        ,                              ,                                     true
"""  # noqa: E501


def test_merged_contacts_are_whom_the_chain_ends_at() -> None:
    """1 went into 2 and 2 into 3, told by two properties; 6, deleted, into 3 by way of 99."""
    tables = tables_of(
        hubspot={
            "contact": lines(CONTACTS),
            "contact_merge_audit": lines("canonical_vid, vid_to_merge\n99, 6\n3, 99"),
            "contact_property_history": lines(
                """
                contact_id, name,           value,                  timestamp
                1,          lifecyclestage, marketingqualifiedlead, 2026-01-10 09:00:00
                3,          lifecyclestage, lead,                   2026-02-01 09:00:00
                """
            ),
            "contact_form_submission": lines(
                """
                contact_id, form_id, timestamp,           conversion_id, title
                2,          f1,      2026-01-03 12:00:00, x1,            A page
                """
            ),
            "form": lines("guid, name\nf1, Request a demo"),
        }
    )
    leads = by(tables, "fct_leads", "lead_id")
    assert sorted(leads) == ["hubspot:3", "hubspot:5"]
    merged = leads["hubspot:3"]
    assert str(merged["created_at"]) == "2026-01-03 10:00:00"
    assert str(merged["handed_over_at"]) == "2026-01-10 09:00:00"
    assert merged["offer"] == "Request a demo"
    assert merged["campaign"] is None
    assert merged["inferred_event_count"] == 0
    assert merged["is_history_truncated"]  # more than a day before 2026-01-10
    assert visits(tables, "fct_lead_stages", "lead_id", "hubspot:3") == [
        "captured 01-03",
        "handed_over 01-10",
        "captured 02-01",
    ]
    # used: 3 and 5; merged: 1, 2 and 6; excluded: 4 is no lead, 7 is deleted.
    assert fates(tables)["hubspot", "contact"] == "2 3 2 0"


def test_a_circle_of_merges_belongs_to_nobody() -> None:
    contacts = lines(
        """
        id, createdate, hs_merged_object_ids
        1,  2026-01-01, 2
        2,  2026-01-02, 1
        3,  2026-01-03, 3
        """
    )
    tables = tables_of(hubspot={"contacts": contacts})
    assert [lead["lead_id"] for lead in tables["fct_leads"]] == ["hubspot:3"]
    assert fates(tables)["hubspot", "contact"] == "1 2 0 0"


def test_date_properties_stand_for_missing_history() -> None:
    """The newest kind of date counts; history, where it has the stage, beats every date."""
    contacts = lines(
        """
        id, createdate, lastmodifieddate, lifecyclestage, hs_v2_date_entered_marketingqualifiedlead, hs_date_entered_marketingqualifiedlead, hs_lifecyclestage_marketingqualifiedlead_date, hs_lifecyclestage_salesqualifiedlead_date
        1,  2026-01-01, 2026-05-01, salesqualifiedlead, 2026-02-03, 2026-02-02, 2026-02-01, 2026-03-01
        2,  2026-01-01, 2026-05-01, salesqualifiedlead, 2026-02-03, ,           ,           2026-03-01
        3,  2026-01-01, 2026-05-01, opportunity,        ,           2026-02-02, ,           2026-03-01
        """  # noqa: E501
    )
    history = lines(
        """
        vid, property,       value,                  timestamp
        2,   lifecyclestage, MarketingQualifiedLead, 1771239600000
        """
    )
    tables = tables_of(hubspot={"contacts": contacts, "contacts_property_history": history})
    leads = by(tables, "fct_leads", "lead_id")
    handed = {lead: str(row["handed_over_at"]) for lead, row in leads.items()}
    assert handed == {
        "hubspot:1": "2026-02-03 00:00:00",
        "hubspot:2": "2026-02-16 11:00:00",
        "hubspot:3": "2026-02-02 00:00:00",
    }
    assert {str(row["accepted_at"]) for row in leads.values()} == {"2026-03-01 00:00:00"}
    inferred = [row["inferred_event_count"] for row in leads.values()]
    assert inferred == [0, 0, 1]  # only `opportunity` has neither history nor a date
    assert leads["hubspot:1"]["sales_decision"] == "accepted"


def test_each_status_field_has_its_own_inferred_event() -> None:
    contacts = lines(
        """
        id, createdate, lastmodifieddate, lifecyclestage,         hs_lead_status
        1,  2026-01-01, 2026-05-01,       marketingqualifiedlead, UNQUALIFIED
        """
    )
    history = lines(
        """
        contact_id, name,           value,       timestamp,           source
        1,          lifecyclestage, lead,        2026-01-01 08:00:00, FORMS
        1,          hs_lead_status, UNQUALIFIED, 2026-04-01 08:00:00, IMPORT
        """
    )
    tables = tables_of(hubspot={"contact": contacts, "contact_property_history": history})
    (lead,) = tables["fct_leads"]
    assert str(lead["handed_over_at"]) == "2026-05-01 00:00:00"
    assert str(lead["rejected_at"]) == "2026-04-01 08:00:00"
    assert (lead["inferred_event_count"], lead["has_bulk_changes"]) == (1, True)
    bulk = [row["stage"] for row in tables["fct_lead_stages"] if row["is_bulk"]]
    assert bulk == ["rejected"]


def test_twenty_five_leads_in_one_second_are_bulk() -> None:
    def history(number: int) -> str:
        rows = [f"{lead}, hs_lead_status, CONNECTED, 2026-04-01 08:00:00" for lead in range(number)]
        return "\n".join(["contact_id, name, value, timestamp", *rows])

    contacts = "\n".join(["id, createdate", *(f"{lead}, 2026-01-01" for lead in range(25))])
    for number, bulk in ((24, 0), (25, 25)):
        tables = tables_of(
            hubspot={
                "contact": lines(contacts),
                "contact_property_history": lines(history(number)),
            }
        )
        assert sum(lead["has_bulk_changes"] for lead in tables["fct_leads"]) == bulk


REASONED = """
id, createdate, lifecyclestage, disqualification_reason
1,  2026-01-01, lead,           Other
2,  2026-01-01, lead,           Too small
"""
OBJECTS = """
id, createdate, lastmodifieddate, hs_pipeline_stage,        hs_lead_disqualification_reason, hs_primary_contact_id
L1, 2026-02-01, 2026-03-05,       unqualified-stage-id-123, No budget,                       2
L2, 2026-02-01, 2026-03-06,       new-stage-id,             ,                                1
L3, 2026-02-01, 2026-03-07,       connected-stage-id,       ,
"""  # noqa: E501


def test_the_lead_object_has_the_last_word_on_the_reason() -> None:
    contacts = lines(REASONED)
    objects = lines(OBJECTS)
    history = lines(
        """
        lead_id, name,              value,                    timestamp
        L1,      hs_pipeline_stage, qualified_stage_id_9,     2026-02-10
        L1,      hs_pipeline_stage, unqualified-stage-id-123, 2026-03-01
        """
    )
    tables = tables_of(
        hubspot={
            "contact": contacts,
            "lead": objects,
            "lead_contact": lines("lead_id, contact_id\nL1, 1"),
            "lead_property_history": history,
        }
    )
    leads = by(tables, "fct_leads", "lead_id")
    first = leads["hubspot:1"]
    assert str(first["accepted_at"]) == "2026-02-10 00:00:00"
    assert str(first["disqualified_at"]) == "2026-03-01 00:00:00"
    assert first["disqualification_reason"] == "no_budget"
    assert first["disqualification_reason_raw"] == "No budget"
    assert first["inferred_event_count"] == 0
    assert leads["hubspot:2"]["disqualification_reason_raw"] == "Too small"
    assert leads["hubspot:2"]["sales_decision"] is None
    assert fates(tables)["hubspot", "lead"] == "2 0 0 1"
    (unusable,) = tables["quarantined_rows"]
    assert (unusable["raw_id"], unusable["reason"]) == ("hubspot:L3", "no contact")


def test_the_source_property_beats_what_hubspot_found_out() -> None:
    contacts = lines(
        """
        id, createdate, lead_source, hs_analytics_source
        1,  2026-01-01, Webinar,     SOCIAL_MEDIA
        2,  2026-01-01, --None--,    SOCIAL_MEDIA
        3,  2026-01-01, None,        SOCIAL_MEDIA
        """
    )
    leads = by(tables_of(hubspot={"contact": contacts}), "fct_leads", "lead_id")
    sources = {lead: (row["source"], row["source_raw"]) for lead, row in leads.items()}
    assert sources == {
        "hubspot:1": ("webinar", "Webinar"),
        "hubspot:2": ("organic_social", "SOCIAL_MEDIA"),
        "hubspot:3": ("unknown", "None"),
    }


def test_submissions_that_name_no_contact_are_of_who_has_the_e_mail() -> None:
    contacts = lines("id, createdate, email\n201.0, 2026-01-01, ann@x.example\n7, 2026-01-01, ")
    answers = '[{"name": "firstname", "value": "Ann"}, {"name": "email", "value": "Ann@x.example"}]'
    submission = {"formId": "f1", "submittedAt": "1767400000000", "values": answers}
    nameless = submission | {"values": '[{"name": "email", "value": ""}]'}
    raw = {
        "contacts": contacts,
        "forms": lines("id, name\nf1, Pricing"),
        "form_submissions": [dict.fromkeys(submission, ""), submission, nameless],
    }
    tables = tables_of(hubspot=raw)
    (response,) = tables["fct_responses"]
    assert (response["lead_id"], response["offer"]) == ("hubspot:201", "Pricing")
    assert fates(tables)["hubspot", "form_submission"] == "1 0 0 1"
    raw["contacts_form_submissions"] = lines("vid, form_id, timestamp\n7, f1, 2026-01-03")
    assert [row["lead_id"] for row in tables_of(hubspot=raw)["fct_responses"]] == ["hubspot:7"]
