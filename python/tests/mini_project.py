"""A dbt project of two models, whose audit, story and report do as an environment variable says.

It runs the real command line, dbt and publishing in a few seconds. MINI_DBT is what goes wrong in
dbt (macro, sql, test, parse, forever), MINI_AUDIT what the audit says (refuse, warn, crash) or that
its result is torn, MINI_STALE (true, false) whether a CRM was not loaded, and MINI_LOST that its
home is held no more.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from builds import ROOT
from leadsignal import warehouse

FILES = {
    "dbt_project.yml": """
name: leadsignal
version: 0.1.0
config-version: 2
profile: leadsignal
on-run-start: "{{ check_target() }}"
models: {leadsignal: {marts: {+database: leadsignal, +schema: marts, +materialized: table}}}
vars: {raw_path: raw, as_of: "2026-10-31", crms: {salesforce: salesforce}}
""",
    "macros/fail.sql": """
{% macro fail() %}
{%- set how = env_var('MINI_DBT', '') -%}
{%- if execute and how == 'macro' -%}
    {%- set line = "lead.csv has one column: 'a;b'. Looked in raw. Use commas." -%}
    {{ exceptions.raise_compiler_error(line) }}
{%- elif how == 'sql' %} select nothing
{%- elif how == 'forever' %}
    select count(*) as number from range(1000000000000) as r where r.range % 7 = 8
{%- elif how == 'test' %} select null as number
{%- else %} select 1 as number
{%- endif -%}
{% endmacro %}
""",
    "models/staging/_salesforce__sources.yml": """
sources: [{name: salesforce, tables: [{name: lead, columns: [{name: id, data_type: key}]}]}]
""",
    "models/numbers.sql": "{{ config(materialized='table') }} {{ fail() }}",
    "models/numbers.yml": """
models: [{name: numbers, columns: [{name: number, data_tests: [not_null]}]}]
""",
    "models/marts/publication.sql": """
select
    '{{ env_var("LEADSIGNAL_BUILD_ID", invocation_id) }}' as build_id,
    timestamp '{{ env_var("LEADSIGNAL_AS_OF") }} 23:59:59' as as_of,
    cast(now() as timestamp) as built_at,
    '{{ env_var("LEADSIGNAL_RAW") }}' as raw,
    timestamp '2026-10-31 12:00:00' as data_through,
    'source "TikTok" is not mapped' as warnings,
    {{ flags.FULL_REFRESH or false }} as is_full_refresh
from {{ ref('numbers') }}
{% if env_var('MINI_DBT', '') == 'parse' %}{{ ref('nowhere') }}{% endif %}
""",
    "models/marts/crm_freshness.sql": """
select
    'hubspot' as crm, timestamp '2026-10-20 08:00:00' as data_through, 279.9 as hours_behind,
    {{ env_var('MINI_STALE', 'false') }} as is_stale
from {{ ref('numbers') }}
""",
    "raw/salesforce/lead.csv": "id\n1\n",
    "fakes/fake_audit.py": """
import json, os, sys
from pathlib import Path
how, out = os.environ.get("MINI_AUDIT", ""), Path(sys.argv[2])
if how == "crash":
    raise SystemExit("no audit today")
line = "3 leads are both won and lost: mend their status."
severity = "critical" if how == "refuse" else "warning"
broken = {"id": "one_outcome", "line": line, "severity": severity, "success": not how}
usual = {"id": "as_usual", "line": "", "severity": "warning", "success": True}
rules = [broken | {"skipped": None}, usual | {"skipped": "It is the first."}]
(out / "audit.json").write_text(json.dumps({"success": how != "refuse", "results": rules}))
build = os.environ["LEADSIGNAL_BUILD_ID"]
if how == "torn":
    (out / "audit.json").write_text('{"success": true, "resu')
    sys.exit(0)
(out / "audit.html").write_text("<p>" + " ".join((build, *sys.argv[3:])))
sys.exit(how == "refuse")
""",
    "fakes/fake_story.py": """
def story(con):
    return f"Told of build {con.execute('select build_id from publication').fetchone()[0]}."
""",
    "fakes/fake_report.py": """
def audited(file, build_id):
    return file.name
def gather(con, audited, told):
    return f"{told} By {audited}."
def text(report, form):
    return report
""",
    "fakes/fake_history.py": """
def keep(marts, published, project):
    pass  # the tables that it keeps are not in this project
""",
    "fakes/mini.py": """
import os
import sys
import fake_history
import fake_report
import fake_story
import leadsignal
sys.modules["leadsignal.history"] = leadsignal.history = fake_history
sys.modules["leadsignal.story"] = leadsignal.story = fake_story
sys.modules["leadsignal.report"] = leadsignal.report = fake_report
from leadsignal import build, cli
from leadsignal.errors import BuildFailed
from leadsignal.homes.duckdb import Embedded
def lost(home):
    raise BuildFailed("The lock was lost.", "Build again.")
if "MINI_LOST" in os.environ:
    Embedded.hold = lost
build.AUDIT_MODULE = "fake_audit"
cli.main()
""",
}


class MiniProject:
    """The project in a folder of its own; its published file and its command line."""

    def __init__(self, folder: Path) -> None:
        for name, content in FILES.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content.lstrip())
        shutil.copy(ROOT / "profiles.yml", folder)
        for macro in ("generate_schema_name.sql", "cross_db/check_target.sql"):
            shutil.copy(ROOT / "macros" / macro, folder / "macros")
        self.folder = folder
        self.warehouse = folder / "warehouse"
        self.published = self.warehouse / "leadsignal.duckdb"

    def start(self, *arguments: str, **env: str) -> "subprocess.Popen[str]":
        """`leadsignal ARGUMENTS` as a process, with these environment variables besides."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LEADSIGNAL_", "DBT_", "MINI_"))
        }
        paths = [str(self.folder / "fakes"), os.environ.get("PYTHONPATH", "")]
        return subprocess.Popen(
            [sys.executable, "fakes/mini.py", *arguments],
            cwd=self.folder,
            env=inherited | {"PYTHONPATH": os.pathsep.join(paths)} | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
        """The same, until its end."""
        process = self.start(*arguments, **env)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def build_id(self) -> str:
        """The published build."""
        con = warehouse.open_published(self.published)
        try:
            return str(con.execute("select build_id from publication").fetchall()[0][0])
        finally:
            con.close()
