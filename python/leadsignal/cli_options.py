"""What the options of the `leadsignal` command may be."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Period(StrEnum):
    """A calendar period in the reporting time zone."""

    week = "week"
    month = "month"
    quarter = "quarter"


class By(StrEnum):
    """What the scorecard is broken down by."""

    source = "source"
    owner = "owner"
    campaign = "campaign"
    month = "month"


class Format(StrEnum):
    """How a table is written."""

    table = "table"
    csv = "csv"
    json = "json"
    arrow = "arrow"


class Audience(StrEnum):
    """Who reads the story."""

    leadership = "leadership"
    marketing = "marketing"
    sales = "sales"


class ReportFormat(StrEnum):
    """How the report is written."""

    html = "html"
    md = "md"
    json = "json"
    pdf = "pdf"
    png = "png"


class FileFormat(StrEnum):
    """Files of the demo CRM."""

    csv = "csv"
    parquet = "parquet"


AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The one 'now': a date or a timestamp (UTC)."),
]
TargetOption = Annotated[
    str | None, typer.Option("--target", metavar="T", help="Target in profiles.yml.")
]
Raw = Annotated[
    Path | None, typer.Option("--raw", metavar="DIR", help="Folder with one folder per CRM.")
]
Wait = Annotated[
    int,
    typer.Option("--wait", metavar="MINUTES", min=0, help="Wait so long for another build's end."),
]
Preview = Annotated[
    bool, typer.Option("--preview", help="Publish nothing; say what would change, and by what.")
]
PeriodOption = Annotated[Period, typer.Option("--period", help="The period reported on.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How it is written.")]
Where = Annotated[
    list[str] | None,
    typer.Option(metavar="CONDITION", help="Such as 'source = webinar'; may be repeated."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
HomeOption = Annotated[
    str | None, typer.Option("--target", metavar="T", help="duckdb, postgres or spark.")
]
PlaceOption = Annotated[
    str | None,
    typer.Option("--raw", metavar="DIR|HOST:PORT", help="The CRMs' folder, or the server."),
]
CrmsOption = Annotated[
    str | None, typer.Option("--crms", metavar="NAMES", help="'all', or such as 'salesforce'.")
]
ZoneOption = Annotated[
    str | None, typer.Option("--timezone", metavar="ZONE", help="Such as Europe/Dublin.")
]
CurrencyOption = Annotated[
    str | None, typer.Option("--currency", metavar="CODE", help="Such as EUR.")
]
