import io
import shutil
from pathlib import Path

import pytest
import yaml
from builds import ROOT
from leadsignal import cli, settings

ANSWERS = ("--target", "duckdb", "--crms", "all", "--timezone", "UTC", "--currency", "USD")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the tables of two orgs, in a folder of its own."""
    for name in ("dbt_project.yml", "profiles.yml", "profiles.yml.example"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "models").symlink_to(ROOT / "models")
    for crm in ("salesforce", "emea", "notes"):
        (tmp_path / "exports" / crm).mkdir(parents=True)
        table = "todo.csv" if crm == "notes" else "lead.csv"
        (tmp_path / "exports" / crm / table).write_text("id\n1\n")
    for name in ("LEADSIGNAL_RAW", "LEADSIGNAL_WAREHOUSE", "DBT_PROFILES_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.main(["init", *arguments])
    return int(caught.value.code or 0)


def comments(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if "#" in line]


def test_answers_become_settings_and_wrong_ones_are_asked_for_again(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = ["", "nowhere", "exports", "emea", "Dublin", "Europe/Dublin", "eur"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    assert init() == 0
    out, err = capsys.readouterr()
    assert "Found: emea (salesforce), salesforce (salesforce)." in out
    assert err.splitlines() == [
        f"The raw folder {project / 'nowhere'} does not exist. Name the one that has a folder for"
        " each CRM (--raw, LEADSIGNAL_RAW or raw_path).",
        "'Dublin' is no time zone. Write a name such as Europe/Dublin.",
    ]
    variables = yaml.safe_load((project / "dbt_project.yml").read_text())["vars"]
    before = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    assert variables == before | {
        "raw_path": "exports",
        "crms": {"emea": "salesforce"},
        "reporting_timezone": "Europe/Dublin",
        "reporting_currency": "EUR",
    }
    assert comments(project / "dbt_project.yml") == comments(ROOT / "dbt_project.yml")
    found = settings.load()
    found.check_target()
    found.check_raw()


def test_server_is_the_default_target_with_its_address_and_nothing_else_changes(
    project: Path,
) -> None:
    options = ["--raw", "db.example.com:5433", "--crms", "salesforce, apac=salesforce"]
    assert init("--target", "postgres", *options, "--timezone", "UTC", "--currency", "USD") == 0
    text = (ROOT / "profiles.yml").read_text()
    text = text.replace("target: duckdb", 'target: "postgres"')
    text = text.replace("'POSTGRES_HOST', '127.0.0.1'", "'POSTGRES_HOST', 'db.example.com'")
    text = text.replace("'POSTGRES_PORT', '5455'", "'POSTGRES_PORT', '5433'")
    assert (project / "profiles.yml").read_text() == text
    assert settings.load().home == "postgres"
    assert settings.load().crms == {"salesforce": "salesforce", "apac": "salesforce"}


def test_settings_of_several_lines_are_replaced_whole(project: Path) -> None:
    file = project / "dbt_project.yml"
    several = "crms: # ours\n    old: hubspot\n    # and\n    b: generic\n    \n"
    file.write_text(file.read_text().replace("crms: {}\n", several))
    file.chmod(0o600)
    assert init(*ANSWERS, "--raw", "exports") == 0
    assert settings.load().crms == {}
    variables = yaml.safe_load(file.read_text())["vars"]
    before = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    assert variables == before | {"raw_path": "exports"}
    assert "  crms: {} # ours\n" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_it_may_be_run_again_whatever_it_has_written(project: Path) -> None:
    (project / "raw # 1").symlink_to(ROOT / "demo")
    for _ in range(2):
        assert init(*ANSWERS, "--raw", "raw # 1") == 0
        assert settings.load().raw == project / "raw # 1"


def test_file_that_cannot_be_changed_surely_is_left_alone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "dbt_project.yml"
    broken = file.read_text().replace("crms: {}\n", "crms:\n    old: hubspot\n\n    b: generic\n")
    file.write_text(broken)
    assert init(*ANSWERS, "--raw", "exports") == 2
    assert "could not be set. Write it into the file by hand." in capsys.readouterr().err
    assert file.read_text() == broken


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--target", "oracle", "'oracle' is no home of the tables. Use one of: duckdb, postgres,"),
        ("--raw", "models", "models holds the tables of a CRM that is known. Put each CRM's"),
        ("--crms", "sap", "'sap' is no CRM that can be read. Write emea or salesforce; layouts"),
        ("--timezone", "Mars", "'Mars' is no time zone. Write a name such as Europe/Dublin."),
        ("--timezone", "new york", "Write a name such as America/New_York."),
        ("--timezone", "Europe/Dubiln", "Write a name such as Europe/Dublin."),
        ("--raw", "exports/salesforce", "salesforce is the folder of one CRM. Name the one above"),
        ("--currency", "EUU", "'EUU' is no currency. Write its ISO code, such as EUR."),
        ("--currency", "euros", "'euros' is no currency. Write its ISO code, such as EUR."),
    ],
)
def test_wrong_options_are_one_line_and_change_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, says: str
) -> None:
    given = {"--target": "duckdb", "--raw": "exports", "--crms": "all"}
    given |= {"--timezone": "UTC", "--currency": "USD", option: value}
    assert init(*(word for pair in given.items() for word in pair)) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
    for name in ("dbt_project.yml", "profiles.yml"):
        assert (project / name).read_text() == (ROOT / name).read_text()


def test_no_answer_is_said(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert init("--target", "duckdb", "--raw", "exports") == 2
    assert "No answer to: Which of its CRMs are read?" in capsys.readouterr().err
