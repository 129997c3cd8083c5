"""Short names for what random CRMs draw again and again, and when things happen in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

START, DAYS = datetime(2026, 1, 28, 9), 200
# A moment that some batches take for their "now": limits are met exactly, and missed by a second.
ROUND = START + timedelta(days=181)
LIMITS = [timedelta(0), timedelta(0), timedelta(seconds=-1), timedelta(seconds=1)]
LIMITS += [timedelta(hours=24), timedelta(days=14), timedelta(days=90), timedelta(days=14)]
LIMITS += [timedelta(hours=48), timedelta(days=7), timedelta(days=30)]
# Few times of day and round distances: ties and exact limits (24 hours, 14 and 90 days) occur.
TIMES_OF_DAY = [timedelta(0), timedelta(0), timedelta(seconds=1), timedelta(hours=5, minutes=30)]
TIMES_OF_DAY += [timedelta(hours=14, minutes=59, seconds=59), timedelta(hours=-9)]
GAPS = [timedelta(0), timedelta(seconds=1), timedelta(hours=1), timedelta(hours=24)]
GAPS += [timedelta(days=3), timedelta(days=14), timedelta(days=25), timedelta(days=-2)]
GAPS += [timedelta(hours=48), timedelta(days=7), timedelta(days=5, hours=5), timedelta(days=90)]
BOOLEANS = (["true", "TRUE", "1"], ["false", "FALSE", "0"])


class Dice:
    """What is drawn again and again.

    Args:
        random: made from drawn bits. Cell by cell draws would be mutated copies of each other after
            a few examples, and integers drawn by Hypothesis depend on which modules are imported.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.moments: list[datetime] = []

    def pick(self, options: Sequence[Any]) -> Any:
        return self.random.choice(options)

    def upto(self, most: int) -> int:
        return self.random.randint(0, most)

    def once_in(self, times: int) -> bool:
        return self.random.randrange(times) == 0

    def moment(self) -> datetime:
        """Any time, often in the same second as another or at a limit from it."""
        if self.once_in(8):
            distance: timedelta = self.pick(LIMITS)
            return ROUND - distance
        if self.moments and self.once_in(4):
            return self.after(self.pick(self.moments))
        time_of_day: timedelta = self.pick(TIMES_OF_DAY)
        return START + timedelta(days=self.upto(DAYS)) + time_of_day

    def after(self, moment: datetime) -> datetime:
        gap: timedelta = self.pick(GAPS)
        self.moments.append(moment + gap)
        return moment + gap

    def flag(self, value: bool) -> str:
        return str(self.pick(BOOLEANS[0 if value else 1]))

    def no(self) -> str:
        """A flag that is not set, or seldom is."""
        return self.flag(True) if self.once_in(20) else self.pick(["", "false", "FALSE", "0"])

    def written(self, moment: datetime | date | None) -> str:
        """A time as some loader or export writes it."""
        if moment is None:
            return ""
        if not isinstance(moment, datetime):
            return f"{moment:%m/%d/%y}" if self.once_in(3) else f"{moment:%Y-%m-%d}"
        forms = [f"{moment:%Y-%m-%d %H:%M:%S}", f"{moment:%Y-%m-%dT%H:%M:%SZ}"]
        forms += [f"{moment:%Y-%m-%dT%H:%M:%S}.000+0000", f"{moment:%Y-%m-%d %H:%M:%S}"]
        forms += [f"{moment + timedelta(hours=5, minutes=30):%Y-%m-%dT%H:%M:%S}+05:30"]
        forms += [f"{moment.year}-{moment.month}-{moment.day} {moment:%H:%M:%S}"]
        if moment.second == 0:
            forms += [f"{moment:%m/%d/%y %I:%M %p}", f"{moment.month}/{moment:%d/%Y %I:%M %p}"]
        return str(self.pick(forms))

    def creation(self, moment: datetime) -> str:
        """A creation time, now and then one that can't be read, or a date only."""
        if self.once_in(40):
            return str(self.pick(["", "soon", "2026-13-45", "2026-02-30 10:00:00"]))
        return self.written(moment.date() if self.once_in(20) else moment)


def _from_bits(bits: list[bool]) -> Dice:
    return Dice(Random(sum(bit << place for place, bit in enumerate(bits))))


# Dice as Hypothesis draws them.
DICE = st.lists(st.booleans(), min_size=64, max_size=64).map(_from_bits)
