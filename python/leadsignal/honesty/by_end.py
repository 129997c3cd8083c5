"""What held of a lead at the end of a period: conditions in SQL on `leads` and `ends_at`.

An older period has had more time for decisions, and for the verdicts that follow from them, so two
periods are compared as each stood at its own end.
"""

ACCEPTED = "accepted_at < ends_at"
DECIDED = f"({ACCEPTED} or rejected_at < ends_at)"
"""A rejection counts whatever came after it: when the period ended it stood."""

# The verdict of a lead that sales refused after the end is still that of the rules: until then no
# reason of sales' could fail it.
_FIT_VERDICT = """
    case
        when ends_at <= case sales_decision
            when 'rejected' then rejected_at when 'disqualified' then disqualified_at
        end then coalesce(fit_rule_only_verdict, fit_verdict)
        else fit_verdict
    end
"""
FIT = f"({_FIT_VERDICT} = 'pass')"
FIT_KNOWN = f"({_FIT_VERDICT} in ('pass', 'fail'))"


def leads(conditions: str) -> str:
    """The leads to ask such conditions of, with the rules' own verdict where they need it."""
    if "fit_rule_only_verdict" not in conditions:
        return "fct_leads"
    return """(
        select fct_leads.*, verdicts.fit_rule_only_verdict
        from fct_leads left join fct_lead_verdicts as verdicts using (lead_id)
    )"""
