"""Compare the project's YAML with the schema that dbt ships.

On DuckDB dbt takes a misspelt key without a word, and the test or the description is simply not
there. Prints one line for each fault; exit status 1 when there is one.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

FOLDERS = ("models", "seeds", "macros", "tests", "analyses")
SCHEMAS = files("dbt") / "jsonschemas"
METRICS = files("dbt_semantic_interfaces") / "parsing" / "generated_json_schemas"


def main(root: Path) -> int:
    """Check every YAML file of the project in `root`; the exit status."""
    resources, project, semantic = _schema("resources"), _schema("project"), _semantic_schemas()
    faults = list(faults_in(root / "dbt_project.yml", project))
    checked = 1
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*.y*ml")):
            faults += faults_in(file, resources, semantic)
            checked += 1
    for fault in faults:
        print(fault)
    print(f"{checked} YAML files checked, {len(faults)} faults")
    return 1 if faults else 0


def faults_in(
    file: Path, schema: Draft7Validator, parts: Mapping[str, Draft7Validator] | None = None
) -> Iterator[str]:
    """One line for each key or value that the schema does not know.

    `parts` are top-level keys with a schema of their own.
    """
    content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    for part in content.keys() & (parts or {}).keys():
        yield from _faults(file, {part: content.pop(part)}, (parts or {})[part])
    yield from _faults(file, content, schema)


def _faults(file: Path, content: Any, schema: Draft7Validator) -> Iterator[str]:
    for error in schema.iter_errors(content):
        deepest = _deepest(error)
        # What a Jinja expression becomes is dbt's to judge.
        if str(deepest.instance).startswith("{{"):
            continue
        where = _where(content, deepest.absolute_path)
        yield f"{file}: {where}: {deepest.message}"


def _schema(kind: str) -> Draft7Validator:
    """The newest schema: `latest.json`, else the highest version."""
    found = [
        Path(str(entry)) for entry in (SCHEMAS / kind).iterdir() if entry.name.endswith("json")
    ]
    newest = max(found, key=lambda path: (path.stem == "latest", _version(path.stem)))
    return Draft7Validator(json.loads(newest.read_text(encoding="utf-8")))


def _semantic_schemas() -> dict[str, Draft7Validator]:
    """The form of the semantic layer that this dbt reads; its newest schema describes another."""
    written = json.loads((METRICS / "default_explicit_schema.json").read_text("utf-8"))
    # A definition's own $id would move the place that its references start from.
    known = {
        name: {key: value for key, value in definition.items() if key != "$id"}
        for name, definition in written["definitions"].items()
    }
    # dbt names the table by a ref, and turns that into the relation that the schema asks for.
    model = known["semantic_model_schema"]
    model["properties"]["model"] = {"type": "string"}
    known["measure_schema"]["properties"]["create_metric"] = {"type": "boolean"}
    model["required"] = ["name", "model"]
    return {
        part: Draft7Validator(
            {
                "definitions": known,
                "properties": {
                    part: {"type": "array", "items": {"$ref": f"#/definitions/{definition}"}}
                },
            }
        )
        for part, definition in (
            ("semantic_models", "semantic_model_schema"),
            ("metrics", "metric_schema"),
        )
    }


def _version(stem: str) -> tuple[int, ...]:
    return tuple(int(part) for part in stem.split(".") if part.isdigit())


def _deepest(error: ValidationError) -> ValidationError:
    """Of the forms that a value could have had, the fault of the one it came closest to."""
    return max(
        _leaves(error),
        key=lambda leaf: (len(leaf.absolute_path), leaf.validator == "additionalProperties"),
    )


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    if not error.context:
        yield error
    for inner in error.context:
        yield from _leaves(inner)


def _where(content: Any, path: Iterable[str | int]) -> str:
    """The place in words: list items by their name, where they have one."""
    words = []
    for step in path:
        content = content[step]
        named = isinstance(step, int) and isinstance(content, dict) and "name" in content
        words.append(str(content["name"]) if named else str(step))
    return ".".join(words) or "top level"


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent))
