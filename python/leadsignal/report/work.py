"""The work and its record: who follows up, what the CRM can answer, what the audit says."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from leadsignal.facts import Facts
from leadsignal.metrics.questions import FOLLOW_UP
from leadsignal.report.content import Chart, Column, Section, Table, counts, percents, tabled
from leadsignal.report.demand import window
from leadsignal.scorecard.counting import Tally, records
from leadsignal.scorecard.figures import Figure, counted

if TYPE_CHECKING:
    import duckdb

GROUPS_SQL = """
    select
        {month} as month,
        case
            when owner_id is null then 'nobody'
            when owner_type = 'queue' then 'queue ' || coalesce(queue_name, owner_id)
            when owner_type is null or owner_type = 'unknown'
                then 'owners not in the list of users'
            when is_active is false then 'owners no longer active'
            else 'active owners'
        end as owners,
        nullif(count(distinct owner_id), 0) as group_size,
        count(*) as handed_over,
        count(*) filter (is_follow_up_due) as due,
        count(first_touch_at) as touched,
        count(*) filter (is_follow_up_due and is_follow_up_completed) as followed_up,
        count(*) filter (lead_state = 'ignored') as ignored
    from fct_leads left join dim_owners using (owner_id)
    where handed_over_on >= $first and handed_over_on < $ends_on
        and is_before_activities is not true
    group by all
    order by month desc, handed_over desc, owners
"""
BY_MONTH, TOGETHER = "strftime(handed_over_on, '%Y-%m')", "null"
UNMAPPED_SQL = "select * from unmapped_values order by rows desc, crm, field, raw_value"
ACCOUNTS_SQL = "select * from row_accounting order by crm, raw_table"
VERDICTS = {True: "holds", False: "broken", None: "not enough to judge"}


def follow_up(con: "duckdb.DuckDBPyConnection", facts: Facts) -> Section:
    """What each group of owners did with the leads handed to it in the period, and in each month.

    As the follow-up completion rate, without leads from before the CRM's first activity.
    """
    title, period = "Follow-up, by group of owners", facts.period
    doubted = ("followed_up", "touched", "ignored") if not facts.is_trusted(FOLLOW_UP) else ()
    notes = [facts.trust[FOLLOW_UP].sentence] if doubted else []
    if left_out := facts.follow_up["before_activities"]:
        leads = "1 lead is" if left_out == 1 else f"{left_out:,} leads are"
        notes.append(
            f"{leads} left out: handed over before the first activity that the CRM still has."
        )
    by_month = tabled(
        "follow_up_by_month",
        "Follow-up by month of handover and group of owners",
        (Column("month", "Handed over in", "month"), *_GROUPS),
        _groups(con, facts, BY_MONTH, window(period)),
        doubted,
    )
    now = _groups(con, facts, TOGETHER, {"first": period.start, "ends_on": period.end})
    if not now:
        nothing = f"No lead with follow-up on record was handed to sales in {period.words}."
        tables = (by_month,) if by_month.rows else ()
        return Section("follow_up", title, (nothing, *notes), (), tables)
    caption = f"Follow-up of leads handed over in {period.words}"
    table = tabled("follow_up", caption, _GROUPS, now, doubted)
    if doubted:
        return Section("follow_up", title, tuple(notes), (), (table, by_month))
    done = facts.card.row("follow_up_completion_rate")
    figure = Figure(done.value, done.numerator, done.denominator, done.low, done.high,
                    done.is_small_sample)  # fmt: skip
    said = (
        f"Of the leads handed over in {period.words} and due, {counts(figure)}{percents(figure)} "
        "were followed up to the end."
    )
    chart = Chart("follow_up", "Due leads that were followed up to the end", said, table)
    return Section("follow_up", title, (said, *notes), (chart,), (by_month,))


def _groups(
    con: "duckdb.DuckDBPyConnection", facts: Facts, month: str, days: Mapping[str, date]
) -> list[dict[str, Any]]:
    least = facts.published.min_sample
    found = records(con, GROUPS_SQL.format(month=month), days)
    return [_worked(row, least) for row in found]


def _worked(row: Mapping[str, Any], least: int) -> dict[str, Any]:
    handed_over, due = row["handed_over"], row["due"]
    return dict(row) | {
        "followed_up": counted("rate", Tally(row["followed_up"], due), least),
        "touched": counted("rate", Tally(row["touched"], handed_over), least),
        "ignored": counted("rate", Tally(row["ignored"], handed_over), least),
    }


def trust(con: "duckdb.DuckDBPyConnection", facts: Facts) -> Section:
    """What share of the CRM's rows can answer each question, and what to mend."""
    known = sorted(facts.trust.values(), key=lambda grade: grade.question_order)
    rows = [
        {
            "question": one.question,
            "answerable": _share(one.answerable_rows, one.rows),
            "grade": one.grade,
            "missing": one.missing or "",
        }
        for one in known
    ]
    low = [one.question for one in known if one.is_low]
    said = (
        f"Not answerable for enough rows: {'; '.join(low)}. Nothing is advised on these."
        if low
        else "Every question can be answered for enough rows."
    )
    asked = tabled("trust", "Questions and how many rows can answer them", _TRUST, rows,
                   is_open=True)  # fmt: skip
    tables = [
        tabled("unmapped", "Values without a mapping: they count as unknown", _UNMAPPED,
               records(con, UNMAPPED_SQL)),
        tabled("accounting", "What became of each raw row", _ACCOUNTS, records(con, ACCOUNTS_SQL)),
    ]  # fmt: skip
    charts = (Chart("trust", "Rows that can answer each question", said, asked),) if rows else ()
    return Section(
        "trust",
        "How far the CRM can be trusted",
        (said,),
        charts,
        tuple(table for table in tables if table.rows),
    )


