"""One fault done to one build, and what is looked at afterwards."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from leadsignal.errors import LeadsignalError

from faults import sets
from faults.reading import Readers, Seen
from faults.site import Crm, Run, Site

STEPS = (
    "Building the tables",
    "Keeping what was reported",
    "Auditing",
    "Writing the story and the report",
    "Publishing",
)
ORPHAN_SECONDS = 20
"""So long may a child of a killed build take to notice that it is alone."""
PUBLISHED = "published"
STOPPED = 130
"""The exit status of a build that was asked to stop, which needs no word."""


@dataclass
class Trial:
    """What came of one fault."""

    fault: str
    case: str
    what: str = ""
    """What was done, and when."""
    ended: str = ""
    """How the build ended that it was done to."""
    is_new: bool = False
    """Whether readers were shown another set after it than before."""
    wrong: list[str] = field(default_factory=list)
    """What is not as in a whole set, what readers saw that no set has, what was ill said."""
    readings: int = 0
    reader_errors: list[str] = field(default_factory=list)
    next_run: str = ""
    """How the next run ended: published, or what it said."""
    left_over: list[str] = field(default_factory=list)
    """Files that lie there after the next run and after no other."""
    seconds: float = 0.0

    @property
    def is_survived(self) -> bool:
        """Whether nothing is to be said against it."""
        is_clean = not (self.wrong or self.reader_errors or self.left_over)
        return is_clean and self.next_run == PUBLISHED


@dataclass
class Known:
    """Every set that was ever published in the folder of the harness."""

    contents: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """By CRM."""
    exact: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """By build."""


Strike = Callable[[Run], str | None]
"""Does the harm to a build that runs; says what it was, or None when the build ended before."""


def nothing() -> None:
    """What a user has to repair after most faults."""


class Place:
    """A site with what is known of its sets; one trial at a time."""

    def __init__(self, site: Site, crms: Sequence[Crm], known: Known) -> None:
        """Builds of `crms`, two or more, take turns; `known` may be shared by several places."""
        self.site = site
        self.crms = crms
        self.known = known
        self.steps: dict[str, float] = {}
        """Seconds from the start to each step in a build that nothing happened to."""
        self._turn = 0

    def next_crm(self) -> Crm:
        """The CRM whose turn it is: another one than that of the build before."""
        self._turn += 1
        return self.crms[self._turn % len(self.crms)]

    def load(self, crm: Crm) -> None:
        """Put the CRM where builds read it; files lie there already."""

    def published(self) -> sets.Published | None:
        """The set that is published now, noted; None when there is none."""
        if not self.site.published.is_file():
            return None
        found = sets.read(self.site.published)
        self.known.exact[found.build_id] = found.exact
        return found

    def begin(self) -> None:
        """Build undisturbed: what a whole set is, and what a build leaves lying.

        Each CRM whose set is not known is built, or one. What was found is kept in the folder: a
        place that has begun before goes on. Raises RuntimeError when a build does not succeed.
        """
        kept = self.site.folder / "begun.json"
        self.site.project_before = self.site.project_listing()
        unknown = [crm for crm in self.crms if crm.name not in self.known.contents]
        shown = self.published()
        if kept.is_file() and not unknown and shown:
            told = json.loads(kept.read_text(encoding="utf-8"))
            self.site.usual, self.steps = set(told["usual"]), told["steps"]
            contents = [self.known.contents[crm.name] for crm in self.crms]
            self._turn = contents.index(shown.content) if shown.content in contents else 0
            return
        for crm in unknown or self.crms[:1]:
            self._undisturbed(crm)
        self._turn = len(self.crms) - 1 if unknown else 0
        self.site.usual = self.site.listing()
        told = {"usual": sorted(self.site.usual), "steps": self.steps}
        kept.write_text(json.dumps(told), encoding="utf-8")

    def _undisturbed(self, crm: Crm) -> None:
        self.load(crm)
        run = self.site.start(crm)
        for step in STEPS:
            run.until_step(step)
            self.steps[step] = time.monotonic() - run.began
        if run.end() != 0:
            raise RuntimeError(f"An undisturbed build fails: {run.lines}")
        self.steps["end"] = time.monotonic() - run.began
        found = self.published()
        if found is None:
            raise RuntimeError("An undisturbed build published nothing.")
        if self.known.contents.setdefault(crm.name, found.content) != found.content:
            raise RuntimeError(f"Two builds of {crm.name} differ: builds are not repeatable.")

    def strike(
        self,
        trial: Trial,
        strike: Strike,
        *,
        crm: Crm | None = None,
        options: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        repair: Callable[[], None] = nothing,
    ) -> bool:
        """Do the harm to a build, repair what a user would, and build again; all into the trial.

        False when the build had ended before it could be harmed.
        """
        crm = crm or self.next_crm()
        self.load(crm)
        before = self.published()
        with self.watched(trial):
            run = self.site.start(crm, *options, env=env)
            try:
                what = strike(run)
                status = run.end()
            except BaseException:
                run.kill()
                raise
            trial.ended = ending(run, status)
            trial.wrong += ill_said(run, status)
            after = self.look(trial, before)
            repair()
            if what is not None:
                trial.what = what
                self.again(trial, crm, after)
                trial.wrong += [f"process {pid} lives on" for pid in run.orphans if _lives(pid)]
        return what is not None

    @contextmanager
    def watched(self, trial: Trial) -> Iterator[None]:
        """Let readers read for as long as the block lasts; what they say goes into the trial."""
        began = time.monotonic()
        with Readers(self.site.published) as readers:
            yield
        trial.reader_errors += readers.errors
        trial.readings += len(readers.seen)
        trial.wrong += mixtures(readers.seen, self.known.exact)
        trial.seconds = round(time.monotonic() - began, 1)

    def look(self, trial: Trial, before: sets.Published | None) -> sets.Published | None:
        """Whether what is published after the harm is one whole set, and pages say of which."""
        try:
            after = self.published()
        except LeadsignalError as error:
            trial.wrong.append(str(error))
            return before
        if after is None:
            trial.wrong += ["the published set is gone"] if before else []
            return None
        trial.is_new = before is None or after.build_id != before.build_id
        trial.wrong += sets.faults_of(after, before, self.known.contents)
        for page, build in self.site.page_builds().items():
            if build not in self.known.exact:
                trial.wrong.append(f"{page} is of {build or 'no build that it names'}")
        return after

    def again(self, trial: Trial, crm: Crm, before: sets.Published | None) -> None:
        """The next run, without a hand's work."""
        run = self.site.start(crm)
        status = run.end()
        trial.next_run = PUBLISHED if status == 0 else ending(run, status)
        if status != 0:
            return
        found = self.published()
        if found is None:
            trial.wrong.append("the next run published nothing")
            return
        wanted = {name: one for name, one in self.known.contents.items() if name == crm.name}
        trial.wrong += sets.faults_of(found, before, wanted)
        trial.wrong += [
            f"{page} is of {build} after the next run"
            for page, build in self.site.page_builds().items()
            if build != found.build_id
        ]
        trial.left_over = self.site.left_over()


def mixtures(seen: Sequence[Seen], exact: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What readers saw that no set has, a line each."""
    return [
        f"a reader saw {table} with {rows} in build {build}"
        for build, table, rows in seen
        if exact.get(build, {}).get(table) != rows
    ]


def ending(run: Run, status: int) -> str:
    """How a build ended, in a line."""
    if status < 0:
        return f"signal {-status} in '{run.step}'"
    said = f": {' | '.join(run.told)}" if run.told else ""
    return f"exit {status} in '{run.step}'{said}"


def ill_said(run: Run, status: int) -> list[str]:
    """What a user could not have understood of how it ended."""
    wrong = [
        f"it said: {line}" for line in run.lines if "Traceback" in line or "Unexpected" in line
    ]
    wrong += [f"it said: {line}" for line in run.told if "An unexpected error" in line]
    if status > 0 and status != STOPPED and not run.told:
        wrong.append(f"it ended with status {status} and did not say why")
    return wrong


def _lives(pid: int) -> bool:
    until = time.monotonic() + ORPHAN_SECONDS
    while time.monotonic() < until:
        try:
            if ") Z " in Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace"):
                return False
        except OSError:
            return False
        time.sleep(0.1)
    return True
