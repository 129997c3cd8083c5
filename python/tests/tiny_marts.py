"""Small published sets made by hand: tables of the YAML contracts with the rows a test names."""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import yaml
from leadsignal.periods import local_day
from manifests import semantic_manifest

MARTS = Path(__file__).parents[2] / "models" / "marts"
ZERO = {"varchar": "", "boolean": False, "integer": 0, "bigint": 0, "double": 0.0}
QUESTIONS = (
    "where did it come from",
    "what did they respond to",
    "does it match the profile",
    "did sales accept or reject",
    "if rejected, why",
    "was follow-up completed",
    "did it become an opportunity",
    "if not, what was the issue",
    "which contacts belong to the deal",
    "what did it cost",
)
SETTINGS: dict[str, Any] = {
    "build_id": "b",
    "reporting_timezone": "UTC",
    "reporting_currency": "USD",
    "min_sample": 30,
    "follow_up_sla_hours": 24,
    "conversion_horizon_days": 90,
}
DAYS = {
    "created_on": "created_at",
    "handed_over_on": "handed_over_at",
    "accepted_on": "accepted_at",
    "rejected_on": "rejected_at",
    "opened_on": "created_at",
}
"""The day of a moment in the reporting time zone; a test names the moment alone."""


class TinyMarts:
    """An in-memory published set; `con` reads it as `warehouse.open_published` would."""

    def __init__(self, as_of: str = "2026-10-31 23:59:59", **publication: Any) -> None:
        self.columns = {name: dict(columns) for name, columns in _contract().items()}
        self.database = duckdb.connect()
        # As the published file is attached: the SQL of the metrics names the catalog.
        self.database.execute("attach ':memory:' as leadsignal; create schema leadsignal.marts")
        self.database.execute("use leadsignal.marts")
        self.waiting: dict[str, list[dict[str, Any]]] = {}
        self.counter = 0
        self.campaigns: dict[str, dict[str, Any]] = {}
        for table, columns in self.columns.items():
            listed = ", ".join(f'"{name}" {kind}' for name, (kind, _) in columns.items())
            self.database.execute(f"create table {table} ({listed})")
        self.database.execute("create table semantic_manifest (json varchar)")
        self.database.execute("insert into semantic_manifest values (?)", [semantic_manifest()])
        self.timezone = str((SETTINGS | publication)["reporting_timezone"])
        self.insert("publication", **SETTINGS | {"as_of": as_of, "built_at": as_of} | publication)
        for order, question in enumerate(QUESTIONS, 1):
            self.insert(
                "crm_trust",
                question=question,
                question_order=order,
                grade="high",
                rows=100,
                answerable_rows=100,
                answerable_rate=1.0,
            )

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The connection, with every row in its table."""
        for table, rows in self.waiting.items():
            columns = {name: [row.get(name) for row in rows] for name in self.columns[table]}
            batch = pyarrow.table(columns)
            self.database.register("batch", batch)
            self.database.execute(f"insert into {table} by name select * from batch")
            self.database.unregister("batch")
        self.waiting = {}
        return self.database

    def insert(self, table: str, **values: Any) -> None:
        """One row; a column that may not be null gets the zero of its type."""
        zeros = {
            name: ZERO[kind]
            for name, (kind, is_required) in self.columns[table].items()
            if is_required and kind in ZERO
        }
        said = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
        }
        for day, moment in DAYS.items():
            if day in self.columns[table] and day not in said and (at := said.get(moment)):
                said[day] = local_day(datetime.fromisoformat(str(at)), self.timezone).isoformat()
        assert said.keys() <= self.columns[table].keys(), said.keys() - self.columns[table].keys()
        self.waiting.setdefault(table, []).append(zeros | said)

    def distrust(self, order: int, missing: str = "It is hardly ever filled.") -> None:
        """Lets the CRM answer question `order` for one row in ten."""
        self.con.execute(
            "update crm_trust set grade = 'low', answerable_rows = 10, answerable_rate = 0.1,"
            " missing = ? where question_order = ?",
            [missing, order],
        )

    def lead(self, created_at: str = "2026-10-10 09:00:00", **values: Any) -> str:
        """One lead, handed over an hour after its capture and touched after ten, unless told."""
        self.counter += 1
        at = datetime.fromisoformat(created_at)
        lead_id = f"salesforce:L{self.counter}"
        row = {
            "lead_id": lead_id, "crm": "salesforce", "created_at": at,
            "created_month": at.date().replace(day=1), "source": "web", "channel": "website",
            "demand_type": "organic", "fit_verdict": "fail", "pain_verdict": "unknown",
            "timing_verdict": "unknown", "authority_verdict": "unknown",
            "next_step_verdict": "unknown", "handed_over_at": at + timedelta(hours=1),
            "first_touch_at": at + timedelta(hours=11), "hours_to_first_touch": 10.0,
            "touch_count": 1, "is_follow_up_due": True, "is_follow_up_completed": True,
            "lead_state": "working", "lifecycle_stage": "handed_over",
        } | values  # fmt: skip
        row.setdefault("opportunity_count", int(row.get("opportunity_at") is not None))
        self.insert("fct_leads", **row)
        self.campaigns[lead_id] = {name: row.get(name) for name in ("campaign", "offer")}
        return lead_id

    def forgotten(self, created_at: str = "2026-10-10 09:00:00", **values: Any) -> str:
        """A lead handed over before the CRM's first activity on record: it looks ignored."""
        nothing = {"first_touch_at": None, "hours_to_first_touch": None, "touch_count": 0}
        state = {"lead_state": "ignored", "is_follow_up_completed": False}
        return self.lead(created_at, is_before_activities=True, **(nothing | state | values))

    def rejected(
        self, reason: str, issue: str, created_at: str = "2026-10-10 09:00:00", **more: Any
    ) -> None:
        """A lead that sales declined three days after its capture."""
        at = datetime.fromisoformat(created_at) + timedelta(days=3)
        self.lead(
            created_at,
            rejected_at=at,
            sales_decision="rejected",
            disqualification_reason=reason,
            disqualification_issue=issue,
            is_vague_rejection=issue == "unstated",
            lead_state="bad_fit" if issue == "fit" else "disqualified",
            **more,
        )

    def accepted(
        self, created_at: str = "2026-10-10 09:00:00", *, stage: str = "accepted", **more: Any
    ) -> str:
        """A fitting lead that sales took, as far as accepted, conversation or opportunity."""
        at = datetime.fromisoformat(created_at) + timedelta(days=2)
        reached = ("accepted", "conversation", "opportunity").index(stage)
        values = {
            "is_target_market": True,
            "is_icp_fit": True,
            "fit_verdict": "pass",
            "is_qualified": True,
            "accepted_at": at,
            "sales_decision": "accepted",
            "lead_state": stage,
            "lifecycle_stage": stage,
            "first_conversation_at": at + timedelta(days=1) if reached > 0 else None,
            "opportunity_at": at + timedelta(days=2) if reached > 1 else None,
            "outcome": "open" if reached > 1 else None,
        }
        return self.lead(created_at, **(values | more))

    def deal(self, created_at: str = "2026-10-12 09:00:00", **values: Any) -> None:
        """One open deal that nobody linked, unless told."""
        self.counter += 1
        at = datetime.fromisoformat(created_at)
        closed_at = values.get("closed_at")
        row = {
            "opportunity_id": f"salesforce:O{self.counter}",
            "closed_on": date.fromisoformat(closed_at[:10]) if closed_at else None,
            "crm": "salesforce",
            "source": "web",
            "channel": "website",
            "demand_type": "organic",
            "origin": "marketing",
            "created_at": at,
            "outcome": "open",
        } | values
        of_its_lead = self.campaigns.get(str(values.get("lead_id")), {})
        self.insert("fct_opportunities", **(of_its_lead | row))

    def spend(self, month: str, **amounts: float) -> None:
        """The rows of lead_quality_by_source of a month, with what each source is known to cost."""
        found = self.con.execute(
            "select source, count(*), count(*) filter (is_icp_fit),"
            " count(*) filter (opportunity_count > 0)"
            " from fct_leads where created_month = ? group by source",
            [month],
        ).fetchall()
        for source, leads, fit, deals in found:
            self.insert(
                "lead_quality_by_source",
                created_month=month,
                source=source,
                leads=leads,
                icp_fit_leads=fit,
                opportunities=deals,
                spend=amounts.get(source),
            )


