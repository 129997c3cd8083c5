"""Definitions that contradict themselves are refused, row by row, before anything is built."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import ROOT
from golden_crms import GoldenSet
from leadsignal import seeds
from leadsignal.errors import UsageError
from leadsignal.metrics import definitions

SOURCES = "raw_value,source,channel,demand_type,valid_from,valid_to\n"
ISSUES = (ROOT / "seeds/definition/disqualification_issues.csv").read_text(encoding="utf-8")
ICP = "rule_id,criterion,operator,value,valid_from,valid_to\n"
STAGES = "raw_value,stage_order,is_closed,is_won,valid_from,valid_to\n"
TARGETS = "metric,period_kind,period_start,source,target\n"
WEB = "Web,web,website,organic,,\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "models").mkdir()
    shutil.copytree(ROOT / "models" / "metrics", tmp_path / "models" / "metrics")
    return tmp_path


@pytest.fixture
def alone(project: Path) -> Path:
    """The same where no other seed speaks of sources."""
    (project / "seeds" / "definition" / "utm_mediums.csv").write_text(
        "raw_value,source,valid_from,valid_to\n"
    )
    return project


def lines(project: Path) -> list[str]:
    return [f"{fault.what} {fault.hint}" for fault in seeds.faults(project)]


def faults(project: Path, seed: str, content: str | bytes) -> list[str]:
    file = project / "seeds" / f"{seed}.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    found = lines(project)
    assert all(line.startswith(f"seeds/{seed}.csv") for line in found), found
    assert not any("\n" in line or "\r" in line for line in found)
    return [line.removeprefix(f"seeds/{seed}.csv").strip() for line in found]


def test_the_shipped_definitions_agree() -> None:
    assert seeds.faults(ROOT) == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (WEB + WEB, "rows 2 and 3: raw_value 'web' stands twice. Remove one."),
        (
            WEB + " WEB ,blog,blog,organic,2026-01-01,\n",
            "rows 2 and 3: raw_value 'web' has two meanings at a time. "
            "End one with valid_to; they count always and from 2026-01-01.",
        ),
        (
            "Web,web,website,organic,2026-01-01,2026-01-01\n",
            "row 2: valid_to 2026-01-01 is not after valid_from 2026-01-01: the row would never "
            "count. Correct a day, or remove the row.",
        ),
        (
            WEB + "Site,web,site,organic,,\n",
            "rows 2 and 3: source 'web' has the channel 'website' and 'site' at a time. "
            "Write the same in both rows.",
        ),
        (
            "Web,web,website,orgnic,,\n",
            "row 2: demand_type is 'orgnic', no word that is known. Did you mean organic?",
        ),
        (
            "Web,web,website,,,\n",
            "row 2: demand_type is '', no word that is known. Use one of: paid, organic, referral, "
            "event, partner, outbound, unknown.",
        ),
        (",web,website,organic,,\n", "row 2: raw_value is empty. Fill it, or remove the row."),
        (WEB + ",,,,,\n", "row 3: the row is blank. Remove it."),
        (WEB + "\n" + "Blog,blog,blog,organic,,\n", "row 3: the row is blank. Remove it."),
        (
            "Web,web,website,organic,31/12/2025,\n",
            "row 2: valid_from is '31/12/2025', no day. Write a day like 2026-10-31.",
        ),
        (
            "Web,web,website,organic,,2026-02-29\n",
            "row 2: valid_to is '2026-02-29', no day. Write a day like 2026-10-31.",
        ),
        (
            '=HYPERLINK("x"),web,website,organic,,\n',
            "row 2: raw_value is the formula '=HYPERLINK(\"x\")'. Write its value.",
        ),
        ("#REF!,web,website,organic,,\n", "row 2: raw_value is the formula '#REF!'."),
        (
            "Web,web,website,organic,\n",
            "row 2: it has 5 cells, the header has 6. "
            "Look for a missing comma, or quote a cell that has one in it.",
        ),
        ('"Web,web,website,organic,,\n', "row 2: it is no CSV (unexpected end of data)."),
        ('"We"b,web,website,organic,,\n', "row 2: it is no CSV (',' expected after '\"')."),
        (f"{'x' * 501},web,website,organic,,\n", "row 2: raw_value has 501 characters."),
        (
            "Web, ALL ,website,organic,,\n",
            "row 2: source is ' ALL ', which has a meaning of its own. Choose another word.",
        ),
        ("We\0b,web,website,organic,,\n", "row 2: it has a NUL character."),
    ],
)
def test_row_that_cannot_be_is_named(alone: Path, rows: str, said: str) -> None:
    found = faults(alone, "definition/lead_sources", SOURCES + rows)
    assert [line for line in found if line.startswith(said)], found


@pytest.mark.parametrize(
    ("seed", "content", "said"),
    [
        (
            "definition/icp_criteria",
            ICP + "a,employees,at_least,500,,\nb,employees,at_most,50,,\n",
            "rows 2 and 3: employees at_least 500 and at_most 50 contradict. Mend one of them.",
        ),
        (
            "definition/icp_criteria",
            ICP + "a,employees,at_least,50,,\nb,employees,at_least,60,,\n",
            "rows 2 and 3: employees at_least 50 and at_least 60 contradict. Mend one of them.",
        ),
        (
            "definition/icp_criteria",
            ICP + "a,employees,at_least,many,,\n",
            "row 2: value is 'many', no number. Write a number like 50.",
        ),
        (
            "definition/icp_criteria",
            ICP + "a,country,at_least,US,,\n",
            "row 2: country has the operator 'at_least'. It takes another operator.",
        ),
        (
            "definition/icp_criteria",
            ICP + "a,country,in,USA,,\n",
            "row 2: value is 'USA', no country_code of country_names.csv. Did you mean US?",
        ),
        (
            "definition/icp_criteria",
            ICP + "a,country,in,US,,\na,country,in,CA,,\n",
            "rows 2 and 3: rule_id 'a' stands 2 times. Keep one, or tell them apart.",
        ),
        (
            "definition/opportunity_stages",
            STAGES + "Won,1,false,true,,\n",
            "row 2: is_closed is 'false' where is_won is true. Write true there.",
        ),
        (
            "definition/opportunity_stages",
            STAGES + "Won,-1,true,true,,\n",
            "row 2: stage_order is '-1'. Write 0 or more.",
        ),
        (
            "definition/opportunity_stages",
            STAGES + "Won,1.5,true,wahr,,\n",
            "row 2: stage_order is '1.5', no whole number. Write a whole number like 12.",
        ),
        (
            "definition/opportunity_stages",
            STAGES + "Won,1,true,wahr,,\n",
            "row 2: is_won is 'wahr', no yes or no. Write true or false.",
        ),
        (
            "definition/holidays",
            "holiday_on,name\n2026-12-25,Christmas\n2026-12-25,Noel\n",
            "rows 2 and 3: holiday_on '2026-12-25' stands 2 times. Keep one, or tell them apart.",
        ),
        (
            "definition/country_names",
            "raw_value,country_code\nUS,US\nus,CA\nCA,CA\nGB,GB\nIE,IE\n",
            "rows 2 and 3: raw_value 'us' has two meanings at a time. Remove one.",
        ),
        (
            "definition/country_names",
            "raw_value,country_code\nUS,US\nCA,CA\nGB,GB\nIE,IE\nSpain,es\n",
            "row 6: country_code is 'es'. Write 2 capital letters.",
        ),
        (
            "definition/job_titles",
            "phrase,authority,match_order,valid_from,valid_to\n"
            "vice-president,none,1,,\nVice President,decision_maker,1,,\n",
            "rows 2 and 3: phrase 'vice president' has two meanings at a time. End one with",
        ),
        (
            "definition/disqualification_issues",
            ISSUES.replace("no_pain,pain", "no_pain,pian"),
            "row 9: issue is 'pian', no word that is known. Did you mean pain?",
        ),
        (
            "definition/activity_rules",
            "rule_id,field,operator,value,activity_class,valid_from,valid_to\n"
            "a,type,equals,x,inbound,,\nb,type,equals,X,auto_logged,,\n",
            "rows 2 and 3: field, operator, value 'type', 'equals', 'x' has two meanings at a",
        ),
        (
            "targets",
            TARGETS + "win_rat,month,2026-10-01,,0.3\n",
            "row 2: The targets name a metric 'win_rat' that there is not: did you mean win_rate?",
        ),
        (
            "targets",
            TARGETS + "win_rate,month,2026-10-02,,0.3\n",
            "row 2: A target of win_rate starts on 2026-10-02, which is no first day of a month.",
        ),
        (
            "targets",
            TARGETS + "win_rate,month,2026-10-01,nowhere,0.3\n",
            "row 2: A target of win_rate is for a source 'nowhere' that no lead or deal has.",
        ),
        (
            "targets",
            TARGETS + "win_rate,month,2026-10-01,,30\n",
            "row 2: target is 30: win_rate is a share. Write it from 0 to 1, such as 0.3.",
        ),
        (
            "targets",
            TARGETS + "leads,month,2026-10-01,,50\nleads,month,2026-10-01,,60\n",
            "rows 2 and 3: metric, period_kind, period_start, source 'leads', 'month', "
            "'2026-10-01', '' stands 2 times. Keep one, or tell them apart.",
        ),
        ("targets", TARGETS + "leads,month,2026-10-01,,1 000\n", "row 2: target is '1 000', no"),
    ],
)
def test_rows_that_contradict_are_named(project: Path, seed: str, content: str, said: str) -> None:
    assert [line for line in faults(project, seed, content) if line.startswith(said)]


def test_every_published_metric_can_have_a_target(
    project: Path, golden_set: Callable[[str], GoldenSet]
) -> None:
    metrics = definitions.load(golden_set("quiet").con)
    assert {"opportunities", "pipeline_amount", "median_days_to_close", "win_rate"} <= set(metrics)
    rows = "".join(f"{metric},month,2026-10-01,,0.5\n" for metric in metrics)
    assert faults(project, "targets", TARGETS + rows) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ": it is empty. It needs the header holiday_on,name."),
        ("holiday_on\n", "row 1: the column name is missing. The columns are holiday_on,name."),
        ("holiday_on,nam\n", "row 1: there is no column 'nam'. Did you mean name?"),
        ("holiday_on,name,name\n", "row 1: the column 'name' stands 2 times. Keep one."),
        ("holiday_on,name,note\n", "row 1: there is no column 'note'. The columns are"),
        ("holiday_on;name\n", "row 1: it is separated by semicolons. Save it as CSV UTF-8 with"),
        ("holiday_on,name\n".encode("utf-16"), ": it is UTF-16, not UTF-8. Save it as CSV UTF-8"),
        (
            'holiday_on,name\n2026-12-25,"a ""b"", ""c"""\n2027-01-01, "New"\n',
            "row 3: it has a blank",
        ),
        ("holiday_on,name\r\n2026-12-25,x\n", ": its lines end in two ways (of LF, CRLF and CR)."),
        (
            b"holiday_on,name\n2026-12-25,No\xebl\n",
            "row 2: it has characters that are not UTF-8. Save it as CSV UTF-8 with commas.",
        ),
    ],
)
def test_file_that_is_none_is_told(project: Path, content: str | bytes, said: str) -> None:
    [first, *_] = faults(project, "definition/holidays", content)
    assert first.startswith(said)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfholiday_on,name\r\n2026-12-25,Christmas\r\n",
        b"holiday_on,name\n2026-12-25,Christmas",
        b"name,holiday_on\nChristmas,2026-12-25\n",
        b'"holiday_on","name"\n"2026-12-25","New, and old"\n2027-01-01,"two\nlines"\n',
        b'holiday_on,name\r\n2026-12-25,"two\nlines, ""and"" more"\r\n',
        b"holiday_on,name\n0001-01-01,\n9999-12-31,\n",
    ],
)
def test_what_spreadsheets_write_simply_works(project: Path, content: bytes) -> None:
    assert faults(project, "definition/holidays", content) == []


def test_a_missing_file_is_named(project: Path) -> None:
    (project / "seeds" / "targets.csv").unlink()
    assert lines(project) == [
        "seeds/targets.csv: there is no such file. Take it from the project's repository."
    ]


def test_all_faults_are_counted_and_the_first_told(project: Path) -> None:
    rows = "".join(f"2026-13-{day:02},x\n" for day in range(1, 31))
    faults(project, "definition/holidays", f"holiday_on,name\n{rows}")
    with pytest.raises(UsageError) as caught:
        seeds.check(project)
    assert len(caught.value.lines) == 21
    assert caught.value.lines[0].startswith("seeds/definition/holidays.csv row 2: ")
    assert caught.value.lines[-1] == "10 more faults in the seeds."


def test_a_successor_is_no_contradiction(alone: Path) -> None:
    rows = "Web,web,website,organic,,2026-01-01\nWeb,web,site,organic,2026-01-01,\n"
    assert faults(alone, "definition/lead_sources", SOURCES + rows) == []
