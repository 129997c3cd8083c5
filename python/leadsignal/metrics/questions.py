"""The questions of crm_trust by their place (question_order)."""

SOURCE, RESPONSE, PROFILE, DECISION, REASON, FOLLOW_UP, OPPORTUNITY, WHY_NOT, CONTACTS, COST = (
    range(1, 11)
)
LOST = 14
AMOUNTS = 0
"""No question of crm_trust: whether closed deals have an amount, told by the deals themselves."""
