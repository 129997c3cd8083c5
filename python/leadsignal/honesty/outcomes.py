"""How many of the deals that were opened are won in the end, by their age."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from leadsignal.errors import UsageError

if TYPE_CHECKING:
    import duckdb
    import pyarrow

OPEN, WON, LOST = range(3)
BY = ("source", "channel", "demand_type", "origin", "owner_id", "crm")
DEALS_SQL = """
    select
        {segment} as segment,
        case outcome when 'won' then {won} when 'lost' then {lost} else {open} end as ending,
        case
            when outcome in ('won', 'lost') then days_to_close
            else epoch((select as_of from publication) - created_at) / 86400
        end as days
    from fct_opportunities
"""


def win_rate_over_time(
    con: "duckdb.DuckDBPyConnection", by: str | None = None, days: Sequence[int] = (30, 60, 90, 180)
) -> "pyarrow.Table":
    """The share of opened deals that are won within so many days, by segment and number of days.

    A lost deal is a competing outcome, an open one is censored at `as_of` (Aalen and Johansen), so
    young deals count as far as they go. Columns: segment, days, deals, won and lost (by then),
    followed (deals closed by then or watched that long), win_rate and loss_rate (0 to 1; null where
    no deal was watched that long), low and high (95%, of win_rate), left_out (deals whose dates
    contradict) and is_small_sample. Raises UsageError for an unknown `by`.
    """
    import pyarrow

    if by is not None and by not in BY:
        raise UsageError(f"Deals are not told apart by '{by}'.", f"Use one of: {', '.join(BY)}.")
    [(min_sample,)] = con.execute("select min_sample from publication").fetchall()
    segment = "'all'" if by is None else f"coalesce({by}, 'none')"
    sql = DEALS_SQL.format(segment=segment, won=WON, lost=LOST, open=OPEN)
    deals: dict[str, list[tuple[int, float | None]]] = defaultdict(list)
    for name, ending, lasted in con.execute(sql).fetchall():
        deals[name].append((ending, lasted))
    rows = [
        row
        for name in sorted(deals, key=lambda name: (-len(deals[name]), name))
        for row in _rows(name, deals[name], days, min_sample)
    ]
    return pyarrow.Table.from_pylist(rows, schema=_schema())


def _rows(
    name: str, deals: list[tuple[int, float | None]], days: Sequence[int], min_sample: int
) -> list[dict[str, Any]]:
    from leadsignal.honesty.survival import cumulative_incidence

    known = [(ending, lasted) for ending, lasted in deals if lasted is not None and lasted >= 0]
    times, endings = [lasted for _, lasted in known], [ending for ending, _ in known]
    wins = cumulative_incidence(times, endings, WON, days)
    losses = cumulative_incidence(times, endings, LOST, days)
    rows = []
    for day, win, loss in zip(days, wins, losses, strict=True):
        by_then = [ending for ending, lasted in known if ending != OPEN and lasted <= day]
        followed = sum(ending != OPEN or lasted >= day for ending, lasted in known)
        rows.append(
            {
                "segment": name,
                "days": day,
                "deals": len(known),
                "won": by_then.count(WON),
                "lost": by_then.count(LOST),
                "followed": followed,
                "win_rate": win.value,
                "low": win.low,
                "high": win.high,
                "loss_rate": loss.value,
                "left_out": len(deals) - len(known),
                "is_small_sample": followed < min_sample,
            }
        )
    return rows


def _schema() -> Any:
    import pyarrow

    counts = ("days", "deals", "won", "lost", "followed")
    rates = ("win_rate", "low", "high", "loss_rate")
    return pyarrow.schema(
        [
            ("segment", pyarrow.string()),
            *((name, pyarrow.int64()) for name in counts),
            *((name, pyarrow.float64()) for name in rates),
            ("left_out", pyarrow.int64()),
            ("is_small_sample", pyarrow.bool_()),
        ]
    )
