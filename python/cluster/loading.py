"""Raw CRM files as tables of Spark, as a loader leaves them: a schema per CRM, text columns."""

import shutil
from pathlib import Path

import duckdb
from leadsignal.warehouse import quoted

from cluster.running import HOST, Cluster


def load(cluster: Cluster, raw: Path) -> int:
    """Make a table of each CSV file in the folders of `raw`; how many there are."""
    from pyhive import hive

    files = sorted(raw.glob("*/*.csv"))
    with hive.connect(HOST, cluster.server) as con, con.cursor() as cursor:
        for schema in dict.fromkeys(file.parent.name for file in files):
            cursor.execute(f"drop schema if exists `{schema}` cascade")
            cursor.execute(f"create schema `{schema}`")
            shutil.rmtree(cluster.folder / "raw" / schema, ignore_errors=True)
        for file in files:
            schema, table = file.parent.name, file.stem
            folder = cluster.folder / "raw" / schema / table
            folder.mkdir(parents=True)
            duckdb.sql(
                f"copy (from read_csv({quoted(file)}, all_varchar = true, header = true))"
                f" to {quoted(folder / 'rows.parquet')} (format parquet, compression zstd)"
            )
            cursor.execute(f"create table `{schema}`.`{table}` using parquet location '{folder}'")
    return len(files)
