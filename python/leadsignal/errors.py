"""The one error tree. It imports nothing, so anything may raise from it.

Each error is one line of what, where and what to do; its class decides the exit status of the
command line (0 is "done and published", 130 stopped).
"""


class LeadsignalError(Exception):
    """A failure that a user can read and mend.

    `message` says what is wrong and where, `hint` says what to do. `more` holds further lines of
    the same kind, one per cause, for failures that have several.
    """

    exit_code = 3
    status = "failed"

    def __init__(self, message: str, hint: str = "", *, more: "tuple[str, ...]" = ()) -> None:
        first = f"{message} {hint}"
        self.lines = tuple(" ".join(line.split()) for line in (first, *more))
        super().__init__(self.lines[0])


class Stopped(KeyboardInterrupt):
    """SIGTERM, as a service that is stopped or takes too long gets it: ends like Ctrl-C."""


class AuditRefused(LeadsignalError):
    """The audit found a critical failure: the last published set stays."""

    exit_code = 1
    status = "refused"


class UsageError(LeadsignalError):
    """Wrong arguments or settings."""

    exit_code = 2
    status = "wrong usage"


class BuildFailed(LeadsignalError):
    """dbt, the audit's process or the publishing did not finish."""

    exit_code = 3
    status = "failed"


class BuildLocked(LeadsignalError):
    """Another build of the same warehouse is running."""

    exit_code = 4
    status = "locked"
