"""Night after night, each in a process of its own, then the comparisons at the end."""

import json
import time
from pathlib import Path
from typing import Any

from year import checking, forked
from year.night import built, lived
from year.place import Place
from year.plan import KILLED, NO_RUN, PUBLISHED, Night, Plan

KILLED_BY = -9


def live(folder: Path, plan: Plan, count: int) -> int:
    """Live the nights that are left of the first `count`, and judge them; the exit status."""
    place = Place(folder, plan)
    place.begin()
    forked.warm()
    forked.in_child(place.draw)
    done = len(place.diary())
    for night in place.nights[done:count]:
        entry = place.write(night, _one(place, night))
        print(_line(entry), flush=True)
        if wrong := checking.of_night(place, night, entry):
            print(f"night {night.number}: {wrong}", flush=True)
            return 1
    return checking.at_the_end(place, place.diary())


def _one(place: Place, night: Night) -> dict[str, Any]:
    """Live one night in a fork; what is written down of it."""
    if night.expected == NO_RUN:
        return {"status": NO_RUN}
    started = time.monotonic()
    if night.loaded == night.day:
        place.load(night)
    place.define(night)
    out = place.folder / "night.json"
    out.unlink(missing_ok=True)
    status = forked.in_child(lambda: lived(place, night, out))
    seconds = round(time.monotonic() - started, 1)
    if status == KILLED_BY:
        return {"status": KILLED, "seconds": seconds}
    if not out.is_file():
        return {"status": f"ended with {status}", "seconds": seconds}
    told = json.loads(out.read_text(encoding="utf-8")) | {"seconds": seconds}
    if night.rule and told["status"] == PUBLISHED:
        told["judged_otherwise"] = _control(place, night)
    return dict(told)


def _control(place: Place, night: Night) -> list[list[str]]:
    """Leads that a night's change of definition judges otherwise, with their days of creation.

    The same night is built with the definitions of the day before.
    """
    place.define(night, without_its_own=True)
    folder, out = place.folder / "control", place.folder / "control.json"

    def build_it() -> None:
        told = built(place, night, folder)
        if told["status"] == PUBLISHED:
            control = folder / "leadsignal.duckdb"
            told["judged_otherwise"] = checking.judged_otherwise(control, place.published)
        out.write_text(json.dumps(told), encoding="utf-8")

    out.unlink(missing_ok=True)
    forked.in_child(build_it)
    place.define(night)
    told = json.loads(out.read_text(encoding="utf-8"))
    if told["status"] != PUBLISHED:
        raise RuntimeError(f"the control of night {night.number}: {told['errors']}")
    return list(told["judged_otherwise"])


def _line(entry: dict[str, Any]) -> str:
    size = f", {entry['size'] / 1e6:.1f} MB" if "size" in entry else ""
    seconds = f" in {entry['seconds']:.1f} s" if "seconds" in entry else ""
    leads = f", {entry['leads']} leads" if "leads" in entry else ""
    return f"night {entry['number']:3} {entry['day']} {entry['status']}{seconds}{leads}{size}"