def _share(part: int, whole: int) -> Figure:
    """A share of all rows there are: nothing was sampled, so it has no interval."""
    return Figure(part / whole if whole else None, part, whole)


def audit(result: Mapping[str, Any] | None) -> Section:
    """What the audit of this build judged; `result` is its audit.json."""
    title = "The audit"
    if result is None:
        words = "The result of this build's audit is not available here."
        return Section("audit", title, (words,))
    rules = [
        {
            "rule": one.get("sentence") or one.get("line") or "",
            "severity": one.get("severity"),
            "verdict": VERDICTS[None if one.get("skipped") else bool(one.get("success"))],
            "observed": one.get("observed") or "",
            "what_to_do": "" if one.get("success") else one.get("what_to_do") or "",
        }
        for one in result.get("results", ())
    ]
    rules.sort(key=lambda rule: list(VERDICTS.values()).index(rule["verdict"]) != 1)
    broken = [rule for rule in rules if rule["verdict"] == VERDICTS[False]]
    judged = sum(rule["verdict"] != VERDICTS[None] for rule in rules)
    said = (
        f"{judged - len(broken):,} of {judged:,} rules that could be judged hold, "
        f"{len(broken):,} {'is' if len(broken) == 1 else 'are'} broken."
    )
    tables: list[Table] = []
    if broken:
        tables.append(tabled("audit_broken", "Broken rules", _RULES, broken, is_open=True))
    tables.append(tabled("audit", "Every rule", _RULES, rules))
    return Section("audit", title, (said,), (), tuple(tables))


_GROUPS = (
    Column("owners", "Owners", "text"),
    Column("group_size", "How many"),
    Column("handed_over", "Handed over"),
    Column("due", "Due"),
    Column("followed_up", "Followed up to the end, of due", "rate"),
    Column("touched", "Touched, of handed over", "rate"),
    Column("ignored", "Ignored, of handed over", "rate"),
)
_TRUST = (
    Column("question", "Question", "text"),
    Column("answerable", "Rows that answer", "rate"),
    Column("grade", "Grade", "text"),
    Column("missing", "What is missing", "text"),
)
_UNMAPPED = (
    Column("crm", "CRM", "text"),
    Column("field", "Field", "text"),
    Column("raw_value", "Value", "text"),
    Column("rows", "Rows"),
    Column("treated_as", "Counts as", "text"),
    Column("seed", "Add it to", "text"),
)
_ACCOUNTS = (
    Column("crm", "CRM", "text"),
    Column("raw_table", "Raw table", "text"),
    Column("raw_rows", "Raw rows"),
    Column("used_rows", "Used"),
    Column("merged_rows", "Merged"),
    Column("excluded_rows", "Excluded"),
    Column("quarantined_rows", "Quarantined"),
)
_RULES = (
    Column("rule", "Rule", "text"),
    Column("severity", "Severity", "text"),
    Column("verdict", "Verdict", "text"),
    Column("observed", "Observed", "text"),
    Column("what_to_do", "What to do", "text"),
)
