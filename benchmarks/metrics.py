"""How long a question to `Metrics` takes, beside plain SQL for the same numbers in the same run.

    python benchmarks/metrics.py [PUBLISHED]

PUBLISHED is a published file or its folder; without it that of the settings. Each question is asked
ROUNDS times in a warm process; a cold start is a fresh Python that imports, opens and asks once.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from leadsignal import Metrics
from leadsignal.metrics.asking import published_path
from leadsignal.warehouse import open_published

ROUNDS = 20
COLD_ROUNDS = 5
COLD = "from leadsignal import Metrics; Metrics.open({path!r}).query('win_rate', 'source')"

QUESTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "leads": (
        {"metrics": "leads"},
        "select count(*) from fct_leads",
    ),
    "leads by month": (
        {"metrics": "leads", "by": "month"},
        "select date_trunc('month', created_on), count(*) from fct_leads group by 1 order by 1",
    ),
    "fit, qualified and acceptance by source and month": (
        {
            "metrics": ["icp_fit_rate", "qualified_rate", "sales_acceptance_rate"],
            "by": ["source", "month"],
        },
        """
        with captured as (
            select source, date_trunc('month', created_on) as month, count(*) as leads,
                count(*) filter (is_icp_fit) as fit, count(*) filter (is_qualified) as qualified
            from fct_leads group by all
        ), handed_over as (
            select source, date_trunc('month', handed_over_on) as month,
                count(*) filter (accepted_at is not null) as accepted,
                count(*) filter (accepted_at is not null or sales_decision = 'rejected') as decided
            from fct_leads where handed_over_on is not null group by all
        )
        select *, fit / leads, qualified / leads, accepted / nullif(decided, 0)
        from captured full join handed_over using (source, month) order by all
        """,
    ),
    "win rate by source": (
        {"metrics": "win_rate", "by": "source"},
        """
        select source, count(*) filter (outcome = 'won'), count(*)
        from fct_opportunities where closed_on is not null and outcome in ('won', 'lost')
        group by all order by all
        """,
    ),
    "pipeline by quarter": (
        {
            "metrics": ["opportunities", "pipeline_amount", "accepted_pipeline_amount"],
            "by": "quarter",
        },
        """
        select date_trunc('quarter', opened_on), count(*), sum(amount),
            sum(amount) filter (is_sales_qualified)
        from fct_opportunities group by all order by all
        """,
    ),
    "cost per opportunity by source": (
        {"metrics": "cost_per_opportunity", "by": "source"},
        """
        select source, sum(spend), sum(opportunities), sum(spend) / nullif(sum(opportunities), 0)
        from lead_quality_by_source group by all order by all
        """,
    ),
    "follow-up by owner, one quarter": (
        {
            "metrics": ["follow_up_completion_rate", "leak_rate"],
            "by": "owner",
            "start": "2026-07",
            "end": "2026-09",
        },
        """
        select owner_id, count(*) filter (is_follow_up_due),
            count(*) filter (is_follow_up_due and is_follow_up_completed), count(*),
            count(*) filter (lead_state in ('ignored', 'stalled'))
        from fct_leads
        where handed_over_on >= date '2026-07-01' and handed_over_on < date '2026-10-01'
            and is_before_activities is not true
        group by all order by all
        """,
    ),
    "qualified rate of paid leads by campaign": (
        {"metrics": "qualified_rate", "by": "campaign", "where": "demand_type = paid"},
        """
        select campaign, count(*) filter (is_qualified), count(*)
        from fct_leads where demand_type = 'paid' group by all order by all
        """,
    ),
    "sales velocity by source": (
        {"metrics": "sales_velocity", "by": "source"},
        """
        select source, count(*), count(*) filter (outcome = 'won'),
            avg(amount) filter (outcome = 'won'), avg(days_to_close) filter (outcome = 'won'),
            count(*) filter (outcome in ('won', 'lost'))
        from fct_opportunities group by all order by all
        """,
    ),
    "median days to close by source": (
        {"metrics": "median_days_to_close", "by": "source"},
        """
        select source, count(*), median(days_to_close)
        from fct_opportunities group by all order by all
        """,
    ),
}


def main(target: str | None) -> None:
    """Print the table."""
    path = published_path(target)
    metrics, con = Metrics.open(path), open_published(path)
    print(f"{'question':50} {'p50 ms':>8} {'p95 ms':>8} {'plain SQL p50':>14} {'ratio':>6}")
    every: list[float] = []
    for name, (question, sql) in QUESTIONS.items():
        asked = _timed(lambda question=question: metrics.query(**question))
        plain = _timed(lambda sql=sql: con.execute(sql).fetchall())
        every += asked
        times = f"{_p(asked, 50):8.1f} {_p(asked, 95):8.1f} {_p(plain, 50):14.1f}"
        print(f"{name:50} {times} {_p(asked, 50) / _p(plain, 50):6.1f}")
    print(f"{'all':50} {_p(every, 50):8.1f} {_p(every, 95):8.1f}")
    command = [sys.executable, "-c", COLD.format(path=str(path))]
    cold = _timed(lambda: subprocess.run(command, check=True), COLD_ROUNDS, warm_up=0)
    print(f"cold start (python, import, open, first query): {_p(cold, 50) / 1000:.2f} s")


def _timed(run: Callable[[], object], rounds: int = ROUNDS, warm_up: int = 1) -> list[float]:
    """Milliseconds of each round."""
    for _ in range(warm_up):
        run()
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        found.append(1000 * (time.perf_counter() - started))
    return found


def _p(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
