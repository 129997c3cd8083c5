"""The vocabulary of the demo: invented people, companies and the words of a CRM."""

from duckdb import DuckDBPyConnection

# Surnames and company names are made up, so that no row can be a person or a firm that exists.
LISTS: dict[str, list[str]] = {
    "first_names": [
        "Ada", "Amir", "Anika", "Ben", "Carla", "Chidi", "Dana", "Diego", "Elif", "Emma", "Farid",
        "Grace", "Hana", "Hugo", "Ines", "Ivan", "Jonas", "Joy", "Kai", "Kemi", "Lars", "Leila",
        "Liam", "Lucia", "Maya", "Milan", "Nadia", "Noah", "Nora", "Omar", "Petra", "Priya",
        "Rosa", "Ruth", "Sam", "Sofia", "Tariq", "Tess", "Uma", "Viktor", "Wen", "Yara", "Zoe",
    ],
    "last_names": [
        "Abelworth", "Ashgrove", "Barrenby", "Brindlow", "Calderhythe", "Corvane", "Dallimoor",
        "Dunmarrow", "Eastrop", "Elmsgard", "Fairholt", "Fenbrooke", "Garrowick", "Glenhurst",
        "Halvorne", "Hollinmere", "Ivesdale", "Jarrowby", "Kestervan", "Kilbrant", "Larkenby",
        "Lindquarry", "Marlowick", "Merriden", "Northvane", "Oakhalven", "Ostermark", "Pellworth",
        "Quillmoor", "Ravenhythe", "Rowanby", "Selworthen", "Stanmarsh", "Thornvale", "Tollgrave",
        "Underhythe", "Vandermoor", "Wexholm", "Wynterby", "Yardlow", "Zellmarch",
    ],
    "company_names": [
        "Arven", "Balthor", "Brightfen", "Calvista", "Cindral", "Corlume", "Davenry", "Elmora",
        "Fendrix", "Galvory", "Harlune", "Inverso", "Jorvane", "Kelspar", "Lumenry", "Marvexa",
        "Nordavi", "Orbenta", "Pellaris", "Quorvex", "Rendale", "Solvanta", "Tarquill", "Umberly",
        "Velmora", "Wexoria", "Yandell", "Zephra",
    ],
    "company_kinds": ["Group", "Systems", "Works", "Partners", "Labs", "Holdings", "& Sons"],
    "decision_titles": [
        "VP Marketing", "Chief Revenue Officer", "Director of Sales", "Head of Revenue Operations",
        "CEO", "CMO", "Vice President Sales", "Founder", "Director of Demand Generation",
    ],
    "influencer_titles": [
        "Marketing Manager", "Senior Analyst", "Sales Operations Manager", "Product Owner",
        "CRM Consultant", "Lead Data Engineer", "Principal Architect", "Campaign Manager",
    ],
    "junior_titles": ["Marketing Assistant", "Intern", "Sales Coordinator", "Trainee"],
    "unclear_titles": ["Specialist", "Analyst", "Executive", "Business Development", "Associate"],
    "served_countries": [
        "United States", "US", "USA", "United States", "United States", "United Kingdom", "GB",
        "UK", "Canada", "CA", "Ireland",
    ],
    "other_countries": [
        "Germany", "India", "Brazil", "Nigeria", "France", "Australia", "Philippines", "Spain",
    ],
    "served_industries": [
        "Software", "Manufacturing", "Financial Services", "Professional Services", "Healthcare",
        "Logistics",
    ],
    "other_industries": [
        "Education", "Retail", "Government", "Agriculture", "Media", "Hospitality", "Nonprofit",
    ],
    "pains": [
        "Nobody trusts the forecast", "Leads are answered too late", "Too many tools, no answer",
        "Marketing and sales count differently", "Cost per opportunity doubled",
        "Sales rejects most of what marketing sends",
    ],
    "timeframes": [
        "Immediate", "0-3 months", "0-3 months", "3-6 months", "3-6 months", "This quarter",
        "6-12 months", "12+ months", "Just researching", "After the merger",
    ],
    "vague_reasons": ["Bad lead", "Other", "Not qualified", ""],
    "buyer_reasons": [
        "Too early", "Too early", "Bad timing", "Using competitor", "No budget", "No authority",
        "No pain", "Only researching", "Needs nurture", "Misunderstood offer", "Project cancelled",
    ],
    "late_reasons": ["No budget", "Using competitor", "Too early", "No authority", "No pain"],
    "next_steps": [
        "Send the proposal", "Security review", "Call with the CFO", "Agree on the pilot",
        "Contract to legal", "Workshop with the team",
    ],
    "loss_reasons": ["Price", "Lost to competitor", "No decision", "Timing", "Missing feature"],
    "contact_roles": [
        "Decision Maker", "Economic Buyer", "Influencer", "Evaluator", "Champion", "Business User",
        "",
    ],
    "email_subjects": [
        "Email: following up", "Email: quick question", "Email: the guide you asked for",
        "Email: next steps", "Email: worth a call?",
    ],
}


def load(con: DuckDBPyConnection) -> None:
    """Create one macro per list, so that SQL reads `pick(first_names(), dice(n, 'first name'))`."""
    for name, items in LISTS.items():
        values = ", ".join("'" + item.replace("'", "''") + "'" for item in items)
        con.execute(f"create or replace macro {name}() as [{values}]")
