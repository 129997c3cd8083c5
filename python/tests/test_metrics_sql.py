"""What reaches the database: text of a user only as a value, and the statement that is expected."""

from random import Random
from typing import Any

import pytest
from leadsignal import Metrics
from leadsignal.errors import UsageError
from leadsignal.metrics import engine
from manifests import semantic_manifest
from tiny_marts import TinyMarts

HOSTILE = (
    "'", "''", "' or 1 = 1 --", "web'; drop table fct_leads; --", '"', "\\", "\\'", "%", "_",
    "{{ 7 * 7 }}", "{{ Dimension('lead__source') }}", "{% raw %}", "{# x #}", "}}", "{%", "{{",
    "$p0_0", "?", ":a", "/* x */", "-- x", "null", "true", "\n", "\x1b[2J", "Übergröße 🎉",
    "\u2028", "a" * 5000, "read_csv('/etc/passwd')", "${HOME}", "cast(1 as int)", "()", ",", "and",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile() -> TinyMarts:
    """A lead from each hostile source, and one of each hostile campaign."""
    marts = TinyMarts()
    for text in HOSTILE:
        marts.lead(source=text)
        marts.lead(campaign=text)
    return marts


@pytest.mark.parametrize("metric", ["leads", "icp_fit_rate", "median_hours_to_first_touch"])
def test_hostile_text_is_only_a_value(hostile: TinyMarts, metric: str) -> None:
    metrics = Metrics(hostile.con)
    for text in HOSTILE:
        wheres = ({"source": text}, {"campaign": [text, "else"]}, f"source = '{_quoted(text)}'")
        for where in wheres:
            [row] = metrics.query(metric, "source", where).to_pylist()
            assert row["numerator"] == (0 if metric == "icp_fit_rate" else 1), where
            assert row["denominator"] in (1, None), where
            statement = metrics.explain_sql(metric, "source", where)
            assert hostile.con.execute(statement.removesuffix(";")).fetchall()
    everybody = hostile.con.execute("select count(*) from fct_leads").fetchall()
    assert everybody == [(2 * len(HOSTILE),)]


@pytest.fixture(scope="module")
def three() -> Metrics:
    """Three leads of the source web."""
    marts = TinyMarts()
    for _ in range(3):
        marts.lead()
    return Metrics(marts.con)


def test_any_texts_are_only_values(three: Metrics) -> None:
    dice = Random(7)
    for _ in range(60):
        letters = dice.choices("{}%#$'\"\\;-?:()[]*/ \t\n\x00\x7fabé\u2028\U0001f389", k=12)
        where = {"source": ["".join(letters), *dice.choices(["web", "blog"])]}
        [row] = three.query("leads", where=where).to_pylist()
        assert row["value"] == 3 * ("web" in where["source"]), where


@pytest.mark.parametrize(
    "where",
    [
        "lead__source = web",
        "{{ Dimension('lead__source') }} = web",
        "source = web or 1 = 1",
        "lead_id = salesforce:L1",
        "metric_time = 2026-10-01",
        "1 = 1",
        "is_icp_fit = maybe",
        "touch_count > many",
        "created_at > yesterday",
        "month = 2026-13",
        {"source' or 'a": "b"},
        {"": "b"},
        {"start or end": "soon"},
    ],
)
def test_what_no_filter_can_say_is_one_line(three: Metrics, where: Any) -> None:
    with pytest.raises(UsageError) as caught:
        three.query("leads", where=where)
    assert len(caught.value.lines) == 1


def test_any_number_of_values(three: Metrics) -> None:
    where = {
        "source": [f"s{number}" for number in range(300)] + ["web"],
        "crm": ["salesforce", "x"],
    }
    statement = three.explain_sql("leads", where=where)
    assert all(f"'s{number}'" in statement for number in range(300))
    assert three.query("leads", where=where).column("value").to_pylist() == [3]


@pytest.mark.parametrize(
    "where", ["source = web; drop table fct_leads", "source in (select source from fct_leads)"]
)
def test_values_may_have_blanks_and_are_no_sql(three: Metrics, where: str) -> None:
    [row] = three.query("leads", where=where).to_pylist()
    assert row["value"] == 0


@pytest.mark.parametrize(
    "name", ["lead__source", "metric_time", "source; --", "{{ x }}", "source__channel", "lead"]
)
def test_names_are_known_or_refused(three: Metrics, name: str) -> None:
    with pytest.raises(UsageError, match="does not know"):
        three.query("leads", name)
    with pytest.raises(UsageError, match="no metric"):
        three.query(f"{name} leads")


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("is_icp_fit = false and touch_count >= 1", 3),
        ("hours_to_first_touch > 9.5 and hours_to_first_touch < 10.5", 3),
        ("touch_count > 0.5 and touch_count < 1.5", 3),
        ("touch_count = 0.5", 0),
        ("touch_count in (0.5, 1.4)", 0),
        ("touch_count != 0.5", 3),
        ("touch_count <= 1.0 and touch_count in (1, 2)", 3),
        ("created_at >= '2026-10-10 09:00:00'", 3),
        ("created_on = 2026-10-10", 3),
        ("created_month = 2026-10 and week = 2026-10-05", 3),
        ("quarter < 2026-Q4", 0),
        ("sales_decision is empty and source is not empty", 3),
        ("sales_decision != accepted", 3),
        ("owner_type is empty", 3),
    ],
)
def test_values_are_read_as_the_type_of_their_column(
    three: Metrics, where: str, count: int
) -> None:
    assert three.query("leads", where=where).column("value").to_pylist() == [count]
    median = three.query("median_hours_to_first_touch", where=where).to_pylist()
    assert [row["denominator"] for row in median] == [count]


