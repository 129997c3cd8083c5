#!/usr/bin/env bash
# SQL style of the files or folders named: scripts/lint_sql.sh models tests/integrity ...
#
# The templater compiles against the tables of `make test-dbt`, so that no other database is made.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=warehouse/test
mkdir -p "$work"
# Its worker processes leave semaphores behind and Python says so; at its end DuckDB's binding lists what sqlfluff still holds.
PYTHONWARNINGS=ignore LEADSIGNAL_WORK=$work LEADSIGNAL_AS_OF=2026-10-31 DO_NOT_TRACK=1 \
    .venv/bin/sqlfluff lint --processes 2 --disable-progress-bar "$@" 2> >(grep -v "nanobind\|^ - leaked\|^ - \.\.\. skipped" >&2)
