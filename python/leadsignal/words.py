"""Numbers and names as English writes them."""

import re
from collections.abc import Sequence

SMALL = (
    *("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
PROPER = {
    "linkedin_ads": "LinkedIn ads",
    "facebook_ads": "Facebook ads",
    "google_ads": "Google ads",
    "sdr": "SDR outreach",
    "web": "the web",
    "website": "the website",
    "blog": "the blog",
    "direct": "direct traffic",
    "purchased_list": "purchased lists",
    "display": "display ads",
    "event": "events",
    "trade_show": "trade shows",
    "conference": "conferences",
    "webinar": "webinars",
    "referral": "referrals",
    "customer_referral": "customer referrals",
    "employee_referral": "employee referrals",
    "partner": "partners",
    "partner_referral": "partner referrals",
    "cold_call": "cold calls",
}
LONGEST_NAME = 60


def number(n: int) -> str:
    """In the middle of a sentence: words up to nine (none for zero), then figures."""
    return SMALL[n] if 0 <= n < 10 else f"{n:,}"


def opening(n: int) -> str:
    """At the start of a sentence: words up to 99, 'None' for zero, figures from 100 on."""
    if n < 20:
        return SMALL[n].capitalize()
    if n < 100:
        tens, ones = divmod(n, 10)
        return TENS[tens].capitalize() + (f"-{SMALL[ones]}" if ones else "")
    return f"{n:,}"


def counted(n: int, noun: str, plural: str = "") -> str:
    """A number with its noun: one lead, 50 leads, no leads."""
    return f"{number(n) if n else 'no'} {noun if n == 1 else plural or noun + 's'}"


def out_of(n: int, whole: int, noun: str) -> str:
    """Some of a whole: none of the 7 leads, one of the seven leads, both leads, the one lead."""
    if whole == 1:
        return f"the one {noun}" if n else f"not the one {noun}"
    if n == whole:
        return f"both {noun}s" if n == 2 else f"all {number(n)} {noun}s"
    return f"{number(n)} of the {number(whole)} {noun}s"


def some(n: int, whole: int) -> str:
    """Some of a whole that has been named: two of seven, both, all seven."""
    if n == whole:
        return "both" if n == 2 else f"all {number(n)}"
    return f"{number(n)} of {number(whole)}"


def was(n: int) -> str:
    """The verb after a number."""
    return "was" if n == 1 else "were"


def percent(share: float) -> str:
    """Whole percents, and never 0% or 100% of something that is not quite."""
    if 0 < share < 0.01:
        return "under 1%"
    if 0.99 < share < 1:
        return "over 99%"
    return f"{share:.0%}"


def tenths(value: float) -> float:
    """Rounded to one place, and never the zero with a minus of what is a hair below it."""
    return round(value, 1) + 0.0


def money(amount: float, currency: str) -> str:
    """Whole units with the currency before them, such as USD 12,000."""
    return f"{currency} {amount:,.0f}"


def listing(items: Sequence[str], last: str = "and") -> str:
    """One, one and two; one, two and three."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def sentence(text: str) -> str:
    """With a capital at the start and one full stop at the end."""
    return text[:1].upper() + text[1:].rstrip(".") + "."


def source_name(source: str) -> str:
    """A canonical source as a sentence says it: paid_social is paid social."""
    return PROPER.get(source) or plain_name(source)


def plain_name(name: str) -> str:
    """A name of the definitions as a sentence says it, which is none of their underscores."""
    return _harmless(name.replace("_", " ")) or "unnamed"


def quoted(name: str) -> str:
    """A name that people typed, on one line, without what could pass for markup or control."""
    text = _harmless(name)
    if len(text) > LONGEST_NAME:
        text = text[: LONGEST_NAME - 1].rstrip() + "…"
    return f"“{text or 'unnamed'}”"


def _harmless(name: str) -> str:
    return " ".join(re.sub(r"[^\w\s.,:;'&%+/()!?#-]", " ", name).split())
