"""What came of all trials, as a page of the documentation."""

import re
from collections.abc import Iterable, Iterator, Sequence

from faults.trials import PUBLISHED, STEPS, Trial

KILLED = "kill"
MEANINGS = {
    KILLED: "SIGKILL to the build's process group at a random moment: half of them anywhere in the"
    " build, half after dbt has ended, where each step has the same share",
    "boundary": "SIGKILL at once when a step begins, a table is made, a child process starts, or"
    " one of the four files of a published set has just been renamed",
    "child": "SIGKILL to the child alone (dbt, the audit), as a machine short of memory does",
    "stop": "SIGTERM to the build, as systemd and Airflow do",
    "disk": "a disk (tmpfs) that is too small from the start, or is filled to the last byte when a"
    " step begins",
    "raw": "raw files that are taken away, cut off, replaced or written while a build reads them",
    "second": "builds of one warehouse that are started while another runs",
    "readers": "fifty readers (five processes of ten, some of which keep their connection, and the"
    " metrics layer) while builds of up to ten CRMs publish one after another",
    "clock": "the clock of the build's processes set days on or back (monotonic clocks go on)",
    "postgres": "PostgreSQL ends connections of a build, or is restarted under it",
}
COUNTED = (
    *("fault", "times", "whole", "new set shown"),
    *("readings", "errors", "next run", "left over"),
)
_HOLDER = re.compile(r"process \d+ of .*? UTC")
_FOLDERS = re.compile(r"(?<![\w.])/[^\s:,'\"]*/")
INTRODUCTION = """\
# Reliability

What is left of a build that is killed, starved, misled or run twice? Real builds
(`leadsignal build` of small demo CRMs) are done harm on purpose, and what readers see is held
against the content of every set that was ever published.

    make faults

does all that is not done yet, and writes this page; it takes hours. `KILLS=20` asks for fewer
kills, `JOBS=2` kills in two warehouses at once, `ONLY="disk raw"` does some faults alone. Results
are kept in `warehouse/faults/results.jsonl` as they come: a run that was interrupted goes on,
`python -m faults --again` does again what was not survived, and removing the folder begins anew.
Disks need root, clocks a C compiler, PostgreSQL Debian's `postgresql-15`; where one is
missing its row is missing.

CRMs take turns, so that each build changes nearly every number and a mixture of two would be seen.
After each fault:

- *whole*: the published file opens, `publication` has one row, every table equals (by a hash of
  its rows) that table of a build of one CRM that nothing happened to, and history has what it had
  before and nothing of a build that was not published. The story, the report and the audit's page
  each name their build: that of the tables, or one that was published before. A build that failed
  said why in its own words, and no process of it lives on.
- *readings*, *errors*: three readers (one opens for each query, one keeps its connection, one opens
  as a BI driver does) read through the fault and the next run. An error counts; a table that is
  not that of the build which the same connection names makes the set not whole.
- *next run*: the next `leadsignal build`, started at once and without a hand's work (a full disk is
  given room, a raw file is exported again), published a whole set, whose history follows upon the
  last.
- *left over*: files in the warehouse, the temporary folder or the project that lie there after that
  run and not after an undisturbed one.
"""


def page(trials: Sequence[Trial]) -> str:
    """The whole page in Markdown."""
    faults = [fault for fault in MEANINGS if any(trial.fault == fault for trial in trials)]
    missing = [fault for fault in MEANINGS if fault not in faults]
    hours = sum(trial.seconds for trial in trials) / 3600
    return "\n".join(
        [
            INTRODUCTION,
            f"{len(trials)} faults in {hours:.1f} hours so far; `make faults` goes on until"
            " there are 200 kills\nand every case of the others."
            + (f" Not run yet: {', '.join(missing)}." if missing else ""),
            "",
            *_table(
                COUNTED,
                (_counts(fault, _of(trials, fault)) for fault in faults),
            ),
            "\n*New set shown*: the fault came after the rename that publishes, or did not stop the"
            "\nbuild.\n",
            *(f"- *{fault}*: {MEANINGS[fault]}." for fault in faults),
            "\n## What was not survived\n",
            *(_not_survived(trials) or ["Nothing."]),
            "\n## Kills by step\n",
            *_table(
                ("step", "kills", "whole", "new set shown", "next run"),
                _by_step(_of(trials, KILLED)),
            ),
            *_cases(trials, [fault for fault in faults if fault != KILLED]),
        ]
    ) + ("\n")


def _of(trials: Iterable[Trial], fault: str) -> list[Trial]:
    return [trial for trial in trials if trial.fault == fault]


def _counts(name: str, trials: Sequence[Trial]) -> tuple[str, ...]:
    return (
        name,
        str(len(trials)),
        str(sum(not trial.wrong for trial in trials)),
        str(sum(trial.is_new for trial in trials)),
        f"{sum(trial.readings for trial in trials):,}",
        str(sum(len(trial.reader_errors) for trial in trials)),
        str(sum(trial.next_run == PUBLISHED for trial in trials)),
        str(sum(len(trial.left_over) for trial in trials)),
    )


def _not_survived(trials: Iterable[Trial]) -> list[str]:
    return [
        f"- {trial.fault}, {trial.case} ({trial.what}): {_told(line)}"
        for trial in trials
        if not trial.is_survived
        for line in (*trial.wrong, *trial.reader_errors, *trial.left_over, trial.next_run)
        if line != PUBLISHED
    ]


def _by_step(trials: Sequence[Trial]) -> Iterator[tuple[str, ...]]:
    for step in ("Starting", *STEPS):
        ours = [trial for trial in trials if trial.ended.endswith(f"'{step}'")]
        if ours:
            _, count, whole, new, _, _, again, _ = _counts(step, ours)
            yield step, count, whole, new, again


def _cases(trials: Sequence[Trial], faults: Iterable[str]) -> Iterator[str]:
    for fault in faults:
        yield f"\n## {fault.capitalize()}: each case\n"
        yield from _table(
            ("case", "how the build ended", "readers see", "survived"),
            (
                (
                    trial.case,
                    _told(trial.ended),
                    "the new set" if trial.is_new else "the set before",
                    "yes" if trial.is_survived else "NO",
                )
                for trial in _of(trials, fault)
            ),
        )


def _told(text: str) -> str:
    """Without what is of one machine and moment, and what Markdown would take for its own."""
    text = _FOLDERS.sub("", _HOLDER.sub("process PID of USER on HOST, since TIME UTC", text))
    return text.replace("|", "/").replace("leadsignal: ", "")


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield "|" + " --- |" * len(heading)
    for row in rows:
        yield f"| {' | '.join(row)} |"
