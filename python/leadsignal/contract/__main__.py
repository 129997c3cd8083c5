"""`python -m leadsignal.contract`: record what the project publishes now."""

import sys

from leadsignal import settings
from leadsignal.contract import recording
from leadsignal.errors import LeadsignalError


def main() -> int:
    """Record the contract of the project around the current folder; the exit status."""
    try:
        print(f"Written: {recording.record(settings.find_project())}")
    except LeadsignalError as error:
        for line in error.lines:
            print(line, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
