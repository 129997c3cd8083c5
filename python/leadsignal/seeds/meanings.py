"""Whether the rows of a seed make sense together: dbt's data tests, by row number."""

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from leadsignal.metrics.filters import Condition
from leadsignal.seeds.cells import day, number
from leadsignal.seeds.reading import Fault, Rows, shown
from leadsignal.seeds.rules import Test

Cells = dict[str, str]
Group = list[tuple[int, Cells]]
_MOST_WORDS = 8


@dataclass(frozen=True)
class Asked:
    """A test and what it is asked of."""

    test: Test
    rows: Group
    """Those that the test is of."""
    others: Mapping[str, Rows]
    """Every seed that could be read, by its name."""

    @property
    def columns(self) -> list[str]:
        """The columns that it is about."""
        told = self.test.arguments.get("columns") or [self.test.column]
        return [str(name) for name in told]


def faults(rows: Rows, tests: Sequence[Test], others: Mapping[str, Rows]) -> Iterator[Fault]:
    """What breaks the tests that are known here; dbt runs all of them."""
    for test in tests:
        if test.name in _TESTS:
            meant = [
                (at, cells)
                for at, cells in rows.cells.items()
                if all(_holds(condition, cells) for condition in test.where)
            ]
            yield from _TESTS[test.name](Asked(test, meant, others))


def _holds(condition: Condition, cells: Cells) -> bool:
    """A filter of a test over a row: `column = 'word'`."""
    return cells.get(condition.name, "").lower() in map(str.lower, condition.values)


def _known_words(asked: Asked) -> Iterator[Fault]:
    for column, known in asked.test.arguments["words"].items():
        for at, cells in asked.rows:
            if cells[column] not in known:
                yield _unknown(at, column, cells[column], [str(word) for word in known])


def _reserved_words(asked: Asked) -> Iterator[Fault]:
    for column, reserved in asked.test.arguments["words"].items():
        for at, cells in asked.rows:
            if _folded(cells[column]) in reserved:
                said = f"{column} is {shown(cells[column])}, which has a meaning of its own."
                yield Fault((at,), said, "Choose another word.")


def _accepted_values(asked: Asked) -> Iterator[Fault]:
    known = [str(value).lower() for value in asked.test.arguments["values"]]
    said = " and ".join(f"{one.name} is {one.values[0]}" for one in asked.test.where)
    for at, cells in asked.rows:
        value = cells[asked.test.column]
        if value and value.lower() not in known:
            where = f" where {said}" if said else ""
            yield Fault(
                (at,), f"{asked.test.column} is {shown(value)}{where}.", f"Write {known[0]} there."
            )


def _relationships(asked: Asked) -> Iterator[Fault]:
    seed = str(asked.test.arguments["to"]).split("'")[1]
    if seed not in asked.others or asked.others[seed].faults:
        return  # told already; what is missing there may stand in a row that cannot be read
    field = asked.test.arguments["field"]
    known = {cells[field] for cells in asked.others[seed].cells.values()}
    for at, cells in asked.rows:
        value = cells[asked.test.column]
        if value and value not in known:
            spelt = dict.fromkeys((value.upper(), value.lower(), value))
            near = [found for one in spelt for found in difflib.get_close_matches(one, known, n=1)]
            hint = f"Did you mean {near[0]}?" if near else f"Correct it, or add it to {seed}.csv."
            yield Fault(
                (at,), f"{asked.test.column} is {shown(value)}, no {field} of {seed}.csv.", hint
            )


def _unknown(at: int, column: str, value: str, known: list[str]) -> Fault:
    near = difflib.get_close_matches(value.strip().lower(), known, n=1)
    some = ", ".join(known[:_MOST_WORDS]) + (", ..." if known[_MOST_WORDS:] else "")
    hint = f"Did you mean {near[0]}?" if near else f"Use one of: {some}."
    return Fault((at,), f"{column} is {shown(value)}, no word that is known.", hint)


def _unique(asked: Asked) -> Iterator[Fault]:
    for key, group in _grouped(asked.rows, asked.columns, str).items():
        if len(group) > 1 and any(key):
            yield Fault(
                tuple(at for at, _ in group),
                f"{', '.join(asked.columns)} {_listed(key)} stands {len(group)} times.",
                "Keep one, or tell them apart.",
            )


