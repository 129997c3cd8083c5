"""What a metric can be grouped by and filtered with: the dimensions of its semantic model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

GRAINS = ("week", "month", "quarter")
BY_MONTH = "created_month"
"""The day of what is known by month only."""
ALIASES = {"owner": "owner_id", "company": "company_id", "country": "country_code"}
"""Short names of columns."""


@dataclass(frozen=True)
class Dimension:
    """A column of a fact, or of a table that the fact knows by a key."""

    name: str
    element: str
    """As MetricFlow says it, such as `lead__source` or `owner__owner_type`."""
    template: str
    """The same in a filter of MetricFlow."""
    table: str
    column: str
    joined_by: str = ""
    """The column of the fact whose value is the key of `table`; empty for the fact's own."""
    key: str = ""
    """That key in `table`."""

    @property
    def sql(self) -> str:
        """The dimension over the fact as `facts`, with `table` joined under its own name."""
        return f'{self.table if self.joined_by else "facts"}."{self.column}"'


@dataclass(frozen=True)
class Subject:
    """One published table that metrics are counted over."""

    name: str
    """Of its semantic model: leads, opportunities or costs."""
    table: str
    entity: str
    dimensions: Mapping[str, Dimension]

    def get(self, name: str) -> Dimension | None:
        """The dimension of that name, or of the column that the name is short for."""
        return self.dimensions.get(ALIASES.get(name, name))

    @property
    def names(self) -> list[str]:
        """Everything that can be grouped by or filtered on, short names included."""
        short = [name for name, column in ALIASES.items() if column in self.dimensions]
        return [*short, *self.dimensions]

    def period(self, day: str, grain: str) -> str:
        """The period of a day in a filter of MetricFlow."""
        return f"{{{{ TimeDimension('{self.entity}__{day}', '{grain}') }}}}"


def grains(day: str) -> tuple[str, ...]:
    """The periods that a metric can be grouped by whose axis is that column; none as of now."""
    if day == BY_MONTH:
        return ("month", "quarter")
    return GRAINS if day else ()


@lru_cache(maxsize=4)
def subjects(manifest_json: str) -> Mapping[str, Subject]:
    """The tables with metrics of a semantic manifest, by the name of the table."""
    models = json.loads(manifest_json)["semantic_models"]
    owners = {_primary(model): model for model in models}
    return {
        model["node_relation"]["alias"]: Subject(
            name=model["name"],
            table=model["node_relation"]["alias"],
            entity=_primary(model),
            dimensions={
                **_of_others(model, owners),
                **{one.name: one for one in _dimensions(model, _primary(model))},
            },
        )
        for model in models
        if model["measures"]
    }


def _primary(model: Mapping[str, Any]) -> str:
    found = [one["name"] for one in model["entities"] if one["type"] == "primary"]
    return str(model["primary_entity"] or found[0])


def _of_others(model: Mapping[str, Any], owners: Mapping[str, Any]) -> dict[str, Dimension]:
    found = {}
    for entity in model["entities"]:
        if entity["type"] == "foreign" and entity["name"] in owners:
            other = owners[entity["name"]]
            [key] = [one["expr"] for one in other["entities"] if one["name"] == entity["name"]]
            for dimension in _dimensions(other, entity["name"], entity["expr"], key):
                found[dimension.name] = dimension
    return found


def _dimensions(
    model: Mapping[str, Any], entity: str, joined_by: str = "", key: str = ""
) -> list[Dimension]:
    return [
        Dimension(
            name=one["name"],
            **_words(
                f"{entity}__{one['name']}", (one["type_params"] or {}).get("time_granularity")
            ),
            table=model["node_relation"]["alias"],
            column=one["expr"] or one["name"],
            joined_by=joined_by,
            key=key,
        )
        for one in model["dimensions"]
    ]


def _words(element: str, grain: str | None) -> dict[str, str]:
    if grain is None:
        return {"element": element, "template": f"{{{{ Dimension('{element}') }}}}"}
    template = f"{{{{ TimeDimension('{element}', '{grain}') }}}}"
    return {"element": f"{element}__{grain}", "template": template}
