"""The `leadsignal` command: thin, and importing only what the command at hand needs.

Exit status: 0 done, 1 the audit refused, 2 wrong usage or settings, 3 the build failed, 4 another
build holds the lock, 130 stopped by the user.
"""

import signal
import sys
import traceback
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from leadsignal.cli_options import (
    AsJson,
    AsOf,
    Audience,
    By,
    CrmsOption,
    CurrencyOption,
    FileFormat,
    Format,
    FormatOption,
    HomeOption,
    Period,
    PeriodOption,
    PlaceOption,
    Preview,
    Raw,
    ReportFormat,
    TargetOption,
    Wait,
    Where,
    ZoneOption,
)
from leadsignal.cli_reading import moment, names, published
from leadsignal.cli_telling import (
    answer_to,
    note,
    record_usage,
    say,
    tell,
    tell_error,
    tell_run,
    write,
)
from leadsignal.errors import Stopped, UsageError

INTERRUPTED = 130


app = typer.Typer(
    help="CRM tables in, audited lead-quality tables and the written story out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """CRM tables in, audited lead-quality tables and the written story out."""
    # `main` takes --debug out of the arguments wherever it stands; here it is declared for --help.


@app.command()
def build(
    raw: Raw = None,
    as_of: AsOf = None,
    target: TargetOption = None,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Seeds made anew too; tables always are.")
    ] = False,
    wait: Wait = 0,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """Build, audit and publish the tables, and write the story and the report."""
    from leadsignal import build as building
    from leadsignal import progress, run_record, settings

    record = run_record.RunRecord()
    # Who stops a service sends SIGTERM: it ends like Ctrl-C, with the children ended and a record.
    signal.signal(signal.SIGTERM, _stop)
    try:
        wanted = settings.load(raw=raw, as_of=as_of, target=target)
        shown = progress.choose(silent=as_json)
        if preview:
            from leadsignal import preview as previewing

            text = previewing.run(wanted, wait_minutes=wait, progress=shown, record=record).render
        else:
            text = building.run(
                wanted,
                full_refresh=full_refresh,
                wait_minutes=wait,
                progress=shown,
                record=record,
            ).text
    except (Exception, KeyboardInterrupt) as error:
        record.failed(error)
        is_alerted = not preview and type(error) is not KeyboardInterrupt  # Ctrl-C: they know
        tell_run(record, record.json if as_json else None, is_alerted=is_alerted)
        raise
    tell_run(record, record.json if as_json else text, is_alerted=not preview)


@app.command()
def forget(
    email: Annotated[
        str | None, typer.Argument(metavar="E-MAIL", help="Of the person; - reads it from stdin.")
    ] = None,
    lead_id: Annotated[
        str | None, typer.Option("--lead", metavar="LEAD_ID", help="Or a lead, as in fct_leads.")
    ] = None,
    raw: Raw = None,
    as_of: AsOf = None,
    target: TargetOption = None,
    wait: Wait = 0,
) -> None:
    """Erase a person from all that is stored, prove it, and keep them out of later builds.

    Without --as-of the new set is of the same moment as the published one.
    """
    from leadsignal import progress, run_record, settings
    from leadsignal.privacy import forgetting

    signal.signal(signal.SIGTERM, _stop)
    forgotten = forgetting.forget(
        settings.load(raw=raw, as_of=as_of, target=target),
        sys.stdin.readline() if email == "-" else email,
        lead_id,
        wait_minutes=wait,
        progress=progress.choose(silent=False),
        record=run_record.RunRecord(),
    )
    typer.echo(forgotten.text())


@app.command()
def scorecard(
    by: Annotated[By | None, typer.Option("--by", help="One row for each of these.")] = None,
    period: PeriodOption = Period.month,
    as_of: AsOf = None,
    form: FormatOption = Format.table,
) -> None:
    """The rates with their intervals, against the last period, last year and the targets."""
    from leadsignal import scorecard as scoring

    now = moment(as_of)
    with published() as con:
        write(scoring.scorecard(con, by=by, period=period, as_of=now), form)


@app.command()
def query(
    metrics: Annotated[list[str], typer.Option("--metrics", metavar="M,...", help="Metrics.")],
    by: Annotated[
        list[str] | None, typer.Option("--by", metavar="D,...", help="Dimensions.")
    ] = None,
    where: Where = None,
    grain: Annotated[
        str | None, typer.Option("--grain", help="Grain of the time dimension.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="DAY", help="First day, or month.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--end", metavar="DAY", help="Last day, or month.")
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """Any metric by any dimension."""
    from leadsignal import output
    from leadsignal.metrics import query as querying

    with published() as con:
        table = querying.query(
            con, names(metrics), names(by or []), where or [], grain, start, end, tell=note
        )
        output.write(table, form)


@app.command()
def story(
    period: PeriodOption = Period.month,
    as_of: AsOf = None,
    audience: Annotated[
        Audience, typer.Option("--audience", help="Owners appear for sales alone.")
    ] = Audience.leadership,
    where: Where = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="The query behind each sentence, and its leads.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """The written story of the published set, or of a part of its leads."""
    from leadsignal import story as telling

    now = moment(as_of)
    with published() as con:
        told = telling.story(con, period, now, audience=audience, where=where)
        if trace:
            say(told.trace(con))
        else:
            tell(told, as_json)


@app.command()
def report(
    period: PeriodOption = Period.month,
    as_of: AsOf = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="By default report.FORMAT in the warehouse."),
    ] = None,
    form: Annotated[
        ReportFormat, typer.Option("--format", help="pdf and png need Chromium on this machine.")
    ] = ReportFormat.html,
) -> None:
    """Figures, story and charts as one file that needs no network; `--out -` writes to stdout."""
    from leadsignal import report as reporting
    from leadsignal import settings

    now, place = moment(as_of), settings.load()
    file = out or place.warehouse / f"report.{form}"
    with published() as con:
        rows = con.execute("select build_id from publication").fetchall()
        audited = reporting.audited(place.audit, rows and rows[0][0])
        reporting.write(reporting.gather(con, period, now, audited), file, form)
    if file != Path("-"):
        say(f"Report: {file}")


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(help="A question's name; without one, they are listed.")
    ] = None,
    period: PeriodOption = Period.month,
    as_of: AsOf = None,
    form: FormatOption = Format.table,
) -> None:
    """One of a leader's questions, answered in a sentence and a table."""
    from leadsignal import questions

    if question is None:
        say(questions.listing())
        return
    now = moment(as_of)
    with published() as con:
        write(questions.answer(con, question, period, now), form)


@app.command()
def diagnose(
    period: PeriodOption = Period.month, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """What 'we need more leads' stands for: the gap to the target, cause by cause."""
    from leadsignal import diagnosis

    now = moment(as_of)
    with published() as con:
        tell(diagnosis.diagnose(con, period, now), as_json)


@app.command()
def alarms(
    period: PeriodOption = Period.month, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """What moved in a way that should worry: inflated scores, jumps, rejections without reason."""
    from leadsignal.honesty import alarms as alarming

    now = moment(as_of)
    with published() as con:
        tell(alarming.checks(con, period, now), as_json)


@app.command()
def changed(
    since: Annotated[
        str, typer.Option("--since", metavar="BUILD|DATE", help="A build's id, or a date.")
    ],
    as_json: AsJson = False,
) -> None:
    """The numbers that were reported otherwise then, and the leads that explain it."""
    from leadsignal import history

    with published() as con:
        tell(history.changed(con, since), as_json)


@app.command()
def explain(
    lead_id: Annotated[str, typer.Argument(help="Such as salesforce:00Q5e00000ABCDE.")],
) -> None:
    """Every verdict of one lead, with the rule and the evidence."""
    from leadsignal import explain as explaining

    with published() as con:
        say(explaining.explain(con, lead_id).render())


@app.command()
def doctor(raw: Raw = None) -> None:
    """Check the environment, the connection, the raw tables and the mappings.

    Exit status 2 when something would stop a build.
    """
    from leadsignal import doctor as checking
    from leadsignal import settings

    findings = checking.diagnose(settings.load(raw=raw))
    for finding in findings:
        say(str(finding))
    say(checking.summary(findings))
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(UsageError.exit_code)


@app.command()
def init(
    target: HomeOption = None,
    place: PlaceOption = None,
    crms: CrmsOption = None,
    timezone: ZoneOption = None,
    currency: CurrencyOption = None,
) -> None:
    """Set up a project: five questions, asked for what no option gives."""
    from leadsignal import init as initial
    from leadsignal import settings

    project = settings.find_project()
    given = {
        "target": target, "place": place, "crms": crms, "timezone": timezone, "currency": currency
    }  # fmt: skip
    answers = initial.asked(project, given, answer_to, lambda line: say(line, err=True))
    for file in initial.write(project, answers):
        say(f"Written: {file}")
    say("Next: leadsignal doctor, then leadsignal build")


@app.command()
def demo(
    leads: Annotated[
        int, typer.Option("--leads", min=1, max=50_000_000, help="About how many leads.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed writes the same files.")] = 1,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write to.")] = Path(
        "demo"
    ),
    form: Annotated[FileFormat, typer.Option("--format", help="Of the files.")] = FileFormat.csv,
) -> None:
    """Write a demo CRM of any size."""
    from leadsignal import demo as demonstration

    summary = demonstration.write(out, leads, seed, form.value)
    say(f"Wrote a demo CRM of {summary.rows['lead']:,} lead records to {summary.folder}.")
    say(f"Next: leadsignal build --raw {quote(str(out))} --as-of {demonstration.AS_OF}")


def _stop(*_: object) -> None:
    raise Stopped


def _check_readable(words: list[str]) -> None:
    """Raises UsageError for a word with bytes that are no UTF-8."""
    for word in words:
        if any("\udc80" <= letter <= "\udcff" for letter in word):
            shown = word.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            raise UsageError(f"'{shown}' is no UTF-8.", "Write it in a terminal that uses UTF-8.")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its status. `arguments` default to the process's own."""
    given = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in given
    command = typer.main.get_command(app)
    try:
        _check_readable(given)
        status = command.main(
            [word for word in given if word != "--debug"],
            prog_name="leadsignal",
            standalone_mode=False,
        )
    except KeyboardInterrupt:
        status = INTERRUPTED
    except Exception as error:
        if debug:
            traceback.print_exception(error)
        status = tell_error(error)
        if {"build", "--json"} <= {*given}:
            record_usage(error)
    sys.exit(status or 0)
