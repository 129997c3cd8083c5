"""Edits of a CRM's past, each with what `leadsignal changed` has to say of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from leadsignal.history import why

from year.crm import Row, Tables, standing

YOUNGEST, OLDEST = 45, 300
"""Days since its creation of a lead that is edited: it is in months that were reported."""
SERVED = ("US", "United States", "United Kingdom", "UK", "GB", "USA")
BRITISH = SERVED[2:5]
BRITAIN_UNTIL = "2026-01-06"
"""From night 67 on, the plan's own rule has British leads outside of the market."""
FOREVER = 10**6
BACK_AFTER = 4
"""Nights after which a deleted lead is restored."""
EARLIER_DAYS = 40


@dataclass(frozen=True)
class Edit:
    """A change that is in force from night `starts` on, and before night `ends`.

    On night `noticed`, `changed` since the set before names the row with this cause.
    """

    what: str
    apply: Callable[[Tables], None]
    row: str
    """Published id of a lead or deal."""
    cause: str
    noticed: int
    starts: int
    ends: int = FOREVER

    def is_in_force(self, night: int) -> bool:
        """Whether the raw data of that night has it."""
        return self.starts <= night < self.ends


def chosen(kind: str, night: int, day: date, whole: Tables, used: set[str]) -> Iterator[Edit]:
    """Edits of that kind on records that no other edit touches; none when there is no such record.

    `used` are the ids of those records; what is chosen is added.
    """
    there = standing(whole, day - timedelta(days=1))
    oldest, youngest = (f"{day - timedelta(days=days)}" for days in (OLDEST, YOUNGEST))
    if kind == "amount":
        deals = [row for row in there["opportunity"] if oldest < row["close_date"] < youngest]
        yield from _amount(deals, night, used)
        return
    persons = Counter(row["email"].lower() for row in whole["lead"])
    leads = [
        row
        for row in there["lead"]
        if oldest < row["created_date"] < youngest
        and row["id"] not in used
        and persons[row["email"].lower()] == 1
        and row["is_deleted"] == "false"
        and row["is_converted"] == "false"
    ]
    for edit in KINDS[kind](leads, night, whole):
        used.add(edit.row.partition(":")[2])
        yield edit


def _values(key: str, table: str = "lead", **values: str) -> Callable[[Tables], None]:
    """A record has these values."""

    def apply(tables: Tables) -> None:
        for row in tables[table]:
            if row["id"] == key:
                row.update(values)

    return apply


def _absent(key: str) -> Callable[[Tables], None]:
    """The tables do not have a lead."""

    def apply(tables: Tables) -> None:
        tables["lead"] = [row for row in tables["lead"] if row["id"] != key]

    return apply


def _unchanged(_: Tables) -> None:
    """The end of another edit is all that happens."""


def _on(key: str) -> str:
    return f"salesforce:{key}"


def _country(leads: Sequence[Row], night: int, whole: Tables) -> Iterator[Edit]:
    served = [
        row
        for row in leads
        if row["country"] in SERVED
        and (row["country"] not in BRITISH or row["created_date"] < BRITAIN_UNTIL)
    ]
    for row in [row for row in served if row["industry"]][:1]:
        what, key = f"{row['id']} moves abroad", row["id"]
        yield Edit(what, _values(key, country="Brazil"), _on(key), why.FACTS, night, night)


def _deleted(leads: Sequence[Row], night: int, whole: Tables) -> Iterator[Edit]:
    for row in leads[:1]:
        what, apply = f"{row['id']} is deleted", _values(row["id"], is_deleted="true")
        yield Edit(what, apply, _on(row["id"]), why.GONE, night, night)


def _source(leads: Sequence[Row], night: int, whole: Tables) -> Iterator[Edit]:
    for row in leads[:1]:
        new = "Web" if row["lead_source"] == "Trade Show" else "Trade Show"
        what, apply = f"the source of {row['id']} is edited", _values(row["id"], lead_source=new)
        yield Edit(what, apply, _on(row["id"]), why.SOURCE, night, night)


def _merged(leads: Sequence[Row], night: int, whole: Tables) -> Iterator[Edit]:
    for kept, row in [leads[:2]] if len(leads) > 1 else []:
        apply = _values(row["id"], is_deleted="true", master_record_id=kept["id"])
        what = f"{row['id']} is merged into {kept['id']}"
        yield Edit(what, apply, _on(row["id"]), why.GONE, night, night)


def _gone(leads: Sequence[Row], night: int, whole: Tables) -> Iterator[Edit]:
    for row in leads[:1]:
        what = f"{row['id']} is gone from the tables"
        yield Edit(what, _absent(row["id"]), _on(row["id"]), why.GONE, night, night)


def _late(leads: Sequence[Row], night: int, whole: Tables) -> Iterator[Edit]:
    for row in leads[:1]:
        what = f"{row['id']}, made on {row['created_date'][:10]}, is loaded only now"
        yield Edit(what, _absent(row["id"]), _on(row["id"]), why.NEW, night, 0, night)


def _restored(leads: Sequence[Row], night: int, whole: Tables) -> Iterator[Edit]:
    for row in leads[:1]:
        key, back = row["id"], night + BACK_AFTER
        deleted = _values(key, is_deleted="true")
        yield Edit(f"{key} is deleted for a while", deleted, _on(key), why.GONE, night, night, back)
        yield Edit(f"{key} is restored", _unchanged, _on(key), why.NEW, back, back)


def _history(leads: Sequence[Row], night: int, whole: Tables) -> Iterator[Edit]:
    """The handover is dated back into another month."""
    first = {row["lead_id"]: row for row in reversed(whole["lead_history"])
             if row["new_value"] == "MQL"}  # fmt: skip
    for lead in [row for row in leads if row["id"] in first][:1]:
        change = first[lead["id"]]
        at = datetime.fromisoformat(change["created_date"]) - timedelta(days=EARLIER_DAYS)
        apply = _values(change["id"], "lead_history", created_date=f"{at}")
        what = f"the handover of {lead['id']} is dated back"
        yield Edit(what, apply, _on(lead["id"]), why.DATE, night, night)


def _amount(deals: Sequence[Row], night: int, used: set[str]) -> Iterator[Edit]:
    """A won deal turns out to have been larger."""
    won = [row for row in deals if row["is_won"] == "true" and row["id"] not in used]
    for deal in won[:1]:
        key, more = deal["id"], str(int(float(deal["amount"] or 0)) + 1000)
        used.add(key)
        apply = _values(key, "opportunity", amount=more)
        what = f"the amount of {key} is edited"
        yield Edit(what, apply, _on(key), "amount changed", night, night)


KINDS: dict[str, Callable[[Sequence[Row], int, Tables], Iterator[Edit]]] = {
    "country": _country,
    "deleted": _deleted,
    "source": _source,
    "merged": _merged,
    "restored": _restored,
    "gone": _gone,
    "history": _history,
    "late": _late,
}
