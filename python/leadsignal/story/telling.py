"""The story of one period, in paragraphs, from the published tables alone.

Every sentence is a fact that was counted, a difference that a test found, or a limit of both, and
carries the queries that it rests on.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from leadsignal import advice, standing
from leadsignal.errors import UsageError
from leadsignal.evidence import Sentence, written
from leadsignal.facts import Facts, gather
from leadsignal.metrics.filters import Where
from leadsignal.standing import Comparison
from leadsignal.story import (
    advising,
    changes,
    common,
    conversions,
    costs,
    cut,
    deals,
    failures,
    funnel,
    limits,
    owners,
    work,
)
from leadsignal.story import sources as by_source
from leadsignal.story.told import Story

if TYPE_CHECKING:
    import duckdb

LEADERSHIP, MARKETING, SALES = AUDIENCES = ("leadership", "marketing", "sales")


def story(
    con: "duckdb.DuckDBPyConnection",
    period: str = "month",
    as_of: str | date | datetime | None = None,
    audience: str = LEADERSHIP,
    where: Where = None,
) -> Story:
    """The story of the last period that is complete at `as_of`.

    `audience` is leadership (one page), marketing (sources, campaigns, offers, costs) or sales
    (reasons, follow-up, owners by their id). `where` cuts it to some leads, such as
    'source = webinar' (see `cut`); every comparison is then made inside the cut. Raises UsageError
    for an unknown `period`, `audience`, cut or value in it, or an `as_of` later than the build's.
    """
    if audience not in AUDIENCES:
        raise UsageError(
            f"There is no story for '{audience}'.", f"Use one of: {', '.join(AUDIENCES)}."
        )
    which = cut.parsed(where)
    if audience != SALES and any(one.name == "owner" for one in which):
        raise UsageError(
            f"The story for {audience} is not cut by owner.",
            "Only the sales manager's is: use the audience sales.",
        )
    cut.check_values(con, which)
    with cut.inside(con, which) as inner:
        facts = gather(inner, period, as_of, which)
        paragraphs = [tuple(each) for each in _paragraphs(inner, facts, audience)]
    return Story(
        period=facts.period,
        as_of=facts.published.as_of,
        audience=audience,
        cut=" and ".join(map(written, which)),
        paragraphs=tuple(each for each in paragraphs if each),
    )


def _paragraphs(
    con: "duckdb.DuckDBPyConnection", facts: Facts, audience: str
) -> Iterator[Iterable[Sentence]]:
    sources = standing.compare(facts.cuts["source"], facts.funnel, facts.published.min_sample)
    yield funnel.funnel(facts)
    if audience == LEADERSHIP or facts.is_of_deals_alone:
        yield from _of_all(con, facts, sources)
    elif audience == MARKETING:
        yield from _of_marketing(con, facts, sources)
    else:
        yield from _of_sales(con, facts)
    yield from advising.advice(facts, sources, advice.recommend(facts, sources, audience), audience)
    concerned = advice.review(con, facts.period.kind, _last_second(facts), facts.where)
    yield advising.before([one for one in concerned if advice.concerns(one.rule, audience)])
    yield limits.limits(facts, sources)
    yield limits.untrusted(facts)


def _of_all(
    con: "duckdb.DuckDBPyConnection", facts: Facts, sources: Comparison
) -> Iterator[Iterable[Sentence]]:
    yield [*failures.failures(facts), *common.common(con, facts, most=1)]
    yield by_source.sources(facts, sources)
    if not sources.quality and not sources.volume_without_fit:
        yield by_source.segments(facts, "campaign")
    yield conversions.conversions(facts)
    yield work.follow_up(facts)
    yield [*deals.pipeline(facts), *deals.closings(facts)]
    yield [*changes.changes(facts), *changes.alarms(facts)]


def _of_marketing(
    con: "duckdb.DuckDBPyConnection", facts: Facts, sources: Comparison
) -> Iterator[Iterable[Sentence]]:
    yield by_source.sources(facts, sources)
    yield by_source.segments(facts, "campaign")
    yield by_source.segments(facts, "offer")
    yield conversions.conversions(facts)
    yield costs.costs(facts)
    yield [
        *failures.failures(facts),
        *failures.of_fit(facts),
        *common.common(con, facts),
    ]
    yield [*changes.changes(facts), *changes.alarms(facts)]


def _of_sales(con: "duckdb.DuckDBPyConnection", facts: Facts) -> Iterator[Iterable[Sentence]]:
    decisions = [*failures.decisions(facts)]
    yield [*decisions, *failures.failures(facts, bool(decisions)), *common.common(con, facts)]
    yield work.follow_up(facts, is_in_full=True)
    yield owners.owners(con, facts)
    yield [*deals.pipeline(facts), *deals.closings(facts)]
    yield [*changes.changes(facts), *changes.alarms(facts)]


def _last_second(facts: Facts) -> datetime:
    return facts.period.ends_at - timedelta(seconds=1)