def fifty_leads() -> TinyMarts:
    """A month of 50 leads: 26 in the market, 18 fit, 12 accepted, 8 talked, 4 deals, 2 strong."""
    marts = TinyMarts()
    social = {"source": "paid_social", "demand_type": "paid", "campaign": "Ebook: 50 growth hacks"}
    search = {"source": "paid_search", "demand_type": "paid", "campaign": "Search: crm consulting"}
    organic = {"source": "organic_search", "campaign": "Buyer readiness page"}
    referral = {
        "source": "customer_referral",
        "demand_type": "referral",
        "campaign": "Referral campaign",
    }
    webinar = {"source": "webinar", "demand_type": "event", "campaign": "Webinar: pipeline reviews"}
    fits = {"is_target_market": True, "is_icp_fit": True, "fit_verdict": "pass"}
    for count, where in ((11, social), (5, search), (1, organic), (1, referral), (4, webinar)):
        for _ in range(count):
            marts.rejected("outside_target_market", "fit", **where)
    for count, where in ((4, social), (2, search), (1, webinar)):
        for _ in range(count):
            marts.rejected("company_too_small", "fit", is_target_market=True, **where)
    for _ in range(2):
        marts.rejected("wrong_industry", "fit", **social)
    marts.rejected("not_a_buyer", "fit", is_target_market=True, **social)
    marts.rejected("no_authority", "authority", **fits, **social)
    marts.rejected("no_authority", "authority", **fits, **webinar)
    marts.rejected("no_budget", "authority", **fits, **search)
    marts.rejected("unstated", "unstated", **fits, **search)
    marts.rejected("too_early", "timing", **fits, **organic)
    marts.lead(lead_state="ignored", first_touch_at=None, hours_to_first_touch=None, touch_count=0,
               is_follow_up_completed=False, **fits, **webinar)  # fmt: skip
    for where in (social, search, organic, webinar):
        marts.accepted(**where)
    for where in (organic, organic, referral, referral):
        marts.accepted(stage="conversation", **where)
    for is_strong in (True, False):
        for where in (organic, referral):
            marts.accepted(stage="opportunity", is_strong_pipeline=is_strong, **where)
            marts.deal(source=where["source"], is_strong_pipeline=is_strong, contact_count=1)
    marts.spend("2026-10-01", paid_social=12000, paid_search=6000, customer_referral=500,
                webinar=1500)  # fmt: skip
    return marts


@cache
def _contract() -> dict[str, dict[str, tuple[str, bool]]]:
    """Table -> column -> (type, whether it may not be null)."""
    tables = {}
    for file in sorted(MARTS.glob("*/_*__models.yml")):
        for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]:
            tables[model.get("config", {}).get("alias", model["name"])] = {
                column["name"]: (column["data_type"], "constraints" in column)
                for column in model["columns"]
            }
    return tables
