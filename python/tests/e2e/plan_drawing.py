"""Plans as Hypothesis makes them: a few persons, deals and activities that cross each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from .dice import DICE, Dice
from .plan import AS_OF, HISTORY_BEGINS, STAGE_ORDERS, Activity, Change, Deal, Person, Plan

STATUSES = ["handed_over", "handed_over", "working", "working", "accepted", "accepted", "rejected"]
STATUSES += ["nurture", "captured", "unmapped"]
# What a current status may be that the history does not know.
UNRECORDED = ["handed_over", "working", "accepted", "rejected", "nurture"]
SOURCES = ["Paid Social", "Organic Search", "Customer Referral", "webinar ", "Partner", "Cold Call"]
SOURCES += ["Other", "Our Own Channel", "", "", "Paid Search", "Web"]
TITLES = ["CEO", "VP, Sales", "Product Owner", "Head Cook", "", "IT Manager", "Intern", "Student"]
TITLES += ["CEO", "IT Manager", "VP, Sales", "Assistant to the Vice President"]
COUNTRIES = ["United States", "usa", "GB", "Ireland ", "Nigeria", "Atlantis", "", "US", "CA", "US"]
INDUSTRIES = ["Software", "financial services", "Logistics", "Mining", "", "Software"]
EMPLOYEES = ["50", "5000", "49", "5001", "300", "120", ""]
TIMEFRAMES = ["0-3 months", "6", "7", "Next year", "soon maybe", "", "", "asap"]
REASONS = ["Outside service area", "Too small", "No authority", "No pain", "Too early", "Other"]
REASONS += ["Competitor", "Not responsive", "bad lead ", "They never called back", ""]
# None of them is the name of a source: Salesforce alone would take it from the campaign.
OFFERS = ["Demo day", "Pricing page", "Ebook: growth", "Trial-signup", "", "", "", ""]
STAGES = list(STAGE_ORDERS)
AMOUNTS = ["1000", "2500.5", "0", "", "20000", "9000", "700.25"]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """One plan, in the name space 0."""
    dice = draw(DICE)
    taken: set[datetime] = set()
    companies = tuple(range(dice.upto(3)))
    deals = tuple(_deal(dice, number, companies, taken) for number in range(dice.upto(5)))
    persons = tuple(
        _person(dice, number, deals, companies, taken) for number in range(1 + dice.upto(9))
    )
    if dice.once_in(3):
        persons = tuple(replace(person, offer="") for person in persons)
        return Plan(0, persons, deals, (), companies)
    busy = [dice.pick(persons)] * 4
    activities = tuple(
        _activity(dice, number, [*busy, *persons], deals) for number in range(dice.upto(25))
    )
    return Plan(0, persons, deals, activities, companies)


def draw_plans(number: int, examples: int) -> list[Plan]:
    """So many plans, always the same for the same number, and three that begin a history.

    The first of all is a thin one; the last two, of an even and an odd space, are not.
    """
    drawn: list[Plan] = []

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(plans())
    def collect(plan: Plan) -> None:
        drawn.append(plan)

    collect()
    drawn = [beginning(), *drawn, beginning("Demo day"), beginning("Demo day")]
    return [_in_space(plan, number) for number, plan in enumerate(drawn)]


def _in_space(plan: Plan, space: int) -> Plan:
    """The plan with a name space, and e-mails, of its own."""
    persons = tuple(
        replace(person, email=person.email.replace("~", f"x{space:03d}")) for person in plan.persons
    )
    return replace(plan, space=space, persons=persons)


def beginning(offer: str = "") -> Plan:
    """The first history row of a CRM, and a lead that was there more than a day before it."""
    first = Change("working", HISTORY_BEGINS)
    early = Person(
        0, HISTORY_BEGINS - timedelta(days=2), "early@~.example", Change("captured", AS_OF)
    )
    late = Person(
        1, HISTORY_BEGINS - timedelta(hours=1), "late@~.example", first, (first,), offer=offer
    )
    return Plan(0, (early, late))


def _distinct(moment: datetime, taken: set[datetime]) -> datetime:
    """The moment, or the next second that nothing else of the plan was created in."""
    while moment in taken:
        moment += timedelta(seconds=1)
    taken.add(moment)
    return moment


def _deal(dice: Dice, number: int, companies: tuple[int, ...], taken: set[datetime]) -> Deal:
    created = _distinct(dice.moment(), taken)
    changes = tuple(_stage_walk(dice, created))
    last = max(changes, key=lambda change: (change.at, STAGE_ORDERS[change.what]))
    stage = last.what
    if dice.once_in(6):
        changes = ()
        stage = dice.pick(STAGES)
    elif dice.once_in(8):
        stage = dice.pick(STAGES)
    closes = dice.after(dice.after(created)).date()
    return Deal(
        number,
        created,
        stage,
        changes,
        close_date=None if dice.once_in(6) else closes,
        amount=dice.pick(AMOUNTS),
        currency=dice.pick(["", "", "USD", "EUR"]),
        next_step=dice.pick(["", "Send the proposal"]),
        source=dice.pick(SOURCES),
        owner=dice.pick([None, 0, 1]),
        company=dice.pick([None, *companies]),
        bystanders=dice.pick([0, 0, 1, 2]),
    )


def _stage_walk(dice: Dice, created: datetime) -> list[Change]:
    """Stages that are skipped, come back, tie and reopen; the first is entered at the creation."""
    walk = [Change(dice.pick(["Discovery", "Discovery", "Proposal"]), created)]
    for _ in range(dice.upto(4)):
        moment = max(dice.after(walk[-1].at), walk[-1].at)
        walk.append(Change(dice.pick(STAGES), moment))
    return walk


def _person(
    dice: Dice,
    number: int,
    deals: tuple[Deal, ...],
    companies: tuple[int, ...],
    taken: set[datetime],
) -> Person:
    created = _distinct(dice.moment(), taken)
    changes = tuple(_status_walk(dice, created))
    status, changes = _current_status(dice, changes)
    person = Person(
        number,
        created,
        email=dice.pick(["", f"p{number}@~.example", f"P{number}@~.Example "]),
        status=status,
        changes=changes,
        source=dice.pick(SOURCES),
        title=dice.pick(TITLES),
        country=dice.pick(COUNTRIES),
        industry=dice.pick(INDUSTRIES),
        employees=dice.pick(EMPLOYEES),
        timeframe=dice.pick(TIMEFRAMES),
        pain=dice.pick(["", "", "Forecasts are wrong,\nand late"]),
        reason=dice.pick(REASONS),
        offer=dice.pick(OFFERS),
        owner=dice.pick([None, 0, 1]),
        uses_dates=dice.once_in(2) and status in changes,
    )
    if dice.once_in(6):
        # A double: neither converted nor of a company, so that the oldest is the survivor.
        return replace(person, email=dice.pick(["ann@~.example", " ANN@~.example"]))
    return _converted(dice, person, deals, companies)


def _status_walk(dice: Dice, created: datetime) -> list[Change]:
    """Statuses that are skipped, repeat and go back, each a second after the one before at least.

    Each layout orders the changes of one second by its own ids, so there are none.
    """
    walk: list[Change] = []
    moment = created
    for _ in range(dice.upto(5)):
        moment = max(dice.after(moment), moment + timedelta(seconds=1))
        walk.append(Change(dice.pick(STATUSES), moment, dice.upto(1)))
    return walk


def _current_status(dice: Dice, changes: tuple[Change, ...]) -> tuple[Change, tuple[Change, ...]]:
    """The last change; or one that no history tells of, which HubSpot must not have elsewhere."""
    known = {change.what for change in changes}
    strange = [what for what in UNRECORDED if what not in known]
    is_past = all(change.at <= AS_OF for change in changes)
    if not changes:
        return Change(dice.pick(["captured", "captured", *STATUSES]), AS_OF), ()
    if is_past and strange and dice.once_in(8):
        return Change(dice.pick(strange), AS_OF), changes
    return changes[-1], changes


def _converted(
    dice: Dice, person: Person, deals: tuple[Deal, ...], companies: tuple[int, ...]
) -> Person:
    """With a deal or a company, if there is something that can carry it in every layout."""
    if person.created_at > AS_OF:
        return person
    if deals and dice.once_in(2):
        deal = dice.pick(deals)
        company = dice.pick([None, *companies]) if deal.created_at <= AS_OF else None
        return _entering(dice, replace(person, deal=deal.number, company=company), deal)
    accepted = [change for change in person.changes if change.what == "accepted"]
    if companies and accepted and accepted[0].at <= AS_OF:
        return replace(person, company=dice.pick([None, *companies]))
    return person


def _entering(dice: Dice, person: Person, deal: Deal) -> Person:
    """Half of the persons of a deal have a status that says so, as their last one."""
    last = person.changes[-1].at if person.changes else person.created_at
    if deal.created_at <= last or dice.once_in(2):
        return person
    entered = [Change("opportunity", deal.created_at)]
    if deal.is_won and dice.once_in(2):
        entered.append(Change("won", deal.created_at + timedelta(days=1)))
    return replace(person, changes=(*person.changes, *entered), status=entered[-1])


def _activity(dice: Dice, number: int, persons: list[Person], deals: tuple[Deal, ...]) -> Activity:
    """Of a person, a deal or both; never logged, done or held after AS_OF."""
    person: Person | None = None if deals and dice.once_in(6) else dice.pick(persons)
    deal = dice.pick([None, None, *deals]) if person else dice.pick(deals)
    begins = person.created_at if person else deal.created_at
    logged = min(dice.after(begins), AS_OF)
    activity = Activity(
        number,
        dice.pick(["call", "email", "task", "meeting"]),
        logged,
        person=person.number if person else None,
        deal=deal.number if deal else None,
        is_moved=dice.once_in(2),
    )
    if activity.kind == "meeting" and dice.once_in(3):
        return replace(activity, due_at=AS_OF + timedelta(days=1 + dice.upto(30)))
    if activity.kind == "task" and dice.once_in(2):
        return replace(activity, due_at=dice.after(dice.after(logged)))
    inbound = activity.kind in ("call", "email") and dice.once_in(4)
    return replace(activity, done_at=logged, is_inbound=inbound)
