from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from builds import ROOT
from leadsignal import settings, variables
from leadsignal.errors import UsageError


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RAW", "AS_OF", "WAREHOUSE", "WORK"):
        monkeypatch.delenv(f"LEADSIGNAL_{name}", raising=False)
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)


def test_defaults_come_from_the_project() -> None:
    found = settings.load(project_dir=ROOT)
    assert found.raw == ROOT / "demo"
    assert found.published == ROOT / "warehouse" / "leadsignal.duckdb"
    assert (found.as_of, found.target, found.crms) == ("", "duckdb", {})
    found.check_target()


def test_environment_wins_over_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEADSIGNAL_RAW", str(tmp_path / "raw"))
    monkeypatch.setenv("LEADSIGNAL_AS_OF", "2026-10-31")
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(tmp_path / "wh"))
    found = settings.load(project_dir=ROOT)
    assert (found.raw, found.as_of) == (tmp_path / "raw", "2026-10-31")
    assert found.published == tmp_path / "wh" / "leadsignal.duckdb"


def test_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEADSIGNAL_RAW", "/elsewhere")
    monkeypatch.setenv("LEADSIGNAL_AS_OF", "2020-01-01")
    found = settings.load(raw=tmp_path, as_of="2026-10-31", project_dir=ROOT)
    assert (found.raw, found.as_of) == (tmp_path, "2026-10-31")


def test_relative_folders_are_relative_to_the_caller(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings.load(raw="crm", project_dir=ROOT).raw == tmp_path / "crm"


def test_project_is_found_from_a_folder_inside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "models")
    assert settings.load().project_dir == ROOT


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", ""),
        ("2026-10-31", "2026-10-31"),
        ("20261031", "2026-10-31"),
        ("2026-10-31T18:30:00", "2026-10-31 18:30:00"),
        ("2026-10-31 18:30", "2026-10-31 18:30:00"),
        ("2026-10-31T18:30:00Z", "2026-10-31 18:30:00+00:00"),
    ],
)
def test_moment_is_written_in_one_way(given: str, expected: str) -> None:
    assert settings.moment(given) == expected


@pytest.mark.parametrize("given", ["yesterday", "31.10.2026", "2026-02-30", "2026-13-01"])
def test_moment_that_is_none_is_refused_in_one_line(given: str) -> None:
    with pytest.raises(UsageError, match=given) as caught:
        settings.moment(given)
    assert len(caught.value.lines) == 1
    assert "2026-10-31" in str(caught.value)


def test_missing_raw_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere does not exist"):
        settings.load(raw=tmp_path / "nowhere", project_dir=ROOT).check_raw()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("flat", r"tables in \S+/flat are not in .* named like it, such as \S+/flat/hubspot\."),
        ("other", r"tables in \S+/other are not in .* named like it, such as \S+/other/salesforce"),
        ("crms/salesforce_emea", r"salesforce_emea is the folder of one CRM\. .*above: \S+/crms\."),
        ("crms/salesforce_emea/Lead.csv", r"Lead\.csv is a file, not a folder\."),
    ],
)
def test_slips_with_the_raw_folder_are_told_apart(tmp_path: Path, raw: str, said: str) -> None:
    for name in ("flat/Contact.csv", "other/numbers.csv", "crms/salesforce_emea/Lead.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    with pytest.raises(UsageError, match=said) as caught:
        settings.load(raw=tmp_path / raw, project_dir=ROOT).check_raw()
    assert len(caught.value.lines) == 1


def test_raw_folder_without_the_crm_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no folder of a CRM"):
        settings.load(raw=tmp_path, project_dir=ROOT).check_raw()
    (tmp_path / "notes").mkdir()
    named = replace(settings.load(raw=tmp_path, project_dir=ROOT), crms=["salesforce"])
    with pytest.raises(UsageError, match="has no folder 'salesforce'"):
        named.check_raw()


def test_unknown_target_names_the_known_ones() -> None:
    with pytest.raises(
        UsageError, match=r"no target 'moon'\. Use one of: duckdb, postgres, spark\."
    ):
        settings.load(target="moon", project_dir=ROOT).check_target()


def test_target_that_is_no_home_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    profiles = tmp_path / "profiles.yml"
    outputs = "{moon: {type: moondb}, pg: {type: postgres}}"
    profiles.write_text(f"leadsignal: {{target: moon, outputs: {outputs}}}")
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path))
    with pytest.raises(UsageError, match=r"'moon' is of type moondb.*dbt build --target moon"):
        settings.load(project_dir=ROOT).check_target()
    settings.load(target="pg", project_dir=ROOT).check_target()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, r"There is no \S+/profiles\.yml\. Copy profiles\.yml\.example to it\."),
        ("", "has no profile 'leadsignal'"),
        ("leadsignal: duckdb", "has no profile 'leadsignal'"),
        ("leadsignal: {outputs: {duckdb: {type: duckdb}}}", "does not say which target is used"),
        ("leadsignal: {target: duckdb, outputs: duckdb}", "are not a mapping of targets"),
        ("leadsignal: {target: duckdb, outputs: {duckdb: }}", "are not a mapping of targets"),
        ("leadsignal: {target: duckdb}", "are not a mapping of targets"),
    ],
)
def test_profile_that_cannot_be_used_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: str | None, said: str
) -> None:
    if written is not None:
        (tmp_path / "profiles.yml").write_text(written)
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path))
    with pytest.raises(UsageError, match=said) as caught:
        settings.load(project_dir=ROOT).check_target()
    assert len(caught.value.lines) == 1


