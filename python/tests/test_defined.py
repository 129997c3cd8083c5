"""Which definitions each build used, and which leads it judged otherwise."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from builds import ROOT
from kept_sets import read
from leadsignal import history, preview
from leadsignal.history import changed, defined, verdicts, why
from leadsignal.history.verdicts import Moved
from leadsignal.warehouse import quoted
from tiny_marts import TinyMarts

SEED = "raw_value,stage,valid_from,valid_to\nNew,captured,2000-01-01,\n"
OLD = "lead_statuses: raw_value New, stage captured, valid_from 2000-01-01"


class Nights:
    """Sets published one after the other, by a project whose definitions change."""

    def __init__(self, folder: Path) -> None:
        self.project, self.last = folder / "project", folder / "0.duckdb"
        (self.project / defined.SEEDS).mkdir(parents=True)
        self.define(SEED)
        self.set("min_sample: 30")

    def define(self, text: str, seed: str = "lead_statuses") -> None:
        (self.project / defined.SEEDS / f"{seed}.csv").write_text(text, encoding="utf-8")

    def set(self, line: str) -> None:
        (self.project / "dbt_project.yml").write_text(f"vars:\n  as_of: ''\n  {line}\n")

    def publish(self, *leads: dict[str, Any], keeps: bool = True) -> duckdb.DuckDBPyConnection:
        file = self.last.with_name(f"{int(self.last.stem) + 1}.duckdb")
        marts = TinyMarts(build_id=f"night {file.stem}")
        for lead in leads:
            marts.lead(**lead)
        marts.con.execute(f"attach {quoted(file)} as copied")
        marts.con.execute("copy from database leadsignal to copied; detach copied")
        history.keep(file, self.last, self.project if keeps else None)
        self.last = file
        return read(file)


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tmp_path)


def told(con: duckdb.DuckDBPyConnection, number: int) -> list[str]:
    return [str(one) for one in defined.since(con, number)]


def test_what_a_build_begins_to_use_and_what_it_uses_no_more(nights: Nights) -> None:
    nights.publish()
    nights.define(SEED.replace("2000-01-01,\n", "2000-01-01,2026-11-01\n"))
    nights.set("min_sample: 50")
    con = nights.publish()
    assert told(con, 1) == [
        f"- {OLD}",
        f"+ {OLD}, valid_to 2026-11-01",
        "- settings: name min_sample, value 30",
        "+ settings: name min_sample, value 50",
    ]
    assert told(con, 2) == []
    [first, second, *_] = changed(con, "night 1").render().splitlines()[1:]
    assert first == "the definitions changed:"
    assert second == f"  - {OLD}"


@pytest.mark.parametrize(
    ("edited", "cause"),
    [
        (SEED, why.FACTS),
        (SEED + "Open,captured,2026-10-01,\n", why.FACTS),
        (SEED + "Open,captured,2000-01-01,\n", why.FACTS_OR_RULES),
        (SEED + "Open,captured,,\n", why.FACTS_OR_RULES),
        (SEED.replace("2000-01-01,\n", "2000-01-01,2026-10-01\n"), why.FACTS),
        (SEED.replace("2000-01-01,\n", "2000-01-01,1999-01-01\n"), why.FACTS_OR_RULES),
        (SEED.replace("captured", "working"), why.FACTS_OR_RULES),
        ("raw_value,stage,valid_from,valid_to\n", why.FACTS_OR_RULES),
    ],
    ids=[
        *("none", "a new row", "a new row of old", "a new row of always"),
        *("a row has ended", "a row had ended", "another stage", "no row"),
    ],
)
def test_a_verdict_may_come_from_a_rule_of_days_past(
    nights: Nights, edited: str, cause: str
) -> None:
    nights.publish({"lead_id": "salesforce:1"})
    nights.define(edited)
    con = nights.publish({"lead_id": "salesforce:1", "is_icp_fit": True, "fit_verdict": "pass"})
    [fit] = [
        one
        for one in changed(con, "night 1").numbers
        if (one.metric, one.segment, one.period_kind) == ("icp_fit_rate", "all", "month")
    ]
    assert [one.cause for one in fit.causes] == [cause]


def test_an_address_of_a_rule_is_kept_by_nobody_and_found_again(nights: Nights) -> None:
    rule = "competitor,email,equals,{}\n"
    header = "noise_class,field,operator,value\n"
    nights.define(header + rule.format("ada@rival.example"), "noise_rules")
    con = nights.publish()
    [kept] = defined.seeds(con)["noise_rules"]
    assert kept["value"] == "(e-mail address)"
    file = nights.project / defined.SEEDS / "noise_rules.csv"
    preview._write_seed(file, [kept])
    assert [row["value"] for row in defined.rows(file)] == ["ada@rival.example"]


def test_where_things_are_is_no_definition(nights: Nights) -> None:
    nights.publish()
    nights.set("raw_path: elsewhere\n  min_sample: 30")
    assert told(nights.publish(), 1) == []


def test_a_row_that_came_back_is_no_change(nights: Nights) -> None:
    nights.publish()
    nights.define("raw_value,stage,valid_from,valid_to\n")
    assert len(told(nights.publish(), 1)) == 1
    nights.define(SEED)
    con = nights.publish()
    assert told(con, 1) == []
    assert len(told(con, 2)) == 1


def test_the_definitions_in_force_can_be_written_again(nights: Nights) -> None:
    row = {"raw_value": 'Qualifié, "A"', "stage": "", "valid_from": "2000-01-01", "valid_to": ""}
    nights.publish()
    nights.define('raw_value,stage,valid_from,valid_to\n"Qualifié, ""A""",,2000-01-01,\n')
    assert defined.seeds(nights.publish())["lead_statuses"] == [row]


