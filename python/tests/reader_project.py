"""A dbt project of three small layouts with the project's own macros, to try the reader alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb
from builds import ROOT
from dbt_process import run_dbt_command

FILES = {
    "dbt_project.yml": """
name: leadsignal
version: 0.1.0
config-version: 2
profile: leadsignal
models: {leadsignal: {+schema: staging, +materialized: table}}
vars: {raw_path: raw, as_of: "", reporting_timezone: UTC}
""",
    "models/sources.yml": """
sources:
  - name: salesforce
    tables:
      - name: lead
        config: {meta: {required: true}}
        columns: [{name: id, data_type: key, config: {meta: {required: true}}}]
  - name: generic
    tables:
      - name: leads
        config: {meta: {required: true, required_unless: opportunities}}
        columns:
          - {name: lead_id, data_type: key, config: {meta: {tells_presence: true}}}
          - {name: created_at, data_type: timestamp, config: {meta: {keeps_text: true}}}
          - {name: last_modified_date, data_type: timestamp}
          - {name: is_deleted, data_type: boolean}
      - name: opportunities
        columns: [{name: opportunity_id, data_type: key}]
""",
    "models/hubspot.yml": """
sources:
  - name: hubspot
    tables:
      - name: contact
        config: {meta: {required: true, also: [contacts]}}
        columns:
          - {name: id, data_type: key, config: {meta: {required: true}}}
          - {name: createdate, data_type: timestamp, config: {meta: {also: [createdat]}}}
          - {name: hs_lead_status, data_type: picklist}
          - {name: merged_ids, data_type: varchar}
          - {name: last_modified_date, data_type: timestamp, config: {meta: {also: [updatedat]}}}
          - {name: is_deleted, data_type: boolean, config: {meta: {also: [archived]}}}
      - name: owner
        config: {meta: {also: [owners]}}
        columns: [{name: owner_id, data_type: key, config: {meta: {also: [id]}}}]
""",
    "models/hubspot_deals.yml": """
sources:
  - name: hubspot
    tables:
      - name: deal_stage
        config: {meta: {keeps_versions: true}}
        columns:
          - {name: deal_id, data_type: key}
          - {name: value, data_type: key}
          - {name: entered_at, data_type: timestamp}
          - {name: last_modified_date, data_type: timestamp}
          - {name: is_deleted, data_type: boolean}
      - name: deal_pipeline
        columns:
          - {name: id, data_type: key}
          - {name: stages, data_type: varchar}
""",
    "models/stg_forgotten__people.sql": "select cast(null as varchar) as person_hash where false",
    "models/contacts.sql": """
with source_rows as ({{ raw(source('hubspot', 'contact')) }}),
judged as ({{ row_rules('source_rows', needs=['id'], copies_in=source('hubspot', 'contact')) }})
select * from judged
""",
    "models/deal_stages.sql": """
with source_rows as ({{ raw(source('hubspot', 'deal_stage')) }}),
judged as (
    {{ row_rules(
        'source_rows', key=['deal_id', 'value', 'entered_at'], needs=['deal_id'],
        copies_in=source('hubspot', 'deal_stage')
    ) }}
)
select * from judged
""",
    "models/leads.sql": """
with source_rows as ({{ raw(source('generic', 'leads')) }}),
judged as (
    {{ row_rules('source_rows', key=['lead_id'], dated_by='created_at', ends_by='created_at') }}
)
select * from judged
""",
    "models/opportunities.sql": "{{ raw(source('generic', 'opportunities')) }}",
    "models/salesforce_leads.sql": "{{ raw(source('salesforce', 'lead')) }}",
    "models/stage_dates.sql": """
{{ raw_stage_dates(source('hubspot', 'contact'), prefixes=['hsv2dateentered', 'hsdateentered']) }}
union all
{{ raw_stage_dates(source('hubspot', 'contact'), prefixes=['hslifecyclestage'], suffix='date') }}
""",
    "models/merged_ids.sql": """
with source_rows as ({{ raw(source('hubspot', 'contact')) }}),
{{ 'split as (' ~ split_rows('source_rows', ['crm', 'id'], 'merged_ids', as='merged_id') ~ ')' }}
select * from split
""",
    "models/pipeline_stages.sql": """
with source_rows as ({{ raw(source('hubspot', 'deal_pipeline')) }}),
items as ({{ json_rows('source_rows', ['crm', 'id'], 'stages') }})
select id, {{ json_text('item', 'label') }} as label, {{ json_text('item', 'metadata.p') }} as p
from items
""",
    **{
        f"models/fields_{layout}.sql": f"""
select * from {{{{ listed_rows(
    'read_fields', ['crm', 'raw_table', 'column_name', 'is_found', 'is_required'],
    raw_field_rows('{layout}')
) }}}}
"""
        for layout in ("generic", "hubspot", "salesforce")
    },
}


class ReaderProject:
    """The project in a folder of its own, its raw folder and what its models hold."""

    def __init__(self, folder: Path) -> None:
        for name, content in FILES.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content.lstrip())
        shutil.copy(ROOT / "profiles.yml", folder)
        (folder / "macros").symlink_to(ROOT / "macros")
        self.folder = folder
        self.raw = folder / "raw"

    def build(self, **variables: Any) -> subprocess.CompletedProcess[str]:
        """Build every model with these settings."""
        command = ["build", "--no-use-colors", "--vars", json.dumps(variables)]
        environment = os.environ | {
            "LEADSIGNAL_RAW": str(self.raw),
            "LEADSIGNAL_AS_OF": "2026-03-01 00:00:00",
            "LEADSIGNAL_WORK": str(self.folder),
            "DO_NOT_TRACK": "1",
        }
        return run_dbt_command(command, self.folder, environment)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the models."""
        with duckdb.connect(str(self.folder / "work.duckdb"), read_only=True) as connection:
            return connection.execute(f"set schema = 'staging'; {sql}").fetchall()

    def complaint(self, **variables: Any) -> str:
        """The line of a build that stops."""
        result = self.build(**variables)
        assert result.returncode == 1, result.stdout
        lines = [line.strip() for line in result.stdout.splitlines()]
        places = [place for place, line in enumerate(lines) if "Compilation Error in" in line]
        assert places, result.stdout
        return lines[places[0] + 1]