def test_profile_without_a_target_has_dbts_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "profiles.yml").write_text("leadsignal: {outputs: {default: {type: duckdb}}}")
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path))
    assert settings.load(project_dir=ROOT).target == "default"


def test_profiles_are_missed_in_the_project_not_in_the_home_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    project = tmp_path / "project"
    project.mkdir()
    (project / "dbt_project.yml").write_text("name: leadsignal")
    with pytest.raises(UsageError, match=r"There is no \S+/project/profiles\.yml"):
        settings.load(project_dir=project)
    (tmp_path / ".dbt").mkdir()
    (tmp_path / ".dbt" / "profiles.yml").write_text("leadsignal: {target: mine}")
    assert settings.load(project_dir=project).target == "mine"


def test_a_target_has_threads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    outputs = "{duckdb: {type: duckdb, threads: 0}}"
    (tmp_path / "profiles.yml").write_text(f"leadsignal: {{target: duckdb, outputs: {outputs}}}")
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path))
    with pytest.raises(UsageError, match=r"threads of 'duckdb' in .* is 0\. Write 1 or more\."):
        settings.load(project_dir=ROOT).check_target()


def test_every_home_can_be_opened() -> None:
    for home in settings.HOMES:
        assert callable(import_module(f"leadsignal.homes.{home}").opened)


def test_broken_project_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: [leadsignal\nvars: }")
    with pytest.raises(UsageError, match=r"dbt_project\.yml cannot be read") as caught:
        settings.load(project_dir=tmp_path)
    assert "\n" not in str(caught.value)


def test_vars_that_are_no_mapping_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: leadsignal\nvars: raw")
    with pytest.raises(UsageError, match=r"vars in \S+/dbt_project\.yml is 'raw'\."):
        settings.load(project_dir=tmp_path)


def test_no_published_set_is_told_with_what_to_do(tmp_path: Path) -> None:
    from leadsignal import warehouse

    with pytest.raises(UsageError, match=r"no published set.*leadsignal build"):
        warehouse.open_published(tmp_path / "leadsignal.duckdb")


def test_published_file_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    from leadsignal import warehouse

    (tmp_path / "leadsignal.duckdb").write_text("not a database\n" * 1000)
    with pytest.raises(UsageError, match="cannot be read as a published set") as caught:
        warehouse.open_published(tmp_path / "leadsignal.duckdb")
    assert "\n" not in str(caught.value)


