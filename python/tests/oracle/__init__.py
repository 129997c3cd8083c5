"""A second road to every number: plain Python from raw rows to the published tables.

It shares no code with the models. One module per subject, under the names of the definitions:
raw and values (reading), accounting (what becomes of a row), people, activities, deals, links,
attribution and money, lifecycle and visits, qualification, disqualification, criteria, then facts
and scorecard (the tables). `run` puts them in order.
"""

from .run import Tables, run, run_folder
from .settings import Settings

__all__ = ["Settings", "Tables", "run", "run_folder"]