def test_the_projects_own_definitions_are_all_there(tmp_path: Path) -> None:
    marts = tmp_path / "1.duckdb"
    own = TinyMarts()
    own.con.execute(f"attach {quoted(marts)} as copied")
    own.con.execute("copy from database leadsignal to copied; detach copied")
    history.keep(marts, None, ROOT)
    kept = defined.seeds(read(marts))
    for file in (ROOT / defined.SEEDS).glob("*.csv"):
        rows = len(file.read_text(encoding="utf-8").splitlines()) - 1
        assert len(kept.get(file.stem, [])) == rows, file.stem
    names = {row["name"] for row in kept[defined.SETTINGS]}
    assert {"follow_up_sla_hours", "reporting_timezone"} <= names
    assert not names & set(defined.NO_DEFINITION)


def test_a_set_that_kept_none_says_nothing_of_them(nights: Nights) -> None:
    nights.publish(keeps=False)
    con = nights.publish()
    assert told(con, 1) == []
    assert not defined.is_known(con, 1)
    assert defined.is_known(con, 2)
    con = nights.publish(keeps=False)
    assert len(defined.seeds(con)["lead_statuses"]) == 1


def test_leads_that_are_judged_otherwise(nights: Nights) -> None:
    def lead(number: int, **values: Any) -> dict[str, Any]:
        return {"lead_id": f"salesforce:{number}", "route": "sales", "touch_count": 1} | values

    nights.publish(*(lead(n) for n in range(5)), lead(5), lead(7))
    nights.publish(*(lead(n, route="nurture") for n in range(4)), lead(4, touch_count=2), lead(5))
    con = nights.publish(*(lead(n) for n in range(5)), lead(6))
    first_three = tuple(f"salesforce:{n}" for n in range(3))
    assert verdicts.moved(con, 1, 2) == [
        Moved("lead", "there", None, 1, ("salesforce:7",)),
        Moved("route", "sales", "nurture", 4, first_three),
    ]
    assert verdicts.moved(con, 2) == [
        Moved("lead", "there", None, 1, ("salesforce:5",)),
        Moved("lead", None, "there", 1, ("salesforce:6",)),
        Moved("route", "nurture", "sales", 4, first_three),
    ]
    assert verdicts.moved(con, 3) == []
    assert str(verdicts.moved(con, 1, 2)[1]) == (
        "route sales -> nurture: four leads (salesforce:0, salesforce:1, salesforce:2, ...)"
    )
