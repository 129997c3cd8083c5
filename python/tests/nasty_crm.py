"""A published set whose every name is an attack, or hard to set in type."""

from collections.abc import Sequence
from datetime import date

from tiny_marts import TinyMarts

NAMES = (
    "<script>alert(1)</script>",
    "</script>",
    "</style></title></svg>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "{% raw %}",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "]]>&lt;b&gt;",
    "__proto__",
    "datum['x'] \\",
    "long " * 60,
    "x" * 400,
    "مصدر العملاء",
    "🦊 fox",
    "tab\tand\x00control\x0b",
)
MONTHS = (date(2026, 9, 1), date(2026, 10, 1))


def nasty_crm(names: Sequence[str] = NAMES) -> TinyMarts:
    """Sources, campaigns, queues, reasons, stages, raw values and warnings of these names."""
    marts = TinyMarts(build_id=names[3], definition_version=names[0], warnings="\n".join(names[:6]))
    for place, name in enumerate(names):
        for _ in range(6 + place):
            marts.accepted(
                source=name,
                campaign=name,
                offer=name,
                stage="opportunity",
                owner_id=f"queue {place}",
            )
            marts.rejected(name, name, source=name, campaign=name, offer=name)
        _counted(marts, place, name)
        marts.deal(source=name, outcome="won", closed_at="2026-10-20 10:00:00", days_to_close=8.0)
        _visited(marts, place, name)
        marts.insert("unmapped_values", crm="salesforce", field=name, raw_value=name, rows=3,
                     seed="lead_sources", treated_as="unknown")  # fmt: skip
    return marts


def _counted(marts: TinyMarts, place: int, name: str) -> None:
    for month in MONTHS:
        marts.insert("lead_quality_by_source", created_month=month, source=name, leads=20 + place,
                     mature_leads=10, mature_opportunity_leads=3)  # fmt: skip
        marts.insert("disqualification_by_source", decision_month=month, source=name, reason=name,
                     issue=name, leads=6 + place)  # fmt: skip
    marts.insert("dim_owners", owner_id=f"queue {place}", owner_type="queue", queue_name=name)


def _visited(marts: TinyMarts, place: int, name: str) -> None:
    for outcome, days in (("won", 3.0), ("lost", 9.0)):
        marts.insert("fct_opportunity_stages", opportunity_id=f"salesforce:{outcome}{place}",
                     stage=name, stage_order=place, visit_number=1, days_in_stage=days,
                     entered_at="2026-09-20 10:00:00", outcome=outcome)  # fmt: skip
