"""What each link of the chain is called, what it needs of the CRM, and its share in words."""

from leadsignal.diagnosis.feeding import (
    ACCEPTED,
    LOST_PAIN,
    LOST_TIMING,
    NO_PAIN,
    NO_TIMING,
    OPENED,
    Fed,
)
from leadsignal.diagnosis.funnel import FAIL, PASS, UNKNOWN, worth
from leadsignal.evidence import Evidence
from leadsignal.honesty.grades import ABSENT, Grade
from leadsignal.metrics.questions import (
    DECISION,
    FOLLOW_UP,
    OPPORTUNITY,
    PROFILE,
    REASON,
    SOURCE,
)
from leadsignal.questions.asking import Asked
from leadsignal.words import percent, source_name

LINK_NAMES: dict[str, tuple[str, tuple[int, ...]]] = {
    "volume": ("awareness", ()),
    "mix": ("channel mix", (SOURCE,)),
    "known": ("tracking", ()),
    "fit": ("right-fit demand", (PROFILE,)),
    "handed_over": ("qualification", (FOLLOW_UP,)),
    "touched": ("follow-up", (FOLLOW_UP,)),
    "pain": ("positioning", (DECISION, REASON)),
    "timing": ("nurture", (DECISION, REASON)),
    "accepted": ("qualification", (DECISION,)),
    "opened": ("conversion", (OPPORTUNITY,)),
}
"""Link -> what "more leads" may stand for, and the places in crm_trust of what it needs."""
WHAT = {
    "volume": "leads captured in {days} days",
    "mix": "share of leads from",
    "known": "leads whose fit cannot be told",
    "fit": "leads that fit, of those that can be told",
    "handed_over": "leads handed over",
    "touched": "leads touched in time, of those handed over",
    "pain": "leads turned down for the problem or the message",
    "timing": "leads turned down for the timing",
    "accepted": "leads accepted, of those handed over",
    "opened": "leads with an opportunity now, of those accepted",
}
METRICS = {
    "volume": "lead_volume",
    "mix": "lead_volume",
    "known": "fit_known_rate",
    "fit": "icp_fit_rate",
    "handed_over": "lead_volume",
    "touched": "follow_up_completion_rate",
    "pain": "sales_acceptance_rate",
    "timing": "sales_acceptance_rate",
    "accepted": "sales_acceptance_rate",
    "opened": "lead_to_opportunity_rate",
}
"""The published metric nearest to each link: where to look on."""


def link_words(link: str, sources: list[str], usual: Fed, now: Fed) -> tuple[str, str, str]:
    """What the link is about, how it is now, and how it usually is."""
    if link == "volume":
        what = WHAT[link].format(days=f"{now.days:.0f}")
        return what, f"{now.leads.sum():,.0f}", f"{usual.leads.sum():,.0f}"
    if link == "mix":
        name, share, old_share = _moved_most(sources, usual, now)
        return f"{WHAT[link]} {source_name(name)}", _share(share), _share(old_share)
    return WHAT[link], _share(_of(link, now)), _share(_of(link, usual))


def evidence(link: str, asked: Asked) -> tuple[Evidence, ...]:
    """Where to look on: the published metric of the period that is nearest to the link."""
    return (Evidence(METRICS[link], asked.period),)


def to_do(doubt: Grade) -> str:
    """What to mend in the CRM, without the list of what is not in the data."""
    absent, _, advice = doubt.missing.partition("; ")
    return (advice if absent.startswith(ABSENT) and advice else doubt.missing).rstrip(".")


def is_darker(usual: Fed, now: Fed) -> bool:
    """Whether the fit of more leads than usual cannot be told."""
    shares = [_of("known", side) or 0.0 for side in (usual, now)]
    return shares[1] > shares[0]


def _share(share: float | None) -> str:
    return "-" if share is None else percent(share)


def _of(link: str, side: Fed) -> float | None:
    """The share over all strata together."""
    n = side.leads
    by_fit, handed_over = n.sum((0, 2, 3, 4)), n[:, :, 1].sum()
    accepted = n[..., : ACCEPTED + 1].sum()
    part, whole = {
        "known": (by_fit[UNKNOWN], n.sum()),
        "fit": (by_fit[PASS], by_fit[PASS] + by_fit[FAIL]),
        "handed_over": (handed_over, n.sum()),
        "touched": (n[:, :, :, 1].sum(), handed_over),
        "pain": (n[..., [LOST_PAIN, NO_PAIN]].sum(), n.sum()),
        "timing": (n[..., [LOST_TIMING, NO_TIMING]].sum(), n.sum()),
        "accepted": (n[:, :, 1, :, : ACCEPTED + 1].sum(), handed_over),
        "opened": (n[..., OPENED].sum(), accepted),
    }[link]
    return float(part / whole) if whole else None


def _moved_most(sources: list[str], usual: Fed, now: Fed) -> tuple[str, float, float]:
    """The source whose share did most to the opportunities, and its share now and usual."""
    value = worth(usual, now)
    shares = [side.leads.sum((1, 2, 3, 4)) / max(side.leads.sum(), 1) for side in (now, usual)]
    centre = (shares[1] * value).sum()
    effect = abs((shares[0] - shares[1]) * (value - centre))
    place = int(effect.argmax())
    return sources[place], float(shares[0][place]), float(shares[1][place])
