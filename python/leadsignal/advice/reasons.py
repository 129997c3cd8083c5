"""Reasons and issues of failed leads in words, and what to do about each issue."""

from collections import Counter

from leadsignal.facts import Facts
from leadsignal.words import plain_name

REASON_WORDS = {
    "outside_target_market": "outside our service area",
    "wrong_industry": "in an industry we do not serve",
    "company_too_small": "too small for our offer",
    "company_too_large": "too large for our offer",
    "not_a_buyer": "not buyers at all",
    "no_authority": "without a say in the decision",
    "no_budget": "without a budget",
    "no_pain": "without a problem that we solve",
    "misunderstood_offer": "mistaken about what we offer",
    "too_early": "too early",
    "using_competitor": "committed to a competitor",
    "needs_nurture": "not ready to buy",
    "only_researching": "only researching",
    "unresponsive": "unreachable",
    "unstated": "turned away without a usable reason",
}
ISSUE_WORDS = {
    "fit": "did not fit",
    "authority": "had no authority or no budget",
    "pain": "had no problem that the offer solves",
    "timing": "came at the wrong time",
    "follow_up": "could not be reached",
    "unstated": "came back without a usable reason",
}
SAYS_IT_ALL = ("follow_up", "unstated")
"""Issues of a single reason."""
ISSUE_ACTIONS = {
    "fit": "tighten the form and the targeting",
    "authority": "ask for the role on the form and look for the decision maker",
    "pain": "adjust the message",
    "timing": "nurture leads that come too early instead of handing them to sales",
    "follow_up": "retry leads that do not answer, then recycle them",
    "unstated": "ask sales for a reason with every rejection",
}
AT_STAKE = {
    "fit": "lead{s} that sales need not have turned down",
    "authority": "lead{s} that sales need not have turned down",
    "pain": "lead{s} that sales need not have turned down",
    "timing": "lead{s} to come back to",
    "follow_up": "lead{s} to reach after all",
    "unstated": "rejection{s} to learn from",
}
IF_WRONG = {
    "fit": "a stricter form also turns away leads that fit ({fit} did)",
    "authority": "one more question on the form costs leads that fit ({fit} did)",
    "pain": "the new message draws fewer leads such as sales accepts ({accepted} now)",
    "timing": "leads that would have bought now wait for a call",
    "follow_up": "sales spends its calls on leads that were never going to answer",
    "unstated": "sales fills in one more field for each lead it turns down",
}


def issues(facts: Facts) -> Counter[str]:
    """How many leads failed for each issue."""
    found: Counter[str] = Counter()
    for _, issue, leads in facts.reasons:
        found[issue] += leads
    return found


def reason_words(reason: str) -> str:
    """A reason after 'they were'."""
    return REASON_WORDS.get(reason) or plain_name(reason)