def _one_meaning_at_a_time(asked: Asked) -> Iterator[Fault]:
    is_dated = asked.test.arguments.get("is_dated", True)
    for at, cells in asked.rows if is_dated else ():
        first, last = _in_force(cells)
        if first >= last:
            yield Fault(
                (at,),
                f"valid_to {last} is not after valid_from {first}: the row would never count.",
                "Correct a day, or remove the row.",
            )
    same = _as_words if asked.test.arguments.get("by_words") else _folded
    for key, group in _grouped(asked.rows, asked.columns, same).items():
        for one, other in _clashes(group):
            is_same = one[1] == other[1]
            what = "stands twice" if is_same else "has two meanings at a time"
            hint = "Remove one."
            if is_dated and not is_same:
                hint = f"End one with valid_to; they count {_span(one[1])} and {_span(other[1])}."
            yield Fault(
                (one[0], other[0]), f"{', '.join(asked.columns)} {_listed(key)} {what}.", hint
            )


def _rows_agree(asked: Asked) -> Iterator[Fault]:
    of = str(asked.test.arguments["of"])
    for key, group in _grouped(asked.rows, [of], str).items():
        for column in asked.columns:
            for one, other in _clashes(group, partial(_differ, column)):
                both = f"{shown(one[1][column])} and {shown(other[1][column])}"
                yield Fault(
                    (one[0], other[0]),
                    f"{of} {_listed(key)} has the {column} {both} at a time.",
                    "Write the same in both rows.",
                )


def _differ(column: str, one: Cells, other: Cells) -> bool:
    return one[column] != other[column]


def _bounds_agree(asked: Asked) -> Iterator[Fault]:
    said = asked.test.arguments
    of, low, high = said["of"], said["low"], said["high"]
    bounds: dict[str, Group] = defaultdict(list)
    for at, cells in asked.rows:
        is_bound, value = cells["operator"] in (low, high), cells["value"]
        if (cells[of] in said["bounded"]) != is_bound:
            wanted = "another operator" if is_bound else f"{low} or {high}"
            yield Fault(
                (at,),
                f"{cells[of]} has the operator {shown(cells['operator'])}.",
                f"It takes {wanted}.",
            )
        elif is_bound and number(value) is None:
            yield Fault((at,), f"value is {shown(value)}, no number.", "Write a number like 50.")
        elif is_bound:
            bounds[cells[of]].append((at, cells))

    def differ(one: Cells, other: Cells) -> bool:
        least, most = sorted((one, other), key=lambda cells: cells["operator"] == high)
        values = [number(cells["value"]) or 0 for cells in (least, most)]
        if least["operator"] == most["operator"]:
            return values[0] != values[1]
        return values[0] > values[1]

    for subject, group in bounds.items():
        for one, other in _clashes(group, differ):
            both = " and ".join(
                f"{cells['operator']} {cells['value']}" for _, cells in (one, other)
            )
            yield Fault((one[0], other[0]), f"{subject} {both} contradict.", "Mend one of them.")


def _folded(value: str) -> str:
    """As the models compare most values."""
    return value.strip(" ").lower()


def _as_words(value: str) -> str:
    """As they look for a phrase in a text (macros/cross_db/words.sql)."""
    return " ".join(re.findall(r"[^\W_]+", value.lower()))


def _grouped(
    rows: Group, columns: Sequence[str], same: Callable[[str], str]
) -> dict[tuple[str, ...], Group]:
    """The rows by their values, of which some are the same."""
    found: dict[tuple[str, ...], Group] = defaultdict(list)
    for at, cells in rows:
        key = tuple(same(cells[column]) for column in columns)
        found[key].append((at, cells))
    return found


def _clashes(
    group: Group, differ: Callable[[Cells, Cells], bool] | None = None
) -> Iterator[tuple[tuple[int, Cells], tuple[int, Cells]]]:
    """An earlier row, and one in force on a day of it that may not stand beside it."""
    spans = [_in_force(cells) for _, cells in group]
    for place, other in enumerate(group):
        for at, one in enumerate(group[:place]):
            is_together = spans[at][0] < spans[place][1] and spans[place][0] < spans[at][1]
            if is_together and (differ is None or differ(one[1], other[1])):
                yield one, other
                break


def _in_force(cells: Cells) -> tuple[date, date]:
    """From, and up to; an empty end is open. A day that is none, which is told elsewhere, too."""
    return (
        day(cells.get("valid_from", "")) or date.min,
        day(cells.get("valid_to", "")) or date.max,
    )


def _span(cells: Cells) -> str:
    words = [
        f"{word} {cells[f'valid_{word}']}" for word in ("from", "to") if cells[f"valid_{word}"]
    ]
    return " ".join(words) or "always"


def _listed(key: Sequence[str]) -> str:
    return ", ".join(map(shown, key))


_TESTS: dict[str, Callable[[Asked], Iterator[Fault]]] = {
    "accepted_values": _accepted_values,
    "bounds_agree": _bounds_agree,
    "known_words": _known_words,
    "one_meaning_at_a_time": _one_meaning_at_a_time,
    "relationships": _relationships,
    "reserved_words": _reserved_words,
    "rows_agree": _rows_agree,
    "unique": _unique,
    "unique_together": _unique,
}
