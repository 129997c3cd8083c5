"""A second road to every number: plain Python from raw rows to the published tables.

It shares no code with the models. One module per subject, under the names of the definitions:
raw and values (reading), accounting (what becomes of a row), people, activities, deals, links,
attribution and money, lifecycle and visits, qualification, attributes, disqualification, criteria,
touches and engaged, then facts, scorecard, lead_velocity, dimensions, unmapped and trust (the
tables). `run` puts them in order. Over the tables stand metrics and outcomes.
"""

from .run import Tables, run, run_folder
from .settings import Settings

__all__ = ["Settings", "Tables", "run", "run_folder"]
