"""What the `leadsignal` command asks and tells: results on stdout, errors as lines on stderr."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import typer

from leadsignal.cli_options import Format
from leadsignal.discretion import without_values
from leadsignal.errors import LeadsignalError, UsageError
from leadsignal.printable import printable

if TYPE_CHECKING:
    import pyarrow

    from leadsignal.run_record import RunRecord


class Told(Protocol):
    """What a command prints: readable text, or plain types for JSON."""

    def render(self) -> str:
        """Text for people."""

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has."""


class Table(Told, Protocol):
    """The same with rows for other programs."""

    @property
    def table(self) -> "pyarrow.Table":
        """Its rows."""


def say(text: str, *, err: bool = False) -> None:
    """Print the text, on stderr when `err`; what a terminal would obey is not in it any more."""
    typer.echo(printable(text), err=err)


def answer_to(question: str, default: str) -> str:
    """The answer, or the default; raises UsageError where nobody answers."""
    try:
        return input(f"{question} [{default}] ").strip() or default
    except EOFError as error:
        raise UsageError(
            f"No answer to: {question}", "Give it as an option, see leadsignal init --help."
        ) from error


def tell_run(
    record: "RunRecord", text: "Callable[[], str] | None", *, is_alerted: bool = True
) -> None:
    """Send the alert, then print the text, if any, which may speak of an alert that failed."""
    from leadsignal import alerts

    for warning in alerts.send(record) if is_alerted else ():
        record.warnings.append(warning)
        say(f"leadsignal: Warning: {warning}", err=True)
    if text:
        say(text())


def tell(value: Told, as_json: bool) -> None:
    """As text, or as JSON."""
    say(json.dumps(value.to_dict(), indent=2, default=str) if as_json else value.render())


def write(value: Table, form: Format) -> None:
    """As text, as JSON, or the rows alone as CSV or Arrow."""
    if form in (Format.table, Format.json):
        tell(value, form == Format.json)
        return
    from leadsignal import output

    output.write(value.table, form)


def note(line: str) -> None:
    """What to know of a result that stands on stdout."""
    say(f"leadsignal: Note: {line}", err=True)


def tell_error(error: Exception) -> int:
    """One line on stderr for each cause; the exit status."""
    if isinstance(error, LeadsignalError):
        lines: tuple[str, ...] = error.lines
        status = error.exit_code
    elif isinstance(error, typer.exceptions.TyperException):
        lines, status = _usage_lines(error.format_message()), 2
    else:
        text = " ".join(f"{type(error).__name__}: {without_values(str(error))}".split())
        lines = (f"An unexpected error: {text}. Run again with --debug to see where.",)
        status = LeadsignalError.exit_code
    for line in lines:
        say(f"leadsignal: {line}", err=True)
    return status


def record_usage(error: Exception) -> None:
    """The run record of a build that did not begin, for Typer did not understand its options."""
    if isinstance(error, typer.exceptions.TyperException):
        from leadsignal.run_record import RunRecord

        record = RunRecord()
        record.failed(UsageError(*_usage_lines(error.format_message())))
        tell_run(record, record.json)


def _usage_lines(message: str) -> tuple[str, ...]:
    """Typer's message as one line; none for a bare `leadsignal`, which has shown the help."""
    text = " ".join(message.replace("Value error, ", "").split())
    if not text:
        return ()
    sentence = text if text.endswith((".", "?")) else f"{text}."
    return (f"{sentence} Run `leadsignal --help` for the usage.",)
