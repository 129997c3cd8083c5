"""`python -m leadsignal.audit MARTS_FILE OUT_DIR [--previous FILE] [--rules audit.yml]`.

Writes OUT_DIR/audit.json and OUT_DIR/audit.html and prints one line per broken rule. Exit status:
0 the set may be published, 1 a critical rule is broken, 2 wrong usage or a file that cannot be
read, 3 a rule could not be judged.
"""

import argparse
import os
import sys
from pathlib import Path

from leadsignal import audit
from leadsignal.errors import AuditRefused, LeadsignalError


def main(arguments: list[str] | None = None) -> int:
    """Run the audit; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m leadsignal.audit", description=__doc__)
    parser.add_argument("marts", type=Path, metavar="MARTS_FILE", help="the file to judge")
    parser.add_argument("out", type=Path, metavar="OUT_DIR", help="where the results go")
    parser.add_argument("--previous", type=Path, help="the file that is published now")
    parser.add_argument(
        "--rules",
        type=Path,
        help=f"a file that tightens the rules (default: {audit.TIGHTENED} here, when there is one)",
    )
    wanted = parser.parse_args(arguments)
    here = Path(audit.TIGHTENED)
    tightened = wanted.rules or (here if here.is_file() else None)
    try:
        result = audit.run(wanted.marts, wanted.out, wanted.previous, tightened)
    except LeadsignalError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    for kind, broken in (("Critical", result.refusals), ("Warning", result.warnings)):
        for each in broken:
            print(f"{kind}: {each.line}")
    return AuditRefused.exit_code if result.refusals else 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # At a normal exit DuckDB's binding lists the types that SQLAlchemy still holds as "leaked".
    os._exit(status)
