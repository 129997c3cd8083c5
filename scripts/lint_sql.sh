#!/usr/bin/env bash
# SQL style of the files or folders named: scripts/lint_sql.sh models tests/integrity ...
#
# The templater compiles in the place of `make test-dbt`, so that no other database is made, and for a CRM of one empty table:
# what a raw table is expanded to is made by macros, judged by nobody, and takes half of the time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=warehouse/test
raw=$work/lint
mkdir -p $raw/generic
echo "lead_id,created_at" > $raw/generic/leads.csv

said=$(mktemp)
trap 'rm -f "$said"' EXIT
# Its worker processes leave semaphores behind and Python says so; at its end DuckDB's binding lists what sqlfluff still holds.
PYTHONWARNINGS=ignore LEADSIGNAL_RAW=$PWD/$raw LEADSIGNAL_WORK=$work DO_NOT_TRACK=1 \
    .venv/bin/sqlfluff lint --processes 2 --disable-progress-bar "$@" 2> >(grep -v "nanobind\|^ - leaked\|^ - \.\.\. skipped" >&2) | tee "$said"
# sqlfluff passes over a file that does not compile with a warning.
! grep -q "Skipped file" "$said"
