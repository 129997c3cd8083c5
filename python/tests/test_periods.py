"""Calendar periods of a time zone as stretches of UTC time."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from leadsignal import periods
from leadsignal.errors import UsageError

ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]


@pytest.mark.parametrize(
    ("as_of", "kind", "label"),
    [
        ("2026-10-31 23:59:59", "month", "2026-10"),
        ("2026-10-31 23:59:58", "month", "2026-09"),
        ("2026-11-01 00:00:00", "month", "2026-10"),
        ("2026-12-31 23:59:59", "quarter", "2026-Q4"),
        ("2026-12-31 12:00:00", "quarter", "2026-Q3"),
        ("2026-11-01 23:59:59", "week", "2026-10-26"),
        ("2026-11-01 23:59:58", "week", "2026-10-19"),
        ("2026-01-15 00:00:00", "month", "2025-12"),
    ],
)
def test_the_last_complete_period_may_end_with_its_last_second(
    as_of: str, kind: str, label: str
) -> None:
    assert periods.last_complete(datetime.fromisoformat(as_of), kind).label == label


def test_the_end_of_a_month_is_that_of_where_one_reports() -> None:
    as_of = datetime(2026, 11, 1, 2, 0)
    assert periods.last_complete(as_of, "month", "UTC").label == "2026-10"
    assert periods.last_complete(as_of, "month", "America/New_York").label == "2026-09"


def test_bounds_follow_the_clock_change() -> None:
    november = periods.containing(date(2026, 11, 5), "month", "America/New_York")
    assert november.starts_at == datetime(2026, 11, 1, 4, 0)
    assert november.ends_at == datetime(2026, 12, 1, 5, 0)


@given(
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.sampled_from(periods.KINDS),
    st.sampled_from(ZONES),
)
def test_periods_are_without_gap_or_overlap(day: date, kind: str, zone: str) -> None:
    period = periods.containing(day, kind, zone)
    assert period.start <= day < period.end
    assert period.before().ends_at == period.starts_at
    assert period.before(2) == period.before().before()
    last_second = period.ends_at - timedelta(seconds=1)
    assert periods.last_complete(last_second, kind, zone) == period
    assert period.days_past(last_second) == 0


def test_a_date_means_its_last_second_and_a_timestamp_itself() -> None:
    assert periods.moment("2026-10-31") == datetime(2026, 10, 31, 23, 59, 59)
    assert periods.moment(date(2026, 7, 31), "America/New_York") == datetime(2026, 8, 1, 3, 59, 59)
    assert periods.moment("2026-10-31 18:30:00") == datetime(2026, 10, 31, 18, 30)
    offset = datetime(2026, 10, 31, 18, 30, tzinfo=timezone(timedelta(hours=2)))
    assert periods.moment(offset) == datetime(2026, 10, 31, 16, 30)
    assert periods.moment(datetime(2026, 10, 31, tzinfo=UTC)).tzinfo is None


def test_words_of_each_kind() -> None:
    day = date(2026, 10, 7)
    words = [periods.containing(day, kind).words for kind in periods.KINDS]
    assert words == ["the week of 5 October 2026", "October 2026", "the fourth quarter of 2026"]


def test_what_is_no_time_or_no_period_is_said_in_one_line() -> None:
    with pytest.raises(UsageError, match="'soon' is neither a date nor a timestamp"):
        periods.moment("soon")
    with pytest.raises(UsageError, match="as_of is 5"):
        periods.moment(5)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="'year' is no period"):
        periods.containing(date(2026, 1, 1), "year")


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31", date.min, datetime.max])
def test_a_year_that_no_crm_knows_is_refused(as_of: str | date) -> None:
    with pytest.raises(UsageError, match="Write a day from 1970 to 2100"):
        periods.moment(as_of)


@pytest.mark.parametrize("kind", periods.KINDS)
def test_the_calendar_ends(kind: str) -> None:
    with pytest.raises(UsageError, match=f"9999-12-31 is in the last {kind}"):
        periods.containing(date.max, kind)
