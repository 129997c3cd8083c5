"""Metrics as they are asked for, against the same in plain Python over the oracle's facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from leadsignal.metrics import Metrics
from oracle import Tables
from oracle.intervals import wilson
from oracle.metrics import DEALS, LEADS, METRICS, Answer, Cut, Group, answers

from .compare import same

MIN_SAMPLE = 30
NAMES = [*METRICS, "sales_velocity"]
# What has no months can't be asked for by them.
DATED = [name for name in NAMES if name == "sales_velocity" or METRICS[name].day]
OF_LEADS = [name for name in METRICS if METRICS[name].table == LEADS]
OF_DEALS = [name for name in DATED if name == "sales_velocity" or METRICS[name].table == DEALS]
# Dimension -> the column of leads and deals that has it.
SHARED = {"channel": "channel", "demand_type": "demand_type", "campaign": "campaign"}
SHARED |= {"offer": "offer", "owner": "owner_id", "industry": "industry", "crm": "crm"}
SHARED |= {"country": "country_code", "company_size": "company_size", "company": "company_id"}
SHARED |= {"owner_type": "owner_type", "is_owner_active": "is_active"}
ONLY_LEADS = {"score_band": "score_band", "definition_version": "definition_version"}
ONLY_LEADS |= {"lead_state": "lead_state", "offer_intent": "offer_intent"}
ONLY_DEALS = {"origin": "origin", "stage": "stage"}
GRAINS = ("week", "month", "quarter")
# A count or a sum of a group that another metric alone has: nothing is not a number.
NOTHING = (None, 0)


def differences(metrics: Metrics, tables: Tables, as_of: datetime) -> list[str]:
    """One line per number that is not the same on both roads: by source, and by month of its axis.

    Args:
        metrics: open on a published set of the same rows as `tables`.
    """
    by_source = _of_cut(metrics, tables, as_of, NAMES, "source", Cut(("source",)))
    monthly = Cut(("source",), "month")
    return by_source + _of_cut(metrics, tables, as_of, DATED, "source", monthly)


def differences_of_cuts(metrics: Metrics, tables: Tables, as_of: datetime) -> list[str]:
    """The same by every other dimension, each with a week, a month or a quarter."""
    found: list[str] = []
    tables = _with_owners(tables)
    all_cuts = ((OF_LEADS, SHARED | ONLY_LEADS), (OF_DEALS, SHARED | ONLY_DEALS))
    for names, dimensions in all_cuts:
        for place, (dimension, column) in enumerate(dimensions.items()):
            cut = Cut((column,), GRAINS[place % len(GRAINS)])
            found += _of_cut(metrics, tables, as_of, names, dimension, cut)
    return found


def _with_owners(tables: Tables) -> Tables:
    """Leads and deals with what is known of their owners."""
    owners = {row["owner_id"]: row for row in tables["dim_owners"]}
    nobody = {"owner_type": None, "is_active": None}
    return tables | {
        table: [
            row | (owners[row["owner_id"]] if row["owner_id"] else nobody) for row in tables[table]
        ]
        for table in (LEADS, DEALS)
    }


def differences_of(
    metrics: Metrics, tables: Tables, as_of: datetime, where: str | None, cut: Cut
) -> list[str]:
    """The same by source with a filter in words, and the filter as the cut has it."""
    return _of_cut(metrics, tables, as_of, DATED, "source", replace(cut, by=("source",)), where)


def _of_cut(
    metrics: Metrics,
    tables: Tables,
    as_of: datetime,
    names: list[str],
    dimension: str,
    cut: Cut,
    where: str | None = None,
) -> list[str]:
    rows = metrics.query(
        names, by=dimension, grain=cut.grain, where=where, start=cut.first, end=cut.last
    ).to_pylist()
    keys = (dimension, cut.grain) if cut.grain else (dimension,)
    published = {(row["metric"], *(row[key] for key in keys)): row for row in rows}
    return [
        f"by {', '.join(keys)}: {line}"
        for name in names
        for line in _of_metric(name, published, answers(name, tables, as_of, cut))
    ]


def _of_metric(
    name: str, published: dict[Group, Any], expected: dict[Group, Answer]
) -> Iterator[str]:
    groups = {group for metric, *rest in published if metric == name and (group := tuple(rest))}
    for group in sorted(groups | expected.keys(), key=str):
        row = published.get((name, *group), {})
        answer = expected.get(group, Answer(None, None, None))
        for column in ("value", "numerator", "denominator"):
            got, wanted = row.get(column), getattr(answer, column)
            is_told = column == "value" or name != "sales_velocity"
            is_empty = group not in expected and got in NOTHING
            if is_told and not (same(got, wanted) or is_empty):
                yield f"{name} {group} {column}: published {got!r}, expected {wanted!r}"
        yield from _honesty(name, group, row, answer)


def _honesty(name: str, group: Group, row: dict[str, Any], answer: Answer) -> Iterator[str]:
    """The interval of a rate, and whether there are few cases; a share of amounts tells none."""
    cases = answer.denominator
    if not cases or name == "value_win_rate":
        return
    few = row.get("is_small_sample")
    if few != (cases < MIN_SAMPLE):
        yield f"{name} {group}: {cases:.0f} cases, small sample {few}"
    if name.endswith(("_rate", "_share")):
        expected = wilson(answer.numerator or 0, cases)
        got = (row.get("low"), row.get("high"))
        if not all(map(same, got, expected)):
            yield f"{name} {group}: interval {got}, expected {expected}"
