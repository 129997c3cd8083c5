"""What happens on which night: to the raw data, to the definitions, and to the build itself."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from year import edits
from year.crm import Tables
from year.edits import Edit

PUBLISHED, REFUSED, FAILED, KILLED, NO_RUN = "published", "refused", "failed", "killed", "no run"
TRUNCATED, BROKEN = "truncated", "broken"


@dataclass(frozen=True)
class Rule:
    """A change of a seed in seeds/definition/, in force from its night on.

    `replaced` are lines as they are and as they become; `{day}` is the night's day.
    """

    seed: str
    added: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()

    @property
    def is_in_place(self) -> bool:
        """Whether leads of the past are judged anew, on purpose."""
        return not any(
            "{day}" in line for line in (*self.added, *(new for _, new in self.replaced))
        )


@dataclass(frozen=True)
class Night:
    """One night; `number` counts from 1. The raw data is that of the end of `loaded`."""

    number: int
    day: date
    loaded: date
    rule: Rule | None = None
    expected: str = PUBLISHED
    killed_at: str = ""
    """The step of the build at whose beginning its process is killed."""
    harm: str = ""
    """What is wrong with that night's raw data alone: TRUNCATED or BROKEN."""
    has_second: bool = False


@dataclass(frozen=True)
class Happening:
    """What a plan places on a night."""

    rule: Rule | None = None
    expected: str = PUBLISHED
    killed_at: str = ""
    harm: str = ""
    is_stale: bool = False
    edit: str = ""


@dataclass(frozen=True)
class Plan:
    """The nights to come. The same plan gives the same nights."""

    name: str
    first: date
    length: int
    second_joins: int
    leads: int
    second_leads: int
    happenings: dict[int, Happening] = field(default_factory=dict)

    def nights(self) -> list[Night]:
        """Every night, in order."""
        found: list[Night] = []
        for number in range(1, self.length + 1):
            here = self.happenings.get(number, Happening())
            day = self.day(number)
            found.append(
                Night(
                    number=number,
                    day=day,
                    loaded=found[-1].loaded if here.is_stale else day,
                    rule=here.rule,
                    expected=here.expected,
                    killed_at=here.killed_at,
                    harm=here.harm,
                    has_second=number >= self.second_joins,
                )
            )
        return found

    def edits(self, whole: Tables) -> list[Edit]:
        """Every edit of a CRM of which `whole` is all that ever happens."""
        used: set[str] = set()
        return [
            edit
            for number, here in self.happenings.items()
            if here.edit
            for edit in edits.chosen(here.edit, number, self.day(number), whole, used)
        ]

    def day(self, number: int) -> date:
        """The day that a night closes."""
        return self.first + timedelta(days=number - 1)


NEW_COUNTRY = Rule("icp_criteria", added=("icp_country_de,country,in,DE,{day},",))
LESS_COUNTRIES = Rule(
    "icp_criteria",
    replaced=(
        (
            "icp_country_gb,country,in,GB,2000-01-01,",
            "icp_country_gb,country,in,GB,2000-01-01,{day}",
        ),
    ),
)
OTHER_SOURCE = Rule(
    "lead_sources",
    added=("Referral,customer_referral,referral,referral,{day},",),
    replaced=(
        ("Referral,referral,referral,referral,2000-01-01,",
         "Referral,referral,referral,referral,2000-01-01,{day}"),
    ),
)  # fmt: skip
SMALLER = Rule(
    "icp_criteria",
    replaced=(
        ("icp_employees_at_least,employees,at_least,50,2000-01-01,",
         "icp_employees_at_least,employees,at_least,500,2000-01-01,"),
    ),
)  # fmt: skip
NEW_TITLE = Rule("job_titles", added=("executive,influencer,3,{day},",))
KINDS = (*edits.KINDS, "amount")

NOT_RUN = Happening(expected=NO_RUN)
STALE = Happening(is_stale=True)
YEAR = Plan(
    "year",
    date(2025, 11, 1),
    length=365,
    second_joins=51,
    leads=48,
    second_leads=16,
    happenings={
        # Everything happens once in the first hundred nights; what comes later is more of it.
        **{night: Happening(edit=KINDS[n % len(KINDS)])
           for n, night in enumerate((*range(10, 100, 5), *range(108, 365, 12)))},
        12: Happening(rule=NEW_COUNTRY),
        22: Happening(rule=OTHER_SOURCE),
        **dict.fromkeys((27, 28), NOT_RUN),
        **dict.fromkeys(range(46, 50), STALE),
        37: Happening(rule=LESS_COUNTRIES),
        41: Happening(expected=FAILED, harm=BROKEN),
        42: Happening(expected=REFUSED, harm=TRUNCATED),
        52: Happening(rule=SMALLER),
        **{56 + n: Happening(expected=KILLED, killed_at=step) for n, step in
           enumerate(("Auditing", "Publishing", "Building the tables"))},
        **dict.fromkeys((62, 63), NOT_RUN),
        67: Happening(rule=NEW_TITLE),
        **dict.fromkeys(range(241, 244), NOT_RUN),
        **dict.fromkeys(range(256, 260), STALE),
        301: Happening(expected=REFUSED, harm=TRUNCATED),
    },
)  # fmt: skip
WEEK = Plan(
    "week",
    date(2026, 10, 24),
    length=8,
    second_joins=5,
    leads=48,
    second_leads=16,
    happenings={
        2: Happening(edit="deleted"),
        3: Happening(expected=KILLED, killed_at="Auditing"),
        4: Happening(expected=REFUSED, harm=TRUNCATED),
        5: Happening(rule=LESS_COUNTRIES),
        6: NOT_RUN,
        7: Happening(edit="country"),
        8: Happening(rule=SMALLER),
    },
)
PLANS = {plan.name: plan for plan in (YEAR, WEEK)}
