"""The findings as a page of the documentation."""

from collections.abc import Iterable, Iterator
from statistics import mean

from calibration.measuring import POOLED, Findings, Tally
from calibration.worlds import PLANTED, QUIET

COVERAGE = (0.93, 0.97)
MOST_FALSE = 0.05
LEAST_FOUND = 0.80
INTRODUCTION = """\
# Calibration

Do the intervals hold the truth as often as they say, do the alarms ring when they should and only
then, and is a source called best only where one is? {count} made-up CRMs with known parameters went
through one real build (raw tables in, published tables out), and what the scorecard, the alarms and
the comparisons say of each was held against what is true of it.

    make calibrate

runs `python -m calibration --worlds {count} --seed {seed}` and writes this page
(it took {minutes:.0f} minutes).

Each CRM has four months (about 250, 250, 500 and 500 leads), five sources, a score from 0 to 100
that decides on the handover at 50, and its own rates of fit, acceptance, conversion and winning and
its own times to the first touch and to closing. The number of leads differs from month to month in
quiet times too (10% standard deviation). Half of the worlds are quiet: nothing changes but volumes
and, in a quarter of them, the mix of sources. In each of the others one thing is planted in the
last month.
"""
PLANTS = {
    "score_inflation": "half as many leads again, all scores 25 points higher than what they mean",
    "score_pile_up": "60% of the leads up to 10 points under the threshold are lifted over it",
    "handover_jump": "the threshold goes from 50 to 35",
    "rate_jump": "the share that fits is 18 points lower in every source",
    "volume_without_acceptance": "half as many leads again, acceptance 18 points lower",
    "rejection_without_reason": "55% of the rejections give no reason, 15% before",
}


def page(found: Findings, count: int, seed: int, seconds: float) -> str:
    """The whole page in Markdown."""
    sections = [
        INTRODUCTION.format(count=count, seed=seed, minutes=seconds / 60),
        "## Intervals\n\nHow many of the 95% intervals hold the truth; 93 to 97% is asked for.\n",
        *_table(("metric", "intervals", "hold the truth", ""), _coverage(found)),
        "\nA Wilson interval holds the truth a little more or less often than 95% depending on the"
        "\nnumber of cases and the rate; the worlds draw both, so this is an average. A pooled rate"
        "\nmay hold it more often: where all sources are equal, as in most of the worlds, its"
        "\ninterval cannot know that.\n",
        "## Alarms\n\nUnder 5% of the quiet worlds may raise any, over 80% of the planted ones must"
        " raise theirs.\n",
        *_table(("world", "planted", "worlds", "raised", ""), _alarms(found)),
        "\n## Claims\n",
        *_table(("claim", "worlds", "made", "share"), _claims(found)),
        "\n## Changes\n\nOf the changes that a scorecard calls where no rate changed, up to 5% may"
        "\nbe changes of a rate; the others are volumes, which did change.\n",
        *_table(("scorecard", "scorecards", "false, on average", ""), _false(found)),
    ]
    return "\n".join(sections) + "\n"


def misses(found: Findings) -> list[str]:
    """What is not as it should be, a line each."""
    lines = [
        f"{name}: {tally.rate:.1%} of the intervals hold the truth"
        for name, tally in found.coverage.items()
        if not _is_covered(name, tally)
    ]
    for name, tally in found.raised.items():
        is_quiet = name == "quiet"
        if tally.rate >= MOST_FALSE if is_quiet else tally.rate <= LEAST_FOUND:
            lines.append(f"alarms of {name} worlds: {tally.held} of {tally.of}")
    for name, tally in found.called.items():
        if name.startswith("a source is called best") and "equal" in name and tally.held:
            lines.append(f"{name}: {tally.held} of {tally.of}")
    for cut, shares in found.false_shares.items():
        if mean(shares) > MOST_FALSE:
            lines.append(f"{mean(shares):.1%} of the changes called {cut} are none")
    return lines


def _coverage(found: Findings) -> Iterator[tuple[str, ...]]:
    for name, tally in sorted(found.coverage.items()):
        yield name, f"{tally.of:,}", f"{tally.rate:.1%}", _mark(_is_covered(name, tally))


def _is_covered(name: str, tally: Tally) -> bool:
    low, high = COVERAGE
    return low <= tally.rate <= (1 if name == POOLED else high)


def _alarms(found: Findings) -> Iterator[tuple[str, ...]]:
    quiet = found.raised.get("quiet", Tally())
    what = "nothing: " + ", ".join(f"{name} sources" for name in QUIET[:2]) + ", another mix"
    yield "quiet", what, str(quiet.of), f"{quiet.rate:.1%}", _mark(quiet.rate < MOST_FALSE)
    for name in PLANTED:
        tally = found.raised.get(name, Tally())
        is_found = _mark(tally.rate > LEAST_FOUND)
        yield name, PLANTS[name], str(tally.of), f"{tally.rate:.0%}", is_found


def _claims(found: Findings) -> Iterator[tuple[str, ...]]:
    for name, tally in sorted(found.called.items()):
        yield name, str(tally.of), str(tally.held), f"{tally.rate:.0%}"


def _false(found: Findings) -> Iterator[tuple[str, ...]]:
    for cut, shares in found.false_shares.items():
        is_kept = _mark(mean(shares) <= MOST_FALSE)
        yield cut, str(len(shares)), f"{mean(shares):.1%}", is_kept


def _mark(is_kept: bool) -> str:
    return "kept" if is_kept else "missed"


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield "|" + " --- |" * len(heading)
    for row in rows:
        yield f"| {' | '.join(row)} |"