def test_warehouse_may_be_named_as_the_published_file(tmp_path: Path) -> None:
    found = settings.load(warehouse=tmp_path / "bi.duckdb")
    assert (found.warehouse, found.published) == (tmp_path, tmp_path / "bi.duckdb")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "leak_days: fourteen",
            "leak_days in F is 'fourteen'. Write a whole number from 0 to 36525.",
        ),
        ("leak_days: 1.5", "leak_days in F is '1.5'. Write a whole number"),
        ("leak_days: true", "leak_days in F is 'True'. Write a whole number"),
        ("leak_days:", "leak_days in F is empty. Write a whole number"),
        ("leak_days: .inf", "leak_days in F is 'inf'. Write a whole number"),
        ("min_sample: -1", "min_sample in F is '-1'. Write a whole number from 0 to 1000000."),
        ("min_answerable: 60", "min_answerable in F is '60'. Write a number from 0 to 1."),
        ("min_answerable: .nan", "min_answerable in F is 'nan'. Write a number from 0 to 1."),
        (
            "business_day_ends: 25",
            "business_day_ends in F is '25'. Write a whole number from 0 to 24",
        ),
        (
            "business_day_starts: 17, business_day_ends: 9",
            "business_day_ends in F is 9, and business_day_starts 17. Let the day end after it",
        ),
        (
            "reporting_timezone: Mars/Base",
            "in F is 'Mars/Base'. Write a name such as Europe/Dublin",
        ),
        (
            "reporting_timezone: localtime",
            "in F is 'localtime'. Write a name such as Europe/Dublin",
        ),
        ("reporting_currency: EUU", "in F is 'EUU'. Write the ISO code of a currency"),
        ("reporting_currency: eur", "in F is 'eur'. Write the ISO code of a currency"),
        ("merge_plus_addresses: sometimes", "in F is 'sometimes'. Write true or false."),
        ("encoding: cp1252", "encoding in F is 'cp1252'. Use utf-8, latin-1"),
        ("crms: [5]", "crms in F is '[5]'. Write a mapping such as"),
        ("crms: {a: {b: c}}", "Write a mapping such as {salesforce: salesforce}"),
        ("salesforce_fields: [Pain__c]", "Write a mapping of names, such as"),
        ("readers: bi", "readers in F is 'bi'. Write a list of names"),
        ("raw_path: ''", "raw_path in F is ''. Write a text."),
        ("raw_path:", "raw_path in F is empty. Write a text."),
        ("min_samples: 30", "There is no setting 'min_samples' in F. Did you mean min_sample?"),
        ("leadsignal: {leak_days: 3}", "There is no setting 'leadsignal' in F. Remove it"),
        ("as_of: 2026-13-01", "F cannot be read: month must be in 1..12."),
        ("as_of: soon", "as_of 'soon' is neither a date nor a timestamp."),
        ("as_of: 9999-12-31", "as_of '9999-12-31' is in the year 9999. Write a day from 1970 to"),
    ],
)
def test_setting_that_cannot_be_is_one_line(tmp_path: Path, setting: str, said: str) -> None:
    file = tmp_path / "dbt_project.yml"
    file.write_text(f"name: leadsignal\nvars: {{{setting}}}\n")
    (tmp_path / "profiles.yml").write_text("leadsignal: {target: duckdb}")
    with pytest.raises(UsageError) as caught:
        settings.load(project_dir=tmp_path)
    assert [line for line in caught.value.lines if said.replace("F", str(file)) in line]


def test_each_wrong_setting_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(
        "name: leadsignal\nvars: {leak_days: x, min_sample: y, min_answer: 0.5}\n"
    )
    with pytest.raises(UsageError) as caught:
        settings.load(project_dir=tmp_path)
    assert len(caught.value.lines) == 3


def test_settings_of_each_crm_are_known(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(
        "name: leadsignal\n"
        "vars: {emea_schema: crm_emea, emea_database: raw, hubspot_fields: {pain: challenge}}\n"
    )
    (tmp_path / "profiles.yml").write_text("leadsignal: {target: duckdb}")
    settings.load(project_dir=tmp_path)


def test_home_folder_of_nobody_is_one_line() -> None:
    with pytest.raises(UsageError, match=r"There is no folder ~no_such_user/raw: "):
        settings.load(raw="~no_such_user/raw", project_dir=ROOT)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("{}", []),
        ("", []),
        ("{crm: salesforce}", {"crm": "salesforce"}),
        ("[salesforce, hubspot_eu]", ["salesforce", "hubspot_eu"]),
        ("hubspot", ["hubspot"]),
    ],
)
def test_crms_may_be_a_mapping_a_list_or_empty(
    tmp_path: Path, written: str, found: dict[str, str] | list[str]
) -> None:
    (tmp_path / "dbt_project.yml").write_text(f"name: leadsignal\nvars:\n  crms: {written}\n")
    (tmp_path / "profiles.yml").write_text("leadsignal: {target: duckdb}")
    assert (settings.load(project_dir=tmp_path).crms or []) == found


@pytest.mark.parametrize("written", ["ISO-8859-1", "iso8859_1", "latin1", "Latin-1"])
def test_encoding_may_be_spelled_as_usual(written: str) -> None:
    assert variables.encoding(written) == "latin-1"


@pytest.mark.parametrize("end", ["#", ";", "?"])
def test_warehouse_that_dbt_would_not_find_is_refused(tmp_path: Path, end: str) -> None:
    found = settings.load(warehouse=tmp_path / f"a{end}b")
    with pytest.raises(UsageError, match=rf"has a \{end}, which dbt takes") as caught:
        found.check_warehouse()
    assert len(caught.value.lines) == 1


def test_every_setting_of_the_project_is_known() -> None:
    told = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    variables.check(told, "dbt_project.yml")


def test_broken_file_is_not_quoted(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: leadsignal\npassword: hush4711: [x\n")
    with pytest.raises(UsageError, match=r"cannot be read, line 2: ") as caught:
        settings.load(project_dir=tmp_path)
    assert "hush4711" not in str(caught.value)


@pytest.mark.parametrize("currency", ["euro", "E'R", "US", 12])
def test_currency_that_is_none_is_refused(tmp_path: Path, currency: object) -> None:
    text = yaml.safe_dump({"name": "leadsignal", "vars": {"reporting_currency": currency}})
    (tmp_path / "dbt_project.yml").write_text(text)
    with pytest.raises(UsageError, match="reporting_currency"):
        settings.load(project_dir=tmp_path)
