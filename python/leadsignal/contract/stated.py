"""What the project says now that it publishes: its marts, and what `leadsignal build` adds."""

import re
from pathlib import Path
from typing import Any

import yaml

from leadsignal.contract import Table
from leadsignal.history.carrying import contract as history_tables

MANIFEST = Table(key=(), columns={"json": "varchar"})
"""semantic_manifest, one row: written by `metrics.definitions.store`."""
KEY = re.compile(r"\bKey: ([a-z_, ]+)\.")


def version(project: Path) -> str:
    """`contract_version` of the project."""
    text = (project / "dbt_project.yml").read_text(encoding="utf-8")
    return str(yaml.safe_load(text)["vars"]["contract_version"])


def tables(project: Path) -> dict[str, Table]:
    """Every published table by its name. Raises ValueError for one whose key is not described."""
    files = sorted((project / "models" / "marts").glob("*/_*__models.yml"))
    models = [
        model
        for file in files
        for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]
    ]
    marts = {
        model.get("config", {}).get("alias", model["name"]): Table(_key(model), _types(model))
        for model in models
    }
    kept = {
        name: Table(
            tuple(table["key"]),
            {column: told["type"] for column, told in table["columns"].items()}
            | (dict(marts[table["like"]].columns) if "like" in table else {}),
        )
        for name, table in history_tables().items()
    }
    return dict(sorted((marts | kept | {"semantic_manifest": MANIFEST}).items()))


def _key(model: dict[str, Any]) -> tuple[str, ...]:
    found = KEY.search(model["description"])
    if not found:
        raise ValueError(f"{model['name']}: its description has no 'Key: column, column.'")
    return tuple(name.strip() for name in found[1].split(","))


def _types(model: dict[str, Any]) -> dict[str, str]:
    return {column["name"]: column["data_type"] for column in model["columns"]}
