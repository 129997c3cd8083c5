"""Published sets as earlier versions left them: a set of today without what came later."""

from pathlib import Path

import duckdb
from kept_sets import publish
from tiny_marts import TinyMarts

FRESHNESS = ("crm_freshness", "definition_history")
METRICS = (
    *("semantic_manifest", "scorecard_history", "lead_versions", "opportunity_versions"),
    *("advice_history", "targets", "fct_touches", "lead_velocity_by_source"),
    *("engaged_untied_contacts", "fct_leads.created_on", "fct_leads.handed_over_on"),
    *("fct_leads.accepted_on", "fct_leads.rejected_on", "fct_leads.lead_score"),
    *("fct_leads.score_band", "fct_leads.offer_intent", "fct_leads.industry"),
    *("fct_leads.country_code", "fct_leads.company_size", "fct_opportunities.campaign"),
    *("fct_opportunities.offer", "fct_opportunities.industry", "fct_opportunities.country_code"),
    *("fct_opportunities.company_size", "fct_opportunities.is_sales_qualified"),
    *("fct_opportunities.opened_on", "fct_opportunities.is_mature"),
)
OTHER_CRMS = (
    *("contact_coverage_by_owner", "row_profile", "set_aside_records", "fct_lead_stages.is_bulk"),
    *("fct_leads.is_first_touch_inferred", "fct_leads.business_hours_to_first_touch"),
    *("fct_leads.is_before_activities", "fct_leads.has_bulk_changes"),
    *("fct_opportunities.currency_rate", "fct_opportunities.currency_rate_on"),
    *("fct_opportunities.closed_on", "follow_up_by_owner.median_business_hours_to_first_touch"),
    *("follow_up_by_owner.follow_up_grade", "lead_quality_by_source.follow_up_grade"),
    *("publication.reporting_timezone", "publication.reporting_currency"),
    *("publication.min_sample", "publication.follow_up_sla_hours"),
    *("publication.conversion_horizon_days", "row_accounting.record_kind"),
    *("win_rate_by_source.linked_won", "win_rate_by_source.linked_lost"),
    "win_rate_by_source.linked_win_rate",
)
FIRST = "salesforce:L1"
AGES = {
    "the metrics layer": FRESHNESS,
    "several CRMs": (*FRESHNESS, *METRICS),
    "the first version": (*FRESHNESS, *METRICS, *OTHER_CRMS),
}
"""What a set published at that time did not have, all of contract 1.0."""


def aged(marts: TinyMarts, file: Path, age: str) -> Path:
    """The set as a file of that age, with the verdicts of its first lead."""
    marts.insert("fct_lead_verdicts", lead_id=FIRST)
    publish(marts, file)
    with duckdb.connect(file) as con:
        for name in AGES[age]:
            table, _, column = name.partition(".")
            what = f"alter table marts.{table} drop column {column}" if column else ""
            con.execute(what or f"drop table marts.{table}")
    return file


def of_contract(marts: TinyMarts, file: Path, version: str) -> Path:
    """The set as a leadsignal of that contract says it has published it."""
    publish(marts, file)
    with duckdb.connect(file) as con:
        con.execute("update marts.publication set contract_version = ?", [version])
    return file