@pytest.mark.parametrize(
    ("name", "value", "counts"),
    [
        # Under < <= > >= = != of the five leads below.
        ("created_on", "2026-10", (1, 4, 1, 4, 3, 2)),
        ("created_at", "2026-10", (1, 4, 1, 4, 3, 2)),
        ("month", "2026-10", (1, 4, 1, 4, 3, 2)),
        ("created_on", "2026-Q4", (1, 5, 0, 4, 4, 1)),
        ("created_at", "2026-Q4", (1, 5, 0, 4, 4, 1)),
        ("month", "2026-Q4", (1, 5, 0, 4, 4, 1)),
        ("created_on", "2026-10-31", (3, 4, 1, 2, 1, 4)),
        ("created_at", "2026-10-31", (3, 4, 1, 2, 1, 4)),
    ],
)
def test_a_day_a_month_and_a_quarter_are_the_whole_of_it(
    name: str, value: str, counts: tuple[int, ...]
) -> None:
    marts = TinyMarts(as_of="2026-12-31 23:59:59")
    for moment in ("09-30 12:00", "10-01 00:00", "10-10 09:00", "10-31 23:59:59", "11-01 00:00"):
        marts.lead(f"2026-{moment}")
    metrics = Metrics(marts.con)

    def found(where: str) -> list[float]:
        median = metrics.query("median_hours_to_first_touch", where=where)
        leads: list[float] = metrics.query("leads", where=where).column("value").to_pylist()
        # Each lead was handed over an hour after its capture, so the periods of the two are others.
        assert name == "month" or median.column("denominator").to_pylist() == leads
        return leads

    operators = ("<", "<=", ">", ">=", "=", "!=")
    assert [found(f"{name} {one} {value}") for one in operators] == [[n] for n in counts]
    assert found(f"{name} in ({value}, 2026-09)") == [counts[4] + 1]


def test_one_plan_serves_whatever_the_values_of_filters_are(three: Metrics) -> None:
    known = engine.planner(semantic_manifest()).known
    three.query("leads", where="created_on = 2026-10 and created_at <= 2026-10 and touch_count = 1")
    plans = list(known)
    assert plans
    three.query(
        "leads", where="created_on = 2026-10-05 and created_at <= 2026-Q4 and touch_count = 3.5"
    )
    assert list(known) == plans


def test_the_statement_of_a_metric(three: Metrics) -> None:
    asked = three.explain_sql(
        "sales_acceptance_rate", ["month", "source"], "campaign = 'it''s'", start="2026-10"
    )
    assert asked == STATEMENT


STATEMENT = """\
select cast("metric_time__month" as DATE) as "month", "lead__source" as "source", \
"handed_over_accepted", "handed_over_decided"
from (
SELECT
  metric_time__month
  , lead__source
  , SUM(handed_over_accepted) AS handed_over_accepted
  , SUM(handed_over_decided) AS handed_over_decided
FROM (
  SELECT
    DATE_TRUNC('day', handed_over_on) AS lead__handed_over_on__day
    , DATE_TRUNC('month', handed_over_on) AS metric_time__month
    , source AS lead__source
    , campaign AS lead__campaign
    , CASE WHEN handed_over_on is not null and accepted_at is not null THEN 1 ELSE 0 END \
AS handed_over_accepted
    , CASE WHEN handed_over_on is not null and (accepted_at is not null or \
sales_decision = 'rejected') THEN 1 ELSE 0 END AS handed_over_decided
  FROM "leadsignal"."marts"."fct_leads" leads_src_10000
) subq_2
WHERE (
  lead__campaign = cast('it''s' as VARCHAR)
) AND (
  lead__handed_over_on__day >= cast('2026-10-01' as DATE)
) AND (
  lead__handed_over_on__day is not null
)
GROUP BY
  metric_time__month
  , lead__source
) as counted;"""


def _quoted(text: str) -> str:
    return text.replace("'", "''")
