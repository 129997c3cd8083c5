"""The work and its record: who follows up, what the CRM can answer, what the audit says."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from leadsignal.facts import Facts
from leadsignal.metrics.questions import FOLLOW_UP
from leadsignal.report.content import Chart, Column, Section, Table, counts, percents, tabled
from leadsignal.report.demand import month_words, months_of, window
from leadsignal.scorecard.counting import Tally, records
from leadsignal.scorecard.figures import Figure, counted

if TYPE_CHECKING:
    import duckdb

GROUPS_SQL = """
    select
        strftime(handed_over_month, '%Y-%m') as month,
        case
            when owner_id = 'unassigned' then 'nobody'
            when owner_type = 'queue' then 'queue ' || coalesce(queue_name, owner_id)
            when owner_type is null then 'owners not in the list of users'
            when is_active then 'active owners'
            else 'owners no longer active'
        end as owners,
        count(distinct owner_id) as group_size,
        sum(handed_over_leads)::bigint as handed_over,
        sum(due_leads)::bigint as due,
        sum(touched_leads)::bigint as touched,
        sum(followed_up_leads)::bigint as followed_up,
        sum(ignored_leads)::bigint as ignored,
        follow_up_grade = 'unusable' as is_unusable
    from follow_up_by_owner left join dim_owners using (owner_id)
    where handed_over_month >= $first and handed_over_month < $ends_on
    group by all
    order by month desc, handed_over desc, owners
"""
UNMAPPED_SQL = "select * from unmapped_values order by rows desc, crm, field, raw_value"
ACCOUNTS_SQL = "select * from row_accounting order by crm, raw_table"
VERDICTS = {True: "holds", False: "broken", None: "not enough to judge"}
ADDED = ("handed_over", "due", "touched", "followed_up", "ignored")


def follow_up(con: "duckdb.DuckDBPyConnection", facts: Facts) -> Section:
    """What each group of owners did with the leads handed to it, by the month of the handover."""
    title = "Follow-up, by group of owners"
    months, when = months_of(facts.period), month_words(facts.period)
    least = facts.published.min_sample
    found = records(con, GROUPS_SQL, window(facts.period))
    usable = [row for row in found if not row["is_unusable"]]
    left_out = sum(row["due"] for row in found if row["is_unusable"] and row["month"] in months)
    doubted = ("followed_up", "touched", "ignored") if not facts.is_trusted(FOLLOW_UP) else ()
    by_month = tabled(
        "follow_up_by_month",
        "Follow-up by month of handover and group of owners",
        (Column("month", "Handed over in", "month"), *_GROUPS),
        [_worked(row, least) for row in usable],
        doubted,
    )
    notes = [facts.trust[FOLLOW_UP].sentence] if doubted else []
    if left_out:
        gone = "the CRM's activities of their time are gone"
        notes.append(f"{left_out:,} due leads are left out: {gone}.")
    now = _added([row for row in usable if row["month"] in months])
    if not now:
        nothing = f"No lead with follow-up on record was handed to sales in {when}."
        return Section("follow_up", title, (nothing, *notes), (), (by_month,) if usable else ())
    table = tabled(
        "follow_up",
        f"Follow-up of leads handed over in {when}",
        _GROUPS,
        [_worked(row, least) for row in now],
        doubted,
    )
    total = {name: sum(row[name] for row in now) for name in ADDED}
    done = counted("rate", Tally(total["followed_up"], total["due"]), least)
    said = (
        f"Of the leads handed over in {when} and due, {counts(done)}{percents(done)} were followed "
        "up to the end."
    )
    if doubted:
        return Section("follow_up", title, tuple(notes), (), (table, by_month))
    chart = Chart("follow_up", "Due leads that were followed up to the end", said, table)
    return Section("follow_up", title, (said, *notes), (chart,), (by_month,))


def _added(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The months of a period together, a row for each group."""
    groups: dict[str, dict[str, Any]] = {}
    for row in rows:
        group = groups.setdefault(row["owners"], {"owners": row["owners"], "group_size": 0})
        # An owner with leads in several months is one owner.
        group["group_size"] = max(group["group_size"], row["group_size"])
        for name in ADDED:
            group[name] = group.get(name, 0) + row[name]
    return sorted(groups.values(), key=lambda group: (-group["handed_over"], group["owners"]))


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
