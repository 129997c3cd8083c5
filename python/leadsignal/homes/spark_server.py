"""Spark's Thrift server: the connection, and errors as one line."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from leadsignal.errors import BuildFailed, UsageError

SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}
"""Of the session, whatever the server's own are."""


class Server:
    """A session."""

    def __init__(self, con: Any) -> None:
        """`con` is PyHive's."""
        self.con = con

    def run(self, sql: str, values: Sequence[object] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a statement. Raises BuildFailed."""
        with self.cursor(sql, values) as cursor:
            return list(cursor.fetchall()) if cursor.description else []

    @contextmanager
    def cursor(self, sql: str, values: Sequence[object] | None = None) -> Iterator[Any]:
        """The cursor of a statement that has been run. Raises BuildFailed."""
        from pyhive.exc import Error
        from thrift.Thrift import TException

        cursor = self.con.cursor()
        try:
            cursor.execute(sql, values)
            yield cursor
        except (Error, TException, OSError) as error:
            raise BuildFailed(
                f"Spark refused: {_said(error)}.", "Nothing was published."
            ) from error
        finally:
            cursor.close()


@contextmanager
def connected(output: Mapping[str, Any], place: str) -> Iterator[Server]:
    """A session on the Thrift server of a target; `place` names the target in errors.

    Raises UsageError when the target is of another kind, and BuildFailed when the server cannot be
    reached: it may be later.
    """
    try:
        from pyhive import hive
        from thrift.Thrift import TException
        from thrift.transport.TTransport import TTransportException
    except ImportError as error:
        raise UsageError(
            "Spark's adapter is not installed.", "Run `pip install 'leadsignal[spark]'`."
        ) from error
    if output.get("method") != "thrift":
        raise UsageError(
            f"{place} has the method {output.get('method')}: a build speaks to a Thrift server.",
            "Set method: thrift (see profiles.yml.example).",
        )
    try:
        con = hive.connect(
            host=output["host"],
            port=int(output.get("port", 10000)),
            username=output.get("user"),
            auth=output.get("auth"),
            kerberos_service_name=output.get("kerberos_service_name"),
            password=output.get("password"),
            configuration=SETTINGS | dict(output.get("server_side_parameters") or {}),
        )
    except KeyError as error:
        raise UsageError(f"{place} has no {error}.", "See profiles.yml.example.") from error
    except ValueError as error:
        raise UsageError(
            f"{place} has no number as port: {output.get('port')!r}.", "See profiles.yml.example."
        ) from error
    except (TTransportException, OSError) as error:
        raise BuildFailed(
            f"{place} cannot be reached: {error}.",
            "Start the Thrift server (`make spark-up` starts a cluster of the project's own), or"
            " set the target right.",
        ) from error
    try:
        yield Server(con)
    finally:
        with suppress(TException, OSError):  # the server may have gone
            con.close()


def _said(error: Exception) -> str:
    """What Spark says of an error, without where in its code it happened."""
    status = getattr(error.args[0], "status", None) if error.args else None
    words = str(getattr(status, "errorMessage", None) or error)
    return (words.rpartition("Error running query: ")[2].strip() or "no reason given").splitlines()[
        0
    ]
