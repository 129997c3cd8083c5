"""What has to be true of a night, and of all of them at the end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from leadsignal import warehouse

from year import forked
from year.night import HISTORY, built
from year.place import Place
from year.plan import PUBLISHED, Night

OWN = {"publication": ("build_id", "built_at")}
"""Columns that are of one build alone."""
SAME = 1e-9
STALE_AFTER = 3
"""Days: the project's stale_after_days."""


def of_night(place: Place, night: Night, entry: dict[str, Any]) -> str:
    """What is wrong with a night; empty when nothing is."""
    if entry["status"] != night.expected:
        return f"{entry['status']}, not {night.expected}: {entry.get('errors')}"
    missing = [
        f"{edit.what}: `changed` does not name {edit.row} with the cause '{edit.cause}'"
        for edit in place.edits
        if edit.noticed == night.number and [edit.row, edit.cause] not in entry.get("moved", [])
    ]
    if (night.day - night.loaded).days > STALE_AFTER and entry["status"] == PUBLISHED:
        missing += [f"{crm['crm']} is not called stale" for crm in entry["crms"]
                    if not crm["is_stale"]]  # fmt: skip
    if night.rule:
        old = [lead for lead, day in entry["judged_otherwise"] if day < str(night.day)]
        if night.rule.is_in_place and not old:
            missing.append("an edit in place changed no verdict of the past")
        if not night.rule.is_in_place and old:
            missing.append(f"a new row changed verdicts of the past: {', '.join(old)}")
    return "; ".join(missing)


def judged_otherwise(before: Path, after: Path) -> list[list[str]]:
    """Leads of two published sets that are not equal, with the days of their creation."""
    with duckdb.connect() as con:
        con.execute(f"attach {warehouse.quoted(before)} as before (read_only)")
        con.execute(f"attach {warehouse.quoted(after)} as after (read_only)")
        rows = con.execute(
            "select lead_id, cast(cast(created_at as date) as varchar) from"
            " (from after.marts.fct_leads except from before.marts.fct_leads) order by 1"
        ).fetchall()
    return [list(row) for row in rows]


def at_the_end(place: Place, diary: list[dict[str, Any]]) -> int:
    """Build the last night anew from nothing, compare, and print; 1 when anything differs."""
    published = [entry for entry in diary if entry["status"] == PUBLISHED]
    wrong = [*_rebuilt(place, diary), *_kept(place, published)]
    ends = ", ".join(
        f"{sum(entry['status'] == status for entry in diary)} {status}"
        for status in dict.fromkeys(entry["status"] for entry in diary)
    )
    print(f"{len(diary)} nights: {ends}")
    for number in (10, 100, 365, published[-1]["number"]):
        for entry in [entry for entry in published if entry["number"] == number]:
            print(_figures(entry))
    for line in wrong or ["equal to one build of the last night, and to what was reported"]:
        print(line)
    return int(bool(wrong))


def _rebuilt(place: Place, diary: list[dict[str, Any]]) -> Iterator[str]:
    """Tables of the last published night that one build of its raw data does not give."""
    last = max(entry["number"] for entry in diary if entry["status"] == PUBLISHED)
    night, folder = place.nights[last - 1], place.folder / "rebuilt"
    place.load(night)
    place.define(night)
    file = folder / "leadsignal.duckdb"
    file.unlink(missing_ok=True)
    forked.in_child(lambda: print(built(place, night, folder)["errors"] or "rebuilt", flush=True))
    if not file.is_file():
        yield "the last night cannot be built anew"
        return
    yield from different(place.published, file)


def different(one: Path, other: Path) -> Iterator[str]:
    """Tables that two published sets do not have alike, history apart."""
    with duckdb.connect() as con:
        names = []
        for alias, file in (("one", one), ("other", other)):
            con.execute(f"attach {warehouse.quoted(file)} as {alias} (read_only)")
            rows = con.execute(
                f"select table_name from duckdb_tables() where database_name = '{alias}'"
            ).fetchall()
            names.append({row[0] for row in rows} - set(HISTORY))
        yield from (f"only one set has {table}" for table in sorted(names[0] ^ names[1]))
        for table in sorted(names[0] & names[1]):
            if count := _differing(con, table):
                yield f"{table} differs in {count} rows"


def _differing(con: duckdb.DuckDBPyConnection, table: str) -> int:
    own = ", ".join(OWN.get(table, ()))
    columns = f"* exclude ({own})" if own else "*"
    sides = [f"select {columns} from {alias}.marts.{table}" for alias in ("one", "other")]
    [(rows,)] = con.execute(
        f"select count(*) from ((({sides[0]}) except all ({sides[1]}))"
        f" union all (({sides[1]}) except all ({sides[0]})))"
    ).fetchall()
    return int(rows)


def _kept(place: Place, published: list[dict[str, Any]]) -> Iterator[str]:
    """Numbers that scorecard_history does not have as the scorecard said them that night."""
    con = warehouse.open_published(place.published)
    rows = con.execute(
        "select build_id, period_kind, cast(period_start as varchar), metric, segment,"
        " value, numerator, denominator, low, high, grade from scorecard_history"
    ).fetchall()
    con.close()
    kept = {row[:5]: row[5:] for row in rows}
    known = {row[0] for row in rows}
    for entry in published:
        build = entry["build_id"]
        if build not in known:
            yield f"night {entry['number']}: its build is not in scorecard_history"
            continue
        for kind, start, metric, segment, *said in entry["scorecard"]:
            found = kept.get((build, kind, start, metric, segment))
            if not any(said[:3]) and found is None:
                continue  # nothing was counted: only the comparison with another period shows it
            if found is None or not all(map(_is_same, found, said)):
                yield (
                    f"night {entry['number']}: {metric} of {segment} in the {kind} of {start}"
                    f" was {said}, kept is {found}"
                )
        for month, leads in entry["leads_by_month"].items():
            found = kept.get((build, "month", month, "lead_volume", "all"))
            if found is not None and found[0] != leads:
                yield f"night {entry['number']}: {leads} leads of {month}, kept is {found[0]}"


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return abs(one - other) <= SAME * max(1.0, abs(one))
    return bool(one == other)


def _figures(entry: dict[str, Any]) -> str:
    kept = ", ".join(f"{table} {rows:,}" for table, rows in entry["history"].items())
    return (
        f"night {entry['number']}: {entry['seconds']} s ({entry['cpu_seconds']} s of CPU), "
        f"{entry['size'] / 1e6:.1f} MB, {kept}"
    )
