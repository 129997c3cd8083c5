"""Each rule as expectations of Great Expectations, judged by SQL in the marts file.

Importing this module imports Great Expectations, which takes seconds: only the audit does it.
"""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read on import: no telemetry

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation

from leadsignal import warehouse
from leadsignal.audit import duckdb_shim, sql
from leadsignal.audit.evidence import Evidence
from leadsignal.audit.rules import Rule
from leadsignal.errors import LeadsignalError

# No row of the tables in a result: the ids come from our own SQL, and nothing else leaves it.
RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}

ROUNDING = 1e-12
"""A share that is exactly the one allowed is allowed, however its quotient is rounded."""


class NoRowBreaksTheRule(gxe.UnexpectedRowsExpectation):  # type: ignore[misc] # it has no types
    """A sentence that is true of every row: its query finds none that breaks it."""

    description: str = "No row breaks the rule."


def judge(
    marts: Path,
    rules: tuple[Rule, ...],
    evidence: dict[str, Evidence],
    previous: Path | None = None,
) -> dict[str, bool]:
    """Whether each rule holds in the file, by the rule's id; the files are only read."""
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    duckdb_shim.keep_connection()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql("marts", connection_string="duckdb:///:memory:")
    with source.get_execution_engine().get_connection() as con:
        catalog = warehouse.CATALOG
        con.exec_driver_sql(warehouse.bounds(marts))
        con.exec_driver_sql(f"attach {warehouse.quoted(marts)} as {catalog} (read_only)")
        con.exec_driver_sql(f"use {catalog}.{warehouse.SCHEMA}")
        # What cannot be read was found out while the evidence was gathered.
        is_needed = any(sql.is_about_previous(r) and not evidence[r.id].skipped for r in rules)
        if previous and is_needed:
            con.exec_driver_sql(warehouse.attach_previous(previous))
        con.commit()  # else the first failed query would take the attached file away again
    return {
        rule.id: bool(found.skipped) or _holds(source, rule, found)
        for rule, found in ((rule, evidence[rule.id]) for rule in rules)
    }


def _holds(source: gx.datasource.fluent.SQLDatasource, rule: Rule, found: Evidence) -> bool:
    asset = source.add_query_asset(rule.id, query=found.query or sql.looked_at(rule))
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    suite = gx.ExpectationSuite(name=rule.id, expectations=list(_expectations(rule, found)))
    result = batch.validate(suite, result_format=RESULT_FORMAT)
    _stop_on_exception(rule, result)
    return bool(result.success)


def _expectations(rule: Rule, evidence: Evidence) -> Iterator[Expectation]:
    """What the rule expects of the rows that it looks at."""
    about = {"description": rule.sentence, "severity": rule.severity}
    if evidence.query:
        yield gxe.ExpectColumnValuesToBeBetween(
            column="value", min_value=evidence.low, max_value=evidence.high, **about
        )
    elif sql.is_share(rule):
        mostly = max(1 - rule.limits["max_share"] - ROUNDING, 0)
        yield gxe.ExpectColumnValuesToBeInSet(
            column="breaks_rule", value_set=[False], mostly=mostly, **about
        )
    elif rule.breaks or rule.totals:
        yield NoRowBreaksTheRule(unexpected_rows_query=sql.failing(rule), **about)
    for column, words in rule.sets.items():
        yield gxe.ExpectColumnValuesToBeInSet(column=column, value_set=words, **about)
        if rule.is_required:
            yield gxe.ExpectColumnValuesToNotBeNull(column=column, **about)
    for rate in rule.rates:
        yield gxe.ExpectColumnValuesToBeBetween(column=rate, min_value=0, max_value=1, **about)
    if rule.rates:
        yield NoRowBreaksTheRule(unexpected_rows_query=sql.wrong_ratios(rule), **about)


def _stop_on_exception(rule: Rule, result: gx.core.ExpectationSuiteValidationResult) -> None:
    """A rule that could not be judged is neither kept nor broken."""
    for each in result.results:
        raised = each.exception_info or {}
        for info in [raised, *(value for value in raised.values() if isinstance(value, dict))]:
            if info.get("raised_exception"):
                raise LeadsignalError(
                    f"Great Expectations could not judge '{rule.id}':"
                    f" {str(info.get('exception_message')).splitlines()[0]}.",
                    "Run the audit again; if it stays, see docs/audit.md.",
                )
